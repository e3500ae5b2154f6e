package io.sallyport.forward;

import io.sallyport.wire.Checksum;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Ipv6;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Tcp;
import io.sallyport.wire.Udp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Cuts a super-packet, many TCP segments or UDP datagrams under one header, into the packets it stands for. They are made
 * one after the other where the super-packet lies: the headers of each are written over the end of the payload before it,
 * which has been sealed into another buffer by then. So the payload is never copied.
 */
public final class Segments {
    /** IPv4 and TCP with all options are 120 octets, IPv6 with a few extension headers and TCP less than this. */
    private static final int HEADERS_MAX = 256;

    private final MemorySegment headers = Arena.ofAuto().allocate(HEADERS_MAX, 16);
    private MemorySegment memory = MemorySegment.NULL;
    private long start;
    private long payload;
    private int payloadLength;
    private int headerLength;
    private int size;
    private int count;
    private int version;
    private int transport;
    private boolean tcp;
    private int flags;
    private int sequence;
    private int identification;
    private int pseudo;
    private int at;

    /**
     * Begins with {@code packet}.
     *
     * @param size octets of payload in each packet but the last
     * @return false when the packet is not what its sender says
     */
    public boolean begin(Packet packet, int size) {
        tcp = packet.protocol() == Tcp.PROTOCOL;
        transport = packet.transport();
        memory = packet.memory();
        start = packet.at();
        version = packet.version();
        if (!tcp && packet.protocol() != Udp.PROTOCOL || packet.isFragment() || size <= 0) {
            return false;
        }
        headerLength = transport + (tcp ? Tcp.headerLength(memory, start + transport) : Udp.HEADER);
        payloadLength = packet.length() - headerLength;
        if (headerLength > HEADERS_MAX || payloadLength <= 0) {
            return false;
        }
        this.size = size;
        count = (payloadLength + size - 1) / size;
        payload = start + headerLength;
        MemorySegment.copy(memory, start, headers, 0, headerLength);
        pseudo = Checksum.pseudoHeader(memory, start, version, packet.protocol());
        if (version == 4) {
            identification = Ipv4.identification(memory, start);
        }
        if (tcp) {
            flags = Tcp.flags(memory, start + transport);
            sequence = Tcp.sequence(memory, start + transport);
        }
        return true;
    }

    public int count() {
        return count;
    }

    /** Octets of the longest packet. */
    public int longest() {
        return headerLength + Math.min(size, payloadLength);
    }

    /** Octets of all the packets together. */
    public int total() {
        return count * headerLength + payloadLength;
    }

    /** Octets of packet {@code index}. */
    public int length(int index) {
        return headerLength + Math.min(size, payloadLength - index * size);
    }

    /** Where the packet made last lies. */
    public long at() {
        return start + at;
    }

    /** Makes packet {@code index}; they must be made in order. Answers its length. */
    public int make(int index) {
        int body = Math.min(size, payloadLength - index * size);
        int length = headerLength + body;
        at = index * size;
        long ip = start + at;
        if (index > 0) {
            MemorySegment.copy(headers, 0, memory, ip, headerLength);
        }
        if (version == 4) {
            // RFC 6864: the identification matters only to fragments, but no two datagrams of a flow shall share one.
            Octets.put16(memory, ip + Ipv4.IDENTIFICATION, identification + index);
            Ipv4.setTotalLength(memory, ip, length);
        } else {
            Ipv6.setPayloadLength(memory, ip, length - Ipv6.HEADER);
        }
        long bodySum = Checksum.sum(memory, payload + (long) index * size, body);
        if (tcp) {
            finishTcp(ip + transport, index, length - transport, bodySum);
        } else {
            finishUdp(ip + transport, length - transport, bodySum);
        }
        return length;
    }

    private void finishTcp(long header, int index, int length, long bodySum) {
        int own = flags;
        if (index < count - 1) {
            own &= ~(Tcp.FIN | Tcp.PSH);
        }
        if (index > 0) {
            // RFC 3168 section 6.1.2: CWR is said once, on the first segment.
            own &= ~Tcp.CWR;
        }
        Octets.put32(memory, header + Tcp.SEQUENCE, sequence + index * size);
        Octets.put8(memory, header + Tcp.FLAGS, own);
        Octets.put16(memory, header + Tcp.CHECKSUM, 0);
        long sum = bodySum + pseudo + length + Checksum.sum(memory, header, headerLength - transport);
        Octets.put16(memory, header + Tcp.CHECKSUM, Checksum.complement(sum));
    }

    private void finishUdp(long header, int length, long bodySum) {
        Octets.put16(memory, header + Udp.LENGTH, length);
        Octets.put16(memory, header + Udp.CHECKSUM, 0);
        Udp.setChecksum(memory, header, bodySum + pseudo + length + Checksum.sum(memory, header, Udp.HEADER));
    }
}
