package io.sallyport.engine.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where captures are hung up, and where packet threads look for them. */
public final class Tap {
    private final AtomicReference<@Nullable Recorder> recorder = new AtomicReference<>();
    private List<Capture> running = List.of();

    /** Who wants to see packets; nothing when nobody does. Packet threads ask once a batch. */
    public @Nullable Recorder recorder() {
        return recorder.getOpaque();
    }

    synchronized void add(Capture capture) {
        List<Capture> next = new ArrayList<>(running);
        next.add(capture);
        hang(next);
    }

    synchronized void remove(Capture capture) {
        hang(running.stream().filter(c -> c != capture).toList());
    }

    private void hang(List<Capture> next) {
        running = List.copyOf(next);
        recorder.set(next.isEmpty() ? null : new Recorder(running));
    }
}
