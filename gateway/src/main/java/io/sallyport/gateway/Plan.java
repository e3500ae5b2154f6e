package io.sallyport.gateway;

import io.sallyport.ike.PeerConfig;
import io.sallyport.model.ResourceId;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What this machine has to run for a set of resources: the peers for IKE, and devices, sockets and routes for packets.
 */
public record Plan(List<Line> lines, List<Surface> surfaces, List<Listener> listeners, List<Tunnel> tunnels) {
    public static final Plan NONE = new Plan(List.of(), List.of(), List.of(), List.of());

    public Plan {
        lines = List.copyOf(lines);
        surfaces = List.copyOf(surfaces);
        listeners = List.copyOf(listeners);
        tunnels = List.copyOf(tunnels);
    }

    /**
     * A connection and the peer it makes; {@code peer.name()} is its name everywhere.
     *
     * @param site the local network gateway or, for Vnet2Vnet, the other virtual network gateway
     */
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

    public List<PeerConfig> peers() {
        return lines.stream().map(Line::peer).toList();
    }
}
