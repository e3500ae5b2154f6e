package io.sallyport.forward;

import io.sallyport.wire.Drop;

/** Where a route leads. */
public sealed interface NextHop {
    /** Into the tunnel with this number in the path's list. */
    record Tunnel(int index) implements NextHop {}

    /** To the machine, through the device with this number in the path's list. */
    record Surface(int index) implements NextHop {}

    /** To nobody, for this reason. */
    record Nowhere(Drop reason) implements NextHop {}
}
