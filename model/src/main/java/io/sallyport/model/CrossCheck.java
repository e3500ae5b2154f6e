package io.sallyport.model;

import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What only shows when resources are seen together. */
final class CrossCheck {
    /** Azure's smallest GatewaySubnet. */
    private static final int GATEWAY_SUBNET_LENGTH_MAX = 29;

    private final Resources resources;
    private final Problems problems;

    CrossCheck(Resources resources, Problems problems) {
        this.resources = resources;
        this.problems = problems;
    }

    void run() {
        resources.networks().forEach(this::network);
        resources.gateways().forEach(this::gateway);
        resources.connections().forEach(this::connection);
        if (problems.hasErrors()) {
            return;
        }
        List<VirtualNetworkGateway> gateways = resources.gateways();
        for (int i = 0; i < gateways.size(); i++) {
            for (VirtualNetworkGateway earlier : gateways.subList(0, i)) {
                alone(gateways.get(i), earlier);
            }
            sites(gateways.get(i));
        }
        List<PublicIpAddress> addresses = resources.publicAddresses();
        for (int i = 0; i < addresses.size(); i++) {
            for (PublicIpAddress earlier : addresses.subList(0, i)) {
                if (earlier.address().value().equals(addresses.get(i).address().value())) {
                    say(
                            addresses.get(i),
                            addresses.get(i).address(),
                            "found '" + earlier.address().value() + "', which " + earlier.id() + " has already");
                }
            }
        }
    }

    private void network(VirtualNetwork network) {
        List<Placed<Prefix>> seen = new ArrayList<>();
        for (Placed<Prefix> prefix : network.addressSpace()) {
            overlap(network, prefix, seen);
            seen.add(prefix);
        }
        List<Placed<Prefix>> subnets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (VirtualNetwork.Subnet subnet : network.subnets()) {
            if (names.contains(subnet.name().value())) {
                say(network, subnet.name(), "found '" + subnet.name().value() + "' a second time in this VNet");
            }
            names.add(subnet.name().value());
            for (Placed<Prefix> prefix : subnet.prefixes()) {
                if (network.addressSpace().stream().noneMatch(s -> s.value().contains(prefix.value()))) {
                    say(
                            network,
                            prefix,
                            "found '" + prefix.value() + "'; allowed: a part of the address space "
                                    + list(network.prefixes()));
                }
                overlap(network, prefix, subnets);
                subnets.add(prefix);
            }
        }
    }

    private void overlap(Resource resource, Placed<Prefix> prefix, List<Placed<Prefix>> others) {
        for (Placed<Prefix> other : others) {
            if (other.value().overlaps(prefix.value())) {
                say(
                        resource,
                        prefix,
                        "found '" + prefix.value() + "', which overlaps " + other.value() + " (" + other.path() + ")");
            }
        }
    }

    private void gateway(VirtualNetworkGateway gateway) {
        ResourceId subnetId = gateway.subnet().value();
        boolean named = subnetId.type().equalsIgnoreCase(VirtualNetwork.TYPE)
                && subnetId.child()
                        .filter(c -> c.type().equalsIgnoreCase("subnets")
                                && c.name().equalsIgnoreCase(VirtualNetwork.GATEWAY_SUBNET))
                        .isPresent();
        if (!named) {
            say(
                    gateway,
                    gateway.subnet(),
                    "found '" + subnetId + "'; allowed: virtualNetworks/NAME/subnets/" + VirtualNetwork.GATEWAY_SUBNET);
        } else {
            find(gateway, gateway.subnet(), subnetId.parent(), VirtualNetwork.class)
                    .ifPresent(network -> gatewaySubnet(gateway, network));
        }
        find(gateway, gateway.publicAddress(), gateway.publicAddress().value(), PublicIpAddress.class);
    }

    private void gatewaySubnet(VirtualNetworkGateway gateway, VirtualNetwork network) {
        Optional<VirtualNetwork.Subnet> subnet = network.gatewaySubnet();
        if (subnet.isEmpty()) {
            String found = String.join(
                    ", ", network.subnets().stream().map(s -> s.name().value()).toList());
            say(
                    gateway,
                    gateway.subnet(),
                    "found '" + gateway.subnet().value() + "', but " + network.id()
                            + " has no subnet of that name; it has: " + (found.isEmpty() ? "none" : found));
            return;
        }
        for (Placed<Prefix> prefix : subnet.get().prefixes()) {
            if (prefix.value().address().isIpv4() && prefix.value().length() > GATEWAY_SUBNET_LENGTH_MAX) {
                say(
                        network,
                        prefix,
                        "found '" + prefix.value() + "' for " + VirtualNetwork.GATEWAY_SUBNET + "; allowed: /"
                                + GATEWAY_SUBNET_LENGTH_MAX + " or larger, /27 is advised");
            }
        }
    }

