package io.sallyport.api.resource;

import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who changed what: a line in the log and a document that goes into the same commit as the change. The newest
 * {@value #KEPT_MAX} are kept.
 */
public final class Audit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.sallyport.audit");
    private static final String ROOM = "audit/";
    static final int KEPT_MAX = 10_000;
    private static final int REMOVED_AT_ONCE = 100;

    private final Store store;
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();
    private final ConcurrentSkipListMap<String, ObjectNode> entries = new ConcurrentSkipListMap<>();
    private final Store.Watch watch;

    public Audit(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.watch = Watching.begin(
                store,
                ROOM,
                (events, revision) -> events.forEach(event -> {
                    switch (event) {
                        case Store.Event.Written written ->
                            entries.put(
                                    written.key(), Json.ours(written.document().body()));
                        case Store.Event.Deleted gone -> entries.remove(gone.key());
                    }
                }));
    }

    /**
     * What to commit along with a change, so that it is remembered.
     *
     * @param action such as {@code Microsoft.Network/connections/write}
     */
    public List<Change> entry(String who, String action, String id) {
        Instant now = clock.instant();
        String event = UUID.randomUUID().toString();
        ObjectNode body = Json.object();
        body.put("caller", who).put("action", action).put("resourceId", id);
        body.put("time", now.toString()).put("event", event);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Put(
                ROOM + String.format(Locale.ROOT, "%019d-%s", order(now), event),
                Change.Expectation.ABSENT,
                Json.text(body),
                Map.of(),
                Document.Lifetime.DURABLE));
        return changes;
    }

    /** Deletions of what is too old to be kept. */
    public List<Change> trim() {
        List<Change> changes = new ArrayList<>();
        if (entries.size() > KEPT_MAX + REMOVED_AT_ONCE) {
            entries.keySet().stream()
                    .limit(REMOVED_AT_ONCE)
                    .forEach(k -> changes.add(new Change.Delete(k, Change.Expectation.ANY)));
        }
        return changes;
    }

    /** Says in the log what {@link #entry} remembers, once it has been stored. */
    public void log(String who, String action, String id) {
        LOG.info("{} did {} to {}", printable(who), action, printable(id));
    }

    /** From the newest to the oldest. */
    public Iterable<ObjectNode> newestFirst() {
        return store.list(ROOM).reversed().stream()
                .map(d -> Json.ours(d.body()))
                .toList();
    }

    /** Microseconds, but never the same for two entries of this process. */
    private long order(Instant at) {
        long micros = at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
        return last.updateAndGet(before -> Math.max(before + 1, micros));
    }

    /** Names come from strangers: no line may look like two. */
    private static String printable(String text) {
        return text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void close() {
        watch.close();
    }
}
