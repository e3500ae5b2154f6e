package io.sallyport.pki;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;

/** Peers' proofs: checks what came in an AUTH payload of IKEv2, or in a SIG payload of IKEv1. */
final class Proof {
    private Proof() {}

    /**
     * Checks for IKEv2.
     *
     * @param hashes those we said we understand; not empty when both ends know RFC 7427
     * @return the algorithm, for people
     */
    static String ikev2(PublicKey key, List<Integer> hashes, int method, Bytes proof, Bytes octets)
            throws CertificateRefused {
        return switch (method) {
            case 1 -> rsa(key, hashes, proof, octets);
            case 9, 10, 11 -> ecdsa(key, method, proof, octets);
            case 14 -> modern(key, proof, octets);
            default ->
                throw new CertificateRefused(
                        Fault.SIGNATURE,
                        "the AUTH payload has the method " + method + "; allowed with a certificate: 1, 9, 10, 11, 14");
        };
    }

    /** Checks for IKEv1; the octets are HASH_I or HASH_R. */
    static String ikev1(PublicKey key, Bytes proof, Bytes octets) throws CertificateRefused {
        boolean fits = key instanceof RSAPublicKey rsa && Signatures.pkcs1Verify(rsa, octets, proof)
                || key instanceof ECPublicKey ec && plain(ec, "NONE", proof, octets);
        if (!fits) {
            throw wrong(key);
        }
        return key instanceof RSAPublicKey ? "RSA" : "ECDSA";
    }

    private static String rsa(PublicKey key, List<Integer> hashes, Bytes proof, Bytes octets)
            throws CertificateRefused {
        if (!(key instanceof RSAPublicKey)) {
            throw mismatch("RSA", key);
        }
        for (int hash : List.of(Algorithm.SHA1, Algorithm.SHA2_256, Algorithm.SHA2_384, Algorithm.SHA2_512)) {
            if (Signatures.verify(key, Algorithm.Kind.RSA_PKCS1, hash, octets, proof)) {
                // Both know better; whoever still signs with SHA-1 was made to (the SLOTH attack).
                if (hash == Algorithm.SHA1 && !hashes.isEmpty()) {
                    throw new CertificateRefused(
                            Fault.WEAK, "the proof is signed with SHA-1 although both ends know RFC 7427");
                }
                return "RSA with " + Algorithm.digest(hash);
            }
        }
        throw wrong(key);
    }

    private static String ecdsa(PublicKey key, int method, Bytes proof, Bytes octets) throws CertificateRefused {
        for (Signing.Curve curve : Signing.Curve.values()) {
            if (curve.method != method) {
                continue;
            }
            if (!(key instanceof ECPublicKey ec) || Keys.curveBits(ec.getParams()) != curve.bits) {
                throw mismatch("ECDSA over P-" + curve.bits, key);
            }
            String digest = Algorithm.digest(curve.hash);
            if (!plain(ec, digest.replace("-", ""), proof, octets)) {
                throw wrong(key);
            }
            return "ECDSA-" + curve.bits + " with " + digest;
        }
        throw new IllegalStateException("no curve has the method " + method);
    }

    private static boolean plain(ECPublicKey key, String digest, Bytes proof, Bytes octets) {
        int each = (Keys.curveBits(key.getParams()) + 7) / 8;
        return proof.size() == 2 * each && Signatures.ecdsaPlainVerify(key, digest, octets, proof);
    }

    private static String modern(PublicKey key, Bytes proof, Bytes octets) throws CertificateRefused {
        int length = proof.isEmpty() ? 0 : proof.at(0);
        if (length == 0 || proof.size() < 1 + length) {
            throw new CertificateRefused(
                    Fault.SIGNATURE, "the AUTH payload's algorithm has " + length + " octets of " + proof.size());
        }
        Bytes encoding = proof.slice(1, 1 + length);
        Optional<Algorithm> algorithm = Algorithm.of(encoding);
        if (algorithm.isEmpty()) {
            throw new CertificateRefused(
                    Fault.WEAK,
                    "the proof's algorithm " + encoding.hex()
                            + " is not allowed; allowed: RSA, RSA-PSS (salt as long as"
                            + " the hash) and ECDSA with SHA-256, SHA-384 or SHA-512, and Ed25519");
        }
        Algorithm found = algorithm.get();
        boolean fits = switch (found.kind()) {
            case RSA_PKCS1, RSA_PSS -> key instanceof RSAPublicKey;
            case ECDSA -> key instanceof ECPublicKey;
            case ED25519 -> key instanceof EdECPublicKey;
        };
        if (!fits) {
            throw mismatch(found.toString(), key);
        }
        if (!Signatures.verify(key, found.kind(), found.hash(), octets, proof.slice(1 + length, proof.size()))) {
            throw wrong(key);
        }
        return found.toString();
    }

    private static CertificateRefused mismatch(String found, PublicKey key) {
        return new CertificateRefused(
                Fault.SIGNATURE, "the proof is " + found + ", but the certificate's key is " + key.getAlgorithm());
    }

    private static CertificateRefused wrong(PublicKey key) {
        return new CertificateRefused(
                Fault.SIGNATURE, "the proof was not made with the certificate's " + key.getAlgorithm() + " key");
    }
}
