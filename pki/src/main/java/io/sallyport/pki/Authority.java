package io.sallyport.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An authority of one's own for gateways and their clients, in files: {@code ca.pem} (and behind it the authorities above)
 * and {@code ca.key}, the list of what was revoked in {@code ca.crl}, a copy of everything issued in {@code issued}, and keys
 * with their chains in {@code credentials}, where the gateway looks for them.
 */
public final class Authority {
    private static final Duration LIFE = Duration.ofDays(3_650);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final int DAYS_MAX = 3_650;
    private static final String SECRET = "rw-------";

    private final Path directory;
    private final Clock clock;
    /** Its own certificate first, then those above it. */
    private final List<X509Certificate> chain;

    private final Mint mint;
    private final RevocationList list;

    private Authority(Path directory, Clock clock, PrivateKey key, List<X509Certificate> chain, RevocationUrls urls) {
        this.directory = directory;
        this.clock = clock;
        this.chain = List.copyOf(chain);
        this.mint = new Mint(key, chain.getFirst(), urls);
        this.list = new RevocationList(directory, clock, key, chain.getFirst());
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
     * What an authority is to be.
     *
     * @param root authorities may stand below it
     * @param urls where those whom it vouches for say that their standing can be asked
     */
    public record Kind(String name, KeyKind key, boolean root, RevocationUrls urls) {}

    /** {@link #init(Path, Kind, Clock)} of one that stands alone. */
    public static Authority init(Path directory, String name, KeyKind kind, Clock clock) throws IOException {
        return init(directory, new Kind(name, kind, false, RevocationUrls.NONE), clock);
    }

    /**
     * Makes an authority in {@code directory} that vouches for itself.
     *
     * @throws IOException when there is one already, or something is wrong with {@code kind}
     */
    public static Authority init(Path directory, Kind kind, Clock clock) throws IOException {
        prepare(directory, kind);
        try {
            KeyPair pair = kind.key().pair();
            X509Certificate made = Mint.root(
                    kind.name(),
                    pair.getPublic(),
                    pair.getPrivate(),
                    kind.root() ? 1 : 0,
                    clock.instant(),
                    clock.instant().plus(LIFE));
            return settle(directory, clock, pair.getPrivate(), List.of(made), kind.urls());
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Makes an authority in {@code directory} for which this one vouches, so that this one's key may lie in a safe.
     *
     * @throws IOException when there is one already, or this one may have none below it
     */
    public Authority below(Path other, Kind kind) throws IOException {
        checkName(kind.name());
        if (certificate().getBasicConstraints() < 1) {
            throw new IOException(
                    directory + " may have no authorities below it; sallyport pki init --root makes one" + " that may");
        }
        prepare(other, kind);
        try {
            KeyPair pair = kind.key().pair();
            X509Certificate made = mint.authority(
                    kind.name(),
                    pair.getPublic(),
                    clock.instant(),
                    clock.instant().plus(LIFE));
            remember(kind.name(), made);
            List<X509Certificate> all = new ArrayList<>(List.of(made));
            all.addAll(chain);
            return settle(other, clock, pair.getPrivate(), all, kind.urls());
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority cannot be made: " + e.getMessage(), e);
        }
    }

    private static void prepare(Path directory, Kind kind) throws IOException {
        kind.urls().checked();
        if (Files.exists(directory.resolve("ca.key"))) {
            throw new IOException(directory + " has an authority already; move ca.pem and ca.key away to make another");
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static Authority settle(
            Path directory, Clock clock, PrivateKey key, List<X509Certificate> chain, RevocationUrls urls)
            throws IOException, GeneralSecurityException {
        urls.write(directory);
        Pem.write(directory.resolve("ca.key"), key);
        Pem.write(directory.resolve("ca.pem"), chain.toArray(X509Certificate[]::new));
        Authority authority = new Authority(directory, clock, key, chain, urls);
        authority.renewList();
        return authority;
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
            return new Authority(directory, clock, key, both.chain(), RevocationUrls.read(directory));
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The authority at the top, which whoever is to believe this one is given. */
    public X509Certificate top() {
        return chain.getLast();
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
        if (!old.getIssuerX500Principal().equals(certificate().getSubjectX500Principal())) {
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
     * Takes back every certificate of this name that has not ended, also that of an authority below this one.
     *
     * @param reason of RFC 5280 section 5.3.1
     * @return how many
     */
    public int revoke(String name, RevocationReason reason) throws IOException {
        checkName(name);
        List<BigInteger> added = new ArrayList<>();
        for (X509Certificate each : issued(name)) {
            if (!list.has(each.getSerialNumber())
                    && each.getNotAfter().toInstant().isAfter(clock.instant())) {
                added.add(each.getSerialNumber());
            }
        }
        if (added.isEmpty()) {
            throw new IOException("no valid certificate '" + name + "' was issued by this authority");
        }
        list.write(added, reason);
        return added.size();
    }

    /** Signs the list of what was revoked anew, for another thirty days. */
    public Path renewList() throws IOException {
        list.write(List.of(), RevocationReason.unspecified);
        return list.file();
    }

    /** Whether this authority took the certificate back. */
    public boolean isRevoked(X509Certificate other) throws IOException {
        return other.getIssuerX500Principal().equals(certificate().getSubjectX500Principal())
                && list.has(other.getSerialNumber());
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
        try {
            KeyPair pair = request.kind().pair();
            List<X509Certificate> all =
                    new ArrayList<>(List.of(mint.endEntity(request, pair.getPublic(), clock.instant(), end)));
            all.addAll(chain);
            Credential credential = new Credential(request.name(), pair.getPrivate(), all);
            remember(request.name(), credential.certificate());
            write(directory, credential);
            return credential;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be made: " + e.getMessage(), e);
        }
    }

    /** So that it can be taken back. */
    private void remember(String name, X509Certificate made) throws IOException, GeneralSecurityException {
        Path issued = directory.resolve("issued");
        Files.createDirectories(issued);
        Pem.write(issued.resolve(name + "-" + made.getSerialNumber().toString(16) + ".pem"), made);
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
}
