package io.sallyport.engine.follow;

import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's own documents in the store: ephemeral, and written only when they change. One thread. */
final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    /** So many in one commit: a first start with thousands of resources must not make one huge one. */
    private static final int TOGETHER_MAX = 1_000;

    private final Store store;
    private final Map<String, String> written = new HashMap<>();
    private final Map<String, Change> waiting = new HashMap<>();

    Pages(Store store) {
        this.store = store;
    }

    /** To be written by {@link #flush}; false when just that stands there already. */
    boolean put(String key, String body) {
        if (!waiting.containsKey(key) && body.equals(written.get(key))) {
            return false;
        }
        Change.Put put = new Change.Put(key, Change.Expectation.ANY, body, Map.of(), Document.Lifetime.EPHEMERAL);
        return !put.equals(waiting.put(key, put));
    }

    void delete(String key) {
        if (written.containsKey(key) || waiting.containsKey(key)) {
            waiting.put(key, new Change.Delete(key, Change.Expectation.ANY));
        }
    }

    /** What cannot be written now is tried again with the next flush. */
    void flush() {
        while (!waiting.isEmpty()) {
            List<Change> some = new ArrayList<>(
                    waiting.values().stream().limit(TOGETHER_MAX).toList());
            try {
                store.commit(some);
            } catch (StoreFailure | Conflict e) {
                LOG.warn("the engine's status cannot be stored: {}", Objects.toString(e.getMessage()));
                return;
            }
            for (Change each : some) {
                waiting.remove(each.key());
                if (each instanceof Change.Put put) {
                    written.put(put.key(), put.body());
                } else {
                    written.remove(each.key());
                }
            }
        }
    }
}
