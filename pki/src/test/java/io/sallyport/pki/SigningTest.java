package io.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we sign is believed by what checks, and nothing else is. */
class SigningTest {
    private static final Bytes OCTETS = Bytes.utf8("InitiatorSignedOctets");
    private static final List<Integer> ALL = List.of(1, 2, 3, 4, 5);

    private static KeyPair rsa;

    @BeforeAll
    static void makeOneRsaKeyForAll() throws Exception {
        rsa = Made.rsa(2048);
    }

    private static KeyPair pair(String kind) throws Exception {
        return switch (kind) {
            case "rsa" -> rsa;
            case "ed25519" -> Made.ed25519();
            default -> Made.ec(kind);
        };
    }

    private static Credential credential(String kind) throws Exception {
        return Made.end("us").key(pair(kind)).selfSigned().credential();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, 14, RSA-PSS with SHA-256",
        "secp256r1, 14, ECDSA with SHA-256",
        "secp384r1, 14, ECDSA with SHA-384",
        "secp521r1, 14, ECDSA with SHA-512",
        "ed25519, 14, Ed25519",
    })
    void everyKindOfKeySignsByRfc7427(String kind, int method, String how) throws Exception {
        Credential credential = credential(kind);
        Signing.Signed signed = Signing.ikev2(credential, ALL, OCTETS);
        assertThat(signed.method()).isEqualTo(method);
        assertThat(Proof.ikev2(credential.certificate().getPublicKey(), ALL, method, signed.proof(), OCTETS))
                .isEqualTo(how);
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, 1, RSA with SHA-1",
        "secp256r1, 9, ECDSA-256 with SHA-256",
        "secp384r1, 10, ECDSA-384 with SHA-384",
        "secp521r1, 11, ECDSA-521 with SHA-512",
    })
    void withAPeerOfOldTheMethodsOfOldAreUsed(String kind, int method, String how) throws Exception {
        Credential credential = credential(kind);
        Signing.Signed signed = Signing.ikev2(credential, List.of(), OCTETS);
        assertThat(signed.method()).isEqualTo(method);
        assertThat(Proof.ikev2(credential.certificate().getPublicKey(), List.of(), method, signed.proof(), OCTETS))
                .isEqualTo(how);
    }

    @ParameterizedTest
    @CsvSource({"rsa, 3, 32", "secp256r1, 9, 32", "secp384r1, 10, 48", "secp521r1, 11, 64"})
    void ikev1SignsTheHashAsItIs(String kind, int method, int size) throws Exception {
        Credential credential = credential(kind);
        Bytes hash = Bytes.wrap(new byte[size]);
        Signing.Signed signed = Signing.ikev1(credential, hash);
        assertThat(signed.method()).isEqualTo(method);
        Proof.ikev1(credential.certificate().getPublicKey(), signed.proof(), hash);
        byte[] other = new byte[size];
        other[0] = 1;
        assertFault(
                Fault.SIGNATURE,
                () -> Proof.ikev1(credential.certificate().getPublicKey(), signed.proof(), Bytes.wrap(other)));
    }

    @Test
    void algorithmIdentifiersAreThoseOfTheRfc() {
        // RFC 7427 appendix A.1.2, A.3.2 and A.4.3; RFC 8420 appendix A.
        assertThat(Algorithm.of(Algorithm.Kind.RSA_PKCS1, 2)
                        .orElseThrow()
                        .encoding()
                        .hex())
                .isEqualTo("300d06092a864886f70d01010b0500");
        assertThat(Algorithm.of(Algorithm.Kind.ECDSA, 2)
                        .orElseThrow()
                        .encoding()
                        .hex())
                .isEqualTo("300a06082a8648ce3d040302");
        assertThat(Algorithm.of(Algorithm.Kind.RSA_PSS, 2)
                        .orElseThrow()
                        .encoding()
                        .hex())
                .isEqualTo("304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d01"
                        + "0108300d06096086480165030402010500a203020120");
        assertThat(Algorithm.of(Algorithm.Kind.ED25519, 5)
                        .orElseThrow()
                        .encoding()
                        .hex())
                .isEqualTo("300506032b6570");
    }

    @Test
    void aPeerWithoutEd25519IsToldSo() throws Exception {
        Credential credential = credential("ed25519");
        assertThatThrownBy(() -> Signing.ikev2(credential, List.of(1, 2, 3), OCTETS))
                .isInstanceOf(NoCredential.class)
                .hasMessageContaining("RFC 8420");
        assertThatThrownBy(() -> Signing.ikev1(credential, OCTETS)).hasMessageContaining("allowed in IKEv1");
    }

    @Test
    void anotherHashIsUsedWhenThePeerDoesNotKnowTheCurvesOwn() throws Exception {
        Credential credential = credential("secp384r1");
        Signing.Signed signed = Signing.ikev2(credential, List.of(2), OCTETS);
        assertThat(Proof.ikev2(credential.certificate().getPublicKey(), ALL, 14, signed.proof(), OCTETS))
                .isEqualTo("ECDSA with SHA-256");
    }

    @Test
    void everyBitOfAProofCounts() throws Exception {
        for (String kind : List.of("rsa", "secp256r1", "ed25519")) {
            Credential credential = credential(kind);
            byte[] proof = Signing.ikev2(credential, ALL, OCTETS).proof().toArray();
            for (int at = 0; at < proof.length; at += 7) {
                byte[] changed = proof.clone();
                changed[at] ^= 0x10;
                assertThatThrownBy(() -> Proof.ikev2(
                                credential.certificate().getPublicKey(), ALL, 14, Bytes.wrap(changed), OCTETS))
                        .as(kind + " octet " + at)
                        .isInstanceOf(CertificateRefused.class);
            }
            for (int size = 0; size < proof.length; size += 5) {
                byte[] cut = Arrays.copyOf(proof, size);
                assertThatThrownBy(() ->
                                Proof.ikev2(credential.certificate().getPublicKey(), ALL, 14, Bytes.wrap(cut), OCTETS))
                        .isInstanceOf(CertificateRefused.class);
            }
        }
    }

    /** CVE-2018-16151, CVE-2018-16152, CVE-2018-17540; RFC 8017 section 8.2.2. */
    @Test
    void whatHidesBehindThePaddingIsNoSignature() throws Exception {
        RSAPublicKey open = (RSAPublicKey) rsa.getPublic();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(OCTETS.toArray());
        Bytes info = Bytes.concat(Bytes.hex("3031300d060960864801650304020105000420"), Bytes.wrap(digest));
        assertThat(verifies(open, raw(padded(info, 256, 0)))).isTrue();
        // Short padding with garbage behind the digest: what an exponent of 3 lets anybody forge.
        assertThat(verifies(open, raw(padded(info, 256, 100)))).isFalse();
        // Parameters that are not NULL, or are not there.
        Bytes absent = Bytes.concat(Bytes.hex("302f300b0609608648016503040201"), Bytes.hex("0420"), Bytes.wrap(digest));
        assertThat(verifies(open, raw(padded(absent, 256, 0)))).isFalse();
        byte[] wrongType = padded(info, 256, 0);
        wrongType[1] = 2;
        assertThat(verifies(open, raw(wrongType))).isFalse();
        byte[] wrongFill = padded(info, 256, 0);
        wrongFill[5] = 0x7f;
        assertThat(verifies(open, raw(wrongFill))).isFalse();
    }

    @Test
    void aSignatureNotOfTheModulusesLengthIsNone() throws Exception {
        byte[] good = Signatures.sign(rsa.getPrivate(), Algorithm.Kind.RSA_PKCS1, 2, OCTETS);
        assertThat(verifies((RSAPublicKey) rsa.getPublic(), good)).isTrue();
        byte[] longer = new byte[good.length + 1];
        System.arraycopy(good, 0, longer, 1, good.length);
        assertThat(verifies((RSAPublicKey) rsa.getPublic(), longer)).isFalse();
        BigInteger more = new BigInteger(1, good).add(((RSAPublicKey) rsa.getPublic()).getModulus());
        if (more.bitLength() <= 2048) {
            assertThat(verifies(
                            (RSAPublicKey) rsa.getPublic(),
                            Bytes.hex(more.toString(16)).toArray()))
                    .isFalse();
        }
        assertThat(verifies((RSAPublicKey) rsa.getPublic(), new byte[0])).isFalse();
    }

    private static boolean verifies(RSAPublicKey open, byte[] proof) {
        return Signatures.verify(open, Algorithm.Kind.RSA_PKCS1, 2, OCTETS, Bytes.wrap(proof));
    }

    private static byte[] padded(Bytes info, int length, int garbage) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) 0xff);
        out[0] = 0;
        out[1] = 1;
        int at = length - garbage - info.size();
        out[at - 1] = 0;
        System.arraycopy(info.toArray(), 0, out, at, info.size());
        Arrays.fill(out, length - garbage, length, (byte) 0x5a);
        return out;
    }

    private static byte[] raw(byte[] message) {
        RSAPrivateKey key = (RSAPrivateKey) rsa.getPrivate();
        byte[] made = new BigInteger(1, message)
                .modPow(key.getPrivateExponent(), key.getModulus())
                .toByteArray();
        byte[] out = new byte[256];
        int skip = Math.max(0, made.length - 256);
        System.arraycopy(made, skip, out, 256 - (made.length - skip), made.length - skip);
        return out;
    }

    /** CVE-2021-41991, and RFC 7427 section 4: SHA-1 there is no use to anybody. */
    @Test
    void pssWithAnotherSaltAndSha1AreRefused() throws Exception {
        Bytes usual = Algorithm.of(Algorithm.Kind.RSA_PSS, 2).orElseThrow().encoding();
        Bytes salted = Bytes.hex(usual.hex().replaceFirst("a203020120$", "a20302017f"));
        assertFault(
                Fault.WEAK,
                () -> Proof.ikev2(rsa.getPublic(), ALL, 14, with(salted, pss(rsa.getPrivate(), 127)), OCTETS));
        Bytes huge =
                Bytes.hex("304606092a864886f70d01010a3039a00f300d06096086480165030402010500a11c301a06092a864886f70d"
                        + "010108300d06096086480165030402010500a20802067fffffffffff");
        assertFault(Fault.WEAK, () -> Proof.ikev2(rsa.getPublic(), ALL, 14, with(huge, new byte[256]), OCTETS));
        Bytes defaults = Bytes.hex("300d06092a864886f70d01010a3000");
        assertFault(Fault.WEAK, () -> Proof.ikev2(rsa.getPublic(), ALL, 14, with(defaults, new byte[256]), OCTETS));
        Bytes sha1 = Bytes.hex("300d06092a864886f70d0101050500");
        byte[] signed = Signatures.sign(rsa.getPrivate(), Algorithm.Kind.RSA_PKCS1, 1, OCTETS);
        assertFault(Fault.WEAK, () -> Proof.ikev2(rsa.getPublic(), ALL, 14, with(sha1, signed), OCTETS));
    }

    /** SLOTH: two ends that know better are not led back to SHA-1. */
    @Test
    void sha1IsRefusedWhenBothKnowBetter() throws Exception {
        byte[] signed = Signatures.sign(rsa.getPrivate(), Algorithm.Kind.RSA_PKCS1, 1, OCTETS);
        assertThat(Proof.ikev2(rsa.getPublic(), List.of(), 1, Bytes.wrap(signed), OCTETS))
                .isEqualTo("RSA with SHA-1");
        assertFault(Fault.WEAK, () -> Proof.ikev2(rsa.getPublic(), ALL, 1, Bytes.wrap(signed), OCTETS));
    }

    /** CVE-2022-21449: zeros are no signature, in whatever form. */
    @Test
    void zerosAreNoEcdsaSignature() throws Exception {
        KeyPair ec = Made.ec("secp256r1");
        assertFault(Fault.SIGNATURE, () -> Proof.ikev2(ec.getPublic(), List.of(), 9, Bytes.wrap(new byte[64]), OCTETS));
        Bytes der = Bytes.hex("3006020100020100");
        Bytes algorithm = Algorithm.of(Algorithm.Kind.ECDSA, 2).orElseThrow().encoding();
        assertFault(
                Fault.SIGNATURE, () -> Proof.ikev2(ec.getPublic(), ALL, 14, with(algorithm, der.toArray()), OCTETS));
        assertFault(Fault.SIGNATURE, () -> Proof.ikev1(ec.getPublic(), Bytes.wrap(new byte[64]), OCTETS));
        assertFault(Fault.SIGNATURE, () -> Proof.ikev2(ec.getPublic(), List.of(), 9, Bytes.wrap(new byte[66]), OCTETS));
    }

    @Test
    void aMethodThatDoesNotFitTheKeyIsRefused() throws Exception {
        Credential ec = credential("secp256r1");
        Bytes proof = Signing.ikev2(ec, List.of(), OCTETS).proof();
        assertFault(Fault.SIGNATURE, () -> Proof.ikev2(rsa.getPublic(), List.of(), 9, proof, OCTETS));
        assertFault(Fault.SIGNATURE, () -> Proof.ikev2(ec.certificate().getPublicKey(), List.of(), 10, proof, OCTETS));
        assertFault(Fault.SIGNATURE, () -> Proof.ikev2(ec.certificate().getPublicKey(), List.of(), 2, proof, OCTETS));
    }

    private static byte[] pss(PrivateKey key, int salt) throws Exception {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
        signature.initSign(key);
        signature.update(OCTETS.toArray());
        return signature.sign();
    }

    private static Bytes with(Bytes algorithm, byte[] signature) {
        return Bytes.concat(Bytes.ofInts(algorithm.size()), algorithm, Bytes.wrap(signature));
    }

    static void assertFault(Fault fault, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CertificateRefused.class, e -> {
            assertThat(e.fault()).as(e.detail()).isEqualTo(fault);
            assertThat(e.detail()).isNotEmpty().doesNotContain("\n");
        });
    }
}
