package io.sallyport.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * All documents in memory, and who watches them. Everybody may read; one thread at a time prepares and applies commits.
 */
final class Shelf {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final TreeMap<String, Document> documents = new TreeMap<>();
    private final List<Watching> watches = new ArrayList<>();
    private volatile long revision;

    /**
     * A commit that may happen.
     *
     * @param revision what it will be
     */
    record Prepared(long revision, List<Step> steps) {}

    /**
     * What happens to one key.
     *
     * @param wasDurable whether a durable document stands there before
     */
    record Step(Store.Event event, boolean wasDurable) {
        /** Whether it must reach the disk. */
        boolean isDurable() {
            return wasDurable
                    || event instanceof Store.Event.Written written
                            && written.document().lifetime() == Document.Lifetime.DURABLE;
        }
    }

    Shelf(List<Document> documents, long revision) {
        documents.forEach(d -> this.documents.put(d.key(), d));
        this.revision = revision;
    }

    long revision() {
        return revision;
    }

    Optional<Document> get(String key) {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(documents.get(key));
        } finally {
            lock.readLock().unlock();
        }
    }

    List<Document> list(String prefix) {
        lock.readLock().lock();
        try {
            return below(prefix);
        } finally {
            lock.readLock().unlock();
        }
    }

    private List<Document> below(String prefix) {
        List<Document> out = new ArrayList<>();
        for (Document document : documents.tailMap(prefix).values()) {
            if (!document.key().startsWith(prefix)) {
                break;
            }
            out.add(document);
        }
        return out;
    }

    /** The snapshot is taken and the watch begins at one moment, so that nothing is missed or told twice. */
    Store.Watch watch(String prefix, Store.Watcher watcher) {
        lock.writeLock().lock();
        try {
            Watching watching = new Watching(prefix, watcher, below(prefix), revision, this::forget);
            watches.add(watching);
            return watching;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void forget(Watching watching) {
        lock.writeLock().lock();
        try {
            watches.remove(watching);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Makes commits visible, each as a whole, and tells the watchers. */
    void apply(List<Prepared> commits) {
        lock.writeLock().lock();
        try {
            for (Prepared commit : commits) {
                for (Step step : commit.steps()) {
                    switch (step.event()) {
                        case Store.Event.Written(Document document) -> documents.put(document.key(), document);
                        case Store.Event.Deleted deleted -> documents.remove(deleted.key());
                    }
                }
                revision = commit.revision();
                List<Store.Event> events =
                        commit.steps().stream().map(Step::event).toList();
                watches.forEach(w -> w.tell(events, commit.revision()));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    void endWatches() {
        allWatches().forEach(Watching::close);
    }

    private List<Watching> allWatches() {
        lock.readLock().lock();
        try {
            return List.copyOf(watches);
        } finally {
            lock.readLock().unlock();
        }
    }

    Preparation prepare() {
        return new Preparation();
    }

    /** The shelf as it will be when what was prepared here has been applied. */
    final class Preparation {
        private final Map<String, Optional<Document>> ahead = new LinkedHashMap<>();
        private long next = revision;

        /** @throws Conflict when an expectation is not met; nothing has been prepared then */
        Prepared prepare(List<Change> changes) throws Conflict {
            Set<String> keys = new HashSet<>();
            for (Change change : changes) {
                if (!keys.add(change.key())) {
                    throw new IllegalArgumentException("a commit names a key once: " + change.key());
                }
                require(change);
            }
            long at = next + 1;
            List<Step> steps = new ArrayList<>();
            for (Change change : changes) {
                Document before = find(change.key());
                boolean wasDurable = before != null && before.lifetime() == Document.Lifetime.DURABLE;
                switch (change) {
                    case Change.Put put -> {
                        Document after =
                                new Document(put.key(), at, put.body(), new TreeMap<>(put.secrets()), put.lifetime());
                        ahead.put(put.key(), Optional.of(after));
                        steps.add(new Step(new Store.Event.Written(after), wasDurable));
                    }
                    case Change.Delete delete -> {
                        if (before != null) {
                            ahead.put(delete.key(), Optional.empty());
                            steps.add(new Step(new Store.Event.Deleted(delete.key(), at), wasDurable));
                        }
                    }
                    case Change.Require _ -> {}
                }
            }
            next = steps.isEmpty() ? next : at;
            return new Prepared(next, steps);
        }

        private void require(Change change) throws Conflict {
            Document there = find(change.key());
            boolean met = switch (change.expectation()) {
                case Change.Expectation.Any _ -> true;
                case Change.Expectation.Absent _ -> there == null;
                case Change.Expectation.Revision(long wanted) -> there != null && there.revision() == wanted;
            };
            if (!met) {
                throw new Conflict(change.key());
            }
        }

        private @Nullable Document find(String key) {
            Optional<Document> changed = ahead.get(key);
            return changed == null ? Shelf.this.get(key).orElse(null) : changed.orElse(null);
        }
    }
}
