package io.sallyport.ike.v2;

import io.sallyport.base.Monotonic;
import java.time.Duration;

/** When things happened to an IKE SA, and when others are due. */
final class Times {
    private final Monotonic createdAt;
    private Monotonic provenAt = Monotonic.NEVER;
    private Monotonic lastHeard;
    private Monotonic rekeyAt = Monotonic.NEVER;
    private Monotonic expireAt = Monotonic.NEVER;
    private Monotonic renewAt = Monotonic.NEVER;
    private Monotonic proofsEndAt = Monotonic.NEVER;
    private Monotonic keepaliveAt = Monotonic.NEVER;
    private Monotonic fragmentsUntil = Monotonic.NEVER;
    private Monotonic invalidSpiFrom;

    Times(Turn turn) {
        this.createdAt = turn.now().at();
        this.lastHeard = turn.now().at();
        this.invalidSpiFrom = turn.now().at();
    }

    Monotonic createdAt() {
        return createdAt;
    }

    /** When the peer proved itself, however often the IKE SA was rekeyed since. */
    Monotonic provenAt() {
        return provenAt;
    }

    /** The IKE SA stands from now on, for {@code lifetime} unless it is rekeyed. */
    void establish(Duration lifetime, Turn turn) {
        provenAt = provenAt.earlier(turn.now().at());
        rekeyAt = turn.inMostOf(lifetime);
        expireAt = turn.now().in(lifetime);
    }

    /** An authentic message came, or packets did. */
    void heard(Turn turn) {
        lastHeard = turn.now().at();
    }

    Monotonic lastHeard() {
        return lastHeard;
    }

    Duration silence(Turn turn) {
        return turn.now().at().since(lastHeard);
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

    void expireBy(Monotonic at) {
        expireAt = expireAt.earlier(at);
        rekeyAt = Monotonic.NEVER;
    }

    /** When we begin to prove ourselves anew. */
    Monotonic renewAt() {
        return renewAt;
    }

    void renewAt(Monotonic at) {
        renewAt = at;
    }

    /** RFC 4478: when the proofs count no more, unless they were renewed. */
    Monotonic proofsEndAt() {
        return proofsEndAt;
    }

    void proofsEndAt(Monotonic at) {
        proofsEndAt = at;
    }

    Monotonic keepaliveAt() {
        return keepaliveAt;
    }

    void keepalive(boolean wanted, Turn turn) {
        keepaliveAt = wanted ? turn.now().in(Limits.KEEPALIVE) : Monotonic.NEVER;
    }

    Monotonic fragmentsUntil() {
        return fragmentsUntil;
    }

    void fragmentsUntil(Monotonic at) {
        fragmentsUntil = at;
    }

    /** Whether an INVALID_SPI may be sent; then the next may not for a while. */
    boolean mayTellOfSpi(Turn turn) {
        boolean may = invalidSpiFrom.isDue(turn.now());
        if (may) {
            invalidSpiFrom = turn.now().in(Limits.INVALID_SPI_PAUSE);
        }
        return may;
    }

    /** What goes on when the IKE SA is rekeyed: the same peer, proven as long ago. */
    void inherit(Times old) {
        lastHeard = old.lastHeard;
        provenAt = old.provenAt;
        keepaliveAt = old.keepaliveAt;
        renewAt = old.renewAt;
        proofsEndAt = old.proofsEndAt;
    }
}
