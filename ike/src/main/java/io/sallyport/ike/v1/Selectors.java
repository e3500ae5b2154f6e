package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/** Traffic selectors as identities of quick mode, RFC 2407 section 4.6.2. */
final class Selectors {
    private static final int IPV4_ADDR = 1;
    private static final int IPV4_SUBNET = 4;
    private static final int IPV6_ADDR = 5;
    private static final int IPV6_SUBNET = 6;
    private static final int IPV4_RANGE = 7;
    private static final int IPV6_RANGE = 8;
    private static final int ANY_PORT = 0;

    private Selectors() {}

    static Payload.Id id(TrafficSelector selector) {
        boolean ipv4 = selector.addresses().first().isIpv4();
        List<Prefix> prefixes = selector.addresses().prefixes();
        // One port or all of them: an identity has no room for more.
        int port = selector.firstPort() == selector.lastPort() ? selector.firstPort() : ANY_PORT;
        Bytes first = selector.addresses().first().toBytes();
        if (prefixes.size() > 1) {
            Bytes both = Bytes.concat(first, selector.addresses().last().toBytes());
            return new Payload.Id(ipv4 ? IPV4_RANGE : IPV6_RANGE, selector.protocol(), port, both);
        }
        Prefix prefix = prefixes.getFirst();
        if (prefix.length() == prefix.address().family().bits()) {
            return new Payload.Id(ipv4 ? IPV4_ADDR : IPV6_ADDR, selector.protocol(), port, first);
        }
        Bytes both = Bytes.concat(first, mask(prefix));
        return new Payload.Id(ipv4 ? IPV4_SUBNET : IPV6_SUBNET, selector.protocol(), port, both);
    }

    /** Nothing when it names no addresses, such as a host name. */
    static Optional<TrafficSelector> of(Payload.Id id) {
        Bytes data = id.data();
        Optional<AddressRange> range = switch (id.idType()) {
            case IPV4_ADDR -> data.size() == 4 ? one(data) : Optional.empty();
            case IPV6_ADDR -> data.size() == 16 ? one(data) : Optional.empty();
            case IPV4_SUBNET -> data.size() == 8 ? subnet(data.slice(0, 4), data.slice(4, 8)) : Optional.empty();
            case IPV6_SUBNET -> data.size() == 32 ? subnet(data.slice(0, 16), data.slice(16, 32)) : Optional.empty();
            case IPV4_RANGE -> data.size() == 8 ? range(data.slice(0, 4), data.slice(4, 8)) : Optional.empty();
            case IPV6_RANGE -> data.size() == 32 ? range(data.slice(0, 16), data.slice(16, 32)) : Optional.empty();
            default -> Optional.empty();
        };
        int last = id.port() == ANY_PORT ? 0xffff : id.port();
        return range.map(r -> new TrafficSelector(r, id.protocol(), id.port(), last));
    }

    /** The identity as it came when it means {@code selector}: there is more than one way to write the same. */
    static Payload.Id echo(Payload.Id came, TrafficSelector selector) {
        return of(came).filter(selector::equals).isPresent() ? came : id(selector);
    }

    static TrafficSelector host(Address address) {
        return TrafficSelector.of(Prefix.host(address));
    }

    private static Optional<AddressRange> one(Bytes address) {
        Address one = Address.of(address);
        return Optional.of(new AddressRange(one, one));
    }

    private static Optional<AddressRange> range(Bytes first, Bytes last) {
        Address from = Address.of(first);
        Address to = Address.of(last);
        return from.compareTo(to) > 0 ? Optional.empty() : Optional.of(new AddressRange(from, to));
    }

    /** Host bits that are set mean nothing: peers exist that send an address of the net with its mask. */
    private static Optional<AddressRange> subnet(Bytes address, Bytes mask) {
        int length = 0;
        while (length < mask.size() * 8 && bit(mask, length)) {
            length++;
        }
        for (int i = length; i < mask.size() * 8; i++) {
            if (bit(mask, i)) {
                return Optional.empty();
            }
        }
        return Optional.of(Prefix.containing(Address.of(address), length).range());
    }

    private static boolean bit(Bytes octets, int index) {
        return (octets.at(index / 8) >>> (7 - index % 8) & 1) == 1;
    }

    static Bytes mask(Prefix prefix) {
        byte[] octets = new byte[prefix.address().family().octets()];
        for (int i = 0; i < prefix.length(); i++) {
            octets[i / 8] |= (byte) (0x80 >>> (i % 8));
        }
        return Bytes.wrap(octets);
    }
}
