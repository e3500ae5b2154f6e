package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.ChildSa;

/** One child SA of ours, and what is happening to it. */
final class Child {
    /** What is happening to it. */
    enum Phase {
        /** We answered a quick mode; its last message has not come yet. */
        ANSWERED,
        LIVE,
        REKEYING,
        /** Another one carries its packets. */
        REPLACED
    }

    private final ChildSa sa;
    private final Flow pair;
    private final boolean weBegan;
    private final Bytes lowestNonce;
    private final Monotonic begun;
    private Phase phase;
    private boolean outbound;
    private Monotonic complete = Monotonic.NEVER;
    private Monotonic rekeyAt;
    private Monotonic expireAt;
    private Monotonic retireAt = Monotonic.NEVER;
    private Monotonic sendsAt = Monotonic.NEVER;

    /**
     * @param weBegan the quick mode that made it
     * @param begun when that was
     */
    Child(
            ChildSa sa,
            Flow pair,
            boolean weBegan,
            Bytes lowestNonce,
            Monotonic begun,
            Phase phase,
            Monotonic rekeyAt,
            Monotonic expireAt) {
        this.sa = sa;
        this.pair = pair;
        this.weBegan = weBegan;
        this.lowestNonce = lowestNonce;
        this.begun = begun;
        this.phase = phase;
        this.rekeyAt = rekeyAt;
        this.expireAt = expireAt;
    }

    ChildSa sa() {
        return sa;
    }

    long id() {
        return sa.id();
    }

    Flow pair() {
        return pair;
    }

    /** Whether both carry the very same packets: one of them is enough then. */
    boolean isLike(Child other) {
        return pair.config().name().equals(other.pair.config().name())
                && sa.local().equals(other.sa.local())
                && sa.remote().equals(other.sa.remote());
    }

    /** Whether it serves {@code wanted}, be it in part: a peer may take less than it was offered. */
    boolean serves(Flow wanted) {
        return pair.config().name().equals(wanted.config().name())
                && wanted.local().contains(sa.local().getFirst())
                && wanted.remote().contains(sa.remote().getFirst());
    }

    boolean weBegan() {
        return weBegan;
    }

    Bytes lowestNonce() {
        return lowestNonce;
    }

    Monotonic begun() {
        return begun;
    }

    Monotonic complete() {
        return complete;
    }

    void complete(Monotonic at) {
        complete = at;
        phase = Phase.LIVE;
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase next) {
        phase = next;
    }

    /** Carries packets, or could. */
    boolean isComplete() {
        return phase != Phase.ANSWERED;
    }

    /** Whether our packets may leave by it. */
    boolean isOutbound() {
        return outbound;
    }

    void sends() {
        outbound = true;
        sendsAt = Monotonic.NEVER;
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

    void lifetimeEnds(Monotonic rekey, Monotonic expire) {
        rekeyAt = rekey.earlier(rekeyAt);
        expireAt = expire.earlier(expireAt);
    }

    /** When we delete it, having replaced it. */
    Monotonic retireAt() {
        return retireAt;
    }

    void retireAt(Monotonic at) {
        retireAt = at;
    }

    /** Complete, and kept from sending until the peer is seen to be ready. */
    boolean isHeldBack() {
        return !sendsAt.equals(Monotonic.NEVER);
    }

    /** When it is held back no longer. */
    Monotonic sendsAt() {
        return sendsAt;
    }

    void sendsAt(Monotonic at) {
        sendsAt = at;
    }
}
