package io.sallyport.api.identity;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts failed logins per peer and name within a window of time. */
final class Throttle {
    private static final long WINDOW_MILLIS = 60_000;
    private static final int PAIR_MAX = 10;
    private static final int PEER_MAX = 60;
    private static final int KEYS_MAX = 10_000;

    private final Clock clock;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(long since, int failures) {}

    Throttle(Clock clock) {
        this.clock = clock;
    }

    /** Whether this peer must wait before the next attempt. */
    synchronized boolean isClosed(String peer, String name) {
        return failures(peer) >= PEER_MAX || failures(pair(peer, name)) >= PAIR_MAX;
    }

    synchronized void failed(String peer, String name) {
        add(peer);
        add(pair(peer, name));
    }

    private static String pair(String peer, String name) {
        return peer + " " + name.toLowerCase(java.util.Locale.ROOT);
    }

    private int failures(String key) {
        Count count = counts.get(key);
        return count == null || clock.millis() - count.since() > WINDOW_MILLIS ? 0 : count.failures();
    }

    private void add(String key) {
        int before = failures(key);
        Count count = counts.remove(key);
        long since = before == 0 || count == null ? clock.millis() : count.since();
        counts.put(key, new Count(since, before + 1));
        if (counts.size() > KEYS_MAX) {
            counts.remove(counts.keySet().iterator().next());
        }
    }
}
