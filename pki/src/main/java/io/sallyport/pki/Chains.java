package io.sallyport.pki;

import io.sallyport.pki.CertificateRefused.Fault;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/**
 * Looks for ways from an end entity to an anchor (RFC 4158, bounded): at most {@link #PATH_MAX} certificates, none twice, and
 * at most {@link #SIGNATURES_MAX} signatures are looked at, whatever a stranger sends.
 */
final class Chains {
    static final int PATH_MAX = 8;
    private static final int SIGNATURES_MAX = 32;

    private final List<X509Certificate> anchors;
    private final List<X509Certificate> between = new ArrayList<>();
    private final Remembered signed;
    private final Check check;
    private Optional<CertificateRefused> first = Optional.empty();
    private int signatures;

    /** Judges a whole path; the anchor is its last. */
    interface Check {
        void accept(List<X509Certificate> path) throws CertificateRefused;
    }

    /** @param signed who was found to have signed whom: the issued one and its issuer */
    Chains(Trust trust, List<X509Certificate> sent, Remembered signed, Check check) {
        this.anchors = trust.anchors();
        this.between.addAll(trust.authorities());
        this.between.addAll(sent);
        this.signed = signed;
        this.check = check;
    }

    /** The first way that passes the check; if none does, why the first that was found does not. */
    List<X509Certificate> path(X509Certificate end) throws CertificateRefused {
        List<X509Certificate> path = new ArrayList<>(List.of(end));
        if (extend(path)) {
            return List.copyOf(path);
        }
        if (first.isPresent()) {
            throw first.get();
        }
        throw new CertificateRefused(
                Fault.CHAIN,
                "the certificate of '" + Certificates.subject(end) + "' was issued by '" + Certificates.issuer(end)
                        + "'; no chain leads from there to " + named());
    }

    private String named() {
        List<String> names = anchors.stream()
                .limit(3)
                .map(a -> "'" + Certificates.subject(a) + "'")
                .toList();
        return names.isEmpty()
                ? "an authority, because none is trusted"
                : "the trusted " + String.join(", ", names) + (anchors.size() > 3 ? " …" : "");
    }

    private boolean extend(List<X509Certificate> path) {
        X509Certificate last = path.getLast();
        if (anchors.contains(last)) {
            return passes(path);
        }
        if (path.size() >= PATH_MAX) {
            return false;
        }
        for (List<X509Certificate> candidates : List.of(anchors, between)) {
            for (X509Certificate candidate : candidates) {
                if (!path.contains(candidate) && mayIssue(candidate, last) && hasSigned(candidate, last)) {
                    path.add(candidate);
                    if (extend(path)) {
                        return true;
                    }
                    path.removeLast();
                }
            }
        }
        return false;
    }

    private boolean passes(List<X509Certificate> path) {
        try {
            check.accept(path);
            return true;
        } catch (CertificateRefused e) {
            first = first.or(() -> Optional.of(e));
            return false;
        }
    }

    private static boolean mayIssue(X509Certificate issuer, X509Certificate issued) {
        if (!issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal())) {
            return false;
        }
        Optional<byte[]> wanted = authorityKey(issued);
        Optional<byte[]> found = subjectKey(issuer);
        return wanted.isEmpty() || found.isEmpty() || Arrays.equals(wanted.get(), found.get());
    }

    private boolean hasSigned(X509Certificate issuer, X509Certificate issued) {
        List<X509Certificate> pair = List.of(issued, issuer);
        if (signed.has(pair)) {
            return true;
        }
        if (++signatures > SIGNATURES_MAX
                || Keys.weakness(issuer.getPublicKey()).isPresent() && !isAnchor(issuer)) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            signed.add(pair);
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** A weak anchor gets its own sentence later. */
    private boolean isAnchor(X509Certificate certificate) {
        return anchors.contains(certificate);
    }

    private static Optional<byte[]> authorityKey(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
            return encoded == null
                    ? Optional.empty()
                    : Optional.ofNullable(AuthorityKeyIdentifier.getInstance(
                                    ASN1OctetString.getInstance(encoded).getOctets())
                            .getKeyIdentifierOctets());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    static Optional<byte[]> subjectKey(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId());
            return encoded == null
                    ? Optional.empty()
                    : Optional.ofNullable(SubjectKeyIdentifier.getInstance(
                                    ASN1OctetString.getInstance(encoded).getOctets())
                            .getKeyIdentifier());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
