package io.sallyport.ike.v2;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configurations of two gateways that know each other. */
final class Configs {
    static final String PEER = "other";
    static final String SECOND = "second";
    static final Address LEFT = Address.parse("192.0.2.1");
    static final Address RIGHT = Address.parse("198.51.100.2");
    static final Secret KEY = Secret.utf8("a key that both ends share");
    static final IkeSuite GCM = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16_256,
            IntegrityAlgorithm.NONE,
            PrfAlgorithm.HMAC_SHA2_384,
            KeyExchangeMethod.ECP_384);
    static final IkeSuite CBC = new IkeSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA2_256_128,
            PrfAlgorithm.HMAC_SHA2_256,
            KeyExchangeMethod.MODP_2048);
    static final EspSuite ESP_GCM =
            new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false);
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
        return new ChildConfig(
                name,
                List.of(TrafficSelector.of(Prefix.parse(local))),
                List.of(TrafficSelector.of(Prefix.parse(remote))),
                List.of(ESP_GCM, ESP_PFS),
                List.of(ESP_GCM, ESP_PFS),
                Duration.ofHours(1),
                0,
                1024);
    }

    static PeerConfig peer(Address local, Address remote, List<ChildConfig> children) {
        return PeerConfig.of(PEER, local, Proofs.sharedKey(KEY))
                .remote(Optional.of(remote))
                .remoteIdentity(Optional.of(Identity.of(remote)))
                .offers(List.of(GCM, CBC))
                .accepts(List.of(GCM, CBC))
                .children(children)
                .encapsulation(PeerConfig.EncapsulationMode.RAW)
                .build();
    }

    /** The same two gateways on another pair of addresses: the last octet is greater by 100. */
    static PeerConfig second(PeerConfig peer) {
        return named(peer(further(peer.local()), further(peer.remote().orElseThrow()), peer.children()), SECOND);
    }

    static PeerConfig named(PeerConfig peer, String name) {
        return peer.but().name(name).build();
    }

    private static Address further(Address address) {
        String text = address.toString();
        int dot = text.lastIndexOf('.');
        return Address.parse(text.substring(0, dot + 1) + (100 + Integer.parseInt(text.substring(dot + 1))));
    }

    static PeerConfig withSuites(PeerConfig peer, List<IkeSuite> offers, List<IkeSuite> accepts) {
        return peer.but().offers(offers).accepts(accepts).build();
    }

    static PeerConfig withEncapsulation(PeerConfig peer, PeerConfig.EncapsulationMode mode) {
        return peer.but().encapsulation(mode).build();
    }

    static PeerConfig withChildren(PeerConfig peer, List<ChildConfig> children) {
        return peer.but().children(children).build();
    }

    static PeerConfig withIdentities(PeerConfig peer, Identity local, Optional<Identity> remote, Secret key) {
        return peer.but()
                .localIdentity(local)
                .remoteIdentity(remote)
                .proofs(Proofs.sharedKey(key))
                .build();
    }

    static ChildConfig withEsp(ChildConfig child, List<EspSuite> suites) {
        return new ChildConfig(
                child.name(),
                child.local(),
                child.remote(),
                suites,
                suites,
                child.lifetime(),
                child.lifetimeBytes(),
                child.replayWindow());
    }
}
