package io.sallyport.ike;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import java.util.Optional;

/**
 * One complete choice of algorithms for a child SA.
 *
 * @param pfs the group of a fresh key exchange in CREATE_CHILD_SA; absent: none. The child that IKE_AUTH makes never
 *     has one (RFC 7296 section 1.2)
 * @param esn extended sequence numbers
 */
public record EspSuite(
        EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, Optional<KeyExchangeMethod> pfs, boolean esn) {
    public EspSuite {
        if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            throw new IllegalArgumentException(encryption + " with integrity " + integrity);
        }
    }

    @Override
    public String toString() {
        return encryption
                + (encryption.isAead() ? "" : "/" + integrity)
                + pfs.map(g -> "/" + g).orElse("")
                + (esn ? "/ESN" : "");
    }
}
