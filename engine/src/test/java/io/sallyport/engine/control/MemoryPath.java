package io.sallyport.engine.control;

import io.sallyport.base.Bytes;
import io.sallyport.engine.capture.Tap;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.engine.path.PathFailure;
import io.sallyport.ike.ChildSa;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A packet path that remembers what it was told, and hands messages to whoever plays the network. */
public final class MemoryPath implements PacketPath {
    public final List<PathConfig> configs = new CopyOnWriteArrayList<>();
    public final List<ChildSa> installed = new CopyOnWriteArrayList<>();
    public final List<Long> removed = new CopyOnWriteArrayList<>();
    public volatile boolean closed;
    private final Tap tap = new Tap();
    volatile boolean broken;
    volatile Consumer<Sent> network = _ -> {};

    private volatile String refusal = "";

    /** From now on every configuration is refused with these words; empty: none is. */
    public void refuse(String words) {
        refusal = words;
    }

    /** Tells {@code network} of every message that is sent. */
    public void onSend(Consumer<Sent> to) {
        network = to;
    }

    /** A message on its way. */
    public record Sent(Endpoint local, Endpoint remote, Bytes message) {}

    @Override
    public void configure(PathConfig config) throws IOException {
        if (broken && !config.surfaces().isEmpty()) {
            throw new IOException("device sp-hub: permission denied");
        }
        if (!refusal.isEmpty() && !config.surfaces().isEmpty()) {
            throw PathFailure.of(config.surfaces().getFirst(), new IOException(refusal));
        }
        configs.add(config);
    }

    @Override
    public void send(Endpoint local, Endpoint remote, Bytes message) {
        network.accept(new Sent(local, remote, message));
    }

    @Override
    public void sendKeepalive(Endpoint local, Endpoint remote) {}

    @Override
    public void install(ChildSa child, boolean outbound) {
        installed.add(child);
    }

    @Override
    public void useOutbound(long childId) {}

    @Override
    public void remove(long childId, Duration linger) {
        removed.add(childId);
    }

    @Override
    public void move(long childId, Endpoint local, Endpoint remote) {}

    @Override
    public List<ChildCounters> counters() {
        return installed.stream()
                .filter(c -> !removed.contains(c.id()))
                .map(c -> new ChildCounters(c.id(), 1000, 10, 500, 5, 0))
                .toList();
    }

    /** A little more than at the last count of all. */
    @Override
    public Optional<ChildCounters> counters(long childId) {
        return Optional.of(new ChildCounters(childId, 1234, 12, 600, 6, 0));
    }

    @Override
    public List<NamedCount> counts() {
        return List.of(new NamedCount("drops_no_route", 3));
    }

    @Override
    public List<String> capabilities() {
        return List.of("memory");
    }

    @Override
    public Tap tap() {
        return tap;
    }

    @Override
    public void close() {
        closed = true;
    }
}
