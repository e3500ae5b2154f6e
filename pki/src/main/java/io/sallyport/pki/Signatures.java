package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Cipher;

/** Makes and checks bare signatures (RFC 8017, FIPS 186-5). */
final class Signatures {
    private Signatures() {}

    static byte[] sign(PrivateKey key, Algorithm.Kind kind, int hash, Bytes octets) throws GeneralSecurityException {
        Signature signature = instance(kind, hash);
        signature.initSign(key);
        prepare(signature, kind, hash);
        signature.update(octets.toArray());
        return signature.sign();
    }

    static boolean verify(PublicKey key, Algorithm.Kind kind, int hash, Bytes octets, Bytes proof) {
        try {
            if (kind == Algorithm.Kind.RSA_PKCS1) {
                byte[] digest =
                        MessageDigest.getInstance(Algorithm.digest(hash)).digest(octets.toArray());
                return key instanceof RSAPublicKey rsa
                        && pkcs1Verify(rsa, Bytes.concat(DigestInfo.prefix(hash), Bytes.wrap(digest)), proof);
            }
            Signature signature = instance(kind, hash);
            signature.initVerify(key);
            prepare(signature, kind, hash);
            signature.update(octets.toArray());
            return signature.verify(proof.toArray());
        } catch (GeneralSecurityException | RuntimeException e) {
            // A provider that stumbles over a stranger's octets has not seen a signature.
            return false;
        }
    }

    private static Signature instance(Algorithm.Kind kind, int hash) throws GeneralSecurityException {
        String digest = hash == Algorithm.IDENTITY ? "" : Algorithm.digest(hash);
        return switch (kind) {
            case RSA_PKCS1 -> Signature.getInstance(digest.replace("-", "") + "withRSA");
            case RSA_PSS -> Signature.getInstance("RSASSA-PSS");
            case ECDSA -> Signature.getInstance(digest.replace("-", "") + "withECDSA");
            case ED25519 -> Signature.getInstance("Ed25519");
        };
    }

    /** Comes after the key: the JDK chooses among its providers by the key, and would choose by the parameters if they came first. */
    private static void prepare(Signature signature, Algorithm.Kind kind, int hash) throws GeneralSecurityException {
        if (kind == Algorithm.Kind.RSA_PSS) {
            String digest = Algorithm.digest(hash);
            int salt = MessageDigest.getInstance(digest).getDigestLength();
            signature.setParameter(new PSSParameterSpec(
                    digest, "MGF1", new MGF1ParameterSpec(digest), salt, PSSParameterSpec.TRAILER_FIELD_BC));
        }
    }

    /** RFC 4754 section 7: r and s, each as long as the curve's order, one after the other. */
    static byte[] ecdsaPlain(PrivateKey key, String digest, Bytes octets) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(digest + "withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(octets.toArray());
        return signature.sign();
    }

    static boolean ecdsaPlainVerify(PublicKey key, String digest, Bytes octets, Bytes proof) {
        try {
            Signature signature = Signature.getInstance(digest + "withECDSAinP1363Format");
            signature.initVerify(key);
            signature.update(octets.toArray());
            return signature.verify(proof.toArray());
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** RFC 2409 section 5.1: the hash itself in PKCS#1 padding of block type 1, without a DigestInfo. */
    static byte[] pkcs1Bare(PrivateKey key, Bytes octets) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(octets.toArray());
    }

    /**
     * Whether {@code proof} opens to exactly {@code 00 01 ff … ff 00 content} of the modulus's length. The expected octets
     * are made and compared whole (RFC 8017 section 8.2.2), so that nothing can hide behind the padding (Bleichenbacher's
     * forgery for exponent 3).
     */
    static boolean pkcs1Verify(RSAPublicKey key, Bytes content, Bytes proof) {
        int length = (key.getModulus().bitLength() + 7) / 8;
        if (proof.size() != length || content.size() + 11 > length) {
            return false;
        }
        BigInteger sealed = new BigInteger(1, proof.toArray());
        if (sealed.compareTo(key.getModulus()) >= 0) {
            return false;
        }
        byte[] expected = new byte[length];
        java.util.Arrays.fill(expected, (byte) 0xff);
        expected[0] = 0;
        expected[1] = 1;
        expected[length - content.size() - 1] = 0;
        System.arraycopy(content.toArray(), 0, expected, length - content.size(), content.size());
        return sealed.modPow(key.getPublicExponent(), key.getModulus()).equals(new BigInteger(1, expected));
    }

    /** What RFC 8017 section 9.2 puts before the digest. */
    private static final class DigestInfo {
        private DigestInfo() {}

        static Bytes prefix(int hash) {
            return switch (hash) {
                case Algorithm.SHA1 -> Bytes.hex("3021300906052b0e03021a05000414");
                case Algorithm.SHA2_256 -> Bytes.hex("3031300d060960864801650304020105000420");
                case Algorithm.SHA2_384 -> Bytes.hex("3041300d060960864801650304020205000430");
                case Algorithm.SHA2_512 -> Bytes.hex("3051300d060960864801650304020305000440");
                default -> throw new IllegalArgumentException("no hash has the number " + hash);
            };
        }
    }
}
