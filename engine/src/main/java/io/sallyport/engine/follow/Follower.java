package io.sallyport.engine.follow;

import io.sallyport.engine.capture.Captures;
import io.sallyport.engine.control.Control;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the control thread run what is stored under {@code resource/}, answers {@code command/}, and writes how things are.
 * The thread {@code follow} does it; what changes while it works is taken together the next time.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    /** A tunnel needs about as long to come up, and whoever made it is waiting to see that. */
    private static final Duration STATUS_AFTER_CHANGE = Duration.ofMillis(200);
    /** An address that was not there at boot comes a little later. */
    private static final Duration RETRY_EVERY = Duration.ofSeconds(10);

    private final Work work;
    private final Captures captures;
    private final Store.Watch resources;
    private final Store.Watch commands;
    private final Thread thread;
    private final Object lock = new Object();
    private SequencedMap<String, Optional<Document>> pending = new LinkedHashMap<>();
    private boolean begun;
    private volatile boolean running = true;

    /** @param captureDirectory where packet captures are put */
    public Follower(Store store, Control control, Path captureDirectory) {
        this.captures = new Captures(captureDirectory, control.tap());
        this.work = new Work(store, control, captures);
        this.thread = Thread.ofPlatform().name("follow").unstarted(this::loop);
        // Whoever asks for an address right after the start finds what there is to be had.
        work.writeStatus();
        thread.start();
        this.resources = store.watch(Keys.RESOURCE + "/", new Changes());
        this.commands = store.watch(Keys.COMMAND, new Commands(store, control, captures));
    }

    /** Collects what has changed, newest last; a document that changed twice is looked at once. */
    private final class Changes implements Store.Watcher {
        @Override
        public void snapshot(List<Document> documents, long revision) {
            synchronized (lock) {
                documents.stream()
                        .sorted(Comparator.comparingLong(Document::revision))
                        .forEach(d -> pending.put(d.key(), Optional.of(d)));
                begun = true;
                lock.notifyAll();
            }
        }

        @Override
        public void changed(List<Store.Event> events, long revision) {
            synchronized (lock) {
                for (Store.Event event : events) {
                    pending.putLast(
                            event.key(),
                            switch (event) {
                                case Store.Event.Written(Document document) -> Optional.of(document);
                                case Store.Event.Deleted _ -> Optional.empty();
                            });
                }
                lock.notifyAll();
            }
        }
    }

    private void loop() {
        long statusAt = System.nanoTime();
        long retryAt = Long.MAX_VALUE;
        while (running) {
            try {
                Map<String, Optional<Document>> changes = await(statusAt);
                long now = System.nanoTime();
                boolean retry = retryAt != Long.MAX_VALUE && now - retryAt >= 0;
                if (!changes.isEmpty() || retry) {
                    boolean again = work.carryOut(changes);
                    retryAt = again ? System.nanoTime() + RETRY_EVERY.toNanos() : Long.MAX_VALUE;
                    statusAt = Math.min(statusAt, System.nanoTime() + STATUS_AFTER_CHANGE.toNanos());
                } else {
                    work.writeStatus();
                    statusAt = System.nanoTime() + STATUS_EVERY.toNanos();
                }
            } catch (InterruptedException e) {
                running = false;
            } catch (RuntimeException e) {
                if (!running) {
                    break;
                }
                LOG.error("what is stored could not be carried out; this is a bug, and it is tried again", e);
                retryAt = System.nanoTime() + RETRY_EVERY.toNanos();
                statusAt = System.nanoTime() + STATUS_EVERY.toNanos();
            }
        }
    }

    /** What has changed, or nothing when it is time to look at the status. */
    private Map<String, Optional<Document>> await(long until) throws InterruptedException {
        synchronized (lock) {
            while (running && (!begun || pending.isEmpty())) {
                long millis = (until - System.nanoTime()) / 1_000_000;
                if (begun && millis <= 0) {
                    break;
                }
                lock.wait(begun ? millis : 0);
            }
            Map<String, Optional<Document>> taken = pending;
            pending = new LinkedHashMap<>();
            return taken;
        }
    }

    /** Ends following; what runs goes on running. */
    @Override
    public void close() {
        commands.close();
        resources.close();
        captures.close();
        running = false;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
