package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Things to be done once by the engine: the order goes into the store, the answer comes back through it. */
final class Commands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int PENDING_MAX = 1000;

    private final Store store;
    private final Map<String, ObjectNode> answers = new ConcurrentHashMap<>();
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private final Waits waits = new Waits();
    private final Store.Watch watch;

    Commands(Store store) {
        this.store = store;
        this.watch = Watching.begin(store, Keys.ANSWER, (events, revision) -> events.forEach(this::take));
    }

    private void take(Store.Event event) {
        if (event instanceof Store.Event.Written written && pending.contains(id(written.key()))) {
            answers.put(id(written.key()), Json.ours(written.document().body()));
            waits.signal(id(written.key()));
        }
    }

    private static String id(String key) {
        return key.substring(Keys.ANSWER.length());
    }

    /** An order that was given. */
    record Given(String id, Operation.Outcome.Command command) {}

    /** Gives the order. */
    Given give(ArmId target, Operation.Outcome.Command command) throws Refused {
        if (pending.size() >= PENDING_MAX) {
            throw new Refused(
                    ArmError.of(429, "TooManyRequests", PENDING_MAX + " orders wait for the gateway; try again later"));
        }
        String id = UUID.randomUUID().toString();
        ObjectNode order = Json.object();
        order.put("id", id).put("verb", command.verb()).put("target", target.toString());
        order.set("arguments", command.arguments());
        pending.add(id);
        try {
            store.commit(List.of(new Change.Put(
                    Keys.COMMAND + id,
                    Change.Expectation.ABSENT,
                    Json.text(order),
                    Map.of(),
                    Document.Lifetime.EPHEMERAL)));
        } catch (StoreFailure e) {
            pending.remove(id);
            throw new Refused(StoreDrafts.unavailable(e));
        } catch (Conflict e) {
            pending.remove(id);
            throw new IllegalStateException(e);
        }
        return new Given(id, command);
    }

    /** What came of it, or nothing when {@code patience} is over first; it can be asked again then. */
    Optional<Tasks.End> await(Given given, Duration patience) {
        if (!waits.await(given.id(), patience, () -> answers.containsKey(given.id()))) {
            return Optional.empty();
        }
        ObjectNode answer = answers.remove(given.id());
        forget(given);
        if (answer == null) {
            return Optional.of(
                    new Tasks.End.Wrong(ArmError.of(409, "Conflict", "the answer was given to somebody else")));
        }
        if (!answer.path("ok").asBoolean(false)) {
            return Optional.of(new Tasks.End.Wrong(ArmError.of(
                    409,
                    answer.path("code").asString("OperationFailed"),
                    answer.path("message").asString("the gateway could not do it"))));
        }
        JsonNode shaped = given.command().shape().apply(answer.path("result"));
        return Optional.of(new Tasks.End.Done(shaped));
    }

    /** Waits as long as one ever waits. */
    Tasks.End awaitEnd(Given given) {
        return await(given, PATIENCE).orElseGet(() -> {
            forget(given);
            return new Tasks.End.Wrong(ArmError.of(
                    504,
                    "OperationTimedOut",
                    "the gateway did not answer within " + PATIENCE.toMinutes() + " minutes"));
        });
    }

    private void forget(Given given) {
        pending.remove(given.id());
        answers.remove(given.id());
        try {
            store.commit(List.of(
                    new Change.Delete(Keys.ANSWER + given.id(), Change.Expectation.ANY),
                    new Change.Delete(Keys.COMMAND + given.id(), Change.Expectation.ANY)));
        } catch (StoreFailure | Conflict e) {
            LOG.warn("an answered order is left behind: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
