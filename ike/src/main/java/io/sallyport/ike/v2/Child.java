package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.ChildSa;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One child SA of ours, and what is happening to it. */
final class Child {
    /** What is happening to it. */
    sealed interface Phase {
        /** It carries packets. */
        record Live() implements Phase {}

        /** We are rekeying it. */
        record Rekeying() implements Phase {}

        /** A successor exists; who made that deletes this one. */
        record Replaced(long successor) implements Phase {}

        /** We are deleting it. */
        record Deleting() implements Phase {}
    }

    /** A rekey by the peer that was answered while ours was on its way. */
    record PeerRekey(long successor, Bytes lowestNonce) {}

    private final ChildSa sa;
    private final ChildConfig config;
    private Phase phase = new Phase.Live();
    private @Nullable PeerRekey peersRekey;
    private boolean outbound;
    private Monotonic rekeyAt;
    private Monotonic expireAt;

    Child(ChildSa sa, ChildConfig config, boolean outbound, Monotonic rekeyAt, Monotonic expireAt) {
        this.sa = sa;
        this.config = config;
        this.outbound = outbound;
        this.rekeyAt = rekeyAt;
        this.expireAt = expireAt;
    }

    ChildSa sa() {
        return sa;
    }

    long id() {
        return sa.id();
    }

    ChildConfig config() {
        return config;
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase next) {
        phase = next;
    }

    Optional<PeerRekey> peersRekey() {
        return Optional.ofNullable(peersRekey);
    }

    /** Kept beside the phase: the peer may delete this child before we learn how our own rekey went. */
    void peersRekey(PeerRekey rekey) {
        peersRekey = rekey;
    }

    boolean isLive() {
        return phase instanceof Phase.Live;
    }

    boolean isOutbound() {
        return outbound;
    }

    void outbound(boolean carries) {
        outbound = carries;
    }

    Monotonic rekeyAt() {
        return rekeyAt;
    }

    void rekeyAt(Monotonic at) {
        rekeyAt = at;
    }

    Monotonic expireAt() {
        return expireAt;
    }

    void expireAt(Monotonic at) {
        expireAt = at;
    }
}
