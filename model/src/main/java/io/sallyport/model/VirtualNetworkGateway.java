package io.sallyport.model;

import io.sallyport.model.document.Placed;
import java.util.Optional;

/**
 * Microsoft.Network/virtualNetworkGateways, of type Vpn and RouteBased.
 *
 * @param subnet the GatewaySubnet in which it stands
 * @param replayProtection false where {@code disableIPSecReplayProtection} is true
 */
public record VirtualNetworkGateway(
        Envelope envelope,
        Placed<ResourceId> subnet,
        Placed<ResourceId> publicAddress,
        boolean replayProtection,
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation)
        implements Resource {
    static final String TYPE = "virtualNetworkGateways";
}
