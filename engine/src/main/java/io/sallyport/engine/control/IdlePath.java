package io.sallyport.engine.control;

import io.sallyport.base.Bytes;
import io.sallyport.engine.capture.Tap;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.List;

/** A packet path that touches nothing and carries nothing: for looking at a configuration without running it. */
public final class IdlePath implements PacketPath {
    private final Tap tap = new Tap();

    @Override
    public void configure(PathConfig config) {}

    @Override
    public void send(Endpoint local, Endpoint remote, Bytes message) {}

    @Override
    public void sendKeepalive(Endpoint local, Endpoint remote) {}

    @Override
    public void install(ChildSa child, boolean outbound) {}

    @Override
    public void useOutbound(long childId) {}

    @Override
    public void remove(long childId, Duration linger) {}

    @Override
    public void move(long childId, Endpoint local, Endpoint remote) {}

    @Override
    public List<ChildCounters> counters() {
        return List.of();
    }

    @Override
    public List<NamedCount> counts() {
        return List.of();
    }

    @Override
    public List<String> capabilities() {
        return List.of("no packets are carried");
    }

    @Override
    public Tap tap() {
        return tap;
    }

    @Override
    public void close() {}
}
