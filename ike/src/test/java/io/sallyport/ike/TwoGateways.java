package io.sallyport.ike;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the configurations of two gateways that know each other have in common, whatever version they speak. */
public abstract class TwoGateways {
    public static final String PEER = "other";
    public static final Address LEFT = Address.parse("192.0.2.1");
    public static final Address RIGHT = Address.parse("198.51.100.2");
    public static final Secret KEY = Secret.utf8("a key that both ends share");
    public static final IkeSuite GCM = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16_256,
            IntegrityAlgorithm.NONE,
            PrfAlgorithm.HMAC_SHA2_384,
            KeyExchangeMethod.ECP_384);
    public static final IkeSuite CBC = new IkeSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA2_256_128,
            PrfAlgorithm.HMAC_SHA2_256,
            KeyExchangeMethod.MODP_2048);
    public static final EspSuite ESP_GCM =
            new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false);
    public static final EspSuite ESP_PFS = new EspSuite(
            EncryptionAlgorithm.AES_CBC_256,
            IntegrityAlgorithm.HMAC_SHA2_256_128,
            Optional.of(KeyExchangeMethod.ECP_256),
            false);

    protected TwoGateways() {}

    public static ChildConfig child(String name, String local, String remote) {
        return child(name, List.of(local), List.of(remote), List.of(ESP_GCM, ESP_PFS));
    }

    public static ChildConfig child(String name, List<String> local, List<String> remote, List<EspSuite> suites) {
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

    /** What leads from left to right. */
    public static List<ChildConfig> leftChildren() {
        return List.of(child("main", "10.1.0.0/16", "10.2.0.0/16"));
    }

    /** Its mirror. */
    public static List<ChildConfig> rightChildren() {
        return List.of(child("main", "10.2.0.0/16", "10.1.0.0/16"));
    }

    /** Two that share a key, and send ESP without UDP. */
    public static PeerConfig.Builder sharing(
            Address local, Address remote, List<ChildConfig> children, List<IkeSuite> suites) {
        return PeerConfig.of(PEER, local, Proofs.sharedKey(KEY))
                .remote(Optional.of(remote))
                .remoteIdentity(Optional.of(Identity.of(remote)))
                .offers(suites)
                .accepts(suites)
                .children(children)
                .encapsulation(PeerConfig.EncapsulationMode.RAW);
    }

    /** The same child with other suites. */
    public static ChildConfig withEsp(ChildConfig child, List<EspSuite> suites) {
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
