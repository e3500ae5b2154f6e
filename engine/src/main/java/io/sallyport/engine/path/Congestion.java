package io.sallyport.engine.path;

import io.sallyport.wire.Packet;

/** Explicit congestion notification across a tunnel, RFC 6040. */
final class Congestion {
    private static final int MASK = 3;
    private static final int CE = 3;
    private static final int ECT_1 = 1;

    private Congestion() {}

    /**
     * Brings what the outer header says into the inner one (section 4.2, figure 4). False: congestion was marked outside,
     * and the inner packet's end points would not understand it, so the packet must be dropped.
     */
    static boolean decapsulate(Packet inner, int outerTos) {
        int outer = outerTos & MASK;
        int own = inner.tos() & MASK;
        if (outer == CE && own != CE) {
            if (own == 0) {
                return false;
            }
            inner.setTos(inner.tos() | CE);
        } else if (outer == ECT_1 && own == 2) {
            inner.setTos(inner.tos() & ~MASK | ECT_1);
        }
        return true;
    }
}
