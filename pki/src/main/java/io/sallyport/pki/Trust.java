package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose certificates are believed.
 *
 * @param authorities roots, and authorities between that peers forget to send; the self-signed among them are the anchors,
 *     and if none is, all are
 * @param subject text that the end entity's subject must have: a distinguished name, or its common name alone
 * @param revokedThumbprints SHA-1 of certificates that are not believed any more, in lower-case hexadecimal
 */
public record Trust(
        String name,
        List<X509Certificate> authorities,
        Optional<String> subject,
        List<String> revokedThumbprints,
        Policy revocation) {
    /** How much is done to learn whether a certificate was revoked. */
    public enum Policy {
        /** Nothing is fetched; what the peer sent still counts. */
        OFF,
        /** Asked, but silence of the authority is no obstacle. */
        IF_POSSIBLE,
        /** Whoever cannot be shown to be good is refused. */
        REQUIRED
    }

    public Trust {
        authorities = List.copyOf(authorities);
        revokedThumbprints = revokedThumbprints.stream()
                .map(t -> t.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-f]", ""))
                .toList();
    }

    /**
     * Reads the authorities; those that cannot be read are left out.
     *
     * @param encoded DER
     * @param left is told of each that was left out, in one line
     */
    public static Trust of(
            String name,
            List<Bytes> encoded,
            Optional<String> subject,
            List<String> revokedThumbprints,
            Policy revocation,
            java.util.function.Consumer<String> left) {
        List<X509Certificate> read = new ArrayList<>();
        for (Bytes each : encoded) {
            try {
                read.add(Certificates.read(each));
            } catch (CertificateRefused e) {
                left.accept("an authority of " + name + " is left out: " + e.detail());
            }
        }
        return new Trust(name, read, subject, revokedThumbprints, revocation);
    }

    /** Where chains may end. */
    List<X509Certificate> anchors() {
        List<X509Certificate> selfSigned =
                authorities.stream().filter(Trust::isSelfIssued).toList();
        return selfSigned.isEmpty() ? authorities : selfSigned;
    }

    /** Named in CERTREQ: SHA-1 over each SubjectPublicKeyInfo (RFC 7296 section 3.7). */
    public List<Bytes> keyHashes() {
        return authorities.stream()
                .map(a -> Digests.sha1(a.getPublicKey().getEncoded()))
                .toList();
    }

    /** The subjects in DER, for IKEv1's CERTREQ and for TLS. */
    public List<Bytes> names() {
        return authorities.stream()
                .map(a -> Bytes.wrap(a.getSubjectX500Principal().getEncoded()))
                .toList();
    }

    static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
