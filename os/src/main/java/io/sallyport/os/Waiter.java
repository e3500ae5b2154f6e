package io.sallyport.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Lets one packet thread sleep until one of its descriptors can be read, or until another thread wakes it. */
public final class Waiter implements AutoCloseable {
    private static final int POLLIN = 1;
    private static final int POLLERR_HUP_NVAL = 8 | 16 | 32;
    private static final int STRIDE = 8;
    private static final int REVENTS = 6;

    private final Descriptor event;
    private final MemorySegment fds;
    private final MemorySegment eight;
    private final int count;

    /** Waits on {@code sources}, in the order in which {@link #isReady} then speaks of them. */
    public Waiter(List<? extends Pollable> sources) throws IOException {
        int fd = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (fd < 0) {
            throw Libc.refused("eventfd", fd);
        }
        event = new Descriptor(fd);
        count = sources.size() + 1;
        Arena arena = Arena.ofAuto();
        fds = arena.allocate((long) count * STRIDE, 8);
        eight = arena.allocate(8, 8);
        for (int i = 0; i < count; i++) {
            int number = i == count - 1 ? fd : sources.get(i).descriptor();
            fds.set(ValueLayout.JAVA_INT, (long) i * STRIDE, number);
            fds.set(ValueLayout.JAVA_SHORT, (long) i * STRIDE + 4, (short) POLLIN);
        }
    }

    /** Sleeps until something is ready; a signal may end it early. */
    public void await() {
        await(-1);
    }

    /** As {@link #await()}, but no longer than {@code millis}. */
    void await(int millis) {
        Libc.poll(fds.address(), count, millis);
        if (ready(count - 1, POLLIN)) {
            Libc.read(event.number(), eight.address(), 8);
        }
    }

    /** Whether the source at {@code index} had something to read when {@link #await} returned. */
    public boolean isReady(int index) {
        return ready(index, POLLIN | POLLERR_HUP_NVAL);
    }

    /** Whether the source at {@code index} is gone for good: its device was deleted. */
    public boolean isGone(int index) {
        return ready(index, POLLERR_HUP_NVAL) && !ready(index, POLLIN);
    }

    /** Ends the sleep of the waiting thread. */
    public void wake() {
        // A buffer of its own: the waiting thread may be reading into the other.
        try (Arena arena = Arena.ofConfined()) {
            Libc.write(
                    event.number(),
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 1L).address(),
                    8);
        }
    }

    @Override
    public void close() {
        event.close();
    }

    private boolean ready(int index, int events) {
        return (fds.get(ValueLayout.JAVA_SHORT, (long) index * STRIDE + REVENTS) & events) != 0;
    }
}
