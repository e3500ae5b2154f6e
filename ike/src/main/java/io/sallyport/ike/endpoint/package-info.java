/** Both versions of IKE behind one door: each datagram and each peer goes to the machine that speaks its version. */
package io.sallyport.ike.endpoint;
