package io.sallyport.wire;

import java.lang.foreign.MemorySegment;

/**
 * The UDP header, RFC 768.
 *
 * <pre>
 * |          Source Port          |       Destination Port        |   0
 * |            Length             |           Checksum            |   4
 * </pre>
 */
public final class Udp {
    public static final int PROTOCOL = 17;
    public static final int SOURCE_PORT = 0;
    public static final int DESTINATION_PORT = 2;
    public static final int LENGTH = 4;
    public static final int CHECKSUM = 6;
    public static final int HEADER = 8;

    private Udp() {}

    public static int length(MemorySegment m, long udp) {
        return Octets.u16(m, udp + LENGTH);
    }

    public static int checksum(MemorySegment m, long udp) {
        return Octets.u16(m, udp + CHECKSUM);
    }

    /** Sets the checksum from a whole sum. RFC 768: zero means "none", so a zero is sent as all ones. */
    public static void setChecksum(MemorySegment m, long udp, long sum) {
        int checksum = Checksum.complement(sum);
        Octets.put16(m, udp + CHECKSUM, checksum == 0 ? 0xffff : checksum);
    }
}
