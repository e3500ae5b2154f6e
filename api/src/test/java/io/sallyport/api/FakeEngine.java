package io.sallyport.api;

import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/** Carries out resources and orders in no time, or when it is told to, or not. */
final class FakeEngine implements AutoCloseable {
    private final Store store;
    private final List<Store.Watch> watches = new ArrayList<>();
    private final List<Document> waiting = new CopyOnWriteArrayList<>();
    private final List<String> doomed = new CopyOnWriteArrayList<>();
    private volatile boolean held;
    private volatile String failure = "";

    FakeEngine(Store store) {
        this.store = store;
        watches.add(store.watch(Keys.RESOURCE + "/", new Eyes()));
        watches.add(store.watch(Keys.COMMAND, new Eyes()));
    }

    private final class Eyes implements Store.Watcher {
        @Override
        public void snapshot(List<Document> documents, long revision) {
            documents.forEach(FakeEngine.this::see);
        }

        @Override
        public void changed(List<Store.Event> events, long revision) {
            for (Store.Event event : events) {
                switch (event) {
                    case Store.Event.Written written -> see(written.document());
                    case Store.Event.Deleted gone -> forget(gone.key());
                }
            }
        }
    }

    /** From now on nothing is done. */
    FakeEngine hold() {
        held = true;
        return this;
    }

    /** From now on everything goes wrong. */
    FakeEngine fail(String message) {
        failure = message;
        return this;
    }

    /** Does what was held back, and goes on. */
    void release() {
        held = false;
        waiting.forEach(this::act);
        waiting.clear();
        doomed.forEach(this::forget);
        doomed.clear();
    }

    private void see(Document document) {
        if (held) {
            waiting.add(document);
        } else {
            act(document);
        }
    }

    private void act(Document document) {
        if (document.key().startsWith(Keys.COMMAND)) {
            answer(document);
            return;
        }
        String key = Keys.PROVISION + document.key().substring(Keys.RESOURCE.length());
        ObjectNode body = Json.object().put("revision", document.revision());
        body.put("state", failure.isEmpty() ? "Succeeded" : "Failed").put("code", failure.isEmpty() ? "" : "Broken");
        write(new Change.Put(
                key,
                Change.Expectation.ANY,
                Json.text(body.put("message", failure)),
                Map.of(),
                Document.Lifetime.EPHEMERAL));
    }

    private void answer(Document command) {
        ObjectNode order = Json.ours(command.body());
        ObjectNode answer = Json.object().put("ok", failure.isEmpty());
        answer.put("code", "Broken").put("message", failure);
        answer.putObject("result")
                .put("times", 3)
                .put("verb", order.path("verb").asString(""));
        write(
                new Change.Put(
                        Keys.ANSWER + order.path("id").asString(""),
                        Change.Expectation.ANY,
                        Json.text(answer),
                        Map.of(),
                        Document.Lifetime.EPHEMERAL),
                new Change.Delete(command.key(), Change.Expectation.ANY));
    }

    private void forget(String key) {
        if (held) {
            doomed.add(key);
        } else if (key.startsWith(Keys.RESOURCE)) {
            write(new Change.Delete(Keys.PROVISION + key.substring(Keys.RESOURCE.length()), Change.Expectation.ANY));
        }
    }

    private void write(Change... changes) {
        Thread.ofVirtual().start(() -> {
            try {
                store.commit(List.of(changes));
            } catch (Conflict | StoreFailure e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void close() {
        watches.forEach(Store.Watch::close);
    }
}
