package io.sallyport.engine.path;

import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What the packet path is to carry, as a whole; a change is a new one, and only what differs is touched.
 *
 * @param surfaces where each VNet meets this machine
 * @param listeners public addresses on which IKE and ESP arrive
 * @param tunnels where packets to the other sites go
 */
public record PathConfig(List<Surface> surfaces, List<Listener> listeners, List<Tunnel> tunnels) {
    /**
     * A VNet's TUN device.
     *
     * @param vnet its name
     * @param device name of the TUN device, at most 15 octets
     * @param netns name of the network namespace it appears in; absent: the process's own
     * @param mtu of the device
     * @param prefixes the VNet's address space
     * @param icmpSource from which address "fragmentation needed" is said; one per family at most
     */
    public record Surface(
            String vnet,
            String device,
            Optional<String> netns,
            int mtu,
            List<Prefix> prefixes,
            List<Address> icmpSource) {}

    /**
     * A public address.
     *
     * @param netns the network namespace that owns it; absent: the process's own
     * @param ikePort normally 500
     * @param natPort normally 4500: IKE with the non-ESP marker, and ESP in UDP
     */
    public record Listener(Address address, Optional<String> netns, int ikePort, int natPort) {}

    /**
     * One connection's place in a VNet's routing table. Its prefixes lead to it whether it is up or not: while it is
     * down they lead to a named drop, never into the clear.
     *
     * @param peer the name of the {@link io.sallyport.ike.PeerConfig}
     * @param vnet whose table
     * @param remotePrefixes what lies behind it; routes for them are installed on the surface's device
     * @param own addresses that the peer gave us: the surface's device has them, and packets to them go there
     */
    public record Tunnel(String peer, String vnet, List<Prefix> remotePrefixes, List<Address> own) {
        public Tunnel(String peer, String vnet, List<Prefix> remotePrefixes) {
            this(peer, vnet, remotePrefixes, List.of());
        }
    }
}
