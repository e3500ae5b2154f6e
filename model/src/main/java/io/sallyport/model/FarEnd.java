package io.sallyport.model;

import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;

/**
 * Where a connection leads: a site behind its device, or a VNet behind its gateway.
 *
 * @param id of the local network gateway, or of the virtual network gateway
 * @param address at which the peer is
 * @param prefixes what lies behind it
 */
public record FarEnd(ResourceId id, Address address, List<Prefix> prefixes) {
    public FarEnd {
        prefixes = List.copyOf(prefixes);
    }
}