    private void alone(VirtualNetworkGateway gateway, VirtualNetworkGateway earlier) {
        if (earlier.subnet().value().matches(gateway.subnet().value())) {
            say(
                    gateway,
                    gateway.subnet(),
                    "found '" + gateway.subnet().value().parent() + "', in which " + earlier.id()
                            + " stands already; allowed: one VPN gateway in a VNet");
        }
        if (earlier.publicAddress().value().matches(gateway.publicAddress().value())) {
            say(
                    gateway,
                    gateway.publicAddress(),
                    "found '" + gateway.publicAddress().value() + "', which " + earlier.id() + " has already");
        }
    }

    private void connection(Connection connection) {
        find(connection, connection.gateway(), connection.gateway().value(), VirtualNetworkGateway.class);
        ResourceId far = connection.far().value();
        if (far.type().equalsIgnoreCase(VirtualNetworkGateway.TYPE)) {
            find(connection, connection.far(), far, VirtualNetworkGateway.class);
        } else {
            find(connection, connection.far(), far, LocalNetworkGateway.class);
        }
    }

    /** What one gateway reaches must be told apart by address. */
    private void sites(VirtualNetworkGateway gateway) {
        VirtualNetwork network = resources.networkOf(gateway).orElseThrow();
        Address own = resources.publicAddressOf(gateway).orElseThrow().address().value();
        List<Connection> connections = resources.connectionsOf(gateway);
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            FarEnd far = resources.farEndOf(connection).orElseThrow();
            if (far.address().isIpv4() != own.isIpv4()) {
                say(
                        connection,
                        connection.far(),
                        "found '" + far.id() + "' at " + far.address() + ", but " + gateway.id() + " has the address "
                                + own + "; allowed: the same address family");
            }
            if (far.address().equals(own)) {
                say(
                        connection,
                        connection.far(),
                        "found '" + far.id() + "' at " + own + ", which is the address of " + gateway.id() + " itself");
            }
            for (Prefix prefix : far.prefixes()) {
                reject(
                        connection,
                        far,
                        prefix,
                        network.prefixes(),
                        network.id() + ", in which " + gateway.id() + " stands");
            }
            for (Connection earlier : connections.subList(0, i)) {
                tellApart(connection, far, earlier, gateway);
            }
        }
    }

    private void tellApart(Connection connection, FarEnd far, Connection earlier, VirtualNetworkGateway gateway) {
        FarEnd other = resources.farEndOf(earlier).orElseThrow();
        if (other.address().equals(far.address())) {
            say(
                    connection,
                    connection.far(),
                    "found '" + far.id() + "' at " + far.address() + ", to which " + earlier.id()
                            + " leads already; allowed: one connection to an address on a gateway");
            return;
        }
        for (Prefix prefix : far.prefixes()) {
            reject(connection, far, prefix, other.prefixes(), other.id() + ", which " + gateway.id() + " reaches too");
        }
    }

    private void reject(Connection connection, FarEnd far, Prefix prefix, List<Prefix> others, String whose) {
        for (Prefix other : others) {
            // A default route is meant to hold everything else: the longer prefix wins.
            boolean isDefault = prefix.length() == 0 || other.length() == 0;
            boolean bothDefault = prefix.length() == 0 && other.length() == 0;
            if (prefix.overlaps(other) && (!isDefault || bothDefault)) {
                say(
                        connection,
                        connection.far(),
                        "found '" + far.id() + "' with " + prefix + ", which overlaps " + other + " of " + whose);
            }
        }
    }

    private <T extends Resource> Optional<T> find(
            Resource from, Placed<ResourceId> reference, ResourceId id, Class<T> type) {
        Optional<T> found = resources.find(id).filter(type::isInstance).map(type::cast);
        if (found.isEmpty()) {
            String there = String.join(
                    ", ",
                    resources.all().stream()
                            .filter(type::isInstance)
                            .map(r -> r.id().toString())
                            .toList());
            say(
                    from,
                    reference,
                    "found '" + reference.value() + "', which does not exist; there is: "
                            + (there.isEmpty() ? "nothing of that type" : there));
        }
        return found;
    }

    private void say(Resource resource, Placed<?> placed, String text) {
        problems.error(placed.place(), resource.id().toString(), placed.path(), text);
    }

    private static String list(List<Prefix> prefixes) {
        return String.join(", ", prefixes.stream().map(Prefix::toString).toList());
    }
}
