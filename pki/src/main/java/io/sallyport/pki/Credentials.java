package io.sallyport.pki;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our private keys by name: {@code NAME.pem} holds key and chain, or {@code NAME.key} the key and {@code NAME.pem} the chain, or
 * {@code NAME.p12} both with its password in {@code NAME.password}. Files that changed are read again when they are next
 * used. May be used from any thread.
 */
public final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
    private static final List<String> KINDS = List.of(".pem", ".key", ".p12", ".password");
    private static final List<Integer> WARNED_DAYS = List.of(1, 7, 30);

    private final Path directory;
    private final Clock clock;
    private final SequencedMap<String, Loaded> loaded = new LinkedHashMap<>();
    private final SequencedMap<String, LocalDate> warned = new LinkedHashMap<>();

    /** @param stamp sizes and times of the files it was read from */
    private record Loaded(Credential credential, List<String> stamp) {}

    /** @param directory need not exist */
    public Credentials(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Those that there are, whether they can be used or not. */
    public List<String> names() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".pem") || f.endsWith(".p12"))
                    .map(f -> f.substring(0, f.length() - 4))
                    .filter(f -> NAME.matcher(f).matches())
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} cannot be listed: {}", directory, e.getMessage());
            return List.of();
        }
    }

    /**
     * The credential of this name, as its files are now.
     *
     * @throws NoCredential with one clear line
     */
    public Credential named(String name) throws NoCredential {
        if (!NAME.matcher(name).matches()) {
            throw new NoCredential("found '" + Certificates.text(name)
                    + "'; allowed: up to 100 letters, digits, dots, dashes, underscores and @");
        }
        List<String> stamp = stamp(name);
        Credential credential;
        synchronized (loaded) {
            Loaded before = loaded.get(name);
            if (before != null && before.stamp().equals(stamp)) {
                credential = before.credential();
            } else {
                credential = load(name);
                loaded.put(name, new Loaded(credential, stamp));
            }
        }
        warn(credential);
        return credential;
    }

    /** Writes a warning for everything that ends within 30, 7 or 1 days; at most one a day for each. */
    public void warnOfEnds() {
        for (String name : names()) {
            try {
                named(name);
            } catch (NoCredential e) {
                LOG.debug("{}: {}", name, e.detail());
            }
        }
    }

    private void warn(Credential credential) {
        for (X509Certificate certificate : credential.chain()) {
            Instant end = certificate.getNotAfter().toInstant();
            Duration left = Duration.between(clock.instant(), end);
            for (int days : WARNED_DAYS) {
                if (left.compareTo(Duration.ofDays(days)) < 0 && isFirstToday(credential.name())) {
                    LOG.warn(
                            "the certificate '{}' of {} {}; renew it",
                            credential.name(),
                            Certificates.subject(certificate),
                            left.isNegative() ? "ended at " + end : "ends within " + days + " days, at " + end);
                }
            }
        }
    }

    private boolean isFirstToday(String name) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        synchronized (warned) {
            return !today.equals(warned.put(name, today));
        }
    }

    private List<String> stamp(String name) {
        List<String> out = new ArrayList<>();
        for (String kind : KINDS) {
            Path file = directory.resolve(name + kind);
            if (!Files.exists(file)) {
                continue;
            }
            try {
                out.add(kind + Files.readAttributes(file, "unix:ino,size,lastModifiedTime"));
            } catch (IOException e) {
                out.add(kind);
            }
        }
        return out;
    }

    private Credential load(String name) throws NoCredential {
        Path pem = directory.resolve(name + ".pem");
        Path key = directory.resolve(name + ".key");
        Path p12 = directory.resolve(name + ".p12");
        Optional<char[]> password = password(directory.resolve(name + ".password"));
        if (Files.exists(pem)) {
            PemFile chain = PemFile.read(pem, password);
            Path place = Files.exists(key) ? key : pem;
            Optional<PrivateKey> read = place.equals(pem)
                    ? chain.key()
                    : PemFile.read(key, password).key();
            return checked(
                    name,
                    read.orElseThrow(() -> new NoCredential("no private key is in " + place)),
                    chain.certificates(),
                    pem);
        }
        if (Files.exists(p12)) {
            return p12(
                    name,
                    p12,
                    password.orElseThrow(() -> new NoCredential(
                            p12 + " has no password; put it into " + name + ".password beside it, mode 0600")));
        }
        throw new NoCredential("neither " + pem + " nor " + p12 + " exists");
    }

    private static Optional<char[]> password(Path file) throws NoCredential {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            for (PosixFilePermission each : Files.getPosixFilePermissions(file)) {
                if (!each.name().startsWith("OWNER")) {
                    throw new NoCredential(file + " can be used by others; chmod 600 it");
                }
            }
            return Optional.of(
                    Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray());
        } catch (IOException e) {
            throw new NoCredential(file + " cannot be read: " + e.getMessage());
        }
    }

    static Credential p12(String name, Path file, char[] password) throws NoCredential {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, password);
                if (key instanceof PrivateKey secret) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate each : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) each);
                    }
                    return checked(name, secret, chain, file);
                }
            }
            throw new NoCredential("no private key is in " + file);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new NoCredential(file + " cannot be opened: wrong password, or no PKCS#12 file");
        }
    }

    /** The end entity comes first, each of the others right behind the one it issued; what does not fit is left out. */
    static Credential checked(String name, PrivateKey key, List<X509Certificate> certificates, Path file)
            throws NoCredential {
        if (certificates.isEmpty()) {
            throw new NoCredential("no certificate is in " + file);
        }
        X509Certificate end = certificates.stream()
                .filter(c -> Keys.belongTogether(key, c.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> new NoCredential("the private key does not belong to the certificate of '"
                        + Certificates.subject(certificates.getFirst()) + "' in " + file));
        Optional<String> weakness = Keys.weakness(end.getPublicKey());
        if (weakness.isPresent()) {
            throw new NoCredential("the certificate in " + file + " is too weak: " + weakness.get());
        }
        List<X509Certificate> chain = new ArrayList<>(List.of(end));
        boolean grows = true;
        while (grows) {
            X509Certificate last = chain.getLast();
            Optional<X509Certificate> next = certificates.stream()
                    .filter(c -> !chain.contains(c))
                    .filter(c -> c.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                    .findFirst();
            next.ifPresent(chain::add);
            grows = next.isPresent();
        }
        return new Credential(name, key, chain);
    }
}
