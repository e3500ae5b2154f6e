package io.sallyport.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificates of an authority (RFC 5280 section 4). */
final class Mint {
    /** Clocks differ. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final RevocationUrls urls;

    /** @param urls go into everything that is made */
    Mint(PrivateKey key, X509Certificate certificate, RevocationUrls urls) {
        this.key = key;
        this.certificate = certificate;
        this.urls = urls;
    }

    /**
     * Who vouches for itself.
     *
     * @param below how many authorities may follow on a path
     */
    static X509Certificate root(String name, PublicKey open, PrivateKey key, int below, Instant now, Instant end)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject(name), Issuer.serial(), Date.from(now.minus(BEFORE)), Date.from(end), subject(name), open);
        mayIssue(builder, below);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(open));
        return signed(builder, key);
    }

    /** An authority below this one, with none below it. */
    X509Certificate authority(String name, PublicKey open, Instant now, Instant end)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = begin(name, open, now, end);
        mayIssue(builder, 0);
        return signed(builder, key);
    }

    X509Certificate endEntity(Authority.Request request, PublicKey open, Instant now, Instant end)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = begin(request.name(), open, now, end);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(request.role().purposes()));
        List<GeneralName> names = AlternativeNames.read(request.names(), request.name());
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return signed(builder, key);
    }

    private X509v3CertificateBuilder begin(String name, PublicKey open, Instant now, Instant end)
            throws GeneralSecurityException, IOException {
        Instant own = certificate.getNotAfter().toInstant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate,
                Issuer.serial(),
                Date.from(now.minus(BEFORE)),
                Date.from(end.isBefore(own) ? end : own),
                subject(name),
                open);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(open));
        if (!urls.crl().isEmpty()) {
            DistributionPointName places = new DistributionPointName(
                    new GeneralNames(urls.crl().stream().map(Mint::uri).toArray(GeneralName[]::new)));
            builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                new DistributionPoint(places, null, null)
            }));
        }
        if (!urls.ocsp().isEmpty()) {
            List<AccessDescription> places = new ArrayList<>();
            urls.ocsp().forEach(u -> places.add(new AccessDescription(AccessDescription.id_ad_ocsp, uri(u))));
            builder.addExtension(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(places.toArray(AccessDescription[]::new)));
        }
        return builder;
    }

    private static void mayIssue(X509v3CertificateBuilder builder, int below) throws IOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    private static GeneralName uri(String text) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, text);
    }

    private static X500Name subject(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer(key)));
    }

    static ContentSigner signer(PrivateKey key) throws GeneralSecurityException {
        try {
            return new JcaContentSignerBuilder(KeyKind.algorithm(key)).build(key);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("this key cannot sign", e);
        }
    }
}
