package io.sallyport.ike.v1;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configurations of two gateways that speak IKEv1 with each other. */
final class Configs {
    static final String PEER = "other";
    static final Address LEFT = Address.parse("192.0.2.1");
    static final Address RIGHT = Address.parse("198.51.100.2");
    static final Secret KEY = Secret.utf8("a key that both ends share");
    static final IkeSuite SHA256 = new IkeSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA2_256_128,
            PrfAlgorithm.HMAC_SHA2_256,
            KeyExchangeMethod.MODP_2048);
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
    static final IkeSuite GCM = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16_256,
            IntegrityAlgorithm.NONE,
            PrfAlgorithm.HMAC_SHA2_384,
            KeyExchangeMethod.ECP_384);
    static final EspSuite ESP_GCM =
            new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false);
    static final EspSuite ESP_CBC =
            new EspSuite(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA1_96, Optional.empty(), false);
    static final EspSuite ESP_PFS = new EspSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA2_256_128,
            Optional.of(KeyExchangeMethod.ECP_256),
            false);

    private Configs() {}

    static PeerConfig left() {
        return peer(LEFT, RIGHT, List.of(child("main", "10.1.0.0/16", "10.2.0.0/16")));
    }

    static PeerConfig right() {
        return peer(RIGHT, LEFT, List.of(child("main", "10.2.0.0/16", "10.1.0.0/16")));
    }

    static ChildConfig child(String name, String local, String remote) {
        return child(name, List.of(local), List.of(remote), List.of(ESP_GCM, ESP_PFS));
    }

    static ChildConfig child(String name, List<String> local, List<String> remote, List<EspSuite> suites) {
        return new ChildConfig(
                name,
                local.stream().map(Prefix::parse).map(TrafficSelector::of).toList(),
                remote.stream().map(Prefix::parse).map(TrafficSelector::of).toList(),
                suites,
                suites,
                Duration.ofHours(1),
                0,
                1024);
    }

    static PeerConfig peer(Address local, Address remote, List<ChildConfig> children) {
        return PeerConfig.of(PEER, local, Proofs.sharedKey(KEY))
                .version(IkeVersion.IKEV1)
                .remote(Optional.of(remote))
                .remoteIdentity(Optional.of(Identity.of(remote)))
                .offers(List.of(GCM, SHA256, SHA1))
                .accepts(List.of(GCM, SHA256, SHA1))
                .children(children)
                .encapsulation(PeerConfig.EncapsulationMode.RAW)
                .build();
    }

    static PeerConfig withEsp(PeerConfig peer, EspSuite... suites) {
        ChildConfig old = peer.children().getFirst();
        return peer.but()
                .children(List.of(new ChildConfig(
                        old.name(),
                        old.local(),
                        old.remote(),
                        List.of(suites),
                        List.of(suites),
                        old.lifetime(),
                        old.lifetimeBytes(),
                        old.replayWindow())))
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
