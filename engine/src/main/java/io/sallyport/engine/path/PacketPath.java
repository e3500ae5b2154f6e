package io.sallyport.engine.path;

import io.sallyport.base.Bytes;
import io.sallyport.engine.capture.Tap;
import io.sallyport.ike.ChildSa;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The running packet path. Its methods are called by the control thread only; what it has to say comes through the
 * {@link Listener}, from packet threads.
 */
public interface PacketPath extends AutoCloseable {
    /**
     * Makes what runs fit {@code config}: opens and closes devices and sockets, publishes a new routing snapshot,
     * installs and removes the machine's routes. All or nothing: when it throws, what ran before still runs.
     *
     * @throws IOException with one clear line: which address, device, port or permission is missing
     */
    void configure(PathConfig config) throws IOException;

    /** Sends an IKE message; adds the non-ESP marker when {@code local} is a NAT traversal port. Never blocks. */
    void send(Endpoint local, Endpoint remote, Bytes message);

    /** Sends a NAT keepalive. */
    void sendKeepalive(Endpoint local, Endpoint remote);

    void install(ChildSa child, boolean outbound);

    void useOutbound(long childId);

    void remove(long childId, Duration linger);

    void move(long childId, Endpoint local, Endpoint remote);

    /** What every living child has carried so far. */
    List<ChildCounters> counters();

    /** The same of one child; empty when it does not live. */
    default Optional<ChildCounters> counters(long childId) {
        return counters().stream().filter(c -> c.childId() == childId).findFirst();
    }

    /** Drops by reason since the start, and totals per device; names are stable, for metrics. */
    List<NamedCount> counts();

    /** Which offloads and which crypto engine are in use, one line each, for {@code status}. */
    List<String> capabilities();

    /** Where captures look at packets. */
    Tap tap();

    /** Stops all threads, removes devices and routes. */
    @Override
    void close();

    /** Traffic of one child. */
    record ChildCounters(
            long childId, long bytesIn, long packetsIn, long bytesOut, long packetsOut, long lastInboundNanos) {}

    /** A counter by name. */
    record NamedCount(String name, long value) {}

    /** What the packet path tells. Called from packet threads; must return at once. */
    interface Listener {
        /** An IKE message arrived, non-ESP marker removed. */
        void ikeMessage(Endpoint local, Endpoint remote, Bytes message);

        void firstInbound(long childId);

        void softLimit(long childId);

        void hardLimit(long childId);

        void peerMoved(long childId, Endpoint remote);

        /** Authenticated packets came in on children of this peer; at most once a second for each. */
        void alive(String peer);

        void unknownSpi(Endpoint local, Endpoint remote, int spi);

        /** A packet wanted to go to a peer that has no child to carry it; at most once a second for each. */
        void wanted(String peer);

        /** A device or socket failed for good. */
        void failed(String what);
    }
}
