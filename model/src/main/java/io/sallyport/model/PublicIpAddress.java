package io.sallyport.model;

import io.sallyport.model.document.Placed;
import io.sallyport.wire.Address;

/** Microsoft.Network/publicIPAddresses. The node file must lend {@code address}. */
public record PublicIpAddress(Envelope envelope, Placed<Address> address) implements Resource {
    static final String TYPE = "publicIPAddresses";
}
