package io.sallyport.ike.v1;

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

/** One event's turn: what the machine may consult, and the actions that it collects. */
final class Turn {
    private final Now now;
    private final Entropy entropy;
    private final Sas sas;
    private final List<IkeAction> actions = new ArrayList<>();
    private final SequencedSet<IkeSa> touched = new LinkedHashSet<>();

    Turn(Now now, Entropy entropy, Sas sas) {
        this.now = now;
        this.entropy = entropy;
        this.sas = sas;
    }

    Now now() {
        return now;
    }

    Entropy entropy() {
        return entropy;
    }

    Sas sas() {
        return sas;
    }

    /** Its deadlines may have changed. */
    void touch(IkeSa sa) {
        touched.add(sa);
    }

    List<IkeSa> touched() {
        return List.copyOf(touched);
    }

    List<IkeAction> actions() {
        return List.copyOf(actions);
    }

    void act(IkeAction action) {
        actions.add(action);
    }

    void note(IkeFact fact) {
        actions.add(new IkeAction.Note(fact));
    }

    void refuse(Endpoint local, Endpoint remote, IkeFact.Failure why) {
        note(new IkeFact.Refused(local, remote, why));
    }

    void send(Endpoint local, Endpoint remote, List<Bytes> datagrams) {
        datagrams.forEach(d -> actions.add(new IkeAction.Send(local, remote, d)));
    }

    /** Asks on behalf of {@code sa}; the answer finds its way back. */
    long ask(IkeSa sa, IkeAction.Question question) {
        touch(sa);
        long ask = sas.newAsk(sa);
        actions.add(new IkeAction.Ask(ask, question));
        return ask;
    }

    Bytes nonce() {
        return entropy.bytes(Limits.NONCE_OCTETS);
    }

    /** Somewhere in {@code least} to twice that. */
    Monotonic inAbout(Duration least) {
        return now.in(least.plus(part(least, entropy.nextInt(1000), 1000)));
    }

    /**
     * When to replace what lives for {@code lifetime}. Who began it does so after 80 to 90 per cent of it, the other end
     * after 92 to 97 if nothing happened by then: so two ends seldom meet.
     */
    Monotonic inMostOf(Duration lifetime, boolean weBegan) {
        int permille = weBegan ? 800 + entropy.nextInt(100) : 920 + entropy.nextInt(50);
        return now.in(part(lifetime, permille, 1000));
    }

    private static Duration part(Duration whole, int numerator, int denominator) {
        return Duration.ofNanos(whole.toNanos() / denominator * numerator);
    }
}
