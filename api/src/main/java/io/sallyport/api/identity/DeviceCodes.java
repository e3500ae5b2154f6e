package io.sallyport.api.identity;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Logins of a client that shows a code which a person types into a page elsewhere (RFC 8628). They live in memory for
 * fifteen minutes.
 */
final class DeviceCodes {
    static final Duration LIFE = Duration.ofMinutes(15);
    private static final int PENDING_MAX = 200;
    private static final int TRIES_MAX = 5;
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int LENGTH = 8;
    private static final int DEVICE_OCTETS = 32;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Map<String, Pending> byDevice = new LinkedHashMap<>();

    /**
     * A login that waits for its person.
     *
     * @param person empty until somebody approved it
     */
    record Pending(
            String device, String user, String client, String audience, Instant until, int tries, String person) {}

    DeviceCodes(Clock clock) {
        this.clock = clock;
    }

    /** Begins one; the oldest gives way when there are too many. */
    synchronized Pending begin(String client, String audience) {
        expire();
        if (byDevice.size() >= PENDING_MAX) {
            byDevice.remove(byDevice.keySet().iterator().next());
        }
        StringBuilder user = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            user.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        byte[] octets = new byte[DEVICE_OCTETS];
        random.nextBytes(octets);
        Pending pending = new Pending(
                Base64.getUrlEncoder().withoutPadding().encodeToString(octets),
                user.toString(),
                client,
                audience,
                clock.instant().plus(LIFE),
                0,
                "");
        byDevice.put(pending.device(), pending);
        return pending;
    }

    /** The one a person names, for one more try; after {@value #TRIES_MAX} it is gone. */
    synchronized Optional<Pending> attempt(String user) {
        expire();
        String wanted = user.replaceAll("[^A-Za-z]", "").toUpperCase(Locale.ROOT);
        Optional<Pending> found =
                byDevice.values().stream().filter(p -> p.user().equals(wanted)).findFirst();
        if (found.isPresent() && found.get().tries() >= TRIES_MAX) {
            byDevice.remove(found.get().device());
            return Optional.empty();
        }
        found.ifPresent(p -> byDevice.put(
                p.device(),
                new Pending(p.device(), p.user(), p.client(), p.audience(), p.until(), p.tries() + 1, p.person())));
        return found;
    }

    /** {@code person} has proved who he is. */
    synchronized void approve(Pending p, String person) {
        byDevice.computeIfPresent(
                p.device(),
                (d, now) -> new Pending(d, now.user(), now.client(), now.audience(), now.until(), now.tries(), person));
    }

    /** Present while it lives; an approved one is handed out once. */
    synchronized Optional<Pending> poll(String device) {
        expire();
        Optional<Pending> found = Optional.ofNullable(byDevice.get(device));
        found.filter(p -> !p.person().isEmpty()).ifPresent(p -> byDevice.remove(device));
        return found;
    }

    private void expire() {
        Instant now = clock.instant();
        byDevice.values().removeIf(p -> p.until().isBefore(now));
    }
}
