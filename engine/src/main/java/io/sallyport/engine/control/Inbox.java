package io.sallyport.engine.control;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What waits for the control thread. Bounded: whoever the network drives cannot fill the memory. */
public final class Inbox {
    /** A burst of handshakes from ten thousand peers, with room. */
    private static final int SIZE = 32_768;

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(SIZE);
    private final AtomicLong dropped = new AtomicLong();

    /** One thing to do on the control thread. */
    public interface Work {
        void run(Now now);
    }

    /** The machine's clock. */
    public static Now now() {
        return new Now(new Monotonic(System.nanoTime()), Instant.now());
    }

    /** For packet threads: never waits; a full inbox is a counted drop. */
    public void offer(Work work) {
        if (!queue.offer(work)) {
            dropped.incrementAndGet();
        }
    }

    /** For workers and people: waits for room. */
    public void put(Work work) throws InterruptedException {
        queue.put(work);
    }

    @Nullable
    Work poll(Duration atMost) throws InterruptedException {
        return queue.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** How many events were lost because the inbox was full. */
    public long dropped() {
        return dropped.get();
    }
}
