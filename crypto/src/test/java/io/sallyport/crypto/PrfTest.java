package io.sallyport.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import org.junit.jupiter.api.Test;

class PrfTest {
    private static final Secret JEFE = Secret.utf8("Jefe");
    private static final Bytes QUESTION = Bytes.utf8("what do ya want for nothing?");

    @Test
    void theVectorsOfRfc2202AndRfc4231Hold() {
        assertThat(hex(Prf.of(PrfAlgorithm.HMAC_SHA1, JEFE, QUESTION)))
                .isEqualTo("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assertThat(hex(Prf.of(PrfAlgorithm.HMAC_SHA2_256, JEFE, QUESTION)))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(hex(Prf.of(PrfAlgorithm.HMAC_SHA2_384, JEFE, QUESTION)))
                .isEqualTo("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                        + "8e2240ca5e69e2c78b3239ecfab21649");
        assertThat(hex(Prf.of(PrfAlgorithm.HMAC_SHA2_512, JEFE, QUESTION)))
                .isEqualTo("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    }

    @Test
    void prfPlusChainsItsBlocksAsRfc7296Section213Says() {
        Bytes seed = Bytes.utf8("seed");
        Secret t1 = Prf.of(PrfAlgorithm.HMAC_SHA2_256, JEFE, seed, Bytes.ofInts(1));
        Secret t2 = Prf.of(PrfAlgorithm.HMAC_SHA2_256, JEFE, Bytes.of(t1.expose()), seed, Bytes.ofInts(2));
        assertThat(hex(Prf.plus(PrfAlgorithm.HMAC_SHA2_256, JEFE, seed, 50)))
                .isEqualTo((hex(t1) + hex(t2)).substring(0, 100));
    }

    @Test
    void partsAreOneString() {
        assertThat(Prf.of(PrfAlgorithm.HMAC_SHA1, JEFE, Bytes.utf8("what do ya want "), Bytes.utf8("for nothing?")))
                .isEqualTo(Prf.of(PrfAlgorithm.HMAC_SHA1, JEFE, QUESTION));
    }

    @Test
    void moreThan255BlocksAreRefused() {
        assertThatThrownBy(() -> Prf.plus(PrfAlgorithm.HMAC_SHA1, JEFE, QUESTION, 255 * 20 + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String hex(Secret secret) {
        return Bytes.of(secret.expose()).hex();
    }
}
