package io.sallyport.pki;

import io.sallyport.pki.CertificateRefused.Fault;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * What must be true of a path from an end entity to an anchor: what is most often wrong is looked at first and named
 * plainly; what RFC 5280 section 6 demands besides is the JDK's business.
 */
final class PathRules {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;
    private static final int CERTIFICATE_SIGNING = 5;

    private final Instant now;
    private final Trust trust;
    private final Use use;
    private final Remembered sound;

    /** @param sound paths that were validated before */
    PathRules(Instant now, Trust trust, Use use, Remembered sound) {
        this.now = now;
        this.trust = trust;
        this.use = use;
        this.sound = sound;
    }

    void check(List<X509Certificate> path) throws CertificateRefused {
        for (X509Certificate each : path) {
            checkTime(each);
            checkThumbprint(each);
            checkKey(each);
        }
        for (X509Certificate below : path.subList(0, path.size() - 1)) {
            checkAlgorithm(below);
        }
        for (int i = 1; i < path.size(); i++) {
            checkAuthority(path.get(i), i - 1);
        }
        checkEnd(path.getFirst());
        if (path.size() > 1 && !sound.has(path)) {
            validate(path);
            for (X509Certificate below : path.subList(0, path.size() - 1)) {
                checkNames(path.getLast(), below);
            }
            sound.add(path);
        }
    }

