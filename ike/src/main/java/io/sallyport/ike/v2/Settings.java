package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.AddressRequest;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeEvent.ClientSettings;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.Attribute;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Configuration payload, RFC 7296 sections 2.19 and 3.15, RFC 8598. */
final class Settings {
    private Settings() {}

    // CP(CFG_REQUEST)

    /** @param wished what we had before and would like to have again */
    static Payload.Configuration request(AddressRequest wanted, List<Address> wished) {
        List<Attribute> attributes = new ArrayList<>();
        if (wanted.ipv4()) {
            attributes.add(new Attribute(Attribute.INTERNAL_IP4_ADDRESS, value(wished, true)));
            attributes.add(new Attribute(Attribute.INTERNAL_IP4_DNS, Bytes.EMPTY));
        }
        if (wanted.ipv6()) {
            attributes.add(new Attribute(Attribute.INTERNAL_IP6_ADDRESS, value(wished, false)));
            attributes.add(new Attribute(Attribute.INTERNAL_IP6_DNS, Bytes.EMPTY));
        }
        attributes.add(new Attribute(Attribute.INTERNAL_DNS_DOMAIN, Bytes.EMPTY));
        return new Payload.Configuration(Payload.Configuration.REQUEST, attributes);
    }

    private static Bytes value(List<Address> wished, boolean ipv4) {
        return wished.stream()
                .filter(a -> a.isIpv4() == ipv4)
                .map(a -> ipv4 ? a.toBytes() : Bytes.concat(a.toBytes(), Bytes.ofInts(128)))
                .findFirst()
                .orElse(Bytes.EMPTY);
    }

    /** What we propose as our side of the child: any address, where the gateway is to choose it. */
    static List<TrafficSelector> wanted(PeerConfig peer, ChildConfig config) {
        if (peer.request().isEmpty()) {
            return config.local();
        }
        List<TrafficSelector> any = new ArrayList<>();
        if (peer.request().get().ipv4()) {
            any.add(TrafficSelector.of(Prefix.ANY_IPV4));
        }
        if (peer.request().get().ipv6()) {
            any.add(TrafficSelector.of(Prefix.ANY_IPV6));
        }
        return any;
    }

    /** What a client asks for. */
    record Wish(boolean ipv4, boolean ipv6, List<Address> addresses) {
        boolean isNothing() {
            return !ipv4 && !ipv6;
        }
    }

    static Wish wish(List<Payload> request) {
        List<Attribute> attributes = of(request, Payload.Configuration.REQUEST);
        List<Address> addresses = new ArrayList<>(addresses(attributes, Attribute.INTERNAL_IP4_ADDRESS));
        addresses.addAll(addresses(attributes, Attribute.INTERNAL_IP6_ADDRESS));
        addresses.removeIf(Address::isUnspecified);
        return new Wish(
                asks(attributes, Attribute.INTERNAL_IP4_ADDRESS),
                asks(attributes, Attribute.INTERNAL_IP6_ADDRESS),
                addresses);
    }

    // CP(CFG_REPLY)

    static Payload.Configuration reply(ClientSettings settings, List<Payload> request) {
        List<Attribute> asked = of(request, Payload.Configuration.REQUEST);
        List<Attribute> attributes = new ArrayList<>();
        for (Address address : settings.addresses()) {
            if (address.isIpv4()) {
                attributes.add(new Attribute(Attribute.INTERNAL_IP4_ADDRESS, address.toBytes()));
                if (asks(asked, Attribute.INTERNAL_IP4_NETMASK)) {
                    attributes.add(new Attribute(Attribute.INTERNAL_IP4_NETMASK, Bytes.ofInts(255, 255, 255, 255)));
                }
            } else {
                // RFC 7296 section 3.15.1: "the address and the prefix length".
                attributes.add(new Attribute(
                        Attribute.INTERNAL_IP6_ADDRESS, Bytes.concat(address.toBytes(), Bytes.ofInts(128))));
            }
        }
        for (Address server : settings.dns()) {
            attributes.add(new Attribute(
                    server.isIpv4() ? Attribute.INTERNAL_IP4_DNS : Attribute.INTERNAL_IP6_DNS, server.toBytes()));
        }
        for (Prefix subnet : settings.subnets()) {
            attributes.add(subnet(subnet));
        }
        // RFC 8598 section 3.2: whoever did not ask for domains does not split its DNS.
        if (asks(asked, Attribute.INTERNAL_DNS_DOMAIN)) {
            for (String domain : settings.dnsDomains()) {
                attributes.add(new Attribute(Attribute.INTERNAL_DNS_DOMAIN, Bytes.utf8(domain)));
            }
        }
        return new Payload.Configuration(
                Payload.Configuration.REPLY, attributes.subList(0, Math.min(attributes.size(), Limits.ATTRIBUTES_MAX)));
    }

    /**
     * What a request outside of IKE_AUTH gets. RFC 7296 section 3.15: attributes that are not supported are left out of the
     * answer, and none is supported there.
     */
    static Optional<Payload.Configuration> answer(Payload.Configuration request) {
        return switch (request.kind()) {
            case Payload.Configuration.REQUEST ->
                Optional.of(new Payload.Configuration(Payload.Configuration.REPLY, List.of()));
            case Payload.Configuration.SET ->
                Optional.of(new Payload.Configuration(Payload.Configuration.ACK, List.of()));
            default -> Optional.empty();
        };
    }

    private static Attribute subnet(Prefix subnet) {
        if (subnet.address().isIpv4()) {
            int mask = subnet.length() == 0 ? 0 : -1 << (32 - subnet.length());
            return new Attribute(
                    Attribute.INTERNAL_IP4_SUBNET,
                    Bytes.concat(subnet.address().toBytes(), Address.ipv4(mask).toBytes()));
        }
        return new Attribute(
                Attribute.INTERNAL_IP6_SUBNET, Bytes.concat(subnet.address().toBytes(), Bytes.ofInts(subnet.length())));
    }

    /** What a gateway gave us: the first address of each family that we asked for. */
    static Addresses given(PeerConfig peer, List<Payload> response) {
        if (peer.request().isEmpty()) {
            return Addresses.NONE;
        }
        List<Attribute> attributes = of(response, Payload.Configuration.REPLY);
        List<Address> given = new ArrayList<>();
        if (peer.request().get().ipv4()) {
            addresses(attributes, Attribute.INTERNAL_IP4_ADDRESS).stream()
                    .limit(1)
                    .forEach(given::add);
        }
        if (peer.request().get().ipv6()) {
            addresses(attributes, Attribute.INTERNAL_IP6_ADDRESS).stream()
                    .limit(1)
                    .forEach(given::add);
        }
        given.removeIf(Address::isUnspecified);
        return new Addresses(given, Optional.empty());
    }

    private static List<Attribute> of(List<Payload> payloads, int kind) {
        return Payloads.find(payloads, Payload.Configuration.class)
                .filter(c -> c.kind() == kind)
                .map(Payload.Configuration::attributes)
                .orElse(List.of());
    }

    private static boolean asks(List<Attribute> attributes, int type) {
        return attributes.stream().anyMatch(a -> a.type() == type);
    }

    private static List<Address> addresses(List<Attribute> attributes, int type) {
        int octets = type == Attribute.INTERNAL_IP4_ADDRESS ? 4 : 16;
        return attributes.stream()
                .filter(a -> a.type() == type && a.value().size() >= octets)
                .map(a -> Address.of(a.value().slice(0, octets)))
                .toList();
    }
}
