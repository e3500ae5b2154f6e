package io.sallyport.wire;

import java.lang.foreign.MemorySegment;

/**
 * The ICMP errors a gateway makes: RFC 792 and RFC 1191 for IPv4, RFC 4443 for IPv6.
 *
 * <pre>
 * |     Type      |     Code      |          Checksum             |   0
 * |   unused, next-hop MTU (IPv4: low 16 bits; IPv6: 32 bits)     |   4
 * |              as much of the packet as may be                  |   8
 * </pre>
 */
public final class Icmp {
    public static final int PROTOCOL_V4 = 1;
    public static final int PROTOCOL_V6 = 58;
    public static final int TYPE = 0;
    public static final int CODE = 1;
    public static final int CHECKSUM = 2;
    public static final int MTU = 4;
    public static final int HEADER = 8;

    /** The most an error takes: RFC 4443 section 2.4 (c), the minimum IPv6 MTU. */
    public static final int MAX_ERROR = Ipv6.MIN_MTU;

    private static final int V4_UNREACHABLE = 3;
    private static final int V4_FRAGMENTATION_NEEDED = 4;
    private static final int V4_TIME_EXCEEDED = 11;
    private static final int V6_PACKET_TOO_BIG = 2;
    private static final int V6_TIME_EXCEEDED = 3;
    /** RFC 1812 section 4.3.2.3: an error quotes as much as fits into 576 octets. */
    private static final int V4_ERROR_MAX = 576;

    private static final int HOPS = 64;

    private Icmp() {}

    /** Writes "fragmentation needed" or "packet too big" in answer to {@code packet}; returns its length. */
    public static int tooBig(Packet packet, long sourceHigh, long sourceLow, int mtu, MemorySegment to, long at) {
        return packet.version() == 4
                ? ipv4(packet, sourceLow, V4_UNREACHABLE, V4_FRAGMENTATION_NEEDED, mtu, to, at)
                : ipv6(packet, sourceHigh, sourceLow, V6_PACKET_TOO_BIG, mtu, to, at);
    }

    /** Writes "time exceeded in transit" in answer to {@code packet}; returns its length. */
    public static int timeExceeded(Packet packet, long sourceHigh, long sourceLow, MemorySegment to, long at) {
        return packet.version() == 4
                ? ipv4(packet, sourceLow, V4_TIME_EXCEEDED, 0, 0, to, at)
                : ipv6(packet, sourceHigh, sourceLow, V6_TIME_EXCEEDED, 0, to, at);
    }

    /**
     * Whether an error may be sent about {@code packet}. RFC 1122 section 3.2.2 and RFC 4443 section 2.4 (e): never about
     * an ICMP error, a later fragment, or a packet that is not from or to one host.
     */
    public static boolean mayAnswer(Packet packet) {
        if (packet.isLaterFragment() || packet.sourceHigh() == 0 && packet.sourceLow() == 0) {
            return false;
        }
        int type = packet.sourcePort() >>> 8;
        if (packet.version() == 4) {
            boolean query = type == 0 || type == 8 || type == 13 || type == 14;
            return (packet.protocol() != PROTOCOL_V4 || query)
                    && packet.destinationLow() >>> 28 < 14
                    && packet.sourceLow() >>> 28 < 14;
        }
        return (packet.protocol() != PROTOCOL_V6 || type >= 128)
                && packet.destinationHigh() >>> 56 != 0xff
                && packet.sourceHigh() >>> 56 != 0xff;
    }

    private static int ipv4(Packet packet, long source, int type, int code, int mtu, MemorySegment to, long at) {
        int quoted = Math.min(packet.length(), V4_ERROR_MAX - Ipv4.MIN_HEADER - HEADER);
        int length = Ipv4.MIN_HEADER + HEADER + quoted;
        long icmp = at + Ipv4.MIN_HEADER;
        MemorySegment.copy(packet.memory(), packet.at(), to, icmp + HEADER, quoted);
        Octets.put32(to, at, 0x45c0_0000 | length);
        Octets.put32(to, at + Ipv4.IDENTIFICATION, 0);
        Octets.put32(to, at + Ipv4.TTL, HOPS << 24 | PROTOCOL_V4 << 16);
        Octets.put32(to, at + Ipv4.SOURCE, (int) source);
        Octets.put32(to, at + Ipv4.DESTINATION, (int) packet.sourceLow());
        Ipv4.setChecksum(to, at);
        Octets.put32(to, icmp, type << 24 | code << 16);
        Octets.put32(to, icmp + MTU, mtu);
        Octets.put16(to, icmp + CHECKSUM, Checksum.complement(Checksum.sum(to, icmp, HEADER + quoted)));
        return length;
    }

    private static int ipv6(Packet packet, long high, long low, int type, int mtu, MemorySegment to, long at) {
        int quoted = Math.min(packet.length(), MAX_ERROR - Ipv6.HEADER - HEADER);
        long icmp = at + Ipv6.HEADER;
        MemorySegment.copy(packet.memory(), packet.at(), to, icmp + HEADER, quoted);
        Octets.put32(to, at, 0x6000_0000);
        Octets.put32(to, at + Ipv6.PAYLOAD_LENGTH, (HEADER + quoted) << 16 | PROTOCOL_V6 << 8 | HOPS);
        Octets.put64(to, at + Ipv6.SOURCE, high);
        Octets.put64(to, at + Ipv6.SOURCE + 8, low);
        Octets.put64(to, at + Ipv6.DESTINATION, packet.sourceHigh());
        Octets.put64(to, at + Ipv6.DESTINATION + 8, packet.sourceLow());
        Octets.put32(to, icmp, type << 24);
        Octets.put32(to, icmp + MTU, mtu);
        long sum = (long) Checksum.sum(to, icmp, HEADER + quoted)
                + Checksum.pseudoHeader(to, at, 6, PROTOCOL_V6)
                + HEADER
                + quoted;
        Octets.put16(to, icmp + CHECKSUM, Checksum.complement(sum));
        return Ipv6.HEADER + HEADER + quoted;
    }
}
