package io.sallyport.engine.path;

import io.sallyport.wire.Packet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The other end of a connection: the children that carry its traffic, and the VNet it belongs to. */
final class Peer {
    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private final AtomicLong aliveAt = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong wantedAt = new AtomicLong(Long.MIN_VALUE);
    private volatile Carriers outbound = Carriers.NONE;
    private volatile @Nullable Vnet vnet;

    Peer(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    @Nullable
    Vnet vnet() {
        return vnet;
    }

    void place(@Nullable Vnet in) {
        vnet = in;
    }

    boolean isDown() {
        return outbound.isEmpty();
    }

    /** The newest child that may carry {@code packet} out, or nothing. */
    @Nullable
    Child carrierOf(Packet packet) {
        return outbound.find(packet);
    }

    /** Puts {@code child} before all others. Control thread only. */
    void prefer(Child child) {
        outbound = outbound.prefer(child);
    }

    /** Takes {@code child} out of use for sending. Control thread only. */
    void forget(Child child) {
        outbound = outbound.without(child);
    }

    /** True at most once a second. */
    boolean tellAlive(long nowNanos) {
        return atMostOnceASecond(aliveAt, nowNanos);
    }

    /** True at most once a second. */
    boolean tellWanted(long nowNanos) {
        return atMostOnceASecond(wantedAt, nowNanos);
    }

    private static boolean atMostOnceASecond(AtomicLong last, long nowNanos) {
        long before = last.getPlain();
        return (before == Long.MIN_VALUE || nowNanos - before >= SECOND) && last.compareAndSet(before, nowNanos);
    }
}
