package io.sallyport.engine.path;

import io.sallyport.esp.InboundSa;
import io.sallyport.esp.OutboundSa;
import io.sallyport.forward.SelectorSet;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.TrafficSelector;
import java.util.List;

/** A child SA at work. The SAs are used under their own monitors; the flags below are written without haste. */
final class Child {
    private final ChildSa sa;
    private final Peer peer;
    private final InboundSa inbound;
    private final OutboundSa outbound;
    private final SelectorSet local;
    private final SelectorSet remote;
    private volatile OuterPath path;
    private volatile long lastInboundNanos;
    private volatile boolean firstSeen;
    private volatile boolean hardReported;
    private volatile int moveReported;

    Child(ChildSa sa, Peer peer, InboundSa inbound, OutboundSa outbound, OuterPath path) {
        this.sa = sa;
        this.peer = peer;
        this.inbound = inbound;
        this.outbound = outbound;
        this.path = path;
        this.local = selectors(sa.local());
        this.remote = selectors(sa.remote());
    }

    private static SelectorSet selectors(List<TrafficSelector> list) {
        return new SelectorSet(list.stream()
                .map(s -> new SelectorSet.Selector(s.addresses(), s.protocol(), s.firstPort(), s.lastPort()))
                .toList());
    }

    ChildSa sa() {
        return sa;
    }

    Peer peer() {
        return peer;
    }

    InboundSa inbound() {
        return inbound;
    }

    OutboundSa outbound() {
        return outbound;
    }

    SelectorSet local() {
        return local;
    }

    SelectorSet remote() {
        return remote;
    }

    OuterPath path() {
        return path;
    }

    void move(OuterPath to) {
        path = to;
        moveReported = 0;
    }

    long lastInboundNanos() {
        return lastInboundNanos;
    }

    /** Notes that an authentic packet came; true for the very first. */
    boolean heard(long nowNanos) {
        lastInboundNanos = nowNanos;
        if (firstSeen) {
            return false;
        }
        firstSeen = true;
        return true;
    }

    /** True once. */
    boolean reportHard() {
        if (hardReported) {
            return false;
        }
        hardReported = true;
        return true;
    }

    /** True once for each place the peer is seen at; {@code place} is a hash of it. */
    boolean reportMove(int place) {
        if (moveReported == place) {
            return false;
        }
        moveReported = place;
        return true;
    }
}
