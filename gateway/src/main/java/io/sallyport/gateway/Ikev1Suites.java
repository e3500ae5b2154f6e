package io.sallyport.gateway;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import io.sallyport.model.CryptoProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The same for IKEv1, whose first message holds all offers and cannot be cut up: so few that they fit one packet. Phase 1
 * knows no combined-mode cipher and takes its hash for what IKEv2 calls pseudorandom function and integrity. A quick mode
 * offers one group for all of its transforms, or none.
 */
final class Ikev1Suites {
    private static final List<KeyExchangeMethod> GROUPS =
            List.of(KeyExchangeMethod.ECP_384, KeyExchangeMethod.ECP_256, KeyExchangeMethod.MODP_2048);

    private static final List<IkeSuite> IKE_MODERN = modern();

    /** Phase 1 of both kinds of gateway as Azure documents it; RouteBased offers all six, PolicyBased the four marked. */
    private static final List<IkeSuite> IKE_AZURE = List.of(
            ike(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128),
            ike(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA1_96),
            ike(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA1_96),
            ike(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA1_96),
            // RouteBased only, from here on.
            ike(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_256_128),
            ike(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA2_256_128));

    private static final int POLICY_BASED = 4;

    private Ikev1Suites() {}

    /** What a profile proposes and takes. */
    static Suites of(CryptoProfile profile, boolean policyBased) {
        Suites later = Suites.of(profile);
        List<EspSuite> accepts = withoutEsn(later.espAccepts());
        return switch (profile) {
            case AZURE -> {
                List<IkeSuite> azure = policyBased ? IKE_AZURE.subList(0, POLICY_BASED) : IKE_AZURE;
                List<IkeSuite> ike = concat(IKE_MODERN, azure);
                List<IkeSuite> taken =
                        concat(ike, azure.stream().map(Ikev1Suites::group14).toList());
                // Azure's gateways offer no group of their own for quick mode, and PolicyBased ones take none.
                List<EspSuite> plain = ofGroup(accepts, Optional.empty());
                yield new Suites(ike, taken, plain, policyBased ? plain : accepts);
            }
            case MODERN ->
                new Suites(IKE_MODERN, IKE_MODERN, ofGroup(accepts, Optional.of(KeyExchangeMethod.ECP_384)), accepts);
            case CNSA -> {
                List<IkeSuite> ike = IKE_MODERN.stream()
                        .filter(s ->
                                s.keyExchange() == KeyExchangeMethod.ECP_384 && s.prf() != PrfAlgorithm.HMAC_SHA2_256)
                        .toList();
                yield new Suites(ike, ike, ofGroup(accepts, Optional.of(KeyExchangeMethod.ECP_384)), accepts);
            }
        };
    }

    /** The combination of a policy; one that names GCM for phase 1 takes CBC with the hash of the same strength. */
    static Suites of(Suites policy) {
        List<IkeSuite> ike = policy.ikeOffers().stream()
                .map(s -> s.encryption().isAead() ? cbcLike(s) : s)
                .distinct()
                .toList();
        List<EspSuite> esp = withoutEsn(policy.espOffers());
        return new Suites(ike, ike, esp, esp);
    }

    private static IkeSuite cbcLike(IkeSuite suite) {
        EncryptionAlgorithm cipher = suite.encryption() == EncryptionAlgorithm.AES_GCM_16_128
                ? EncryptionAlgorithm.AES_CBC_128
                : EncryptionAlgorithm.AES_CBC_256;
        IntegrityAlgorithm hash = suite.prf() == PrfAlgorithm.HMAC_SHA2_384
                ? IntegrityAlgorithm.HMAC_SHA2_384_192
                : IntegrityAlgorithm.HMAC_SHA2_256_128;
        return new IkeSuite(cipher, hash, suite.prf(), suite.keyExchange());
    }

    private static List<IkeSuite> modern() {
        List<IkeSuite> out = new ArrayList<>();
        for (KeyExchangeMethod group : GROUPS) {
            for (IntegrityAlgorithm hash : List.of(
                    IntegrityAlgorithm.HMAC_SHA2_384_192,
                    IntegrityAlgorithm.HMAC_SHA2_512_256,
                    IntegrityAlgorithm.HMAC_SHA2_256_128)) {
                out.add(new IkeSuite(EncryptionAlgorithm.AES_CBC_256, hash, Suites.prf(hash), group));
            }
            IntegrityAlgorithm sha256 = IntegrityAlgorithm.HMAC_SHA2_256_128;
            out.add(new IkeSuite(EncryptionAlgorithm.AES_CBC_128, sha256, Suites.prf(sha256), group));
        }
        return List.copyOf(out);
    }

    private static IkeSuite ike(EncryptionAlgorithm cipher, IntegrityAlgorithm hash) {
        return new IkeSuite(cipher, hash, Suites.prf(hash), KeyExchangeMethod.MODP_1024);
    }

    private static IkeSuite group14(IkeSuite suite) {
        return new IkeSuite(suite.encryption(), suite.integrity(), suite.prf(), KeyExchangeMethod.MODP_2048);
    }

    private static List<EspSuite> withoutEsn(List<EspSuite> suites) {
        return suites.stream().filter(s -> !s.esn()).toList();
    }

    private static List<EspSuite> ofGroup(List<EspSuite> suites, Optional<KeyExchangeMethod> group) {
        return suites.stream().filter(s -> s.pfs().equals(group)).toList();
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        List<T> out = new ArrayList<>(first);
        out.addAll(second);
        return List.copyOf(out);
    }
}
