package io.sallyport.engine.capture;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;

/** What a filter looks at in an IP packet; ports and flags are 0 where there are none. */
record Headers(Address source, Address destination, int protocol, int sourcePort, int destinationPort, int tcpFlags) {
    private static final int TCP = 6;
    private static final int UDP = 17;

    /** Reads the beginning of a packet that is known to be one; later fragments have no ports. */
    static Headers of(byte[] packet) {
        boolean four = packet.length > 0 && (packet[0] & 0xf0) == 0x40;
        int addresses = four ? 12 : 8;
        int size = four ? 4 : 16;
        int transport = four && packet.length > 0 ? (packet[0] & 0xf) * 4 : 40;
        int protocol = at(packet, four ? 9 : 6);
        boolean later = four && ((at(packet, 6) & 0x1f) << 8 | at(packet, 7)) != 0;
        boolean ports = !later && (protocol == TCP || protocol == UDP);
        return new Headers(
                address(packet, addresses, size),
                address(packet, addresses + size, size),
                protocol,
                ports ? at(packet, transport) << 8 | at(packet, transport + 1) : 0,
                ports ? at(packet, transport + 2) << 8 | at(packet, transport + 3) : 0,
                ports && protocol == TCP ? at(packet, transport + 13) : 0);
    }

    private static Address address(byte[] packet, int at, int size) {
        byte[] octets = new byte[size];
        System.arraycopy(packet, Math.min(at, packet.length), octets, 0, Math.clamp(packet.length - at, 0, size));
        return Address.of(Bytes.wrap(octets));
    }

    private static int at(byte[] packet, int index) {
        return index < packet.length ? packet[index] & 0xff : 0;
    }

    Headers reversed() {
        return new Headers(destination, source, protocol, destinationPort, sourcePort, tcpFlags);
    }
}
