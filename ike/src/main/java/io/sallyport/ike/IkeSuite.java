package io.sallyport.ike;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;

/** One complete choice of algorithms for an IKE SA. Integrity is NONE exactly when the cipher is combined-mode. */
public record IkeSuite(
        EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, PrfAlgorithm prf, KeyExchangeMethod keyExchange) {
    public IkeSuite {
        if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            throw new IllegalArgumentException(encryption + " with integrity " + integrity);
        }
    }

    @Override
    public String toString() {
        return encryption + (encryption.isAead() ? "" : "/" + integrity) + "/" + prf + "/" + keyExchange;
    }
}
