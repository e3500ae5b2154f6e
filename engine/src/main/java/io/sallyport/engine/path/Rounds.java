package io.sallyport.engine.path;

import io.sallyport.os.Waiter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The rounds of one packet thread's loop. Within a round it may hold what it found in shared state (a socket, a device);
 * from one round to the next it holds nothing. So whatever was taken out of shared state is used by nobody once every
 * packet thread has begun a new round.
 */
final class Rounds {
    private static final long LOOK_AGAIN_NANOS = 20_000;

    private final AtomicLong begun = new AtomicLong();

    /** Begins a round. The packet thread only. */
    void next() {
        begun.set(begun.getPlain() + 1);
    }

    /** Waits until {@code thread} has begun a round after this call, or has ended. */
    void awaitNext(Thread thread, Waiter waiter) {
        if (thread == Thread.currentThread()) {
            return;
        }
        long before = begun.get();
        waiter.wake();
        while (begun.get() == before && thread.isAlive()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
