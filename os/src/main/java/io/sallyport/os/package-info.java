/** native code: TUN, sockets, namespaces, the crypto library. */
package io.sallyport.os;
