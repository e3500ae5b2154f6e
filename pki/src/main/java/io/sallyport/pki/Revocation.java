package io.sallyport.pki;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether certificates were revoked: first by what was delivered and by our own lists, then by what is fetched from where the
 * certificates say. What was fetched is kept until its next update.
 */
public final class Revocation {
    private static final Duration IN_ALL = Duration.ofSeconds(5);
    private static final Duration KEPT_MAX = Duration.ofDays(1);
    /** A place that failed is not asked again at once, so that a dead one delays few. */
    private static final Duration SULKS = Duration.ofSeconds(30);

    /** How long a handshake may wait for what its own end would like to add to its proof. */
    private static final Duration FOR_OURSELVES = Duration.ofSeconds(2);

    private static final int DELIVERED_MAX = 8;
    private static final int KEPT_COUNT = 64;
    /** Octets of what is kept, as fetched. */
    private static final long KEPT_SIZE = 32L << 20;

    private final Fetcher fetcher;
    private final Clock clock;
    private final Supplier<List<Bytes>> own;
    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>();

    /** @param octets empty: the place failed */
    private record Kept(Bytes octets, Instant until) {}

    /** @param own CRLs of authorities that live on this machine, DER */
    public Revocation(Fetcher fetcher, Clock clock, Supplier<List<Bytes>> own) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.own = own;
    }

    void check(Verification.Trusted trusted, List<Bytes> crls, Optional<Bytes> ocsp) throws CertificateRefused {
        long begin = System.nanoTime();
        List<Crl> delivered = new ArrayList<>();
        crls.stream().limit(DELIVERED_MAX).forEach(c -> Crl.read(c).ifPresent(delivered::add));
        own.get().forEach(c -> Crl.read(c).ifPresent(delivered::add));
        List<X509Certificate> path = trusted.path();
        for (int i = 0; i < path.size() - 1; i++) {
            Pair pair = new Pair(path.get(i), path.get(i + 1));
            List<String> unknown = new ArrayList<>();
            Optional<Standing> found = pair.delivered(delivered, i == 0 ? ocsp : Optional.empty(), unknown);
            if (found.isEmpty() && trusted.trust().revocation() != Trust.Policy.OFF) {
                found = pair.fetched(begin, unknown);
            }
            judge(pair.certificate, found, unknown, trusted.trust().revocation());
        }
    }

    /**
     * What the OCSP responder of a certificate of our own says, to be shown to peers (RFC 4806); nothing unless it is good
     * news. May wait for the network, for a bounded time.
     */
    public Optional<Bytes> ofOurs(X509Certificate certificate, X509Certificate issuer) {
        long begin = System.nanoTime() - IN_ALL.minus(FOR_OURSELVES).toNanos();
        Pair pair = new Pair(certificate, issuer);
        List<String> unknown = new ArrayList<>();
        for (String place : Places.ocsp(certificate)) {
            Optional<Bytes> said = pair.get(place, true, begin, unknown);
            if (said.flatMap(Ocsp::read)
                    .flatMap(o -> pair.ask(o, unknown))
                    .filter(Standing.Good.class::isInstance)
                    .isPresent()) {
                return said;
            }
        }
        return Optional.empty();
    }

    private static void judge(
            X509Certificate certificate, Optional<Standing> found, List<String> unknown, Trust.Policy policy)
            throws CertificateRefused {
        if (found.isPresent() && found.get() instanceof Standing.Revoked revoked) {
            throw new CertificateRefused(
                    Fault.REVOKED,
                    "the certificate of '" + Certificates.subject(certificate) + "' with the serial number "
                            + certificate.getSerialNumber().toString(16) + " was revoked at " + revoked.since() + " ("
                            + revoked.reason() + ") by '" + Certificates.issuer(certificate) + "'");
        }
        if (found.isEmpty() && policy == Trust.Policy.REQUIRED) {
            throw new CertificateRefused(
                    Fault.REVOCATION_UNKNOWN,
                    "nobody says whether the certificate of '" + Certificates.subject(certificate) + "' is revoked: "
                            + (unknown.isEmpty()
                                    ? "it names neither a CRL nor an OCSP responder by HTTP"
                                    : Certificates.text(String.join("; ", unknown))));
        }
    }

    /** One certificate of a path, and who issued it. */
    private final class Pair {
        private final X509Certificate certificate;
        private final X509Certificate issuer;

        Pair(X509Certificate certificate, X509Certificate issuer) {
            this.certificate = certificate;
            this.issuer = issuer;
        }

        Optional<Standing> delivered(List<Crl> crls, Optional<Bytes> ocsp, List<String> unknown) {
            Optional<Standing> best = ocsp.flatMap(Ocsp::read).flatMap(o -> ask(o, unknown));
            for (Crl crl : crls) {
                Optional<Standing> said = settled(crl.standing(certificate, issuer, clock.instant()), unknown);
                // Whoever says that it is revoked is believed before those who say that it is not.
                if (best.isEmpty() || said.isPresent() && said.get() instanceof Standing.Revoked) {
                    best = said;
                }
            }
            unknown.remove("a CRL of another issuer");
            return best;
        }

        private Optional<Standing> ask(Ocsp answer, List<String> unknown) {
            return settled(answer.standing(certificate, issuer, clock.instant()), unknown);
        }

        private Optional<Standing> settled(Standing standing, List<String> unknown) {
            if (standing instanceof Standing.Unknown(String why)) {
                if (!unknown.contains(why)) {
                    unknown.add(why);
                }
                return Optional.empty();
            }
            return Optional.of(standing);
        }

        Optional<Standing> fetched(long begin, List<String> unknown) {
            for (String place : Places.ocsp(certificate)) {
                Optional<Standing> said =
                        get(place, true, begin, unknown).flatMap(Ocsp::read).flatMap(answer -> ask(answer, unknown));
                if (said.isPresent()) {
                    return said;
                }
            }
            for (String place : Places.crls(certificate)) {
                Optional<Standing> said = get(place, false, begin, unknown)
                        .flatMap(Crl::read)
                        .flatMap(c -> settled(c.standing(certificate, issuer, clock.instant()), unknown));
                if (said.isPresent()) {
                    return said;
                }
            }
            return Optional.empty();
        }

        private Optional<Bytes> get(String place, boolean ocsp, long begin, List<String> unknown) {
            String key = ocsp ? Digests.thumbprint(certificate) + " " + place : place;
            Optional<Kept> before = look(key);
            if (before.isPresent()) {
                Bytes octets = before.get().octets();
                if (octets.isEmpty()) {
                    unknown.add(place + " did not answer just now");
                }
                return octets.isEmpty() ? Optional.empty() : Optional.of(octets);
            }
            Duration left = IN_ALL.minusNanos(System.nanoTime() - begin);
            if (left.toMillis() <= 0) {
                unknown.add("no time is left for " + place);
                return Optional.empty();
            }
            try {
                Optional<Bytes> question = ocsp ? Optional.of(Ocsp.question(certificate, issuer)) : Optional.empty();
                Bytes octets = fetcher.fetch(place, question, ocsp ? Ocsp.SIZE_MAX : Crl.SIZE_MAX, left);
                keep(
                        key,
                        octets,
                        ocsp
                                ? Ocsp.read(octets).flatMap(Ocsp::nextUpdate)
                                : Crl.read(octets).flatMap(Crl::nextUpdate));
                return Optional.of(octets);
            } catch (IOException | GeneralSecurityException e) {
                unknown.add(String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                unknown.add("interrupted");
            }
            keep(key, Bytes.EMPTY, Optional.of(clock.instant().plus(SULKS)));
            return Optional.empty();
        }
    }

    private Optional<Kept> look(String key) {
        synchronized (kept) {
            Kept found = kept.get(key);
            return found != null && found.until().isAfter(clock.instant()) ? Optional.of(found) : Optional.empty();
        }
    }

    /** What does not say until when it holds, or holds no longer, is fetched again soon. */
    private void keep(String key, Bytes octets, Optional<Instant> until) {
        Instant now = clock.instant();
        Instant end = until.filter(u -> u.isAfter(now)).orElse(now.plus(SULKS));
        Instant most = now.plus(KEPT_MAX);
        synchronized (kept) {
            kept.remove(key);
            kept.put(key, new Kept(octets, end.isBefore(most) ? end : most));
            long size = kept.values().stream().mapToLong(k -> k.octets().size()).sum();
            while (kept.size() > KEPT_COUNT || size > KEPT_SIZE && kept.size() > 1) {
                Map.Entry<String, Kept> oldest = kept.pollFirstEntry();
                size -= oldest.getValue().octets().size();
            }
        }
    }
}
