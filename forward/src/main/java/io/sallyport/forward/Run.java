package io.sallyport.forward;

import io.sallyport.wire.Checksum;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Ipv6;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Tcp;
import io.sallyport.wire.Udp;
import java.lang.foreign.MemorySegment;

/**
 * Neighbouring packets of one flow that may be handed on as one: TCP segments that follow each other, or UDP datagrams of
 * one size. The packets stay where they are; a run only remembers the pieces.
 *
 * <p>What may join is what the receiving kernel can take apart again without a trace: headers equal but for length,
 * identification, sequence, PSH and checksums; each checksum verified here, because the whole will carry a new one and a
 * wrong one must not be mended on the way.
 */
public final class Run {
    /** Pieces in one run; the kernel cuts UDP into 64 at most, and more does not help TCP. */
    public static final int PIECES_MAX = 64;

    private static final int LENGTH_MAX = 65_535;
    private static final int JOINABLE = Tcp.ACK | Tcp.PSH;

    private final long[] at = new long[PIECES_MAX];
    private final int[] lengths = new int[PIECES_MAX];
    private MemorySegment memory = MemorySegment.NULL;
    private int count;
    private int version;
    private int transport;
    private int headerLength;
    private int size;
    private int total;
    private int nextSequence;
    private boolean tcp;
    private boolean pushed;
    private boolean closed;
    private boolean verified;

    public boolean isEmpty() {
        return count == 0;
    }

    /** Forgets everything. */
    public void clear() {
        count = 0;
    }

    /** Whether {@code packet} could begin a run at all. */
    public static boolean canBegin(Packet packet, boolean udpToo) {
        int plain = packet.version() == 4 ? Ipv4.MIN_HEADER : Ipv6.HEADER;
        if (packet.isFragment() || packet.transport() != plain) {
            return false;
        }
        long header = packet.at() + plain;
        if (packet.protocol() == Tcp.PROTOCOL) {
            return (Tcp.flags(packet.memory(), header) & ~JOINABLE) == 0
                    && packet.length() > plain + Tcp.headerLength(packet.memory(), header);
        }
        return udpToo
                && packet.protocol() == Udp.PROTOCOL
                && packet.length() > plain + Udp.HEADER
                && Udp.checksum(packet.memory(), header) != 0
                && Udp.length(packet.memory(), header) == packet.length() - plain;
    }

    /** Begins with {@code packet}, which {@link #canBegin}. */
    public void begin(Packet packet) {
        memory = packet.memory();
        version = packet.version();
        transport = packet.transport();
        tcp = packet.protocol() == Tcp.PROTOCOL;
        long header = packet.at() + transport;
        headerLength = transport + (tcp ? Tcp.headerLength(memory, header) : Udp.HEADER);
        size = packet.length() - headerLength;
        at[0] = packet.at();
        lengths[0] = packet.length();
        total = packet.length();
        nextSequence = tcp ? Tcp.sequence(memory, header) + size : 0;
        pushed = tcp && (Tcp.flags(memory, header) & Tcp.PSH) != 0;
        closed = pushed;
        verified = false;
        count = 1;
    }

    /** Whether {@code packet} has the run's addresses, protocol and ports, so that the order between them matters. */
    public boolean isSameFlow(Packet packet) {
        if (count == 0 || packet.version() != version || packet.transport() != transport) {
            return false;
        }
        long a = at[0];
        long b = packet.at();
        MemorySegment other = packet.memory();
        boolean addresses = version == 4
                ? Octets.i64(memory, a + Ipv4.SOURCE) == Octets.i64(other, b + Ipv4.SOURCE)
                : Octets.i64(memory, a + Ipv6.SOURCE) == Octets.i64(other, b + Ipv6.SOURCE)
                        && Octets.i64(memory, a + Ipv6.SOURCE + 8) == Octets.i64(other, b + Ipv6.SOURCE + 8)
                        && Octets.i64(memory, a + Ipv6.DESTINATION) == Octets.i64(other, b + Ipv6.DESTINATION)
                        && Octets.i64(memory, a + Ipv6.DESTINATION + 8) == Octets.i64(other, b + Ipv6.DESTINATION + 8);
        return addresses
                && packet.protocol() == (tcp ? Tcp.PROTOCOL : Udp.PROTOCOL)
                && Octets.i32(memory, a + transport) == Octets.i32(other, b + transport);
    }

