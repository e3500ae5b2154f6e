package io.sallyport.pki;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the API and the authority that vouches for it: {@code ca.crt}, {@code ca.key}, {@code tls.crt} and
 * {@code tls.key} in the data directory. Both are made at first start; the server's is renewed by itself a month before
 * its end, or when the names change. A certificate of one's own may be put in place of {@code tls.crt} and
 * {@code tls.key} when {@code ca.key} is removed: then nothing is renewed.
 */
public final class ServerIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);
    private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

    private final Path data;
    private final List<HostName> names;
    private final Clock clock;
    private final char[] password;
    private KeyStore store;
    private Instant until = Instant.MIN;

    private ServerIdentity(Path data, List<HostName> names, Clock clock, String password)
            throws IOException, GeneralSecurityException {
        this.data = data;
        this.names = names;
        this.clock = clock;
        this.password = password.toCharArray();
        this.store = load();
    }

    /**
     * Opens what is in {@code data}, and makes what is missing.
     *
     * @param extra names besides localhost, 127.0.0.1, ::1 and the name of this machine
     * @param password protects the key in the key stores that are handed out; they are never written
     * @throws IOException with one clear line
     */
    public static ServerIdentity open(Path data, List<HostName> extra, Clock clock, String password)
            throws IOException {
        Set<HostName> names = new LinkedHashSet<>();
        List.of("localhost", "127.0.0.1", "::1").forEach(n -> names.add(HostName.of(n)));
        names.addAll(machine());
        names.addAll(extra);
        try {
            return new ServerIdentity(data, List.copyOf(names), clock, password);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    data + ": its certificates cannot be used (" + e.getMessage()
                            + "); move ca.crt, ca.key, tls.crt and tls.key away and new ones are made",
                    e);
        }
    }

    private static List<HostName> machine() {
        try {
            return List.of(HostName.of(InetAddress.getLocalHost().getHostName()));
        } catch (UnknownHostException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Key and chain of the server; another object when the certificate was renewed. */
    public synchronized KeyStore current() {
        if (clock.instant().isAfter(until.minus(RENEWED_BEFORE)) && Files.exists(data.resolve("ca.key"))) {
            try {
                store = load();
            } catch (IOException | GeneralSecurityException e) {
                LOG.warn("the certificate of the API ends at {} and could not be renewed: {}", until, e.getMessage());
            }
        }
        return store;
    }

    /** What clients are to trust. */
    public Path authority() {
        return data.resolve("ca.crt");
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        Path certificate = data.resolve("tls.crt");
        Path key = data.resolve("tls.key");
        boolean isOwn = Files.exists(certificate) && Files.exists(key) && !Files.exists(data.resolve("ca.key"));
        if (!isOwn) {
            Issuer.Issued authority = authority(data.resolve("ca.crt"), data.resolve("ca.key"));
            if (!Files.exists(certificate) || !Files.exists(key) || !fits(Pem.certificate(certificate), authority)) {
                Issuer.Issued server = Issuer.server(authority, names, clock.instant());
                if (!vouches(authority, server.certificate())) {
                    LOG.warn(
                            "the API has new names, which {} does not allow: it was made anew; clients must be given it",
                            data.resolve("ca.crt"));
                    authority = makeAuthority(data.resolve("ca.crt"), data.resolve("ca.key"));
                    server = Issuer.server(authority, names, clock.instant());
                }
                Pem.write(key, server.key());
                Pem.write(certificate, server.certificate(), authority.certificate());
            }
        }
        X509Certificate leaf = Pem.certificate(certificate);
        until = leaf.getNotAfter().toInstant();
        KeyStore made = KeyStore.getInstance("PKCS12");
        made.load(null, null);
        made.setKeyEntry("api", Pem.key(key), password, chain(certificate));
        return made;
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
        }
    }

    private Issuer.Issued authority(Path certificate, Path key) throws IOException, GeneralSecurityException {
        if (Files.exists(certificate) && Files.exists(key)) {
            X509Certificate stored = Pem.certificate(certificate);
            if (stored.getNotAfter().toInstant().isAfter(clock.instant().plus(Issuer.SERVER_LIFE))) {
                return new Issuer.Issued(Pem.key(key), stored);
            }
            LOG.warn("{} ends within a year: it was made anew; clients must be given it", certificate);
        }
        return makeAuthority(certificate, key);
    }

    private Issuer.Issued makeAuthority(Path certificate, Path key) throws IOException, GeneralSecurityException {
        Issuer.Issued made = Issuer.authority(names, clock.instant());
        Pem.write(key, made.key());
        Pem.write(certificate, made.certificate());
        return made;
    }

    /** Whether a server's certificate will do for a month, has every name, and is the authority's. */
    private boolean fits(X509Certificate certificate, Issuer.Issued authority) throws GeneralSecurityException {
        boolean lasts =
                certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEWED_BEFORE));
        Set<String> written = new LinkedHashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(a -> written.add(String.valueOf(a.get(1))));
        }
        List<String> wanted = new ArrayList<>();
        for (HostName name : names) {
            wanted.add(name.text().equals("::1") ? "0:0:0:0:0:0:0:1" : name.text());
        }
        return lasts && written.containsAll(wanted) && vouches(authority, certificate);
    }

    private boolean vouches(Issuer.Issued authority, X509Certificate certificate) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        try {
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
            // A trust anchor's own name constraints are not looked at; they are what is to be checked.
            return Constraints.allow(authority.certificate(), certificate);
        } catch (java.security.cert.CertPathValidatorException e) {
            return false;
        }
    }
}
