package io.sallyport.engine.capture;

import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The captures that run now, as packet threads see them. */
public final class Recorder {
    private static final int UDP = 17;
    private static final int ESP = 50;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int TTL = 64;

    private final List<Capture> captures;
    private final int octetsMax;

    /** Which way a packet goes, seen from this machine. */
    public enum Direction {
        IN,
        OUT
    }

    Recorder(List<Capture> captures) {
        this.captures = List.copyOf(captures);
        this.octetsMax = captures.stream()
                .mapToInt(c -> c.filter().packetOctetsMax())
                .max()
                .orElse(0);
    }

    /**
     * A packet inside a tunnel; a super-packet is recorded as the one it is.
     *
     * @param local the gateway's public address
     * @param peer the connection
     */
    public void inner(Direction direction, Address local, String peer, MemorySegment memory, long at, int length) {
        byte[] octets = null;
        for (Capture capture : captures) {
            if (capture.filter().esp() && capture.scope().holdsInner(local, peer)) {
                if (octets == null) {
                    octets = copy(memory, at, length, 0);
                }
                capture.offer(PcapngWriter.INNER, direction, octets, length, peer);
            }
        }
    }

    /**
     * A datagram outside, or an ESP packet that is IP's payload. The IP header is not ours to see: one like it is made.
     *
     * @param ike whether it holds IKE
     * @param udp whether it is a UDP datagram; else it is IP protocol 50
     */
    public void outer(
            Direction direction,
            Endpoint local,
            Endpoint remote,
            boolean ike,
            boolean udp,
            MemorySegment memory,
            long at,
            int length) {
        byte[] octets = null;
        int header = (local.address().isIpv4() ? IPV4_HEADER : IPV6_HEADER) + (udp ? UDP_HEADER : 0);
        for (Capture capture : captures) {
            boolean wanted = ike ? capture.filter().ike() : capture.filter().esp();
            if (wanted && capture.scope().holdsOuter(local.address(), remote.address())) {
                if (octets == null) {
                    octets = copy(memory, at, length, header);
                    boolean out = direction == Direction.OUT;
                    writeHeaders(octets, out ? local : remote, out ? remote : local, udp, length);
                }
                capture.offer(PcapngWriter.OUTER, direction, octets, header + length, "");
            }
        }
    }

    /** As much as any capture keeps, and always enough for the headers that filters look at. */
    private byte[] copy(MemorySegment memory, long at, int length, int header) {
        int kept = Math.min(length, Math.max(octetsMax, IPV6_HEADER + IPV4_HEADER));
        byte[] octets = new byte[header + kept];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, octets, header, kept);
        return octets;
    }

    private static void writeHeaders(byte[] octets, Endpoint from, Endpoint to, boolean udp, int length) {
        boolean four = from.address().isIpv4();
        int payload = length + (udp ? UDP_HEADER : 0);
        int protocol = udp ? UDP : ESP;
        byte[] source = from.address().toBytes().toArray();
        byte[] destination = to.address().toBytes().toArray();
        int transport = four ? IPV4_HEADER : IPV6_HEADER;
        if (four) {
            octets[0] = 0x45;
            put16(octets, 2, Math.min(transport + payload, 0xffff));
            octets[8] = TTL;
            octets[9] = (byte) protocol;
            System.arraycopy(source, 0, octets, 12, 4);
            System.arraycopy(destination, 0, octets, 16, 4);
            put16(octets, 10, checksum(octets));
        } else {
            octets[0] = 0x60;
            put16(octets, 4, Math.min(payload, 0xffff));
            octets[6] = (byte) protocol;
            octets[7] = TTL;
            System.arraycopy(source, 0, octets, 8, 16);
            System.arraycopy(destination, 0, octets, 24, 16);
        }
        if (udp) {
            put16(octets, transport, from.port());
            put16(octets, transport + 2, to.port());
            put16(octets, transport + 4, Math.min(payload, 0xffff));
        }
    }

    private static int checksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < IPV4_HEADER; i += 2) {
            sum += (header[i] & 0xff) << 8 | header[i + 1] & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private static void put16(byte[] octets, int at, int value) {
        octets[at] = (byte) (value >>> 8);
        octets[at + 1] = (byte) value;
    }
}
