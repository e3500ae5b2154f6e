package io.sallyport.os;

import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor that is closed once. */
final class Descriptor implements AutoCloseable {
    private static final int CLOSED = -1;

    private final AtomicInteger number;

    Descriptor(int number) {
        this.number = new AtomicInteger(number);
    }

    int number() {
        return number.getPlain();
    }

    @Override
    public void close() {
        int fd = number.getAndSet(CLOSED);
        if (fd != CLOSED) {
            Libc.close(fd);
        }
    }
}
