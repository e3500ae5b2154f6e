package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
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
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of every kind, good and bad. */
final class Made {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final AtomicLong SERIAL = new AtomicLong(1000);

    final KeyPair pair;
    final X509Certificate certificate;

    private Made(KeyPair pair, X509Certificate certificate) {
        this.pair = pair;
        this.certificate = certificate;
    }

    static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static KeyPair rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static KeyPair ed25519() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    static Plan authority(String name) {
        return new Plan("CN=" + name).isAuthority();
    }

    static Plan end(String name) {
        return new Plan("CN=" + name).usage(KeyUsage.digitalSignature);
    }

    Bytes der() throws Exception {
        return Bytes.wrap(certificate.getEncoded());
    }

    Credential credential(Made... above) {
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        for (Made each : above) {
            chain.add(each.certificate);
        }
        return new Credential("ours", pair.getPrivate(), chain);
    }

    Trust trust() {
        return new Trust("partners", List.of(certificate), Optional.empty(), List.of(), Trust.Policy.OFF);
    }

    /** What is to be made. */
    static final class Plan {
        private final String subject;
        private Optional<KeyPair> pair = Optional.empty();
        private Optional<String> algorithm = Optional.empty();
        private Instant from = NOW.minus(Duration.ofDays(1));
        private Instant to = NOW.plus(Duration.ofDays(365));
        private final List<Extension> extensions = new ArrayList<>();
        private boolean named;

        private Plan(String subject) {
            this.subject = subject;
        }

        Plan isAuthority() {
            return with(Extension.basicConstraints, true, new BasicConstraints(true))
                    .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        }

        Plan key(KeyPair other) {
            pair = Optional.of(other);
            return this;
        }

        Plan signedWith(String name) {
            algorithm = Optional.of(name);
            return this;
        }

        Plan valid(Instant begin, Instant end) {
            from = begin;
            to = end;
            return this;
        }

        Plan usage(int bits) {
            return with(Extension.keyUsage, true, new KeyUsage(bits));
        }

        Plan extended(KeyPurposeId... purposes) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }

        Plan names(GeneralName... names) {
            return with(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }

        Plan permitted(GeneralName name) {
            return with(
                    Extension.nameConstraints,
                    true,
                    new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(name)}, null));
        }

        Plan excluded(GeneralName name) {
            return with(Extension.nameConstraints, true, new NameConstraints(null, new GeneralSubtree[] {
                new GeneralSubtree(name)
            }));
        }

        Plan keyNamed() {
            named = true;
            return this;
        }

        Plan with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            try {
                extensions.removeIf(e -> e.getExtnId().equals(oid));
                extensions.add(Extension.create(oid, critical, value));
                return this;
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }

        Made selfSigned() throws Exception {
            KeyPair own = pair.isPresent() ? pair.get() : ec("secp256r1");
            return make(own, own, new X500Name(subject));
        }

        Made by(Made issuer) throws Exception {
            KeyPair own = pair.isPresent() ? pair.get() : ec("secp256r1");
            return make(
                    own,
                    issuer.pair,
                    X500Name.getInstance(
                            issuer.certificate.getSubjectX500Principal().getEncoded()));
        }

        private Made make(KeyPair own, KeyPair signer, X500Name issuer) throws Exception {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(from),
                    Date.from(to),
                    new X500Name(subject),
                    own.getPublic());
            for (Extension each : extensions) {
                builder.addExtension(each);
            }
            if (named) {
                builder.addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(own.getPublic()));
            }
            String with = algorithm.orElse(
                    switch (signer.getPublic().getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> "Ed25519";
                    });
            return new Made(
                    own,
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    builder.build(new JcaContentSignerBuilder(with).build(signer.getPrivate()))));
        }
    }
}
