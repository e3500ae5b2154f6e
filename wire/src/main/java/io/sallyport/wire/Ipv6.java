package io.sallyport.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv6 header, RFC 8200 section 3.
 *
 * <pre>
 *  0                   1                   2                   3
 * |Version| Traffic Class |           Flow Label                  |   0
 * |         Payload Length        |  Next Header  |   Hop Limit   |   4
 * |                         Source Address                        |   8
 * |                      Destination Address                      |  24
 * </pre>
 */
public final class Ipv6 {
    public static final int VERSION_CLASS_LABEL = 0;
    public static final int PAYLOAD_LENGTH = 4;
    public static final int NEXT_HEADER = 6;
    public static final int HOP_LIMIT = 7;
    public static final int SOURCE = 8;
    public static final int DESTINATION = 24;
    public static final int HEADER = 40;
    /** RFC 8200 section 5: every link carries packets of this size. */
    public static final int MIN_MTU = 1280;

    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int DESTINATION_OPTIONS = 60;

    private Ipv6() {}

    public static int payloadLength(MemorySegment m, long ip) {
        return Octets.u16(m, ip + PAYLOAD_LENGTH);
    }

    public static void setPayloadLength(MemorySegment m, long ip, int length) {
        Octets.put16(m, ip + PAYLOAD_LENGTH, length);
    }

    public static int trafficClass(MemorySegment m, long ip) {
        return Octets.u16(m, ip) >>> 4 & 0xff;
    }

    public static void setTrafficClass(MemorySegment m, long ip, int value) {
        Octets.put16(m, ip, Octets.u16(m, ip) & 0xf00f | value << 4);
    }

    public static int hopLimit(MemorySegment m, long ip) {
        return Octets.u8(m, ip + HOP_LIMIT);
    }

    public static void decrementHopLimit(MemorySegment m, long ip) {
        Octets.put8(m, ip + HOP_LIMIT, hopLimit(m, ip) - 1);
    }
}
