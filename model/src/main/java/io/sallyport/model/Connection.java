package io.sallyport.model;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.model.document.ArmName;
import io.sallyport.model.document.Placed;
import io.sallyport.wire.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * Microsoft.Network/connections, of type IPsec or Vnet2Vnet.
 *
 * @param far the local network gateway; for Vnet2Vnet, the other VNet's gateway
 * @param proof how both ends prove who they are
 * @param dpdTimeoutSeconds 9..3600
 * @param policy replaces the crypto profile in both roles
 * @param selectors proposed when this end initiates
 * @param localIdentity an address, a name, a mail address or {@code keyid:…}; absent: the public address
 * @param remoteIdentity likewise; absent: whoever proves itself
 * @param roaming what a peer that moves, or a client, needs
 * @param ikev1 what only IKEv1 has
 */
public record Connection(
        Envelope envelope,
        Placed<ResourceId> gateway,
        Placed<ResourceId> far,
        Protocol protocol,
        Proof proof,
        Mode mode,
        int dpdTimeoutSeconds,
        Optional<IpsecPolicy> policy,
        boolean policyBasedSelectors,
        List<SelectorPolicy> selectors,
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation,
        Optional<String> localIdentity,
        Optional<String> remoteIdentity,
        Roaming roaming,
        Ikev1 ikev1)
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

    /** Azure's connectionProtocol. */
    public enum Protocol implements ArmName {
        IKEV1("IKEv1"),
        IKEV2("IKEv2");

        private final String armName;

        Protocol(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }

    /** Azure's authenticationType with what belongs to it. */
    public sealed interface Proof {
        /** PSK: both ends know it. */
        record SharedKey(Secret key) implements Proof {}

        /**
         * Certificate.
         *
         * @param credential {@code outboundAuthCertificate}: the name of our key and chain, see {@code sallyport pki}
         * @param subject {@code inboundAuthCertificateSubjectName}, of the peer's certificate
         * @param chain {@code inboundAuthCertificateChain}: DER of whom we trust for it
         */
        record Certificates(String credential, String subject, List<Bytes> chain) implements Proof {
            public Certificates {
                chain = List.copyOf(chain);
            }
        }
    }

    /**
     * Beyond a site that stays where it is.
     *
     * @param mobike RFC 4555
     * @param reauthenticationSeconds after which both prove themselves anew
     * @param client present: we are a client of the far gateway
     */
    public record Roaming(boolean mobike, Optional<Integer> reauthenticationSeconds, Optional<Client> client) {
        static final Roaming NONE = new Roaming(false, Optional.empty(), Optional.empty());
    }

    /**
     * We as a client.
     *
     * @param ipv4 ask for an IPv4 address
     * @param ipv6 ask for an IPv6 address
     * @param user present: a user proves itself by EAP instead of this machine by the connection's proof
     */
    public record Client(boolean ipv4, boolean ipv6, Optional<User> user) {}

    /**
     * A user of the far gateway.
     *
     * @param method {@code EAP-MSCHAPv2} or {@code EAP-TLS}
     * @param certificate for EAP-TLS: the name of our key and chain
     * @param machineFirst the connection's own proof comes before the user's (RFC 4739)
     * @param eapOnly the far gateway proves itself by EAP-TLS alone (RFC 5998)
     */
    public record User(
            String method,
            String name,
            Optional<Secret> password,
            Optional<String> certificate,
            boolean machineFirst,
            boolean eapOnly) {}

    /**
     * What only IKEv1 has; all of it is off unless asked for.
     *
     * @param aggressive mode instead of main mode
     * @param user present: we prove ourselves by XAuth besides
     */
    public record Ikev1(boolean aggressive, Optional<XauthUser> user) {
        static final Ikev1 NONE = new Ikev1(false, Optional.empty());
    }

    public record XauthUser(String name, Secret password) {}
}
