package io.sallyport.gateway;

import io.sallyport.ike.PeerConfig;
import io.sallyport.model.ResourceId;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What this machine has to run for a set of resources: the peers for IKE, devices, sockets and routes for packets, and what
 * stands behind the names that peers prove themselves by.
 */
public record Plan(
        List<Line> lines,
        List<Surface> surfaces,
        List<Listener> listeners,
        List<Tunnel> tunnels,
        IdentityPlan identities) {
    public static final Plan NONE = new Plan(List.of(), List.of(), List.of(), List.of(), IdentityPlan.NONE);

    public Plan {
        lines = List.copyOf(lines);
        surfaces = List.copyOf(surfaces);
        listeners = List.copyOf(listeners);
        tunnels = List.copyOf(tunnels);
    }

    /**
     * A connection, or a gateway's clients, and the peer it makes; {@code peer.name()} is its name everywhere.
     *
     * @param connection for clients, the gateway
     * @param site the local network gateway; for Vnet2Vnet, the other virtual network gateway; for clients, their own
     */
    public record Line(ResourceId connection, ResourceId gateway, ResourceId site, PeerConfig peer) {
        public String name() {
            return peer.name();
        }

        /** Under which name the packet path knows it: clients of one gateway share a pool, however they prove themselves. */
        public String tunnel() {
            return peer.clients().isPresent() ? clientsOf(gateway) : peer.name();
        }
    }

    static String clientsOf(ResourceId gateway) {
        return gateway.shortName() + "/clients";
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

    /** What lies behind a peer; {@code peer} is the {@link Line#tunnel()}. */
    public record Tunnel(String peer, String vnet, List<Prefix> remotePrefixes) {}

    public List<PeerConfig> peers() {
        return lines.stream().map(Line::peer).toList();
    }

    /** Under which name the packet path knows the children of those peers whose own it does not know. */
    public SequencedMap<String, String> tunnelsByPeer() {
        SequencedMap<String, String> out = new LinkedHashMap<>();
        for (Line line : lines) {
            if (!line.tunnel().equals(line.name())) {
                out.put(line.name(), line.tunnel());
            }
        }
        return out;
    }
}
