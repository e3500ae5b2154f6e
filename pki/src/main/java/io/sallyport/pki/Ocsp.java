package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** An answer of OCSP (RFC 6960), fetched or delivered inside of IKE (RFC 4806). */
final class Ocsp {
    static final int SIZE_MAX = 64 * 1024;
    private static final int CERTIFICATES_MAX = 4;
    private static final int ANSWERS_MAX = 32;
    /** Clocks differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);
    /** How long an answer holds that does not say when the next one comes. */
    private static final Duration LIFE = Duration.ofHours(1);

    private final BasicOCSPResp answer;

    private Ocsp(BasicOCSPResp answer) {
        this.answer = answer;
    }

    static Optional<Ocsp> read(Bytes encoded) {
        if (encoded.size() > SIZE_MAX) {
            return Optional.empty();
        }
        try {
            OCSPResp response = new OCSPResp(encoded.toArray());
            return response.getStatus() == OCSPResp.SUCCESSFUL
                            && response.getResponseObject() instanceof BasicOCSPResp basic
                    ? Optional.of(new Ocsp(basic))
                    : Optional.empty();
        } catch (IOException | OCSPException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The question whether {@code certificate} is good. Without a nonce, so that responders may answer from a cache. */
    static Bytes question(X509Certificate certificate, X509Certificate issuer)
            throws GeneralSecurityException, IOException {
        try {
            return Bytes.wrap(new OCSPReqBuilder()
                    .addRequest(new CertificateID(
                            digests().get(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE)),
                            new JcaX509CertificateHolder(issuer),
                            certificate.getSerialNumber()))
                    .build()
                    .getEncoded());
        } catch (OCSPException | OperatorException e) {
            throw new GeneralSecurityException("an OCSP request cannot be made", e);
        }
    }

    private static DigestCalculatorProvider digests() throws OperatorException {
        return new JcaDigestCalculatorProviderBuilder().build();
    }

    /**
     * Until when it may be kept: the earliest end of what it says. Parts are parsed when they are asked for, so that what
     * cannot be read may only show here.
     */
    Optional<Instant> nextUpdate() {
        try {
            Optional<Instant> earliest = Optional.empty();
            for (SingleResp each : answer.getResponses()) {
                Date next = each.getNextUpdate();
                if (next != null && (earliest.isEmpty() || next.toInstant().isBefore(earliest.get()))) {
                    earliest = Optional.of(next.toInstant());
                }
            }
            return earliest;
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    Standing standing(X509Certificate certificate, X509Certificate issuer, Instant now) {
        try {
            Optional<SingleResp> single = about(certificate.getSerialNumber(), issuer);
            if (single.isEmpty()) {
                return new Standing.Unknown("an OCSP answer about other certificates");
            }
            Instant thisUpdate = single.get().getThisUpdate().toInstant();
            Instant end = single.get().getNextUpdate() == null
                    ? thisUpdate.plus(LIFE)
                    : single.get().getNextUpdate().toInstant();
            if (thisUpdate.isAfter(now.plus(SKEW)) || end.isBefore(now.minus(SKEW))) {
                return new Standing.Unknown("an OCSP answer for " + thisUpdate + " to " + end);
            }
            if (!isSigned(issuer, now)) {
                return new Standing.Unknown("an OCSP answer that nobody signed who may");
            }
            CertificateStatus status = single.get().getCertStatus();
            if (status == CertificateStatus.GOOD) {
                return new Standing.Good();
            }
            return status instanceof RevokedStatus revoked
                    ? new Standing.Revoked(
                            revoked.getRevocationTime().toInstant(),
                            revoked.hasRevocationReason()
                                    ? "reason " + revoked.getRevocationReason()
                                    : "no reason given")
                    : new Standing.Unknown("an OCSP responder that does not know the certificate");
        } catch (OCSPException | OperatorException | GeneralSecurityException | RuntimeException e) {
            return new Standing.Unknown("an OCSP answer that cannot be read");
        }
    }

    private Optional<SingleResp> about(BigInteger serial, X509Certificate issuer)
            throws OCSPException, OperatorException, GeneralSecurityException {
        SingleResp[] all = answer.getResponses();
        for (int i = 0; i < all.length && i < ANSWERS_MAX; i++) {
            if (all[i].getCertID().getSerialNumber().equals(serial)
                    && all[i].getCertID().matchesIssuer(new JcaX509CertificateHolder(issuer), digests())) {
                return Optional.of(all[i]);
            }
        }
        return Optional.empty();
    }

    /** RFC 6960 section 4.2.2.2: by the issuer, or by somebody whom the issuer itself named for it. */
    private boolean isSigned(X509Certificate issuer, Instant now) throws GeneralSecurityException, OCSPException {
        if (verifies(issuer.getPublicKey())) {
            return true;
        }
        X509CertificateHolder[] sent = answer.getCerts();
        for (int i = 0; i < sent.length && i < CERTIFICATES_MAX; i++) {
            X509Certificate responder = new JcaX509CertificateConverter().getCertificate(sent[i]);
            if (isNamed(responder, issuer, now) && verifies(responder.getPublicKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(X509Certificate responder, X509Certificate issuer, Instant now) {
        try {
            responder.checkValidity(Date.from(now));
            boolean direct = responder.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
            boolean mayAnswer = responder.getExtendedKeyUsage() != null
                    && responder.getExtendedKeyUsage().contains(KeyPurposeId.id_kp_OCSPSigning.getId());
            if (!direct || !mayAnswer || Keys.weakness(responder.getPublicKey()).isPresent()) {
                return false;
            }
            responder.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean verifies(PublicKey key) {
        try {
            return answer.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (OCSPException | OperatorException | RuntimeException e) {
            return false;
        }
    }
}
