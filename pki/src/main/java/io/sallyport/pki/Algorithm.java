package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The signature algorithms of RFC 7427 that are made and believed. Each is known by its whole AlgorithmIdentifier in DER
 * (RFC 7427 appendix A, RFC 8420), so that what a stranger writes is compared and never parsed: there is no other salt
 * length, no other mask, no parameter left over. SHA-1 is not among them.
 *
 * @param hash number in SIGNATURE_HASH_ALGORITHMS
 */
record Algorithm(Kind kind, int hash, List<Bytes> encodings) {
    static final int SHA1 = 1;
    static final int SHA2_256 = 2;
    static final int SHA2_384 = 3;
    static final int SHA2_512 = 4;
    /** RFC 8420: the signature algorithm hashes by itself. */
    static final int IDENTITY = 5;

    private static final List<Algorithm> ALL = all();

    Algorithm {
        encodings = List.copyOf(encodings);
    }

    enum Kind {
        RSA_PKCS1("RSA PKCS#1 v1.5"),
        RSA_PSS("RSA-PSS"),
        ECDSA("ECDSA"),
        ED25519("Ed25519");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Optional<Algorithm> of(Bytes encoding) {
        return ALL.stream().filter(a -> a.encodings.contains(encoding)).findFirst();
    }

    static Optional<Algorithm> of(Kind kind, int hash) {
        return ALL.stream().filter(a -> a.kind == kind && a.hash == hash).findFirst();
    }

    /** As we write it. */
    Bytes encoding() {
        return encodings.getFirst();
    }

    /** As the JDK calls the hash. */
    static String digest(int hash) {
        return switch (hash) {
            case SHA1 -> "SHA-1";
            case SHA2_256 -> "SHA-256";
            case SHA2_384 -> "SHA-384";
            case SHA2_512 -> "SHA-512";
            default -> throw new IllegalArgumentException("no hash has the number " + hash);
        };
    }

    @Override
    public String toString() {
        return kind == Kind.ED25519 ? kind.toString() : kind + " with " + digest(hash);
    }

    private static List<Algorithm> all() {
        List<Algorithm> all = new ArrayList<>();
        try {
            all.add(rsa(SHA2_256, PKCSObjectIdentifiers.sha256WithRSAEncryption));
            all.add(rsa(SHA2_384, PKCSObjectIdentifiers.sha384WithRSAEncryption));
            all.add(rsa(SHA2_512, PKCSObjectIdentifiers.sha512WithRSAEncryption));
            all.add(pss(SHA2_256, NISTObjectIdentifiers.id_sha256, 32));
            all.add(pss(SHA2_384, NISTObjectIdentifiers.id_sha384, 48));
            all.add(pss(SHA2_512, NISTObjectIdentifiers.id_sha512, 64));
            all.add(bare(Kind.ECDSA, SHA2_256, X9ObjectIdentifiers.ecdsa_with_SHA256));
            all.add(bare(Kind.ECDSA, SHA2_384, X9ObjectIdentifiers.ecdsa_with_SHA384));
            all.add(bare(Kind.ECDSA, SHA2_512, X9ObjectIdentifiers.ecdsa_with_SHA512));
            all.add(bare(Kind.ED25519, IDENTITY, EdECObjectIdentifiers.id_Ed25519));
        } catch (IOException e) {
            throw new IllegalStateException("constants cannot be encoded", e);
        }
        return List.copyOf(all);
    }

    private static Algorithm rsa(int hash, ASN1ObjectIdentifier oid) throws IOException {
        return new Algorithm(Kind.RSA_PKCS1, hash, List.of(der(new AlgorithmIdentifier(oid, DERNull.INSTANCE))));
    }

    private static Algorithm bare(Kind kind, int hash, ASN1ObjectIdentifier oid) throws IOException {
        return new Algorithm(kind, hash, List.of(der(new AlgorithmIdentifier(oid))));
    }

    /** RFC 4055 section 2.1: the parameters of a hash may be NULL or absent, and both are to be understood. */
    private static Algorithm pss(int hash, ASN1ObjectIdentifier digest, int salt) throws IOException {
        List<AlgorithmIdentifier> forms =
                List.of(new AlgorithmIdentifier(digest, DERNull.INSTANCE), new AlgorithmIdentifier(digest));
        List<Bytes> encodings = new ArrayList<>();
        for (AlgorithmIdentifier own : forms) {
            for (AlgorithmIdentifier mask : forms) {
                RSASSAPSSparams parameters = new RSASSAPSSparams(
                        own,
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, mask),
                        new ASN1Integer(salt),
                        RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
                encodings.add(der(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, parameters)));
            }
        }
        return new Algorithm(Kind.RSA_PSS, hash, encodings);
    }

    private static Bytes der(AlgorithmIdentifier identifier) throws IOException {
        return Bytes.wrap(identifier.getEncoded(ASN1Encoding.DER));
    }
}
