package io.sallyport.store;

import java.util.List;
import java.util.Optional;

/**
 * Documents with revision, compare-and-set and watch. Every method may be called from any thread.
 *
 * <p>What holds for every implementation, and {@code StoreContract} tests: a commit happens whole or not at all; an
 * acknowledged commit of durable documents survives a kill at any moment; revisions only grow, also over restarts;
 * readers see every acknowledged commit at once; a watcher sees every commit that touches its prefix once, in order.
 */
public interface Store extends AutoCloseable {
    /** The revision of the last commit; 0 when there was none. */
    long revision();

    Optional<Document> get(String key);

    /** Those whose key begins with {@code prefix}, in the order of keys. */
    List<Document> list(String prefix);

    /**
     * Carries out all changes, or none.
     *
     * @return the commit's revision
     * @throws Conflict when an expectation is not met
     * @throws StoreFailure when they could not be made durable: full or read-only disk; the store is as before
     */
    long commit(List<Change> changes) throws Conflict, StoreFailure;

    /**
     * Tells {@code watcher} first what there is, then every later commit that touches {@code prefix}, one call at a
     * time, from a thread of the store.
     */
    Watch watch(String prefix, Watcher watcher);

    /** Ends watches and closes files; what is ephemeral is gone. */
    @Override
    void close();

    /** What a watcher is told. It must not block for long. */
    interface Watcher {
        /** Everything below the prefix as of {@code revision}; comes once, first. */
        void snapshot(List<Document> documents, long revision);

        /** One commit. */
        void changed(List<Event> events, long revision);
    }

    /** What happened to one key. */
    sealed interface Event {
        String key();

        record Written(Document document) implements Event {
            @Override
            public String key() {
                return document.key();
            }
        }

        record Deleted(String key, long revision) implements Event {}
    }

    /** A watch that can be ended. After {@link #close} returns, no call comes any more. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
