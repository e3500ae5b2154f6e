package io.sallyport.engine.capture;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running capture: a bounded queue that packet threads fill and never wait for, and a thread that writes. */
final class Capture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final int QUEUE_MAX = 16_384;
    private static final long IDLE_MILLIS = 200;

    private final Scope scope;
    private final CaptureFilter filter;
    private final PcapngWriter writer;
    private final ArrayBlockingQueue<Taken> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    /** A packet in the queue. */
    private record Taken(
            int device, Recorder.Direction direction, Instant at, Bytes octets, int length, String comment) {}

    Capture(String name, Scope scope, CaptureFilter filter, Path file) throws IOException {
        this.scope = scope;
        this.filter = filter;
        this.writer = new PcapngWriter(file, name, filter.packetOctetsMax(), filter.fileOctetsMax());
        this.thread = Thread.ofPlatform().name("capture-" + name).daemon().unstarted(this::loop);
        thread.start();
    }

    Scope scope() {
        return scope;
    }

    CaptureFilter filter() {
        return filter;
    }

    /** Called by packet threads. */
    void offer(int device, Recorder.Direction direction, byte[] octets, int length, String comment) {
        if (filter.match().isPresent() && !filter.match().get().holds(Headers.of(octets))) {
            return;
        }
        if (!queue.offer(new Taken(device, direction, Instant.now(), Bytes.wrap(octets), length, comment))) {
            dropped.incrementAndGet();
        }
    }

    private void loop() {
        boolean failed = false;
        while (!stopping || !queue.isEmpty()) {
            try {
                Taken next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (failed) {
                    queue.clear();
                } else if (next == null) {
                    writer.flush();
                } else {
                    writer.packet(
                            next.device(), next.direction(), next.at(), next.octets(), next.length(), next.comment());
                }
            } catch (InterruptedException e) {
                stopping = true;
            } catch (IOException e) {
                failed = true;
                LOG.warn("a capture ends early: {}", e.getMessage());
            }
        }
    }

    /** Writes what waits and ends the file. */
    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.end(dropped.get());
    }
}
