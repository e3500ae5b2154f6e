package io.sallyport.model;

import io.sallyport.model.document.Placed;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;

/** Microsoft.Network/localNetworkGateways: a site and the device in front of it. */
public record LocalNetworkGateway(Envelope envelope, Placed<Address> address, List<Placed<Prefix>> addressSpace)
        implements Resource {
    static final String TYPE = "localNetworkGateways";

    public LocalNetworkGateway {
        addressSpace = List.copyOf(addressSpace);
    }

    public List<Prefix> prefixes() {
        return addressSpace.stream().map(Placed::value).toList();
    }
}
