package io.sallyport.store;

import java.util.List;
import java.util.Optional;

/** A store that forgets everything at the end: for tests, and to try things out. */
public final class MemoryStore implements Store {
    private final Shelf shelf = new Shelf(List.of(), 0);
    private boolean closed;

    @Override
    public long revision() {
        return shelf.revision();
    }

    @Override
    public Optional<Document> get(String key) {
        return shelf.get(key);
    }

    @Override
    public List<Document> list(String prefix) {
        return shelf.list(prefix);
    }

    @Override
    public synchronized long commit(List<Change> changes) throws Conflict, StoreFailure {
        if (closed) {
            throw StoreFailure.closed();
        }
        Shelf.Prepared prepared = shelf.prepare().prepare(changes);
        if (!prepared.steps().isEmpty()) {
            shelf.apply(List.of(prepared));
        }
        return prepared.revision();
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
        return shelf.watch(prefix, watcher);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        shelf.endWatches();
    }
}