    private void checkTime(X509Certificate certificate) throws CertificateRefused {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            throw refused(Fault.EXPIRED, certificate, "is valid from " + from + " on; it is " + seconds(now) + " now");
        }
        if (now.isAfter(to)) {
            throw refused(Fault.EXPIRED, certificate, "was valid until " + to + "; it is " + seconds(now) + " now");
        }
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }

    private void checkThumbprint(X509Certificate certificate) throws CertificateRefused {
        String thumbprint = Digests.thumbprint(certificate);
        if (trust.revokedThumbprints().contains(thumbprint)) {
            throw refused(Fault.REVOKED, certificate, "has the thumbprint " + thumbprint + ", which is revoked here");
        }
    }

    private static void checkKey(X509Certificate certificate) throws CertificateRefused {
        Optional<String> weakness = Keys.weakness(certificate.getPublicKey());
        if (weakness.isPresent()) {
            throw refused(Fault.WEAK, certificate, "is too weak: " + weakness.get());
        }
    }

    /** The anchor's own signature proves nothing and is not looked at. */
    private static void checkAlgorithm(X509Certificate certificate) throws CertificateRefused {
        String algorithm = certificate.getSigAlgName();
        boolean strong = algorithm.startsWith("SHA256")
                || algorithm.startsWith("SHA384")
                || algorithm.startsWith("SHA512")
                || algorithm.startsWith("SHA3-")
                || algorithm.equals("Ed25519")
                || algorithm.equals("EdDSA")
                || algorithm.equals("RSASSA-PSS") && !defaultsToSha1(certificate);
        if (!strong) {
            throw refused(
                    Fault.WEAK,
                    certificate,
                    "is signed with " + Certificates.text(algorithm)
                            + "; allowed: RSA, RSA-PSS or ECDSA with SHA-256 or better, and Ed25519");
        }
    }

    /** RFC 4055 section 3.1: what the parameters leave out is SHA-1. */
    private static boolean defaultsToSha1(X509Certificate certificate) {
        byte[] parameters = certificate.getSigAlgParams();
        try {
            return parameters == null
                    || org.bouncycastle.asn1.pkcs.RSASSAPSSparams.getInstance(parameters)
                            .getHashAlgorithm()
                            .getAlgorithm()
                            .equals(org.bouncycastle.asn1.oiw.OIWObjectIdentifiers.idSHA1);
        } catch (RuntimeException e) {
            return true;
        }
    }

    /** @param below how many certificates of authorities lie between it and the end entity */
    private static void checkAuthority(X509Certificate authority, int below) throws CertificateRefused {
        int most = authority.getBasicConstraints();
        if (most < 0) {
            throw refused(Fault.USAGE, authority, "is not an authority's (basic constraints), yet it issued another");
        }
        if (below > most) {
            throw refused(Fault.USAGE, authority, "allows " + most + " authorities below it; found: " + below);
        }
        boolean[] usage = authority.getKeyUsage();
        if (usage != null && !usage[CERTIFICATE_SIGNING]) {
            throw refused(Fault.USAGE, authority, "may not sign certificates (key usage), yet it issued another");
        }
    }

    private void checkEnd(X509Certificate end) throws CertificateRefused {
        boolean[] usage = end.getKeyUsage();
        // RFC 4945 section 5.1.3.2: digitalSignature or nonRepudiation, when there is a key usage at all.
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw refused(Fault.USAGE, end, "may not sign (key usage without digitalSignature)");
        }
        try {
            List<String> extended = end.getExtendedKeyUsage();
            if (extended != null && extended.stream().noneMatch(use.usages()::contains)) {
                throw refused(
                        Fault.USAGE,
                        end,
                        "has the extended key usages " + Certificates.text(String.join(", ", extended))
                                + "; one of these is needed: " + String.join(", ", use.usages()));
            }
        } catch (CertificateParsingException e) {
            throw refused(Fault.USAGE, end, "has extended key usages that cannot be read");
        }
    }

    private void validate(List<X509Certificate> path) throws CertificateRefused {
        X509Certificate end = path.getFirst();
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(path.getLast(), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(path.subList(0, path.size() - 1)),
                            parameters);
        } catch (CertPathValidatorException e) {
            int index = Math.max(e.getIndex(), 0);
            X509Certificate culprit = path.get(Math.min(index, path.size() - 1));
            throw refused(fault(e), culprit, "is refused: " + Certificates.text(String.valueOf(e.getMessage())));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw refused(Fault.CHAIN, end, "has a chain that cannot be validated");
        }
    }

    /** RFC 5280 does not look at an anchor's own name constraints; whoever wrote them meant them. */
    private static void checkNames(X509Certificate anchor, X509Certificate below) throws CertificateRefused {
        byte[] encoded = anchor.getExtensionValue(Extension.nameConstraints.getId());
        if (encoded == null) {
            return;
        }
        try {
            NameConstraints constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(encoded).getOctets());
            PKIXNameConstraintValidator names = new PKIXNameConstraintValidator();
            if (constraints.getPermittedSubtrees() != null) {
                names.intersectPermittedSubtree(constraints.getPermittedSubtrees());
            }
            if (constraints.getExcludedSubtrees() != null) {
                for (GeneralSubtree excluded : constraints.getExcludedSubtrees()) {
                    names.addExcludedSubtree(excluded);
                }
            }
            X500Name subject =
                    X500Name.getInstance(below.getSubjectX500Principal().getEncoded());
            if (subject.size() > 0) {
                names.checkPermittedDN(subject);
                names.checkExcludedDN(subject);
            }
            byte[] alternatives = below.getExtensionValue(Extension.subjectAlternativeName.getId());
            if (alternatives != null) {
                for (GeneralName each : GeneralNames.getInstance(
                                ASN1OctetString.getInstance(alternatives).getOctets())
                        .getNames()) {
                    names.checkPermitted(each);
                    names.checkExcluded(each);
                }
            }
        } catch (NameConstraintValidatorException | RuntimeException e) {
            throw refused(
                    Fault.USAGE,
                    below,
                    "has a name for which '" + Certificates.subject(anchor) + "' may not vouch (name constraints)");
        }
    }

    private static Fault fault(CertPathValidatorException e) {
        CertPathValidatorException.Reason reason = e.getReason();
        if (reason == PKIXReason.INVALID_NAME
                || reason == PKIXReason.INVALID_KEY_USAGE
                || reason == PKIXReason.NOT_CA_CERT
                || reason == PKIXReason.PATH_TOO_LONG
                || reason == PKIXReason.INVALID_POLICY
                || reason == PKIXReason.UNRECOGNIZED_CRIT_EXT) {
            return Fault.USAGE;
        }
        if (reason == CertPathValidatorException.BasicReason.ALGORITHM_CONSTRAINED) {
            return Fault.WEAK;
        }
        if (reason == CertPathValidatorException.BasicReason.EXPIRED
                || reason == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
            return Fault.EXPIRED;
        }
        return Fault.CHAIN;
    }

    private static CertificateRefused refused(Fault fault, X509Certificate certificate, String what) {
        return new CertificateRefused(fault, "the certificate of '" + Certificates.subject(certificate) + "' " + what);
    }
}
