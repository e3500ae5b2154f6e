package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What one gateway reaches must be told apart by address. */
record Reach(Neighbours neighbours, ArmResource gateway) {
    /**
     * Two things that cannot be together.
     *
     * @param isAboutAddress whether it is the device's address, not a prefix behind it
     */
    record Clash(String code, boolean isAboutAddress, String text) {}

    /** What clashes between the gateway's VNet and everything that the gateway reaches. */
    List<Clash> withNetwork() {
        List<Clash> out = new ArrayList<>();
        List<Prefix> own = network().map(n -> Digest.of(n).space()).orElse(List.of());
        for (ArmResource connection : like(Optional.empty(), own)) {
            withNetwork(connection, out);
        }
        return out;
    }

    /** What clashes between one connection of the gateway, the VNet and the other connections. */
    List<Clash> connection(ArmResource connection) {
        List<Clash> out = new ArrayList<>();
        withNetwork(connection, out);
        addresses(connection, out);
        for (ArmResource other : like(device(connection), behind(connection).prefixes)) {
            if (!other.id().matches(connection.id())) {
                pair(connection, other, out);
            }
        }
        return out;
    }

    /**
     * The connections that have the gateway as their first end and, at the other, the device or what clashes with the
     * prefixes. Few of many: whatever else is said of two connections is worked out for these alone.
     */
    private List<ArmResource> like(Optional<Address> device, List<Prefix> prefixes) {
        String key = gateway.id().key();
        SortedMap<String, ArmResource> out = new TreeMap<>();
        for (ArmId end : ends(device, new Overlaps(prefixes))) {
            for (ArmResource connection : neighbours.pointing(Neighbours.CONNECTIONS, end)) {
                if (Digest.of(connection).first().equals(key)) {
                    out.put(connection.id().key(), connection);
                }
            }
        }
        return List.copyOf(out.values());
    }

    /** The sites and gateways that have the device or what clashes with the prefixes. */
    private List<ArmId> ends(Optional<Address> device, Overlaps overlaps) {
        List<ArmId> out = new ArrayList<>();
        for (ArmResource site : neighbours.all(Neighbours.SITES)) {
            Digest digest = Digest.of(site);
            boolean isDevice = device.isPresent() && device.equals(digest.device());
            if (isDevice || overlaps.any(digest.space())) {
                out.add(site.id());
            }
        }
        Set<String> networks = new HashSet<>();
        for (ArmResource network : neighbours.all(Neighbours.NETWORKS)) {
            if (overlaps.any(Digest.of(network).space())) {
                networks.add(network.id().key());
            }
        }
        for (ArmResource each : neighbours.all(Neighbours.GATEWAYS)) {
            // Its own connections lead away from it.
            if (!each.id().matches(gateway.id())
                    && networks.contains(Digest.of(each).network())) {
                out.add(each.id());
            }
        }
        return out;
    }

    private void withNetwork(ArmResource connection, List<Clash> out) {
        Optional<ArmResource> network = network();
        if (network.isEmpty() || translates(connection)) {
            return;
        }
        List<Prefix> own = Digest.of(network.get()).space();
        Behind behind = behind(connection);
        for (Prefix prefix : behind.prefixes) {
            Overlaps.first(prefix, own)
                    .ifPresent(other -> out.add(new Clash(
                            "AddressSpacesOverlap",
                            false,
                            "found '" + prefix + "' of " + behind.owner + ", which overlaps " + other + " of "
                                    + network.get().id() + ", in which " + gateway.id() + " stands")));
        }
    }

    private void addresses(ArmResource connection, List<Clash> out) {
        Optional<Address> device = device(connection);
        for (Address own : ownAddresses()) {
            device.filter(own::equals)
                    .ifPresent(d -> out.add(new Clash(
                            "LocalNetworkGatewayAddressInvalid",
                            true,
                            "found '" + d + "', which is the address of " + gateway.id() + " itself")));
            device.filter(d -> d.isIpv4() != own.isIpv4())
                    .ifPresent(d -> out.add(new Clash(
                            "LocalNetworkGatewayAddressInvalid",
                            true,
                            "found '" + d + "', but " + gateway.id() + " has the address " + own
                                    + "; allowed: the same address family")));
        }
    }

    private void pair(ArmResource connection, ArmResource other, List<Clash> out) {
        Optional<Address> device = device(connection);
        if (device.isPresent() && device.equals(device(other))) {
            out.add(new Clash(
                    "ConnectionToSameAddressExists",
                    true,
                    "found the device " + device.get() + ", to which " + other.id()
                            + " leads already; allowed: one connection to an address on a gateway"));
            return;
        }
        if (translates(connection) || translates(other)) {
            return;
        }
        Behind here = behind(connection);
        Behind there = behind(other);
        for (Prefix prefix : here.prefixes) {
            Overlaps.first(prefix, there.prefixes)
                    .ifPresent(found -> out.add(new Clash(
                            "AddressSpacesOverlap",
                            false,
                            "found '" + prefix + "' of " + here.owner + ", which overlaps " + found + " of "
                                    + there.owner + ", which " + gateway.id() + " reaches too")));
        }
    }

    private Optional<ArmResource> network() {
        return Neighbours.networkOf(gateway).flatMap(neighbours.world()::find);
    }

    private record Behind(ArmId owner, List<Prefix> prefixes) {}

    /** What is behind the other end of a connection: a site's prefixes, or a VNet. */
    private Behind behind(ArmResource connection) {
        Optional<ArmResource> site = neighbours.find(Neighbours.text(connection, "localNetworkGateway2/id"));
        if (site.isPresent()) {
            return new Behind(site.get().id(), Digest.of(site.get()).space());
        }
        return neighbours
                .find(Neighbours.text(connection, "virtualNetworkGateway2/id"))
                .flatMap(Neighbours::networkOf)
                .flatMap(neighbours.world()::find)
                .map(n -> new Behind(n.id(), Digest.of(n).space()))
                .orElse(new Behind(connection.id(), List.of()));
    }

    private Optional<Address> device(ArmResource connection) {
        return neighbours
                .find(Neighbours.text(connection, "localNetworkGateway2/id"))
                .flatMap(s -> Digest.of(s).device());
    }

    private List<Address> ownAddresses() {
        return publicAddresses(gateway, neighbours);
    }

    /** The outer addresses of a gateway. */
    static List<Address> publicAddresses(ArmResource gateway, Neighbours neighbours) {
        List<Address> out = new ArrayList<>();
        for (JsonNode configuration : gateway.properties().path("ipConfigurations")) {
            neighbours
                    .find(configuration.at("/properties/publicIPAddress/id").asString(""))
                    .flatMap(p -> Neighbours.address(Neighbours.text(p, "ipAddress")))
                    .ifPresent(out::add);
        }
        return out;
    }

    /** Translated addresses may overlap: that is what translation is for. */
    private static boolean translates(ArmResource connection) {
        return !connection.properties().path("ingressNatRules").isEmpty()
                || !connection.properties().path("egressNatRules").isEmpty();
    }
}
