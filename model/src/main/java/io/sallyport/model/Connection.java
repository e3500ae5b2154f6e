package io.sallyport.model;

import io.sallyport.base.Secret;
import io.sallyport.model.document.ArmName;
import io.sallyport.model.document.Placed;
import io.sallyport.wire.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * Microsoft.Network/connections, of type IPsec or Vnet2Vnet, over IKEv2 with a shared key.
 *
 * @param far the local network gateway; for Vnet2Vnet, the other VNet's gateway
 * @param dpdTimeoutSeconds 9..3600
 * @param policy replaces the crypto profile in both roles
 * @param selectors proposed when this end initiates
 * @param localIdentity an address, a name, a mail address or {@code keyid:…}; absent: the public address
 * @param remoteIdentity likewise; absent: whoever proves the key
 */
public record Connection(
        Envelope envelope,
        Placed<ResourceId> gateway,
        Placed<ResourceId> far,
        Secret sharedKey,
        Mode mode,
        int dpdTimeoutSeconds,
        Optional<IpsecPolicy> policy,
        boolean policyBasedSelectors,
        List<SelectorPolicy> selectors,
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation,
        Optional<String> localIdentity,
        Optional<String> remoteIdentity)
        implements Resource {
    static final String TYPE = "connections";

    public Connection {
        selectors = List.copyOf(selectors);
    }

    /** Who sends the first message. */
    public enum Mode implements ArmName {
        DEFAULT("Default"),
        INITIATOR_ONLY("InitiatorOnly"),
        RESPONDER_ONLY("ResponderOnly");

        private final String armName;

        Mode(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }

    /** One element of {@code trafficSelectorPolicies}. */
    public record SelectorPolicy(List<AddressRange> local, List<AddressRange> remote) {
        public SelectorPolicy {
            local = List.copyOf(local);
            remote = List.copyOf(remote);
        }
    }
}
