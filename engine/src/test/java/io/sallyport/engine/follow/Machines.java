package io.sallyport.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.Site;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.control.MemoryPath;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Machines that follow stores, joined by a network in memory. */
final class Machines implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Machine> all = new ArrayList<>();

    Machine hub(Store store) throws IOException {
        return add(new Machine(store, "192.0.2.1", Site.NODE, false));
    }

    Machine branch(Store store) throws IOException {
        return add(new Machine(store, "192.0.2.2", Site.NODE.replace("192.0.2.1", "192.0.2.2"), true));
    }

    /** A machine with a node file of its own. */
    Machine machine(Store store, String address, String node) throws IOException {
        return add(new Machine(store, address, node, false));
    }

    private Machine add(Machine machine) {
        all.add(machine);
        return machine;
    }

    /** Everything that is sent arrives at whoever has the address now. */
    private void deliver(MemoryPath.Sent sent) {
        for (Machine each : List.copyOf(all)) {
            if (each.running && each.addresses.contains(sent.remote().address().toString())) {
                Objects.requireNonNull(each.listener.get())
                        .ikeMessage(/* local= */ sent.remote(), /* remote= */ sent.local(), sent.message());
            }
        }
    }

    @Override
    public void close() {
        all.forEach(Machine::close);
    }

    /** One machine. */
    final class Machine implements AutoCloseable {
        private final Store store;
        private final List<String> addresses;
        private final MemoryPath path = new MemoryPath();
        private final AtomicReference<PacketPath.Listener> listener = new AtomicReference<>();
        private final AtomicInteger commands = new AtomicInteger();
        private final StoredSite site;
        private final Control control;
        private final Follower follower;
        private volatile boolean running = true;

        private Machine(Store store, String addresses, String node, boolean mirrored) throws IOException {
            this.store = store;
            this.addresses = List.of(addresses.split(" "));
            this.site = new StoredSite(store, mirrored);
            path.onSend(Machines.this::deliver);
            control = new Control(
                    Site.node(node),
                    told -> {
                        listener.set(told);
                        return path;
                    },
                    new JdkKeyExchanges(new OsEntropy()),
                    new OsEntropy());
            follower = new Follower(store, control);
        }

        Store store() {
            return store;
        }

        StoredSite site() {
            return site;
        }

        MemoryPath path() {
            return path;
        }

        void awaitConnected(String connection) throws InterruptedException {
            await(
                    "status",
                    connection,
                    s -> s.at("/azure/connectionStatus").asString().equals("Connected"));
        }

        JsonNode await(String room, String id, Predicate<JsonNode> wanted) throws InterruptedException {
            return await(Keys.of(room, id), wanted);
        }

        JsonNode await(String key, Predicate<JsonNode> wanted) throws InterruptedException {
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

        void awaitGone(String room, String id) throws InterruptedException {
            until(() -> store.get(Keys.of(room, id)).isEmpty());
        }

        void until(BooleanSupplier condition) throws InterruptedException {
            until(condition, () -> "");
        }

        private void until(BooleanSupplier condition, java.util.function.Supplier<String> what)
                throws InterruptedException {
            for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
                Thread.sleep(10);
            }
            assertThat(condition.getAsBoolean()).as(what.get()).isTrue();
        }

        /** What is answered to a command. */
        JsonNode command(String verb, String target, String arguments) throws InterruptedException {
            String id = "c" + commands.incrementAndGet();
            String body = JSON.createObjectNode()
                    .put("id", id)
                    .put("verb", verb)
                    .put("target", target)
                    .set("arguments", JSON.readTree(arguments))
                    .toString();
            site.commit(new Change.Put(
                    Keys.COMMAND + id, Change.Expectation.ABSENT, body, Map.of(), Document.Lifetime.EPHEMERAL));
            return await(Keys.ANSWER + id, a -> true);
        }

        /** Everything that can be read in the store. */
        String text() {
            return String.join("\n", store.list("").stream().map(Document::body).toList());
        }

        @Override
        public void close() {
            if (running) {
                follower.close();
                control.close();
                running = false;
            }
        }
    }
}
