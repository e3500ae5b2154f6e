package io.sallyport.model;

import io.sallyport.model.document.Placed;
import java.util.Optional;

/**
 * Microsoft.Network/virtualNetworkGateways, of type Vpn.
 *
 * @param subnet the GatewaySubnet in which it stands
 * @param policyBased {@code vpnType: PolicyBased}: IKEv1, one connection, static traffic selectors
 * @param replayProtection false where {@code disableIPSecReplayProtection} is true
 * @param clients point-to-site over IKE
 */
public record VirtualNetworkGateway(
        Envelope envelope,
        Placed<ResourceId> subnet,
        Placed<ResourceId> publicAddress,
        boolean policyBased,
        boolean replayProtection,
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation,
        Optional<ClientConfiguration> clients)
        implements Resource {
    static final String TYPE = "virtualNetworkGateways";
}