    /** Adds {@code packet}, of the same flow, if it continues the run. It must lie in the same memory. */
    public boolean join(Packet packet) {
        if (closed || count == PIECES_MAX || packet.memory().address() != memory.address()) {
            return false;
        }
        long ip = packet.at();
        long header = ip + transport;
        if (tcp && (Tcp.flags(memory, header) & ~JOINABLE) != 0) {
            return false;
        }
        int headers = transport + (tcp ? Tcp.headerLength(memory, header) : Udp.HEADER);
        int body = packet.length() - headers;
        if (headers != headerLength
                || body <= 0
                || body > size
                || total + body > LENGTH_MAX
                || !sameNetworkHeader(ip)
                || !(tcp ? continuesTcp(header) : continuesUdp(header, packet.length() - transport))) {
            return false;
        }
        if (!verified) {
            verified = isIntact(at[0], lengths[0]);
            closed = !verified;
        }
        if (closed || !isIntact(ip, packet.length())) {
            return false;
        }
        at[count] = ip + headerLength;
        lengths[count] = body;
        count++;
        total += body;
        nextSequence += body;
        pushed = tcp && (Tcp.flags(memory, header) & Tcp.PSH) != 0;
        closed = body < size || pushed;
        return true;
    }

    /** Everything equal but length, identification, and the checksum. */
    private boolean sameNetworkHeader(long ip) {
        long first = at[0];
        if (version == 4) {
            return Octets.u16(memory, first) == Octets.u16(memory, ip)
                    && Octets.u16(memory, first + Ipv4.FLAGS_FRAGMENT) == Octets.u16(memory, ip + Ipv4.FLAGS_FRAGMENT)
                    && Octets.u16(memory, first + Ipv4.TTL) == Octets.u16(memory, ip + Ipv4.TTL);
        }
        return Octets.i32(memory, first) == Octets.i32(memory, ip)
                && Octets.u16(memory, first + Ipv6.NEXT_HEADER) == Octets.u16(memory, ip + Ipv6.NEXT_HEADER);
    }

    /** The next sequence number; the same acknowledgment, window and options. */
    private boolean continuesTcp(long header) {
        long first = at[0] + transport;
        if (Tcp.sequence(memory, header) != nextSequence
                || Octets.i32(memory, first + Tcp.ACKNOWLEDGMENT) != Octets.i32(memory, header + Tcp.ACKNOWLEDGMENT)
                || Octets.u16(memory, first + Tcp.WINDOW) != Octets.u16(memory, header + Tcp.WINDOW)) {
            return false;
        }
        int options = headerLength - transport;
        for (int i = Tcp.OPTIONS; i < options; i += 4) {
            if (Octets.i32(memory, first + i) != Octets.i32(memory, header + i)) {
                return false;
            }
        }
        return true;
    }

    private boolean continuesUdp(long header, int length) {
        return Udp.checksum(memory, header) != 0 && Udp.length(memory, header) == length;
    }

    private boolean isIntact(long ip, int length) {
        int protocol = tcp ? Tcp.PROTOCOL : Udp.PROTOCOL;
        int rest = length - transport;
        long sum = (long) Checksum.sum(memory, ip + transport, rest)
                + Checksum.pseudoHeader(memory, ip, version, protocol)
                + rest;
        return Checksum.fold(sum) == 0xffff;
    }

    /** Makes the first packet's headers speak for the whole run; nothing to do for a single packet. */
    public void finish() {
        if (count == 1) {
            return;
        }
        long ip = at[0];
        if (version == 4) {
            Ipv4.setTotalLength(memory, ip, total);
        } else {
            Ipv6.setPayloadLength(memory, ip, total - Ipv6.HEADER);
        }
        long header = ip + transport;
        int protocol = tcp ? Tcp.PROTOCOL : Udp.PROTOCOL;
        int rest = total - transport;
        int partial = Checksum.fold((long) Checksum.pseudoHeader(memory, ip, version, protocol) + rest);
        if (tcp) {
            Octets.put16(memory, header + Tcp.CHECKSUM, partial);
            if (pushed) {
                Octets.put8(memory, header + Tcp.FLAGS, Tcp.flags(memory, header) | Tcp.PSH);
            }
        } else {
            Octets.put16(memory, header + Udp.LENGTH, rest);
            Octets.put16(memory, header + Udp.CHECKSUM, partial);
        }
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Packets in the run. */
    public int count() {
        return count;
    }

    /** Where piece {@code index} begins: the first with its headers, the others without. */
    public long at(int index) {
        return at[index];
    }

    public int length(int index) {
        return lengths[index];
    }

    public int version() {
        return version;
    }

    public boolean isTcp() {
        return tcp;
    }

    /** Octets from the IP header to the transport header. */
    public int transport() {
        return transport;
    }

    /** Octets of all headers. */
    public int headerLength() {
        return headerLength;
    }

    /** Octets of payload in each packet but the last. */
    public int size() {
        return size;
    }
}
