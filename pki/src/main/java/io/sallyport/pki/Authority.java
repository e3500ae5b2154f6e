package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of one's own for gateways and their clients, in files: {@code ca.pem} and {@code ca.key}, the list of what was
 * revoked in {@code ca.crl}, a copy of everything issued in {@code issued}, and keys with their chains in
 * {@code credentials}, where the gateway looks for them.
 */
public final class Authority {
    private static final Duration LIFE = Duration.ofDays(3_650);
    private static final Duration LIST_LIFE = Duration.ofDays(30);
    /** Clocks differ. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final int DAYS_MAX = 3_650;
    private static final String SECRET = "rw-------";
    private static final String PUBLIC = "rw-r--r--";

    private final Path directory;
    private final Clock clock;
    private final PrivateKey key;
    private final X509Certificate certificate;

    private Authority(Path directory, Clock clock, PrivateKey key, X509Certificate certificate) {
        this.directory = directory;
        this.clock = clock;
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * What a certificate is to say.
     *
     * @param names alternative names: of hosts, of mail, or addresses; empty: {@code name} itself
     */
    public record Request(String name, Role role, List<String> names, int days, KeyKind kind) {
        public Request {
            names = List.copyOf(names);
        }
    }

    /**
     * Makes an authority in {@code directory}.
     *
     * @throws IOException when there is one already
     */
    public static Authority init(Path directory, String name, KeyKind kind, Clock clock) throws IOException {
        if (Files.exists(directory.resolve("ca.key"))) {
            throw new IOException(directory + " has an authority already; move ca.pem and ca.key away to make another");
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            KeyPair pair = kind.pair();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject(name),
                    Issuer.serial(),
                    Date.from(clock.instant().minus(BEFORE)),
                    Date.from(clock.instant().plus(LIFE)),
                    subject(name),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate made = converted(builder, pair.getPrivate());
            Pem.write(directory.resolve("ca.key"), pair.getPrivate());
            Pem.write(directory.resolve("ca.pem"), made);
            Authority authority = new Authority(directory, clock, pair.getPrivate(), made);
            authority.writeList(List.of());
            return authority;
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority cannot be made: " + e.getMessage(), e);
        }
    }

    public static Authority open(Path directory, Clock clock) throws IOException {
        Path secret = directory.resolve("ca.key");
        if (!Files.exists(secret)) {
            throw new IOException(directory + " has no authority; sallyport pki init makes one");
        }
        try {
            PrivateKey key = PemFile.read(secret, Optional.empty())
                    .key()
                    .orElseThrow(() -> new NoCredential("no private key is in " + secret));
            Path open = directory.resolve("ca.pem");
            Credential both = Credentials.checked(
                    "ca", key, PemFile.read(open, Optional.empty()).certificates(), open);
            return new Authority(directory, clock, key, both.certificate());
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Issues a certificate with a new key into {@code credentials/NAME.pem}.
     *
     * @throws IOException when there is one of this name already, or the request is wrong
     */
    public Credential issue(Request request) throws IOException {
        if (Files.exists(file(request.name()))) {
            throw new IOException("there is a certificate '" + request.name() + "' already; renew makes it anew");
        }
        return make(request);
    }

    /** Issues it again with a new key, for the same names and as long as before. The old one stays valid until its end. */
    public Credential renew(String name) throws IOException {
        Credential before = named(name);
        X509Certificate old = before.certificate();
        if (!old.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
            throw new IOException("'" + name + "' was issued by '" + Certificates.issuer(old)
                    + "', not by this authority; let that one renew it, then: sallyport pki import");
        }
        long days = Duration.between(
                        old.getNotBefore().toInstant(), old.getNotAfter().toInstant())
                .toDays();
        return make(new Request(
                name,
                Role.of(old),
                AlternativeNames.texts(old),
                Math.clamp(days, 1, DAYS_MAX),
                KeyKind.of(old.getPublicKey())));
    }

    /**
     * Takes back every certificate of this name that has not ended.
     *
     * @param reason of RFC 5280 section 5.3.1
     * @return how many
     */
    public int revoke(String name, RevocationReason reason) throws IOException {
        checkName(name);
        List<X509CRLEntry> before = entries();
        List<ListBuilding> added = new ArrayList<>();
        for (X509Certificate each : issued(name)) {
            boolean known = before.stream().anyMatch(e -> e.getSerialNumber().equals(each.getSerialNumber()));
            if (!known && each.getNotAfter().toInstant().isAfter(clock.instant())) {
                added.add(b -> b.addCRLEntry(each.getSerialNumber(), Date.from(clock.instant()), reason.code()));
            }
        }
        if (added.isEmpty()) {
            throw new IOException("no valid certificate '" + name + "' was issued by this authority");
        }
        writeList(added);
        return added.size();
    }

    /** Signs the list of what was revoked anew, for another thirty days. */
    public Path renewList() throws IOException {
        writeList(List.of());
        return list();
    }

    private Path list() {
        return directory.resolve("ca.crl");
    }

    /** Whether this authority took the certificate back. */
    public boolean isRevoked(X509Certificate other) throws IOException {
        return other.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
                && entries().stream().anyMatch(e -> e.getSerialNumber().equals(other.getSerialNumber()));
    }

    private Credential named(String name) throws IOException {
        try {
            return new Credentials(directory.resolve("credentials"), clock).named(name);
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        }
    }

    private Path file(String name) throws IOException {
        checkName(name);
        return directory.resolve("credentials").resolve(name + ".pem");
    }

    static void checkName(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("found the name '" + Certificates.text(name)
                    + "'; allowed: up to 64 letters, digits, dots, dashes, underscores and @");
        }
    }

    private Credential make(Request request) throws IOException {
        checkName(request.name());
        if (request.days() < 1 || request.days() > DAYS_MAX) {
            throw new IOException("found " + request.days() + " days; allowed: 1 to " + DAYS_MAX);
        }
        Instant end = clock.instant().plus(Duration.ofDays(request.days()));
        Instant own = certificate.getNotAfter().toInstant();
        try {
            KeyPair pair = request.kind().pair();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    certificate,
                    Issuer.serial(),
                    Date.from(clock.instant().minus(BEFORE)),
                    Date.from(end.isBefore(own) ? end : own),
                    subject(request.name()),
                    pair.getPublic());
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
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
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate made = converted(builder, key);
            return keep(new Credential(request.name(), pair.getPrivate(), List.of(made, certificate)));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be made: " + e.getMessage(), e);
        }
    }

