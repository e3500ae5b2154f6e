package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.web.Errors;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The records of long-running operations. Each is finished by a thread of its own, not by being asked; records are kept
 * for 24 hours, at most {@value #KEPT_MAX} of them. What ran when the process ended has failed.
 */
final class Tasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
    static final int KEPT_MAX = 10_000;
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int SWEPT_AT_ONCE = 500;

    private final Store store;
    private final Clock clock;
    private final ConcurrentSkipListMap<String, ObjectNode> records = new ConcurrentSkipListMap<>();
    private final Store.Watch watch;
    private volatile boolean closed;

    Tasks(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.watch = Watching.begin(
                store,
                Keys.OPERATION,
                (events, revision) -> events.forEach(event -> {
                    switch (event) {
                        case Store.Event.Written written ->
                            records.put(
                                    written.key(), Json.ours(written.document().body()));
                        case Store.Event.Deleted gone -> records.remove(gone.key());
                    }
                }));
    }

    /** What came of an operation. */
    sealed interface End {
        /** A missing node when there is no result. */
        record Done(JsonNode result) implements End {}

        record Wrong(ArmError error) implements End {}
    }

    /**
     * An operation as it is recorded.
     *
     * @param id in the addresses at which a client asks for it
     * @param target on what; whoever may read that may ask for the operation
     * @param watched how to see after a restart what came of it; a missing node when that cannot be seen
     */
    record Task(String id, String target, JsonNode watched) {}

    /** Begins to record: {@code end} is run in a thread of its own and may wait. */
    Task begin(String target, JsonNode watched, Supplier<End> end) {
        Task task = new Task(UUID.randomUUID().toString(), target, watched);
        ObjectNode record = Json.object();
        record.put("id", task.id()).put("target", target).put("status", "InProgress");
        record.put("startTime", clock.instant().toString());
        record.set("watched", watched.isMissingNode() ? Json.object() : watched);
        save(task.id(), record);
        follow(task, end);
        return task;
    }

    /** Records something that is over. */
    Task record(String target, End end) {
        Task task = new Task(UUID.randomUUID().toString(), target, Json.missing());
        ObjectNode record = Json.object();
        record.put("id", task.id()).put("target", target);
        record.put("startTime", clock.instant().toString());
        finish(record, end);
        save(task.id(), record);
        return task;
    }

    /** Those that a process before this one left unfinished. */
    List<Task> unfinished() {
        List<Task> found = new ArrayList<>();
        records.values().forEach(r -> {
            if (isRunning(r)) {
                found.add(new Task(r.path("id").asString(""), r.path("target").asString(""), r.path("watched")));
            }
        });
        return found;
    }

    /** Goes on with one of the {@link #unfinished}. */
    void resume(Task task, Supplier<End> end) {
        follow(task, end);
    }

    Optional<ObjectNode> find(String id) {
        return Optional.ofNullable(records.get(Keys.OPERATION + id));
    }

    static boolean isRunning(ObjectNode record) {
        return record.path("status").asString("").equals("InProgress");
    }

    private void follow(Task task, Supplier<End> end) {
        Thread.ofVirtual().name("operation-" + task.id()).start(() -> {
            End how = end.get();
            if (!closed) {
                ObjectNode record = find(task.id()).map(ObjectNode::deepCopy).orElseGet(Json::object);
                record.put("id", task.id()).put("target", task.target());
                finish(record, how);
                save(task.id(), record);
            }
        });
    }

    private void finish(ObjectNode record, End end) {
        record.put("endTime", clock.instant().toString());
        switch (end) {
            case End.Done done -> {
                record.put("status", "Succeeded");
                if (!done.result().isMissingNode()) {
                    record.set("result", done.result());
                }
            }
            case End.Wrong wrong -> {
                record.put("status", "Failed").put("errorStatus", wrong.error().status());
                record.set("error", Errors.body(wrong.error()).path("error"));
            }
        }
    }

    private void save(String id, ObjectNode record) {
        records.put(Keys.OPERATION + id, record);
        List<Change> changes = new ArrayList<>(sweep());
        changes.removeIf(c -> c.key().equals(Keys.OPERATION + id));
        changes.add(new Change.Put(
                Keys.OPERATION + id, Change.Expectation.ANY, Json.text(record), Map.of(), Document.Lifetime.DURABLE));
        try {
            store.commit(changes);
        } catch (StoreFailure | Conflict e) {
            LOG.warn("operation {} is remembered only until this process ends: {}", id, e.getMessage());
        }
    }

    private List<Change> sweep() {
        Instant oldest = clock.instant().minus(KEPT);
        List<Change> gone = new ArrayList<>();
        int tooMany = records.size() - KEPT_MAX;
        for (Map.Entry<String, ObjectNode> e : records.entrySet()) {
            if (gone.size() >= SWEPT_AT_ONCE) {
                break;
            }
            String end = e.getValue().path("endTime").asString("");
            boolean old = !end.isEmpty() && Instant.parse(end).isBefore(oldest);
            if (old || !end.isEmpty() && gone.size() < tooMany) {
                gone.add(new Change.Delete(e.getKey(), Change.Expectation.ANY));
            }
        }
        gone.forEach(c -> records.remove(c.key()));
        return gone;
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }
}
