package io.sallyport.ike.v1;

import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.ToyAnswers;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Two endpoints, one clock, no threads. What they send waits on {@link #wire} until it is delivered. */
final class Pair {
    /** A datagram on its way. */
    record InFlight(End from, IkeAction.Send send) {}

    /** A child as the packet path of one end sees it. */
    static final class Installed {
        final ChildSa sa;
        boolean inbound = true;
        boolean outbound;

        Installed(ChildSa sa, boolean outbound) {
            this.sa = sa;
            this.outbound = outbound;
        }
    }

    /** Entropy that can dry up. */
    static final class Source implements Entropy {
        private final Entropy octets;
        boolean dry;

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
    final class End {
        final String name;
        final Ikev1 machine;
        final Source entropy;
        final ToyAnswers answers;
        final List<IkeFact> facts = new ArrayList<>();
        final List<IkeAction> actions = new ArrayList<>();
        final SequencedMap<Long, Installed> children = new LinkedHashMap<>();
        boolean holdAsks;
        final List<IkeAction.Ask> asks = new ArrayList<>();
        Monotonic wake = Monotonic.NEVER;

        End(String name, long seed) {
            this.name = name;
            this.entropy = new Source(seed);
            this.machine = new Ikev1(entropy, new Numbers());
            this.answers = new ToyAnswers(new ToyKeyExchanges(new SeededEntropy(seed + 1000)));
        }

        void on(IkeEvent event) {
            for (IkeAction action : machine.on(event, now)) {
                actions.add(action);
                carryOut(action);
            }
        }

        private void carryOut(IkeAction action) {
            switch (action) {
                case IkeAction.Send send -> wire.add(new InFlight(this, send));
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

        Installed installed(long id) {
            Installed found = children.get(id);
            if (found == null) {
                throw new AssertionError(name + " has no child " + id);
            }
            return found;
        }

        Installed onlyChild() {
            if (children.size() != 1) {
                throw new AssertionError(name + " has " + children.size() + " children: " + facts);
            }
            return children.firstEntry().getValue();
        }

        /** The child by which packets leave. */
        long carrying() {
            return children.reversed().values().stream()
                    .filter(c -> c.outbound)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " sends by no child"))
                    .sa
                    .id();
        }

        void answerAsks() {
            while (!asks.isEmpty()) {
                answerAsk();
            }
        }

        /** The oldest that is open. */
        void answerAsk() {
            IkeAction.Ask ask = asks.removeFirst();
            on(new IkeEvent.Answered(ask.ask(), answers.to(ask.question())));
        }

        <F extends IkeFact> List<F> facts(Class<F> kind) {
            return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        <F extends IkeFact> F last(Class<F> kind) {
            List<F> found = facts(kind);
            if (found.isEmpty()) {
                throw new AssertionError(name + " noted no " + kind.getSimpleName() + " but " + facts);
            }
            return found.getLast();
        }
    }

    final List<InFlight> wire = new ArrayList<>();
    End left = new End("left", 1);
    final End right = new End("right", 2);
    Now now = new Now(new Monotonic(1_000_000_000_000L), Instant.parse("2026-01-01T00:00:00Z"));
    /** Changes a datagram on delivery, or loses it. */
    @Nullable
    UnaryOperator<Optional<IkeEvent.Datagram>> onDelivery;

    Pair(PeerConfig leftPeer, PeerConfig rightPeer) {
        left.on(new IkeEvent.Configure(List.of(leftPeer)));
        right.on(new IkeEvent.Configure(List.of(rightPeer)));
    }

    static Pair ordinary() {
        return new Pair(Configs.left(), Configs.right());
    }

    static Pair connected() {
        Pair pair = ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    /** The left end is killed and comes back without its memory. */
    End rebornLeft() {
        left = new End("left", 77);
        left.on(new IkeEvent.Configure(List.of(Configs.left())));
        wire.clear();
        return left;
    }

    End other(End end) {
        return end == left ? right : left;
    }

    /** Answers what is asked, then delivers the oldest datagram. */
    boolean step() {
        think();
        if (wire.isEmpty()) {
            return false;
        }
        deliver(wire.removeFirst());
        return true;
    }

    void think() {
        for (End end : List.of(left, right)) {
            if (!end.holdAsks) {
                end.answerAsks();
            }
        }
    }

    /** Until nothing is on its way any more. */
    void settle() {
        int steps = 0;
        while (step()) {
            steps++;
            if (steps > 2000) {
                throw new AssertionError("they never stop talking");
            }
        }
    }

    InFlight take(End from) {
        think();
        for (InFlight datagram : wire) {
            if (datagram.from == from) {
                wire.remove(datagram);
                return datagram;
            }
        }
        throw new AssertionError(from.name + " sent nothing");
    }

    void deliver(InFlight datagram) {
        deliver(datagram, datagram.send.local());
    }

    /** Delivers it as if it came from {@code source}. */
    void deliver(InFlight datagram, Endpoint source) {
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
    void pass(Duration duration) {
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
