package io.sallyport.ike.machine;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeFact;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * One event's turn: what the machine may consult, and the actions that it collects.
 *
 * @param <S> the SA
 */
public abstract class Proceedings<S> {
    /** RFC 7296 section 2.10 wants half of the PRF's key at least, RFC 2409 section 5 from 8 to 256. */
    private static final int NONCE_OCTETS = 32;

    private final Now now;
    private final Entropy entropy;
    private final List<IkeAction> actions = new ArrayList<>();
    private final SequencedSet<S> touched = new LinkedHashSet<>();

    protected Proceedings(Now now, Entropy entropy) {
        this.now = now;
        this.entropy = entropy;
    }

    public final Now now() {
        return now;
    }

    public final Entropy entropy() {
        return entropy;
    }

    /** Its deadlines may have changed. */
    public final void touch(S sa) {
        touched.add(sa);
    }

    public final List<S> touched() {
        return List.copyOf(touched);
    }

    public final List<IkeAction> actions() {
        return List.copyOf(actions);
    }

    public final void act(IkeAction action) {
        actions.add(action);
    }

    public final void note(IkeFact fact) {
        actions.add(new IkeAction.Note(fact));
    }

    public final void refuse(Endpoint local, Endpoint remote, IkeFact.Failure why) {
        note(new IkeFact.Refused(local, remote, why));
    }

    public final void send(Endpoint local, Endpoint remote, List<Bytes> datagrams) {
        datagrams.forEach(d -> actions.add(new IkeAction.Send(local, remote, d)));
    }

    public final Bytes nonce() {
        return entropy.bytes(NONCE_OCTETS);
    }

    /** Somewhere in {@code least} to twice that. */
    public final Monotonic inAbout(Duration least) {
        return now.in(least.plus(part(least, entropy.nextInt(1000), 1000)));
    }

    /** When to replace what lives for {@code lifetime}: after 80 to 90 per cent of it, so that two ends seldom meet. */
    public final Monotonic inMostOf(Duration lifetime) {
        return now.in(part(lifetime, 800 + entropy.nextInt(100), 1000));
    }

    /** The same for the end that did not begin it: after 92 to 97 per cent, if nothing happened by then. */
    public final Monotonic inNearlyAllOf(Duration lifetime) {
        return now.in(part(lifetime, 920 + entropy.nextInt(50), 1000));
    }

    private static Duration part(Duration whole, int numerator, int denominator) {
        return Duration.ofNanos(whole.toNanos() / denominator * numerator);
    }
}
