package io.sallyport.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates (RFC 5280) with ECDSA over P-256. */
final class Issuer {
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    static final Duration SERVER_LIFE = Duration.ofDays(365);
    /** Clocks differ. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private static final int SERIAL_BITS = 127;

    private Issuer() {}

    /** A key and its certificate. */
    record Issued(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return certificate.getSubjectX500Principal().toString();
        }
    }

    /** An authority that may vouch for these names only: whoever trusts it trusts it for nothing else. */
    static Issued authority(List<HostName> names, Instant now) throws GeneralSecurityException, IOException {
        KeyPair pair = pair();
        X500Name subject = new X500Name("CN=Sallyport CA " + Long.toHexString(new SecureRandom().nextLong()));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                serial(),
                Date.from(now.minus(BEFORE)),
                Date.from(now.plus(CA_LIFE)),
                subject,
                pair.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
        List<GeneralSubtree> permitted = new ArrayList<>();
        names.forEach(n -> permitted.add(new GeneralSubtree(n.constraint())));
        builder.addExtension(
                Extension.nameConstraints, true, new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null));
        return new Issued(pair.getPrivate(), sign(builder, pair.getPrivate()));
    }

    /** A certificate for a server under these names. */
    static Issued server(Issued authority, List<HostName> names, Instant now)
            throws GeneralSecurityException, IOException {
        KeyPair pair = pair();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                authority.certificate(),
                serial(),
                Date.from(now.minus(BEFORE)),
                Date.from(now.plus(SERVER_LIFE)),
                new X500Name("CN=Sallyport API"),
                pair.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        GeneralName[] all = names.stream().map(HostName::alternative).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(authority.certificate()));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
        return new Issued(pair.getPrivate(), sign(builder, authority.key()));
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("this JDK cannot sign with ECDSA", e);
        }
    }
}
