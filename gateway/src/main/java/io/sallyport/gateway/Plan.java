package io.sallyport.gateway;

import io.sallyport.ike.PeerConfig;
import io.sallyport.model.Connection;
import io.sallyport.model.LocalNetworkGateway;
import io.sallyport.model.NodeFile;
import io.sallyport.model.PublicIpAddress;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.VirtualNetwork;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.model.document.Problems;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this machine has to run for a set of resources: the peers for IKE, and devices, sockets and routes for packets.
 */
public record Plan(List<Line> lines, List<Surface> surfaces, List<Listener> listeners, List<Tunnel> tunnels) {
    public static final Plan NONE = new Plan(List.of(), List.of(), List.of(), List.of());

    /** Azure keeps the first addresses of a subnet for itself; its gateways take the next. */
    private static final int RESERVED_ADDRESSES = 4;

    public Plan {
        lines = List.copyOf(lines);
        surfaces = List.copyOf(surfaces);
        listeners = List.copyOf(listeners);
        tunnels = List.copyOf(tunnels);
    }

    /** A connection and the peer it makes; {@code peer.name()} is its name everywhere. */
    public record Line(ResourceId connection, ResourceId gateway, ResourceId site, PeerConfig peer) {
        public String name() {
            return peer.name();
        }
    }

    /** Where a VNet meets this machine. */
    public record Surface(
            String vnet,
            String device,
            Optional<String> netns,
            int mtu,
            List<Prefix> prefixes,
            List<Address> icmpSource) {}

    /** A public address with the ports of IKE. */
    public record Listener(Address address, Optional<String> netns, int ikePort, int natPort) {}

    /** What lies behind a peer. */
    public record Tunnel(String peer, String vnet, List<Prefix> remotePrefixes) {}

    /** The plan, or nothing when this machine cannot carry it: then {@code problems} say why. */
    public static Optional<Plan> of(Resources resources, NodeFile node, Problems problems) {
        List<Line> lines = new ArrayList<>();
        List<Surface> surfaces = new ArrayList<>();
        List<Listener> listeners = new ArrayList<>();
        List<Tunnel> tunnels = new ArrayList<>();
        for (VirtualNetworkGateway gateway : resources.gateways()) {
            listener(resources.publicAddressOf(gateway), gateway, node, problems)
                    .ifPresent(listeners::add);
            VirtualNetwork network = resources.networkOf(gateway);
            surface(network, gateway, node, problems).ifPresent(surface -> {
                refuseClash(surface, surfaces, network, problems);
                surfaces.add(surface);
            });
            for (Connection connection : resources.connectionsOf(gateway)) {
                LocalNetworkGateway site = resources.siteOf(connection);
                PeerConfig peer = Peers.of(connection, gateway, site, network, resources.publicAddressOf(gateway));
                lines.add(new Line(connection.id(), gateway.id(), site.id(), peer));
                tunnels.add(new Tunnel(peer.name(), nameOf(network), site.prefixes()));
            }
        }
        return problems.hasErrors() ? Optional.empty() : Optional.of(new Plan(lines, surfaces, listeners, tunnels));
    }

    public List<PeerConfig> peers() {
        return lines.stream().map(Line::peer).toList();
    }

    /** A resource's name, unique in this process: the group stands in front unless it is the local one. */
    static String nameOf(ResourceId id) {
        return id.group().equalsIgnoreCase(ResourceId.LOCAL) ? id.name() : id.group() + ":" + id.name();
    }

    private static String nameOf(VirtualNetwork network) {
        return nameOf(network.id());
    }

    private static Optional<Listener> listener(
            PublicIpAddress address, VirtualNetworkGateway gateway, NodeFile node, Problems problems) {
        Address wanted = address.address().value();
        for (NodeFile.Lent lent : node.publicAddresses()) {
            if (lent.address().value().equals(wanted)) {
                return Optional.of(new Listener(wanted, lent.netns(), lent.ikePort(), lent.natPort()));
            }
        }
        String lent = String.join(
                ", ",
                node.publicAddresses().stream()
                        .map(l -> l.address().value().toString())
                        .toList());
        problems.error(
                address.address().place(),
                address.id().toString(),
                address.address().path(),
                "found '" + wanted + "', which " + gateway.id() + " needs and node '" + node.node()
                        + "' does not lend; lent: " + (lent.isEmpty() ? "nothing" : lent));
        return Optional.empty();
    }

    private static Optional<Surface> surface(
            VirtualNetwork network, VirtualNetworkGateway gateway, NodeFile node, Problems problems) {
        String name = nameOf(network);
        List<Address> icmpSource = network.gatewaySubnet().stream()
                .flatMap(s -> s.prefixes().stream())
                .map(p -> inside(p.value()))
                .toList();
        if (node.networks().isEmpty()) {
            return Optional.of(new Surface(
                    name,
                    NodeFile.deviceFor(name.replace(':', '-')),
                    Optional.empty(),
                    NodeFile.MTU_DEFAULT,
                    network.prefixes(),
                    icmpSource));
        }
        for (NodeFile.Surface surface : node.networks().get()) {
            String vnet = surface.vnet().value();
            if (vnet.equals(name) || vnet.equals(network.id().toString())) {
                return Optional.of(new Surface(
                        name, surface.device(), surface.netns(), surface.mtu(), network.prefixes(), icmpSource));
            }
        }
        String there = String.join(
                ", ", node.networks().get().stream().map(s -> s.vnet().value()).toList());
        problems.error(
                gateway.subnet().place(),
                gateway.id().toString(),
                gateway.subnet().path(),
                "found '" + network.id() + "', which node '" + node.node() + "' does not surface; networks there: "
                        + (there.isEmpty() ? "none" : there));
        return Optional.empty();
    }

    private static void refuseClash(Surface surface, List<Surface> others, VirtualNetwork network, Problems problems) {
        for (Surface other : others) {
            boolean same = other.netns().equals(surface.netns());
            if (same && other.device().equals(surface.device())) {
                problems.error(
                        network.place(),
                        network.id().toString(),
                        "",
                        "its device '" + surface.device() + "' is that of " + other.vnet() + " already");
            }
        }
    }

    private static Address inside(Prefix prefix) {
        Address address = prefix.address();
        for (int i = 0; i < RESERVED_ADDRESSES; i++) {
            address = address.next();
        }
        return address;
    }
}
