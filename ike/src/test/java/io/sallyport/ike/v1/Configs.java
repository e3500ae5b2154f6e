package io.sallyport.ike.v1;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TwoGateways;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configurations of two gateways that speak IKEv1 with each other. */
final class Configs extends TwoGateways {
    static final IkeSuite SHA1 = new IkeSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA1_96,
            PrfAlgorithm.HMAC_SHA1,
            KeyExchangeMethod.MODP_1024);
    static final IkeSuite TRIPLE_DES = new IkeSuite(
            EncryptionAlgorithm.TRIPLE_DES_CBC,
            IntegrityAlgorithm.HMAC_SHA1_96,
            PrfAlgorithm.HMAC_SHA1,
            KeyExchangeMethod.MODP_1024);
    static final EspSuite ESP_CBC =
            new EspSuite(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA1_96, Optional.empty(), false);

    private Configs() {}

    static PeerConfig left() {
        return peer(LEFT, RIGHT, leftChildren());
    }

    static PeerConfig right() {
        return peer(RIGHT, LEFT, rightChildren());
    }

    static PeerConfig peer(Address local, Address remote, List<ChildConfig> children) {
        return sharing(local, remote, children, List.of(GCM, CBC, SHA1))
                .version(IkeVersion.IKEV1)
                .build();
    }

    static PeerConfig withEsp(PeerConfig peer, EspSuite... suites) {
        return peer.but()
                .children(List.of(withEsp(peer.children().getFirst(), List.of(suites))))
                .build();
    }

    static PeerConfig withChildLifetime(PeerConfig peer, Duration lifetime) {
        return peer.but()
                .children(peer.children().stream()
                        .map(c -> new ChildConfig(
                                c.name(),
                                c.local(),
                                c.remote(),
                                c.offers(),
                                c.accepts(),
                                lifetime,
                                c.lifetimeBytes(),
                                c.replayWindow()))
                        .toList())
                .build();
    }

    static PeerConfig withCertificates(PeerConfig peer, String credential, String trust) {
        return peer.but()
                .proofs(new Proofs(
                        List.of(new Authentication.Certificate(credential)),
                        List.of(new Authentication.Certificate(trust))))
                .build();
    }
}
