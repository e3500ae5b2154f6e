package io.sallyport.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where OpenSSL is installed, as it is wherever these tests run. The JDK's own providers are the peer. */
class LibcryptoSignaturesTest {
    private static final String OURS = "SallyportLibcrypto";
    private static final byte[] MESSAGE = "what is signed".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @BeforeAll
    static void prefer() {
        LibcryptoSignatures.prefer();
    }

    @AfterAll
    static void asBefore() {
        Security.removeProvider(OURS);
    }

    private static KeyPair curve(String name) throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec(name));
        return keys.generateKeyPair();
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2_048);
        return keys.generateKeyPair();
    }

    private static byte[] sign(Signature signature, KeyPair pair, byte[] message) throws GeneralSecurityException {
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }

    private static boolean verify(Signature signature, PublicKey key, byte[] message, byte[] signed)
            throws GeneralSecurityException {
        signature.initVerify(key);
        signature.update(message);
        return signature.verify(signed);
    }

    @ParameterizedTest
    @CsvSource({
        "secp256r1, SHA256withECDSA",
        "secp256r1, SHA512withECDSA",
        "secp384r1, SHA384withECDSA",
        "secp521r1, SHA512withECDSA",
        "secp256r1, SHA256withECDSAinP1363Format",
        "secp384r1, SHA384withECDSAinP1363Format",
        "secp521r1, SHA512withECDSAinP1363Format",
        "secp256r1, NONEwithECDSA",
        "secp384r1, NONEwithECDSAinP1363Format"
    })
    void theJdkTakesItsEcdsaAndItTakesTheJdks(String curve, String algorithm) throws GeneralSecurityException {
        for (int i = 0; i < 40; i++) {
            KeyPair pair = curve(curve);
            Signature theirs = Signature.getInstance(algorithm, "SunEC");
            Signature ours = Signature.getInstance(algorithm);
            byte[] signed = sign(ours, pair, MESSAGE);
            assertThat(ours.getProvider().getName()).isEqualTo(OURS);
            assertThat(verify(theirs, pair.getPublic(), MESSAGE, signed)).isTrue();
            assertThat(verify(ours, pair.getPublic(), MESSAGE, sign(theirs, pair, MESSAGE)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256withRSA", "SHA384withRSA", "SHA512withRSA"})
    void theJdkTakesItsRsaAndItTakesTheJdks(String algorithm) throws GeneralSecurityException {
        KeyPair pair = rsa();
        Signature ours = Signature.getInstance(algorithm);
        byte[] signed = sign(ours, pair, MESSAGE);
        assertThat(ours.getProvider().getName()).isEqualTo(OURS);
        // PKCS#1 v1.5 has no freedom: the octets are the same.
        assertThat(signed).isEqualTo(sign(Signature.getInstance(algorithm, "SunRsaSign"), pair, MESSAGE));
        assertThat(verify(ours, pair.getPublic(), MESSAGE, signed)).isTrue();
        assertEachChangeIsSeen(ours, pair.getPublic(), signed);
    }

    @ParameterizedTest
    @CsvSource({"SHA-256, 32", "SHA-384, 48", "SHA-512, 64", "SHA-256, 20"})
    void theJdkTakesItsRsaPssAndItTakesTheJdks(String digest, int salt) throws GeneralSecurityException {
        PSSParameterSpec parameters = new PSSParameterSpec(
                digest, "MGF1", new MGF1ParameterSpec(digest), salt, PSSParameterSpec.TRAILER_FIELD_BC);
        KeyPair pair = rsa();
        Signature ours = Signature.getInstance("RSASSA-PSS");
        ours.initSign(pair.getPrivate());
        ours.setParameter(parameters);
        ours.update(MESSAGE);
        byte[] signed = ours.sign();
        assertThat(ours.getProvider().getName()).isEqualTo(OURS);
        Signature theirs = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
        theirs.setParameter(parameters);
        assertThat(verify(theirs, pair.getPublic(), MESSAGE, signed)).isTrue();
        assertThat(verify(ours, pair.getPublic(), MESSAGE, sign(theirs, pair, MESSAGE)))
                .isTrue();
        assertEachChangeIsSeen(ours, pair.getPublic(), signed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256withECDSA", "SHA256withECDSAinP1363Format"})
    void oneChangedBitIsSeen(String algorithm) throws GeneralSecurityException {
        KeyPair pair = curve("secp256r1");
        Signature ours = Signature.getInstance(algorithm);
        byte[] signed = sign(ours, pair, MESSAGE);
        assertEachChangeIsSeen(ours, pair.getPublic(), signed);
        assertThat(verify(ours, curve("secp256r1").getPublic(), MESSAGE, signed))
                .isFalse();
    }

    private static void assertEachChangeIsSeen(Signature signature, PublicKey key, byte[] signed)
            throws GeneralSecurityException {
        for (int bit = 0; bit < 8 * signed.length; bit++) {
            byte[] changed = signed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verify(signature, key, MESSAGE, changed)).isFalse();
        }
        assertThat(verify(signature, key, new byte[] {1}, signed)).isFalse();
    }

    /** CVE-2022-21449: two zeros are nobody's signature. */
    @Test
    void zerosTheOrderAndWrongLengthsAreNoSignature() throws GeneralSecurityException {
        KeyPair pair = curve("secp256r1");
        Signature plain = Signature.getInstance("SHA256withECDSAinP1363Format");
        assertThat(verify(plain, pair.getPublic(), MESSAGE, new byte[64])).isFalse();
        byte[] order = new byte[64];
        EcdsaEncoding.put(((ECPublicKey) pair.getPublic()).getParams().getOrder(), 32, order, 0);
        EcdsaEncoding.put(((ECPublicKey) pair.getPublic()).getParams().getOrder(), 32, order, 32);
        assertThat(verify(plain, pair.getPublic(), MESSAGE, order)).isFalse();
        for (int length : new int[] {0, 1, 63, 65, 5_000}) {
            assertThatThrownBy(() -> verify(plain, pair.getPublic(), MESSAGE, new byte[length]))
                    .isInstanceOf(SignatureException.class);
        }
        Signature der = Signature.getInstance("SHA256withECDSA");
        assertThat(verify(der, pair.getPublic(), MESSAGE, new byte[0])).isFalse();
        assertThat(verify(der, pair.getPublic(), MESSAGE, EcdsaEncoding.der(new byte[64])))
                .isFalse();
        assertThatThrownBy(() -> verify(der, pair.getPublic(), MESSAGE, new byte[5_000]))
                .isInstanceOf(SignatureException.class);
    }

    /** What it does not take, the JDK looks at, and refuses in its own way. */
    @Test
    void aPointOffTheCurveIsRefused() throws GeneralSecurityException {
        KeyPair pair = curve("secp256r1");
        ECPublicKey good = (ECPublicKey) pair.getPublic();
        PublicKey off = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(
                                good.getW().getAffineX(),
                                good.getW().getAffineY().xor(BigInteger.ONE)),
                        good.getParams()));
        assertThatThrownBy(() -> LibcryptoSignature.ecdsa("SHA-256", false).engineInitVerify(off))
                .isInstanceOf(InvalidKeyException.class);
        byte[] signed = sign(Signature.getInstance("SHA256withECDSA"), pair, MESSAGE);
        assertThat(verify(Signature.getInstance("SHA256withECDSA"), off, MESSAGE, signed))
                .isFalse();
    }

    /** CVE-2020-0601. */
    @Test
    void aCurveWithAnotherGeneratorIsNotTakenForTheNamedOne() throws GeneralSecurityException {
        ECPublicKey good = (ECPublicKey) curve("secp256r1").getPublic();
        ECParameterSpec known = good.getParams();
        assertThat(LibcryptoCurve.of(known)).isPresent();
        assertThat(LibcryptoCurve.of(
                        new ECParameterSpec(known.getCurve(), good.getW(), known.getOrder(), known.getCofactor())))
                .isEmpty();
    }

    @Test
    void aKeyIsReadOnceAndManyThreadsMaySignWithIt() throws Exception {
        KeyPair pair = rsa();
        byte[] first = sign(Signature.getInstance("SHA256withRSA"), pair, MESSAGE);
        Thread[] threads = new Thread[4];
        int[] same = new int[threads.length];
        for (int t = 0; t < threads.length; t++) {
            int own = t;
            threads[t] = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 200; i++) {
                    try {
                        same[own] += java.util.Arrays.equals(
                                        first, sign(Signature.getInstance("SHA256withRSA"), pair, MESSAGE))
                                ? 1
                                : 0;
                    } catch (GeneralSecurityException e) {
                        return;
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(same).containsOnly(200);
    }
}
