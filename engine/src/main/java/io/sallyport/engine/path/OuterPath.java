package io.sallyport.engine.path;

import io.sallyport.os.IpSocket;
import io.sallyport.os.SocketAddress;

/**
 * The way of a child's packets outside; replaced whole when the peer moves.
 *
 * @param socket where they leave
 * @param remote where they go
 * @param innerMtu the largest inner packet whose ESP packet crosses in one piece
 */
record OuterPath(IpSocket socket, SocketAddress remote, int innerMtu) {}
