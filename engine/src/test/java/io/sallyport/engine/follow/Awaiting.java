package io.sallyport.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Waits until the store says what it should. */
final class Awaiting {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Store store;
    private final AtomicInteger commands = new AtomicInteger();

    Awaiting(Store store) {
        this.store = store;
    }

    JsonNode until(String room, String id, Predicate<JsonNode> wanted) throws InterruptedException {
        return until(Keys.of(room, id), wanted);
    }

    JsonNode until(String key, Predicate<JsonNode> wanted) throws InterruptedException {
        AtomicReference<JsonNode> found = new AtomicReference<>(JSON.missingNode());
        until(
                () -> {
                    Optional<JsonNode> there = store.get(key).map(d -> JSON.readTree(d.body()));
                    there.ifPresent(found::set);
                    return there.filter(wanted).isPresent();
                },
                () -> key + ": " + found.get());
        return Objects.requireNonNull(found.get());
    }

    static void until(BooleanSupplier condition, Supplier<String> what) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as(what.get()).isTrue();
    }

    /** What is answered to a command. */
    JsonNode command(StoredSite site, String verb, String target, String arguments) throws InterruptedException {
        String id = "c" + commands.incrementAndGet();
        String body = JSON.createObjectNode()
                .put("id", id)
                .put("verb", verb)
                .put("target", target)
                .set("arguments", JSON.readTree(arguments))
                .toString();
        site.commit(new Change.Put(
                Keys.COMMAND + id, Change.Expectation.ABSENT, body, Map.of(), Document.Lifetime.EPHEMERAL));
        return until(Keys.ANSWER + id, _ -> true);
    }
}
