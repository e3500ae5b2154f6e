package io.sallyport.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One IP packet inside a pooled off-heap buffer, and the facts that were proved when it was read: after
 * {@link #read} has answered nothing, every accessor over its headers stays within the packet.
 *
 * <p>A packet is a window that is moved, never a copy: each packet thread owns one and reads the next packet into it.
 */
public final class Packet {
    private static final MemorySegment NONE = MemorySegment.NULL;

    private MemorySegment memory = NONE;
    private long at;
    private int length;
    private int version;
    private int protocol;
    private int transport;
    private int tos;
    private boolean fragment;
    private boolean laterFragment;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;

    /**
     * Reads the packet at {@code at}. Octets after the IP length are ignored: RFC 4303 section 2.7 lets a sender add them.
     *
     * @return why it cannot be carried, or nothing
     */
    public @Nullable Drop read(MemorySegment memory, long at, int available) {
        this.memory = memory;
        this.at = at;
        fragment = false;
        laterFragment = false;
        sourcePort = 0;
        destinationPort = 0;
        if (available < Ipv4.MIN_HEADER) {
            return Drop.INNER_MALFORMED;
        }
        version = Octets.u8(memory, at) >>> 4;
        boolean whole = version == 4 ? readIpv4(available) : version == 6 && readIpv6(available);
        if (!whole) {
            return Drop.INNER_MALFORMED;
        }
        if (!laterFragment) {
            return readTransport() ? null : Drop.INNER_MALFORMED;
        }
        return null;
    }

    private boolean readIpv4(int available) {
        int header = Ipv4.headerLength(memory, at);
        length = Ipv4.totalLength(memory, at);
        if (header < Ipv4.MIN_HEADER || length < header || length > available) {
            return false;
        }
        tos = Octets.u8(memory, at + Ipv4.TOS);
        protocol = Octets.u8(memory, at + Ipv4.PROTOCOL);
        transport = header;
        int offset = Ipv4.flagsAndOffset(memory, at);
        fragment = (offset & (Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK)) != 0;
        laterFragment = (offset & Ipv4.OFFSET_MASK) != 0;
        sourceHigh = 0;
        sourceLow = Octets.u32(memory, at + Ipv4.SOURCE);
        destinationHigh = 0;
        destinationLow = Octets.u32(memory, at + Ipv4.DESTINATION);
        return true;
    }

    private boolean readIpv6(int available) {
        if (available < Ipv6.HEADER) {
            return false;
        }
        length = Ipv6.HEADER + Ipv6.payloadLength(memory, at);
        if (length > available) {
            return false;
        }
        tos = Ipv6.trafficClass(memory, at);
        sourceHigh = Octets.i64(memory, at + Ipv6.SOURCE);
        sourceLow = Octets.i64(memory, at + Ipv6.SOURCE + 8);
        destinationHigh = Octets.i64(memory, at + Ipv6.DESTINATION);
        destinationLow = Octets.i64(memory, at + Ipv6.DESTINATION + 8);
        protocol = Octets.u8(memory, at + Ipv6.NEXT_HEADER);
        transport = Ipv6.HEADER;
        return skipExtensionHeaders();
    }

    /** RFC 8200 section 4: each extension header names the next and says its own length. */
    private boolean skipExtensionHeaders() {
        while (protocol == Ipv6.HOP_BY_HOP
                || protocol == Ipv6.ROUTING
                || protocol == Ipv6.DESTINATION_OPTIONS
                || protocol == Ipv6.FRAGMENT) {
            if (transport + 8 > length) {
                return false;
            }
            int next = Octets.u8(memory, at + transport);
            if (protocol == Ipv6.FRAGMENT) {
                int offset = Octets.u16(memory, at + transport + 2);
                fragment = fragment || (offset & 0xfff9) != 0;
                laterFragment = (offset & 0xfff8) != 0;
                transport += 8;
            } else {
                transport += 8 + 8 * Octets.u8(memory, at + transport + 1);
            }
            protocol = next;
            if (laterFragment) {
                return true;
            }
        }
        return transport <= length;
    }

    private boolean readTransport() {
        switch (protocol) {
            case Tcp.PROTOCOL -> {
                if (length - transport < Tcp.MIN_HEADER) {
                    return fragment;
                }
                int header = Tcp.headerLength(memory, at + transport);
                if (header < Tcp.MIN_HEADER || header > length - transport && !fragment) {
                    return false;
                }
                readPorts();
            }
            case Udp.PROTOCOL -> {
                if (length - transport < Udp.HEADER) {
                    return fragment;
                }
                readPorts();
            }
            case Icmp.PROTOCOL_V4, Icmp.PROTOCOL_V6 -> {
                if (length - transport >= 2) {
                    // RFC 7296 section 3.13.1: type is the high octet of the "port", code the low one.
                    sourcePort = Octets.u16(memory, at + transport);
                    destinationPort = sourcePort;
                }
            }
            default -> {}
        }
        return true;
    }

    private void readPorts() {
        sourcePort = Octets.u16(memory, at + transport + Tcp.SOURCE_PORT);
        destinationPort = Octets.u16(memory, at + transport + Tcp.DESTINATION_PORT);
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Where the IP header begins. */
    public long at() {
        return at;
    }

    /** The IP length: header and payload, nothing after it. */
    public int length() {
        return length;
    }

    /** 4 or 6. */
    public int version() {
        return version;
    }

    /** The transport protocol, after IPv6 extension headers. */
    public int protocol() {
        return protocol;
    }

    /** Octets from the IP header to the transport header. */
    public int transport() {
        return transport;
    }

    /** Type of service or traffic class: DSCP and ECN. */
    public int tos() {
        return tos;
    }

    /** Any piece of a fragmented packet. */
    public boolean isFragment() {
        return fragment;
    }

    /** A piece without transport header. */
    public boolean isLaterFragment() {
        return laterFragment;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /** The source port; for ICMP type and code; 0 where there is none. */
    public int sourcePort() {
        return sourcePort;
    }

    /** The destination port; for ICMP type and code; 0 where there is none. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Whether its destination is multicast, broadcast or link-local: RFC 1812 section 5.3.7, RFC 4291 section 2.5.6. */
    public boolean isLinkScoped() {
        if (version == 4) {
            return destinationLow >>> 28 >= 14 || destinationLow >>> 16 == 0xa9fe;
        }
        return destinationHigh >>> 56 == 0xff || destinationHigh >>> 54 == 0x3fa;
    }

    /** Whether routers must not fragment it: always so in IPv6. */
    public boolean mustNotFragment() {
        return version == 6 || Ipv4.dontFragment(memory, at);
    }

    public int hopLimit() {
        return version == 4 ? Ipv4.ttl(memory, at) : Ipv6.hopLimit(memory, at);
    }

    /** Takes one from the hop limit, as a router does. */
    public void decrementHopLimit() {
        if (version == 4) {
            Ipv4.decrementTtl(memory, at);
        } else {
            Ipv6.decrementHopLimit(memory, at);
        }
    }

    /** Sets DSCP and ECN. */
    public void setTos(int value) {
        if (version == 4) {
            Ipv4.setTos(memory, at, value);
        } else {
            Ipv6.setTrafficClass(memory, at, value);
        }
        tos = value;
    }

    /** Lowers the MSS of a SYN so that its segments fit into {@code mtu}; leaves everything else alone. */
    public void clampMss(int mtu) {
        if (protocol == Tcp.PROTOCOL
                && !laterFragment
                && length - transport >= Tcp.MIN_HEADER
                && (Tcp.flags(memory, at + transport) & Tcp.SYN) != 0) {
            int ipHeader = version == 4 ? Ipv4.MIN_HEADER : Ipv6.HEADER;
            Tcp.clampMss(memory, at + transport, length - transport, mtu - ipHeader - Tcp.MIN_HEADER);
        }
    }
}
