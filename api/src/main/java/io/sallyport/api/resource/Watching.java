package io.sallyport.api.resource;

import io.sallyport.store.Document;
import io.sallyport.store.Store;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A watch whose first news have arrived when it is handed out. */
public final class Watching {
    private static final int PATIENCE_SECONDS = 60;

    private Watching() {}

    /** Takes events; what is there at first comes as written. */
    @FunctionalInterface
    public interface Taker {
        void take(List<? extends Store.Event> events, long revision);
    }

    /** Begins to watch and waits until {@code taker} has seen what there is. */
    public static Store.Watch begin(Store store, String prefix, Taker taker) {
        CountDownLatch seen = new CountDownLatch(1);
        Store.Watch watch = store.watch(prefix, new Store.Watcher() {
            @Override
            public void snapshot(List<Document> documents, long revision) {
                taker.take(documents.stream().map(Store.Event.Written::new).toList(), revision);
                seen.countDown();
            }

            @Override
            public void changed(List<Store.Event> events, long revision) {
                taker.take(events, revision);
            }
        });
        try {
            if (!seen.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the store did not say what it holds below " + prefix);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was read", e);
        }
        return watch;
    }
}
