package io.sallyport.gateway;

import io.sallyport.gateway.Planning.Left;
import io.sallyport.gateway.Planning.Reason;
import io.sallyport.ike.PeerConfig;
import io.sallyport.model.ClientConfiguration;
import io.sallyport.model.Connection;
import io.sallyport.model.FarEnd;
import io.sallyport.model.NodeFile;
import io.sallyport.model.PublicIpAddress;
import io.sallyport.model.Resource;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.VirtualNetwork;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problem;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** Makes one {@link Planning}. Who comes first in the order of resources has an address, a device or a prefix. */
final class Planner {
    /** Azure keeps the first addresses of a subnet for itself; its gateways take the next. */
    private static final int RESERVED_ADDRESSES = 4;

    private final Resources resources;
    private final NodeFile node;
    private final SequencedMap<String, Left> left = new LinkedHashMap<>();
    private final SequencedSet<String> planned = new LinkedHashSet<>();
    private final List<Plan.Line> lines = new ArrayList<>();
    private final List<Plan.Surface> surfaces = new ArrayList<>();
    private final List<Plan.Listener> listeners = new ArrayList<>();
    private final List<Plan.Tunnel> tunnels = new ArrayList<>();
    private final List<IdentityPlan> identities = new ArrayList<>();

    Planner(Resources resources, NodeFile node, List<Left> refused) {
        this.resources = resources;
        this.node = node;
        refused.forEach(r -> left.put(r.id().key(), r));
    }

    Planning plan() {
        for (VirtualNetworkGateway gateway : resources.gateways()) {
            if (!left.containsKey(gateway.id().key())) {
                plan(gateway);
            }
        }
        for (Connection connection : resources.connections()) {
            if (!planned.contains(connection.id().key())
                    && !left.containsKey(connection.id().key())) {
                Placed<ResourceId> gateway = connection.gateway();
                Left why = left.get(gateway.value().key());
                String text = why == null
                        ? "found '" + gateway.value() + "', which is not there or cannot be used"
                        : "found '" + gateway.value() + "', which is not carried: " + why.message();
                leave(connection, Reason.REFERENCE, connection, gateway, text);
            }
        }
        return new Planning(
                new Plan(
                        lines,
                        surfaces,
                        listeners,
                        tunnels,
                        identities.stream().reduce(IdentityPlan.NONE, IdentityPlan::and)),
                List.copyOf(left.values()));
    }

    private void plan(VirtualNetworkGateway gateway) {
        Optional<VirtualNetwork> network = resources.networkOf(gateway);
        Optional<PublicIpAddress> address = resources.publicAddressOf(gateway);
        if (network.isEmpty()) {
            String text = "found '" + gateway.subnet().value().parent() + "', which is not there or cannot be used";
            leave(gateway, Reason.REFERENCE, gateway, gateway.subnet(), text);
        } else if (address.isEmpty()) {
            String text = "found '" + gateway.publicAddress().value() + "', which is not there or has no address";
            leave(gateway, Reason.REFERENCE, gateway, gateway.publicAddress(), text);
        } else {
            Optional<Plan.Listener> listener = listener(address.get(), gateway);
            Optional<Plan.Surface> surface = surface(network.get(), gateway);
            if (listener.isPresent() && surface.isPresent()) {
                listeners.add(listener.get());
                surfaces.add(surface.get());
                connections(gateway, network.get(), address.get());
                gateway.clients().ifPresent(c -> clients(gateway, c, network.get(), address.get()));
            }
        }
    }

