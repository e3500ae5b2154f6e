package io.sallyport.engine.path;

import io.sallyport.forward.NextHop;
import io.sallyport.forward.RouteTable;
import io.sallyport.os.Tun;
import io.sallyport.wire.Address;
import io.sallyport.wire.Packet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One VNet as packet threads see it: immutable, replaced whole. */
final class Vnet {
    private final RouteTable routes;
    private final List<Tun> devices;
    private final List<Peer> tunnels;
    private final @Nullable Address icmpIpv4;
    private final @Nullable Address icmpIpv6;

    Vnet(RouteTable routes, List<Tun> devices, List<Peer> tunnels, List<Address> icmpSource) {
        this.routes = routes;
        this.devices = List.copyOf(devices);
        this.tunnels = List.copyOf(tunnels);
        this.icmpIpv4 = icmpSource.stream().filter(Address::isIpv4).findFirst().orElse(null);
        this.icmpIpv6 = icmpSource.stream().filter(a -> !a.isIpv4()).findFirst().orElse(null);
    }

    NextHop route(Packet packet) {
        return packet.version() == 4
                ? routes.ipv4((int) packet.destinationLow())
                : routes.ipv6(packet.destinationHigh(), packet.destinationLow());
    }

    Tun device(int index) {
        return devices.get(index);
    }

    Peer tunnel(int index) {
        return tunnels.get(index);
    }

    /** From which address ICMP errors about packets of {@code version} are sent, if there is one. */
    @Nullable
    Address icmpSource(int version) {
        return version == 4 ? icmpIpv4 : icmpIpv6;
    }
}
