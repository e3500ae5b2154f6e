package io.sallyport.engine.identity;

import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes documents soon, many in one commit; of several changes of one document only the last. */
final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);
    private static final int AT_ONCE = 500;
    private static final long PAUSE_MILLIS = 1_000;

    private final Store store;
    private final SequencedMap<String, Change> pending = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean closed;

    WriteBehind(Store store) {
        this.store = store;
        this.thread = Thread.ofVirtual().name("lease-write").start(this::loop);
    }

    void put(String key, String body) {
        add(new Change.Put(key, Change.Expectation.ANY, body, Map.of(), Document.Lifetime.DURABLE));
    }

    void delete(String key) {
        add(new Change.Delete(key, Change.Expectation.ANY));
    }

    private void add(Change change) {
        lock.lock();
        try {
            pending.put(change.key(), change);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        try {
            while (true) {
                List<Change> batch = next();
                if (batch.isEmpty()) {
                    return;
                }
                write(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty at the end. */
    private List<Change> next() throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty() && !closed) {
                changed.await();
            }
            List<Change> batch = new ArrayList<>();
            while (!pending.isEmpty() && batch.size() < AT_ONCE) {
                batch.add(pending.pollFirstEntry().getValue());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Change> batch) throws InterruptedException {
        try {
            store.commit(batch);
        } catch (Conflict e) {
            throw new IllegalStateException("nothing was expected", e);
        } catch (StoreFailure e) {
            LOG.warn("leases are not written, after a restart clients may get other addresses: {}", e.getMessage());
            if (!isClosed()) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
