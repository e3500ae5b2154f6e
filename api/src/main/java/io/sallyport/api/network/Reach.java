package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    List<Clash> network() {
        List<Clash> out = new ArrayList<>();
        for (ArmResource connection : connections()) {
            withNetwork(connection, out);
        }
        return out;
    }

    /** What clashes between one connection of the gateway, the VNet and the other connections. */
    List<Clash> connection(ArmResource connection) {
        List<Clash> out = new ArrayList<>();
        withNetwork(connection, out);
        addresses(connection, out);
        for (ArmResource other : connections()) {
            if (!other.id().matches(connection.id())) {
                pair(connection, other, out);
            }
        }
        return out;
    }

    /** Those that the gateway has as its first end. */
    private List<ArmResource> connections() {
        return neighbours.all(Neighbours.CONNECTIONS).stream()
                .filter(c -> Neighbours.refers(c, "virtualNetworkGateway1", gateway.id()))
                .toList();
    }

    private void withNetwork(ArmResource connection, List<Clash> out) {
        Optional<ArmResource> network = Neighbours.networkOf(gateway).flatMap(neighbours.world()::find);
        if (network.isEmpty() || translates(connection)) {
            return;
        }
        List<Prefix> own = Neighbours.space(network.get(), "addressSpace");
        Behind behind = behind(connection);
        for (Prefix prefix : behind.prefixes) {
            clash(prefix, own)
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
            clash(prefix, there.prefixes)
                    .ifPresent(found -> out.add(new Clash(
                            "AddressSpacesOverlap",
                            false,
                            "found '" + prefix + "' of " + here.owner + ", which overlaps " + found + " of "
                                    + there.owner + ", which " + gateway.id() + " reaches too")));
        }
    }

    private record Behind(ArmId owner, List<Prefix> prefixes) {}

    /** What is behind the other end of a connection: a site's prefixes, or a VNet. */
    private Behind behind(ArmResource connection) {
        Optional<ArmResource> site = neighbours.find(Neighbours.text(connection, "localNetworkGateway2/id"));
        if (site.isPresent()) {
            return new Behind(site.get().id(), Neighbours.space(site.get(), "localNetworkAddressSpace"));
        }
        return neighbours
                .find(Neighbours.text(connection, "virtualNetworkGateway2/id"))
                .flatMap(Neighbours::networkOf)
                .flatMap(neighbours.world()::find)
                .map(n -> new Behind(n.id(), Neighbours.space(n, "addressSpace")))
                .orElse(new Behind(connection.id(), List.of()));
    }

    private Optional<Address> device(ArmResource connection) {
        return neighbours
                .find(Neighbours.text(connection, "localNetworkGateway2/id"))
                .flatMap(s -> Neighbours.address(Neighbours.text(s, "gatewayIpAddress")));
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

    private static Optional<Prefix> clash(Prefix prefix, List<Prefix> others) {
        for (Prefix other : others) {
            // A default route is meant to hold everything else: the longer prefix wins.
            boolean isDefault = prefix.length() == 0 || other.length() == 0;
            boolean bothDefault = prefix.length() == 0 && other.length() == 0;
            if (prefix.overlaps(other) && (!isDefault || bothDefault)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }
}
