package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;

/** Our proofs: what goes into an AUTH payload of IKEv2, or into a SIG payload of IKEv1. */
public final class Signing {
    private static final int METHOD_RSA = 1;
    private static final int METHOD_ECDSA_256 = 9;
    private static final int METHOD_ECDSA_384 = 10;
    private static final int METHOD_ECDSA_521 = 11;
    private static final int METHOD_DIGITAL_SIGNATURE = 14;
    private static final int V1_RSA = 3;

    private Signing() {}

    /**
     * A proof.
     *
     * @param method the authentication method: of IKEv2's AUTH payload, or of IKEv1's phase 1 attribute 3
     */
    public record Signed(int method, Bytes proof) {}

    /**
     * Signs for IKEv2.
     *
     * @param hashes what the peer's SIGNATURE_HASH_ALGORITHMS named; empty: it knows the methods of old only
     * @throws NoCredential when the key cannot make what the peer understands
     */
    public static Signed ikev2(Credential credential, List<Integer> hashes, Bytes octets) throws NoCredential {
        try {
            PublicKey open = credential.certificate().getPublicKey();
            if (open instanceof RSAPublicKey) {
                return rsa(credential, hashes, octets);
            }
            if (open instanceof ECPublicKey ec) {
                return ecdsa(credential, Curve.of(ec), hashes, octets);
            }
            if (!Keys.isEd25519(open)) {
                throw new NoCredential("its key is " + open.getAlgorithm() + "; allowed: RSA, ECDSA or Ed25519");
            }
            if (!hashes.contains(Algorithm.IDENTITY)) {
                throw new NoCredential("its key is Ed25519, and the peer does not understand such signatures"
                        + " (RFC 8420); allowed for this peer: RSA or ECDSA");
            }
            return modern(credential, Algorithm.Kind.ED25519, Algorithm.IDENTITY, octets);
        } catch (GeneralSecurityException e) {
            throw new NoCredential("its key cannot sign: " + e.getMessage());
        }
    }

    private static Signed rsa(Credential credential, List<Integer> hashes, Bytes octets)
            throws GeneralSecurityException {
        int hash = best(hashes, Algorithm.SHA2_256);
        if (hash != 0) {
            // RFC 8247 section 3.2.1: RSASSA-PSS MUST be implemented.
            return modern(credential, Algorithm.Kind.RSA_PSS, hash, octets);
        }
        // RFC 7296 section 3.8: SHA-1 is the default of method 1; whoever knows better has said so by RFC 7427.
        return new Signed(
                METHOD_RSA,
                Bytes.wrap(Signatures.sign(credential.key(), Algorithm.Kind.RSA_PKCS1, Algorithm.SHA1, octets)));
    }

    private static Signed ecdsa(Credential credential, Curve curve, List<Integer> hashes, Bytes octets)
            throws GeneralSecurityException {
        int hash = best(hashes, curve.hash);
        if (hash != 0) {
            return modern(credential, Algorithm.Kind.ECDSA, hash, octets);
        }
        String digest = Algorithm.digest(curve.hash).replace("-", "");
        return new Signed(curve.method, Bytes.wrap(Signatures.ecdsaPlain(credential.key(), digest, octets)));
    }

    /**
     * Signs for IKEv1.
     *
     * @param hash HASH_I or HASH_R
     */
    public static Signed ikev1(Credential credential, Bytes hash) throws NoCredential {
        try {
            PublicKey open = credential.certificate().getPublicKey();
            if (open instanceof RSAPublicKey) {
                return new Signed(V1_RSA, Bytes.wrap(Signatures.pkcs1Bare(credential.key(), hash)));
            }
            if (open instanceof ECPublicKey ec) {
                return new Signed(
                        Curve.of(ec).method, Bytes.wrap(Signatures.ecdsaPlain(credential.key(), "NONE", hash)));
            }
            throw new NoCredential("its key is " + open.getAlgorithm() + "; allowed in IKEv1: RSA or ECDSA");
        } catch (GeneralSecurityException e) {
            throw new NoCredential("its key cannot sign: " + e.getMessage());
        }
    }

    /** RFC 7427 section 3: one octet of length, the AlgorithmIdentifier, the signature. */
    private static Signed modern(Credential credential, Algorithm.Kind kind, int hash, Bytes octets)
            throws GeneralSecurityException {
        Bytes algorithm = Algorithm.of(kind, hash).orElseThrow().encoding();
        Bytes signature = Bytes.wrap(Signatures.sign(credential.key(), kind, hash, octets));
        return new Signed(METHOD_DIGITAL_SIGNATURE, Bytes.concat(Bytes.ofInts(algorithm.size()), algorithm, signature));
    }

    /** The wished hash when the peer knows it, else another that is not broken; 0: none. */
    private static int best(List<Integer> known, int wished) {
        if (known.contains(wished)) {
            return wished;
        }
        return List.of(Algorithm.SHA2_256, Algorithm.SHA2_384, Algorithm.SHA2_512).stream()
                .filter(known::contains)
                .findFirst()
                .orElse(0);
    }

    /** RFC 4754 section 3: each curve has its hash and its method. */
    enum Curve {
        P256(256, METHOD_ECDSA_256, Algorithm.SHA2_256),
        P384(384, METHOD_ECDSA_384, Algorithm.SHA2_384),
        P521(521, METHOD_ECDSA_521, Algorithm.SHA2_512);

        final int bits;
        final int method;
        final int hash;

        Curve(int bits, int method, int hash) {
            this.bits = bits;
            this.method = method;
            this.hash = hash;
        }

        static Curve of(ECPublicKey key) throws NoCredential {
            int bits = Keys.curveBits(key.getParams());
            for (Curve curve : values()) {
                if (curve.bits == bits) {
                    return curve;
                }
            }
            throw new NoCredential("its curve is none of P-256, P-384 and P-521");
        }
    }
}