    private Credential keep(Credential credential) throws IOException, GeneralSecurityException {
        Path issued = directory.resolve("issued");
        Files.createDirectories(issued);
        Pem.write(
                issued.resolve(credential.name() + "-"
                        + credential.certificate().getSerialNumber().toString(16) + ".pem"),
                credential.certificate());
        write(directory, credential);
        return credential;
    }

    /** Key and chain into the one file where the gateway looks for them. */
    static void write(Path directory, Credential credential) throws IOException, GeneralSecurityException {
        Path credentials = directory.resolve("credentials");
        Files.createDirectories(
                credentials, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        StringBuilder text = new StringBuilder(Pem.text(credential.key()));
        for (X509Certificate each : credential.chain()) {
            text.append(Pem.text(each));
        }
        Pem.write(credentials.resolve(credential.name() + ".pem"), text.toString(), SECRET);
    }

    private List<X509Certificate> issued(String name) throws IOException {
        Path issued = directory.resolve("issued");
        if (!Files.isDirectory(issued)) {
            return List.of();
        }
        List<X509Certificate> out = new ArrayList<>();
        Pattern own = Pattern.compile(Pattern.quote(name) + "-[0-9a-f]{1,40}\\.pem");
        try (Stream<Path> files = Files.list(issued)) {
            for (Path file : files.filter(
                            f -> own.matcher(f.getFileName().toString()).matches())
                    .toList()) {
                out.addAll(PemFile.read(file, Optional.empty()).certificates());
            }
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        }
        return out;
    }

    private List<X509CRLEntry> entries() throws IOException {
        if (!Files.exists(list())) {
            return List.of();
        }
        return Crl.read(Bytes.wrap(Files.readAllBytes(list())))
                .orElseThrow(() -> new IOException(list() + " cannot be read"))
                .entries();
    }

    /** Adds one entry. */
    private interface ListBuilding {
        void add(X509v2CRLBuilder builder);
    }

    private void writeList(List<ListBuilding> added) throws IOException {
        try {
            X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(certificate, Date.from(clock.instant()));
            builder.setNextUpdate(Date.from(clock.instant().plus(LIST_LIFE)));
            for (X509CRLEntry each : entries()) {
                builder.addCRLEntry(
                        each.getSerialNumber(),
                        each.getRevocationDate(),
                        RevocationReason.of(each.getRevocationReason()).code());
            }
            added.forEach(a -> a.add(builder));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            builder.addExtension(
                    Extension.cRLNumber,
                    false,
                    new CRLNumber(BigInteger.valueOf(clock.instant().toEpochMilli())));
            Pem.write(list(), builder.build(signer(key)).getEncoded(), PUBLIC);
        } catch (GeneralSecurityException e) {
            throw new IOException("the list cannot be made: " + e.getMessage(), e);
        }
    }

    private static org.bouncycastle.asn1.x500.X500Name subject(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static X509Certificate converted(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer(key)));
    }

    private static ContentSigner signer(PrivateKey key) throws GeneralSecurityException {
        try {
            return new JcaContentSignerBuilder(KeyKind.algorithm(key)).build(key);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("this key cannot sign", e);
        }
    }
}
