package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges strangers' certificates and what is signed with them. What costs nothing but time comes first; the network is asked
 * last, and only by {@link #revocation}, when the chain is trusted and the peer has shown that it holds the key.
 */
public final class Verification {
    private final Clock clock;
    private final Revocation revocation;
    private final Remembered signed = new Remembered();
    private final Remembered sound = new Remembered();

    public Verification(Clock clock, Revocation revocation) {
        this.clock = clock;
        this.revocation = revocation;
    }

    /**
     * A chain that leads to somebody whom we trust.
     *
     * @param path the end entity first, the anchor last; it is one certificate when the end entity itself is trusted
     */
    public record Trusted(Trust trust, List<X509Certificate> path) {
        public Trusted {
            path = List.copyOf(path);
        }

        public X509Certificate endEntity() {
            return path.getFirst();
        }

        public String subject() {
            return Certificates.subject(endEntity());
        }

        /** Whether the certificate is made out to an identity of IKE (RFC 7296 section 3.5). */
        public void bind(int type, Bytes identity) throws CertificateRefused {
            Names.bind(endEntity(), type, identity);
        }

        /**
         * Checks IKEv2's AUTH payload.
         *
         * @param hashes those we said we understand
         * @return the algorithm, for people
         */
        public String proveIkev2(List<Integer> hashes, int method, Bytes proof, Bytes octets)
                throws CertificateRefused {
            return Proof.ikev2(endEntity().getPublicKey(), hashes, method, proof, octets);
        }

        /** Checks IKEv1's SIG payload. */
        public String proveIkev1(Bytes proof, Bytes octets) throws CertificateRefused {
            return Proof.ikev1(endEntity().getPublicKey(), proof, octets);
        }
    }

    /**
     * Leads a chain to somebody whom {@code trust} names.
     *
     * @param certificates DER, the end entity first, the others in any order
     */
    public Trusted chain(Trust trust, List<Bytes> certificates, Use use) throws CertificateRefused {
        List<X509Certificate> read = Certificates.read(certificates);
        PathRules rules = new PathRules(clock.instant(), trust, use, sound);
        List<X509Certificate> path =
                new Chains(trust, read.subList(1, read.size()), signed, rules::check).path(read.getFirst());
        if (trust.subject().isPresent()) {
            Names.require(path.getFirst(), trust.subject().get());
        }
        return new Trusted(trust, path);
    }

    /** Whether there is somebody to ask what {@link #statusOfOurs} tells. */
    public static boolean namesResponder(Credential credential) {
        return !Places.ocsp(credential.certificate()).isEmpty();
    }

    /**
     * What the issuer of one of our own certificates says of it today, for peers that ask. May wait for the network, for a
     * bounded time.
     *
     * @param authorities among whom the issuer is looked for, besides the credential's own chain
     */
    public Optional<Bytes> statusOfOurs(Credential credential, List<X509Certificate> authorities) {
        X509Certificate own = credential.certificate();
        return Stream.concat(credential.chain().stream().skip(1), authorities.stream())
                .filter(a -> a.getSubjectX500Principal().equals(own.getIssuerX500Principal()))
                .findFirst()
                .flatMap(issuer -> revocation.ofOurs(own, issuer));
    }

    /**
     * Whether anybody says that a certificate of the chain was revoked. May wait for the network, for a bounded time.
     *
     * @param crls DER, as they came with the proof
     * @param ocsp an answer about the end entity, as it came with the proof (RFC 4806)
     */
    public void revocation(Trusted trusted, List<Bytes> crls, Optional<Bytes> ocsp) throws CertificateRefused {
        revocation.check(trusted, crls, ocsp);
    }
}
