package io.sallyport.ike;

import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two endpoints, one clock, no threads. What they send waits on {@link #wire} until it is delivered.
 *
 * @param <M> the machine of one version
 */
public abstract class TwoEnds<M> {
    /** Tells a machine what happened. */
    protected interface Step<M> {
        List<IkeAction> on(M machine, IkeEvent event, Now now);
    }

    /** A datagram on its way. */
    public final class InFlight {
        private final End from;
        private final IkeAction.Send send;

        private InFlight(End from, IkeAction.Send send) {
            this.from = from;
            this.send = send;
        }

        public End from() {
            return from;
        }

        public IkeAction.Send send() {
            return send;
        }
    }

    /** A child as the packet path of one end sees it. */
    public static final class Installed {
        public final ChildSa sa;
        public boolean inbound = true;
        public boolean outbound;

        Installed(ChildSa sa, boolean outbound) {
            this.sa = sa;
            this.outbound = outbound;
        }
    }

    /** Entropy that can dry up. */
    public static final class Source implements Entropy {
        private final Entropy octets;
        public boolean dry;

        Source(long seed) {
            this.octets = new SeededEntropy(seed);
        }

        @Override
        public void fill(byte[] wanted) {
            if (dry) {
                throw new IllegalStateException("no entropy");
            }
            octets.fill(wanted);
        }
    }

    /** One end. */
    public final class End {
        public final String name;
        public final M machine;
        public final Source entropy;
        public final ToyAnswers answers;
        public final List<IkeFact> facts = new ArrayList<>();
        public final List<IkeAction> actions = new ArrayList<>();
        public final SequencedMap<Long, Installed> children = new LinkedHashMap<>();
        public boolean holdAsks;
        public final List<IkeAction.Ask> asks = new ArrayList<>();
        public Monotonic wake = Monotonic.NEVER;

        End(String name, long seed) {
            this.name = name;
            this.entropy = new Source(seed);
            this.machine = maker.apply(entropy);
            this.answers = new ToyAnswers(new ToyKeyExchanges(new SeededEntropy(seed + 1000)));
        }

        public void on(IkeEvent event) {
            for (IkeAction action : step.on(machine, event, now)) {
                actions.add(action);
                carryOut(action);
            }
        }

        private void carryOut(IkeAction action) {
            switch (action) {
                case IkeAction.Send send -> wire.addAll(faults.apply(new InFlight(this, send)));
                case IkeAction.SendKeepalive _ -> {}
                case IkeAction.Wake(Monotonic at, String _) -> wake = at;
                case IkeAction.Ask ask -> asks.add(ask);
                case IkeAction.InstallChild(ChildSa child, boolean outbound) ->
                    children.put(child.id(), new Installed(child, outbound));
                case IkeAction.UseOutbound(long id) -> {
                    Installed preferred = installed(id);
                    preferred.outbound = true;
                    // As in the packet path: the one preferred last comes first.
                    children.putLast(id, preferred);
                }
                case IkeAction.RemoveChild(long id, Duration _) -> {
                    installed(id);
                    children.remove(id);
                }
                case IkeAction.MoveChild _ -> {}
                case IkeAction.ReleaseLease release -> answers.release(release);
                case IkeAction.Note(IkeFact fact) -> facts.add(fact);
            }
        }

        public Installed installed(long id) {
            Installed found = children.get(id);
            if (found == null) {
                throw new AssertionError(name + " has no child " + id);
            }
            return found;
        }

        public Installed onlyChild() {
            if (children.size() != 1) {
                throw new AssertionError(name + " has " + children.size() + " children: " + facts);
            }
            return children.firstEntry().getValue();
        }

        /** The child by which packets leave. */
        public long carrying() {
            return children.reversed().values().stream()
                    .filter(c -> c.outbound)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " sends by no child"))
                    .sa
                    .id();
        }

        public void answerAsks() {
            while (!asks.isEmpty()) {
                answerAsk();
            }
        }

        /** The oldest that is open. */
        public void answerAsk() {
            IkeAction.Ask ask = asks.removeFirst();
            on(new IkeEvent.Answered(ask.ask(), answers.to(ask.question())));
        }

        public <F extends IkeFact> List<F> facts(Class<F> kind) {
            return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        public <F extends IkeFact> F last(Class<F> kind) {
            List<F> found = facts(kind);
            if (found.isEmpty()) {
                throw new AssertionError(name + " noted no " + kind.getSimpleName() + " but " + facts);
            }
            return found.getLast();
        }
    }

    private final Function<Entropy, M> maker;
    private final Step<M> step;
    public final List<InFlight> wire = new ArrayList<>();
    public End left;
    public final End right;
    public Now now = new Now(new Monotonic(1_000_000_000_000L), Instant.parse("2026-01-01T00:00:00Z"));
    /** What goes on its way in place of a datagram. */
    public Function<InFlight, List<InFlight>> faults = List::of;
    /** Changes a datagram on delivery, or loses it. */
    public @Nullable UnaryOperator<Optional<IkeEvent.Datagram>> onDelivery;

    protected TwoEnds(Function<Entropy, M> maker, Step<M> step, PeerConfig leftPeer, PeerConfig rightPeer) {
        this.maker = maker;
        this.step = step;
        this.left = new End("left", 1);
        this.right = new End("right", 2);
        left.on(new IkeEvent.Configure(List.of(leftPeer)));
        right.on(new IkeEvent.Configure(List.of(rightPeer)));
    }

    /** The left end is killed and comes back without its memory. */
    public End rebornLeft(PeerConfig peer) {
        left = new End("left", 77);
        left.on(new IkeEvent.Configure(List.of(peer)));
        wire.clear();
        return left;
    }

    /** A datagram that {@code from} might have sent. */
    public InFlight inFlight(End from, IkeAction.Send send) {
        return new InFlight(from, send);
    }

    public End other(End end) {
        return end == left ? right : left;
    }

    /** Answers what is asked, then delivers the oldest datagram. */
    public boolean step() {
        think();
        if (wire.isEmpty()) {
            return false;
        }
        deliver(wire.removeFirst());
        return true;
    }

    public void think() {
        for (End end : List.of(left, right)) {
            if (!end.holdAsks) {
                end.answerAsks();
            }
        }
    }

    /** Until nothing is on its way any more. */
    public void settle() {
        int steps = 0;
        while (step()) {
            steps++;
            if (steps > 2000) {
                throw new AssertionError("they never stop talking");
            }
        }
    }

    public InFlight take(End from) {
        think();
        for (InFlight datagram : wire) {
            if (datagram.from == from) {
                wire.remove(datagram);
                return datagram;
            }
        }
        throw new AssertionError(from.name + " sent nothing");
    }

    public void deliver(InFlight datagram) {
        deliver(datagram, datagram.send.local());
    }

    /** Delivers it as if it came from {@code source}. */
    public void deliver(InFlight datagram, Endpoint source) {
        Optional<IkeEvent.Datagram> event =
                Optional.of(new IkeEvent.Datagram(datagram.send.remote(), source, datagram.send.message()));
        UnaryOperator<Optional<IkeEvent.Datagram>> change = onDelivery;
        if (change != null) {
            event = change.apply(event);
        }
        event.ifPresent(e -> other(datagram.from).on(e));
        think();
    }

    /** Lets time pass, waking both ends when they asked for it, delivering everything. */
    public void pass(Duration duration) {
        Monotonic end = now.at().plus(duration);
        settle();
        while (true) {
            Monotonic next = left.wake.earlier(right.wake);
            if (end.isBefore(next)) {
                break;
            }
            advanceTo(next);
            for (End one : List.of(left, right)) {
                if (one.wake.isDue(now)) {
                    one.wake = Monotonic.NEVER;
                    one.on(new IkeEvent.Deadline());
                }
            }
            settle();
        }
        advanceTo(end);
    }

    private void advanceTo(Monotonic at) {
        if (now.at().isBefore(at)) {
            now = now.plus(at.since(now.at()));
        }
    }
}
