package io.sallyport.gateway;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which parts of a choice of algorithms are weak by today's measure: RFC 8247 and RFC 8221 say SHOULD NOT or MUST NOT,
 * or the key exchange is below 112 bits (group 24 is of unknown making, RFC 8247 section 2.4).
 */
public final class Weakness {
    /** NIST SP 800-131A. */
    private static final int STRENGTH_MIN = 112;

    private Weakness() {}

    /** The weak parts as text; empty when there are none. */
    public static List<String> of(IkeSuite suite) {
        return Stream.of(of(suite.encryption()), of(suite.integrity()), of(suite.prf()), of(suite.keyExchange()))
                .flatMap(Optional::stream)
                .toList();
    }

    public static List<String> of(EspSuite suite) {
        return Stream.of(
                        of(suite.encryption()),
                        of(suite.integrity()),
                        suite.pfs().flatMap(Weakness::of))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> of(EncryptionAlgorithm cipher) {
        return cipher == EncryptionAlgorithm.TRIPLE_DES_CBC ? Optional.of(cipher.toString()) : Optional.empty();
    }

    private static Optional<String> of(IntegrityAlgorithm integrity) {
        return integrity == IntegrityAlgorithm.HMAC_SHA1_96 ? Optional.of(integrity.toString()) : Optional.empty();
    }

    private static Optional<String> of(PrfAlgorithm prf) {
        return prf == PrfAlgorithm.HMAC_SHA1 ? Optional.of(prf.toString()) : Optional.empty();
    }

    private static Optional<String> of(KeyExchangeMethod group) {
        return group.strengthBits() < STRENGTH_MIN || group == KeyExchangeMethod.MODP_2048_256
                ? Optional.of(group.toString())
                : Optional.empty();
    }
}
