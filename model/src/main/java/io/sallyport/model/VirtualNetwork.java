package io.sallyport.model;

import io.sallyport.model.document.Placed;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/** Microsoft.Network/virtualNetworks. */
public record VirtualNetwork(
        Envelope envelope, List<Placed<Prefix>> addressSpace, List<Subnet> subnets, List<Address> dnsServers)
        implements Resource {
    static final String TYPE = "virtualNetworks";
    /** Where Azure puts gateways; the name is fixed. */
    public static final String GATEWAY_SUBNET = "GatewaySubnet";

    public VirtualNetwork {
        addressSpace = List.copyOf(addressSpace);
        subnets = List.copyOf(subnets);
        dnsServers = List.copyOf(dnsServers);
    }

    /** A part of the address space. */
    public record Subnet(Placed<String> name, List<Placed<Prefix>> prefixes) {
        public Subnet {
            prefixes = List.copyOf(prefixes);
        }
    }

    public Optional<Subnet> gatewaySubnet() {
        return subnets.stream()
                .filter(s -> s.name().value().equals(GATEWAY_SUBNET))
                .findFirst();
    }

    public List<Prefix> prefixes() {
        return addressSpace.stream().map(Placed::value).toList();
    }
}
