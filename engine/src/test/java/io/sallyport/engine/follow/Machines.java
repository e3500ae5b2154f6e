package io.sallyport.engine.follow;

import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.Site;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.control.MemoryPath;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Machines that follow stores, joined by a network in memory. */
final class Machines implements AutoCloseable {
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
        private final Awaiting awaiting;
        private final StoredSite site;
        private final Control control;
        private final Follower follower;
        private volatile boolean running = true;

        private Machine(Store store, String addresses, String node, boolean mirrored) throws IOException {
            this.store = store;
            this.awaiting = new Awaiting(store);
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
            follower = new Follower(
                    store, control, Path.of(System.getProperty("java.io.tmpdir"), "captures-of-no-packets"));
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
            return awaiting.until(room, id, wanted);
        }

        JsonNode await(String key, Predicate<JsonNode> wanted) throws InterruptedException {
            return awaiting.until(key, wanted);
        }

        void awaitGone(String room, String id) throws InterruptedException {
            until(() -> store.get(Keys.of(room, id)).isEmpty());
        }

        void until(BooleanSupplier condition) throws InterruptedException {
            Awaiting.until(condition, () -> "");
        }

        /** What is answered to a command. */
        JsonNode command(String verb, String target, String arguments) throws InterruptedException {
            return awaiting.command(site, verb, target, arguments);
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
