package io.sallyport.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The pieces of one packet, wherever they lie, to be written to a device by one call. */
public final class Gather {
    private final MemorySegment vectors;
    private int count;

    /**
     * @param most pieces
     */
    public Gather(int most) {
        vectors = Arena.ofAuto().allocate((long) most * Messages.IOVEC, 8);
    }

    public void clear() {
        count = 0;
    }

    /** Adds a piece, whose memory must stay until it is written. */
    public void add(MemorySegment memory, long at, int length) {
        Messages.vector(vectors, (long) count++ * Messages.IOVEC, memory.address() + at, length);
    }

    /** Writes the pieces as one packet. False: the device did not take it. */
    public boolean writeTo(Tun device) {
        return device.write(vectors.address(), count);
    }
}
