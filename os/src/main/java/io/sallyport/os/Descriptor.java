package io.sallyport.os;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file descriptor that is closed once. Where other threads may be about to use it, closing takes two steps: after
 * {@link #retire} nobody learns the number any more, and when those who had learnt it are done, {@link #close} gives it
 * back. Closed at once, the number could be another file's by the time it is used.
 */
final class Descriptor implements AutoCloseable {
    /** No descriptor: the kernel answers EBADF. */
    private static final int RETIRED = -1;

    private final int opened;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean retired;

    Descriptor(int number) {
        this.opened = number;
    }

    int number() {
        return retired ? RETIRED : opened;
    }

    void retire() {
        retired = true;
    }

    @Override
    public void close() {
        retire();
        if (closed.compareAndSet(false, true)) {
            Libc.close(opened);
        }
    }
}
