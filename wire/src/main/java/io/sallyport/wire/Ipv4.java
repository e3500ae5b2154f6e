package io.sallyport.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header, RFC 791 section 3.1.
 *
 * <pre>
 *  0                   1                   2                   3
 * |Version|  IHL  |Type of Service|          Total Length         |   0
 * |         Identification        |Flags|      Fragment Offset    |   4
 * |  Time to Live |    Protocol   |         Header Checksum       |   8
 * |                         Source Address                        |  12
 * |                      Destination Address                      |  16
 * |                    Options (IHL greater than 5)               |  20
 * </pre>
 */
public final class Ipv4 {
    public static final int VERSION_IHL = 0;
    public static final int TOS = 1;
    public static final int TOTAL_LENGTH = 2;
    public static final int IDENTIFICATION = 4;
    public static final int FLAGS_FRAGMENT = 6;
    public static final int TTL = 8;
    public static final int PROTOCOL = 9;
    public static final int CHECKSUM = 10;
    public static final int SOURCE = 12;
    public static final int DESTINATION = 16;
    public static final int MIN_HEADER = 20;

    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    public static final int OFFSET_MASK = 0x1fff;

    private Ipv4() {}

    public static int headerLength(MemorySegment m, long ip) {
        return (Octets.u8(m, ip + VERSION_IHL) & 15) << 2;
    }

    public static int totalLength(MemorySegment m, long ip) {
        return Octets.u16(m, ip + TOTAL_LENGTH);
    }

    public static int identification(MemorySegment m, long ip) {
        return Octets.u16(m, ip + IDENTIFICATION);
    }

    public static int flagsAndOffset(MemorySegment m, long ip) {
        return Octets.u16(m, ip + FLAGS_FRAGMENT);
    }

    public static boolean dontFragment(MemorySegment m, long ip) {
        return (flagsAndOffset(m, ip) & DONT_FRAGMENT) != 0;
    }

    public static int ttl(MemorySegment m, long ip) {
        return Octets.u8(m, ip + TTL);
    }

    /** Sets the length and makes the header checksum fit. */
    public static void setTotalLength(MemorySegment m, long ip, int length) {
        Octets.put16(m, ip + TOTAL_LENGTH, length);
        setChecksum(m, ip);
    }

    /** Computes the header checksum anew. */
    public static void setChecksum(MemorySegment m, long ip) {
        Octets.put16(m, ip + CHECKSUM, 0);
        Octets.put16(m, ip + CHECKSUM, Checksum.complement(Checksum.sum(m, ip, headerLength(m, ip))));
    }

    /** Takes one from the time to live; the checksum follows incrementally (RFC 1624). */
    public static void decrementTtl(MemorySegment m, long ip) {
        int before = Octets.u16(m, ip + TTL);
        int after = before - 0x100;
        Octets.put16(m, ip + TTL, after);
        Octets.put16(m, ip + CHECKSUM, Checksum.updated(Octets.u16(m, ip + CHECKSUM), before, after));
    }

    /** Sets the type-of-service octet; the checksum follows. */
    public static void setTos(MemorySegment m, long ip, int tos) {
        int before = Octets.u16(m, ip + VERSION_IHL);
        int after = before & 0xff00 | tos;
        Octets.put16(m, ip + VERSION_IHL, after);
        Octets.put16(m, ip + CHECKSUM, Checksum.updated(Octets.u16(m, ip + CHECKSUM), before, after));
    }
}
