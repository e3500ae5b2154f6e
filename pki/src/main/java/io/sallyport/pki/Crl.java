package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/** A certificate revocation list (RFC 5280 section 5). Lists of changes only (delta) and of others' certificates are not used. */
final class Crl {
    static final int SIZE_MAX = 8 << 20;
    /** Clocks differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int CRL_SIGNING = 6;

    private final X509CRL list;

    private Crl(X509CRL list) {
        this.list = list;
    }

    static Optional<Crl> read(Bytes encoded) {
        if (encoded.size() > SIZE_MAX) {
            return Optional.empty();
        }
        try {
            return CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(encoded.toArray()))
                            instanceof X509CRL list
                    ? Optional.of(new Crl(list))
                    : Optional.empty();
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Until when it may be kept. */
    Optional<Instant> nextUpdate() {
        return Optional.ofNullable(list.getNextUpdate()).map(java.util.Date::toInstant);
    }

    List<X509CRLEntry> entries() {
        Set<? extends X509CRLEntry> all = list.getRevokedCertificates();
        return all == null ? List.of() : List.copyOf(all);
    }

    Standing standing(X509Certificate certificate, X509Certificate issuer, Instant now) {
        if (!list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
            return new Standing.Unknown("a CRL of another issuer");
        }
        Optional<String> unfit = unfit(certificate, issuer, now);
        if (unfit.isPresent()) {
            return new Standing.Unknown(unfit.get());
        }
        X509CRLEntry entry = list.getRevokedCertificate(certificate.getSerialNumber());
        if (entry == null) {
            // A list that is over does not call anything good any more; what it took back stays taken back.
            return isOver(now)
                    ? new Standing.Unknown("a CRL that ended at "
                            + nextUpdate().map(Instant::toString).orElse("no known time"))
                    : new Standing.Good();
        }
        return entry.hasUnsupportedCriticalExtension()
                ? new Standing.Unknown("a CRL entry with an extension that is not understood")
                : new Standing.Revoked(
                        entry.getRevocationDate().toInstant(),
                        entry.getRevocationReason() == null
                                ? "no reason given"
                                : entry.getRevocationReason().toString());
    }

    private boolean isOver(Instant now) {
        return nextUpdate().isEmpty() || nextUpdate().get().isBefore(now.minus(SKEW));
    }

    private Optional<String> unfit(X509Certificate certificate, X509Certificate issuer, Instant now) {
        if (list.getThisUpdate().toInstant().isAfter(now.plus(SKEW))) {
            return Optional.of("a CRL of the future");
        }
        if (list.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null) {
            return Optional.of("a CRL of changes only");
        }
        if (!covers(certificate)) {
            return Optional.of("a CRL for other certificates");
        }
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGNING]) {
            return Optional.of("a CRL whose issuer may not sign CRLs (key usage)");
        }
        return isSigned(issuer) ? Optional.empty() : Optional.of("a CRL with a wrong signature");
    }

    /** RFC 5280 section 5.2.5: what part of the issuer's certificates the list speaks of. */
    private boolean covers(X509Certificate certificate) {
        byte[] encoded = list.getExtensionValue(Extension.issuingDistributionPoint.getId());
        if (encoded == null) {
            return !list.hasUnsupportedCriticalExtension();
        }
        try {
            IssuingDistributionPoint point = IssuingDistributionPoint.getInstance(
                    ASN1OctetString.getInstance(encoded).getOctets());
            boolean isAuthority = certificate.getBasicConstraints() >= 0;
            return !point.isIndirectCRL()
                    && !point.onlyContainsAttributeCerts()
                    && point.getOnlySomeReasons() == null
                    && !(point.onlyContainsUserCerts() && isAuthority)
                    && !(point.onlyContainsCACerts() && !isAuthority)
                    && (point.getDistributionPoint() == null
                            || Places.crls(certificate).stream()
                                    .anyMatch(p -> Places.of(point.getDistributionPoint())
                                            .contains(p)));
        } catch (RuntimeException e) {
            return false;
        }
    }

    private boolean isSigned(X509Certificate issuer) {
        try {
            list.verify(issuer.getPublicKey());
            return !list.getSigAlgName().startsWith("MD")
                    && !list.getSigAlgName().startsWith("SHA1");
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
