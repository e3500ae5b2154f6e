/** The way of a packet: TUN devices, sockets, and the threads between them. */
@NullMarked
package io.sallyport.engine.path;

import org.jspecify.annotations.NullMarked;