    private Optional<Plan.Listener> listener(PublicIpAddress address, VirtualNetworkGateway gateway) {
        Address wanted = address.address().value();
        if (listeners.stream().anyMatch(l -> l.address().equals(wanted))) {
            String text = "found '" + wanted + "', which another gateway has already";
            leave(gateway, Reason.TAKEN, address, address.address(), text);
            return Optional.empty();
        }
        for (NodeFile.Lent lent : node.publicAddresses()) {
            if (lent.address().value().equals(wanted)) {
                return Optional.of(new Plan.Listener(wanted, lent.netns(), lent.ikePort(), lent.natPort()));
            }
        }
        String lent = String.join(
                ", ",
                node.publicAddresses().stream()
                        .map(l -> l.address().value().toString())
                        .toList());
        String text = "found '" + wanted + "', which " + gateway.id() + " needs and node '" + node.node()
                + "' does not lend; lent: " + (lent.isEmpty() ? "nothing" : lent);
        leave(gateway, Reason.ADDRESS, address, address.address(), text);
        return Optional.empty();
    }

    private Optional<Plan.Surface> surface(VirtualNetwork network, VirtualNetworkGateway gateway) {
        if (left.containsKey(gateway.id().key())) {
            return Optional.empty();
        }
        Optional<Plan.Surface> wanted = surfaceOf(network);
        if (wanted.isEmpty()) {
            String there = String.join(
                    ",",
                    node.networks().orElse(List.of()).stream()
                            .map(s -> s.vnet().value())
                            .toList());
            String text = "found '" + network.id() + "', which node '" + node.node()
                    + "' does not surface; networks there: " + (there.isEmpty() ? "none" : there);
            leave(gateway, Reason.NETWORK, gateway, gateway.subnet(), text);
            return wanted;
        }
        for (Plan.Surface other : surfaces) {
            boolean same = other.netns().equals(wanted.get().netns());
            if (other.vnet().equals(wanted.get().vnet())) {
                String text = "found '" + network.id() + "', in which another gateway stands already";
                leave(gateway, Reason.TAKEN, gateway, gateway.subnet(), text);
                return Optional.empty();
            }
            if (same && other.device().equals(wanted.get().device())) {
                String text = "found '" + network.id() + "', whose device '" + other.device() + "' is that of "
                        + other.vnet() + " already";
                leave(gateway, Reason.TAKEN, gateway, gateway.subnet(), text);
                return Optional.empty();
            }
        }
        return wanted;
    }

    private Optional<Plan.Surface> surfaceOf(VirtualNetwork network) {
        String name = network.id().shortName();
        List<Address> icmpSource = network.gatewaySubnet().stream()
                .flatMap(s -> s.prefixes().stream())
                .map(p -> inside(p.value()))
                .toList();
        if (node.networks().isEmpty()) {
            return Optional.of(new Plan.Surface(
                    name,
                    NodeFile.deviceFor(name.replace(':', '-').replace('/', '-')),
                    Optional.empty(),
                    NodeFile.MTU_DEFAULT,
                    network.prefixes(),
                    icmpSource));
        }
        for (NodeFile.Surface surface : node.networks().get()) {
            String vnet = surface.vnet().value();
            if (vnet.equalsIgnoreCase(name)
                    || vnet.equalsIgnoreCase(network.id().toString())) {
                return Optional.of(new Plan.Surface(
                        name, surface.device(), surface.netns(), surface.mtu(), network.prefixes(), icmpSource));
            }
        }
        return Optional.empty();
    }

    private static Address inside(Prefix prefix) {
        Address address = prefix.address();
        for (int i = 0; i < RESERVED_ADDRESSES; i++) {
            address = address.next();
        }
        return address;
    }

    private void connections(VirtualNetworkGateway gateway, VirtualNetwork network, PublicIpAddress publicAddress) {
        SequencedMap<Address, ResourceId> peers = new LinkedHashMap<>();
        SequencedMap<Prefix, ResourceId> taken = new LinkedHashMap<>();
        network.prefixes().forEach(p -> taken.put(p, network.id()));
        for (Connection connection : resources.connectionsOf(gateway)) {
            Optional<FarEnd> far = resources.farEndOf(connection);
            if (left.containsKey(connection.id().key())
                    || !isCarried(connection, far, publicAddress.address().value(), peers, taken)) {
                continue;
            }
            FarEnd there = far.orElseThrow();
            peers.put(there.address(), connection.id());
            there.prefixes().forEach(p -> taken.put(p, connection.id()));
            PeerConfig peer = Peers.of(connection, gateway, there, network, publicAddress);
            lines.add(new Plan.Line(connection.id(), gateway.id(), there.id(), peer));
            identities.add(Peers.identities(connection));
            tunnels.add(new Plan.Tunnel(peer.name(), network.id().shortName(), there.prefixes()));
            planned.add(connection.id().key());
        }
    }

