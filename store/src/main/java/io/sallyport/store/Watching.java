package io.sallyport.store;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch with its own thread, so that a slow watcher delays neither commits nor other watchers. */
final class Watching implements Store.Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

    private final String prefix;
    private final Store.Watcher watcher;
    private final Consumer<Watching> forget;
    private final LinkedBlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final ReentrantLock calling = new ReentrantLock();
    private final Thread thread;
    private volatile boolean closed;

    Watching(String prefix, Store.Watcher watcher, List<Document> there, long revision, Consumer<Watching> forget) {
        this.prefix = prefix;
        this.watcher = watcher;
        this.forget = forget;
        calls.add(() -> watcher.snapshot(there, revision));
        thread = Thread.ofVirtual().name("store-watch-" + prefix).unstarted(this::loop);
        thread.start();
    }

    /** Called with commits in order; costs next to nothing for what does not concern the watch. */
    void tell(List<Store.Event> events, long revision) {
        List<Store.Event> mine =
                events.stream().filter(e -> e.key().startsWith(prefix)).toList();
        if (!mine.isEmpty()) {
            calls.add(() -> watcher.changed(mine, revision));
        }
    }

    private void loop() {
        while (!closed) {
            try {
                Runnable call = calls.take();
                deliver(call);
            } catch (InterruptedException e) {
                // Only close() interrupts, and what ends the loop is what close() left behind.
                LOG.trace("the watch of '{}' was interrupted", prefix, e);
            }
        }
    }

    private void deliver(Runnable call) {
        calling.lock();
        try {
            if (!closed) {
                call.run();
            }
        } catch (RuntimeException e) {
            LOG.error("a watcher of '{}' failed; this is a bug, and it is told of later commits", prefix, e);
        } finally {
            calling.unlock();
        }
    }

    /** Waits for a call that is under way, unless it is that call that ends the watch. */
    @Override
    public void close() {
        closed = true;
        forget.accept(this);
        calling.lock();
        try {
            calls.clear();
        } finally {
            calling.unlock();
        }
        if (Thread.currentThread() != thread) {
            thread.interrupt();
        }
    }
}
