package io.sallyport.radius;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** In which order servers are asked: by score, equals in turns, and those that were silent just now last. */
final class Servers {
    private static final Duration DEAD = Duration.ofSeconds(60);

    private final List<RadiusServer> servers;
    private final Clock clock;
    private final Map<RadiusServer, Instant> deadUntil = new HashMap<>();
    private int turn;

    Servers(List<RadiusServer> servers, Clock clock) {
        this.servers = List.copyOf(servers);
        this.clock = clock;
    }

    synchronized List<RadiusServer> order() {
        Instant now = clock.instant();
        List<RadiusServer> out = new ArrayList<>(servers);
        if (!out.isEmpty()) {
            java.util.Collections.rotate(out, -(turn++ % out.size()));
            turn %= out.size();
        }
        out.sort(Comparator.<RadiusServer, Boolean>comparing(
                        s -> deadUntil.getOrDefault(s, Instant.MIN).isAfter(now))
                .thenComparing(RadiusServer::score, Comparator.reverseOrder()));
        return out;
    }

    synchronized void answered(RadiusServer server) {
        deadUntil.remove(server);
    }

    synchronized void silent(RadiusServer server) {
        deadUntil.put(server, clock.instant().plus(DEAD));
    }
}