    private void clients(
            VirtualNetworkGateway gateway,
            ClientConfiguration clients,
            VirtualNetwork network,
            PublicIpAddress publicAddress) {
        List<PeerConfig> peers = ClientPeers.of(gateway, clients, network, publicAddress);
        peers.forEach(p -> lines.add(new Plan.Line(gateway.id(), gateway.id(), gateway.id(), p)));
        identities.add(ClientPeers.identities(gateway, clients, network));
        if (!peers.isEmpty()) {
            tunnels.add(
                    new Plan.Tunnel(Plan.clientsOf(gateway.id()), network.id().shortName(), clients.pools()));
        }
    }

    /** What one gateway reaches must be told apart by address. */
    private boolean isCarried(
            Connection connection,
            Optional<FarEnd> far,
            Address own,
            SequencedMap<Address, ResourceId> peers,
            SequencedMap<Prefix, ResourceId> taken) {
        String id = "found '" + connection.far().value() + "'";
        Optional<VirtualNetworkGateway> gateway = resources.gateways().stream()
                .filter(g -> g.id().matches(connection.gateway().value()))
                .findFirst();
        boolean ikev1 = connection.protocol() == Connection.Protocol.IKEV1;
        if (gateway.filter(g -> g.policyBased() && !ikev1).isPresent()) {
            return refuse(
                    connection,
                    Reason.NOT_SUPPORTED,
                    "found connectionProtocol IKEv2 on a PolicyBased gateway; allowed: IKEv1");
        }
        if (gateway.filter(g -> g.policyBased() && !peers.isEmpty()).isPresent()) {
            return refuse(
                    connection,
                    Reason.NOT_SUPPORTED,
                    id + "; a PolicyBased gateway has one connection, which is "
                            + peers.firstEntry().getValue());
        }
        if (far.isEmpty()) {
            return refuse(connection, Reason.REFERENCE, id + ", which is not there or cannot be used");
        }
        Address address = far.get().address();
        if (address.isIpv4() != own.isIpv4()) {
            return refuse(
                    connection,
                    Reason.NOT_SUPPORTED,
                    id + " at " + address + ", but the gateway has the address " + own
                            + "; allowed: the same address family");
        }
        if (address.equals(own)) {
            return refuse(connection, Reason.TAKEN, id + " at " + own + ", which is the address of the gateway itself");
        }
        ResourceId earlier = peers.get(address);
        if (earlier != null) {
            return refuse(
                    connection,
                    Reason.TAKEN,
                    id + " at " + address + ", to which " + earlier
                            + " leads already; allowed: one connection to an address on a gateway");
        }
        if (far.get().prefixes().isEmpty()) {
            return refuse(
                    connection,
                    Reason.NOT_SUPPORTED,
                    id + ", which has no address prefix; routes that are learned by BGP are not there yet");
        }
        for (Prefix prefix : far.get().prefixes()) {
            ResourceId owner = taken.get(prefix);
            if (owner != null) {
                return refuse(
                        connection, Reason.TAKEN, id + " with " + prefix + ", which leads to " + owner + " already");
            }
        }
        return true;
    }

    private boolean refuse(Connection connection, Reason reason, String text) {
        leave(connection, reason, connection, connection.far(), text);
        return false;
    }

    /** Leaves {@code resource} out because of something that was written in {@code where}. */
    private void leave(Resource resource, Reason reason, Resource where, Placed<?> placed, String text) {
        Problem problem =
                new Problem(Problem.Severity.ERROR, placed.place(), where.id().toString(), placed.path(), text);
        left.put(resource.id().key(), new Left(resource.id(), reason, problem));
    }
}
