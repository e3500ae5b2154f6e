package io.sallyport.sim;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEndpoint;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Two IKE endpoints and the network between them, all of it from one seed. */
final class IkeWorld {
    /** How the network misbehaves. */
    record Weather(int lossPercent, int duplicatePercent, int delayMillisMax) {
        static final Weather CALM = new Weather(0, 0, 30);
    }

    /** A child as a packet path holds it. */
    private static final class Carried {
        private final ChildSa sa;
        private boolean outbound;
        private boolean heard;
        /** Until when it takes packets, once it was removed. */
        private long untilNanos = Long.MAX_VALUE;

        private Carried(ChildSa sa, boolean outbound) {
            this.sa = sa;
            this.outbound = outbound;
        }
    }

    private record Due(long atNanos, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    private record Held(KeyExchanges.PrivateKeyValue value) implements IkeEvent.PrivateValue {}

    /** One gateway. */
    final class End {
        private final String name;
        private final KeyExchanges exchanges;
        private final SequencedMap<Long, Carried> children = new LinkedHashMap<>();
        private final SequencedSet<Integer> spisEver = new LinkedHashSet<>();
        private PeerConfig config;
        private IkeEndpoint machine;
        private int life;
        private boolean keeping = true;
        private long wakeNanos = Long.MAX_VALUE;

        private End(String name, PeerConfig config) {
            this.name = name;
            this.config = config;
            this.exchanges = new ToyKeyExchanges(new SeededEntropy(random.nextLong()));
            this.machine = new IkeEndpoint(new SeededEntropy(random.nextLong()));
            on(new IkeEvent.Configure(List.of(config)));
        }

        /** The process is killed and comes back without its memory. */
        void restart() {
            life++;
            trace(() -> name + " restarts");
            children.clear();
            wakeNanos = Long.MAX_VALUE;
            machine = new IkeEndpoint(new SeededEntropy(random.nextLong()));
            on(new IkeEvent.Configure(List.of(config)));
        }

        void configure(PeerConfig next) {
            config = next;
            on(new IkeEvent.Configure(List.of(next)));
        }

        PeerConfig config() {
            return config;
        }

        /** Whether the peer is to be brought up again when it is down. */
        void keep(boolean wanted) {
            keeping = wanted;
        }

        List<Long> liveChildren() {
            return children.values().stream()
                    .filter(c -> c.untilNanos == Long.MAX_VALUE)
                    .map(c -> c.sa.id())
                    .toList();
        }

        void on(IkeEvent event) {
            trace(() -> name + " <- " + event);
            for (IkeAction action : machine.on(event, now())) {
                carryOut(action);
            }
        }

        private void carryOut(IkeAction action) {
            if (!(action instanceof IkeAction.Wake)) {
                trace(() -> name + " -> " + action);
            }
            switch (action) {
                case IkeAction.Send send -> transmit(this, send);
                case IkeAction.SendKeepalive _, IkeAction.MoveChild _ -> {}
                case IkeAction.Wake(Monotonic at, String _) -> wake(at.nanos());
                case IkeAction.Ask(long ask, IkeAction.Question question) -> {
                    int asked = life;
                    IkeEvent.Answer answer = answer(question);
                    later(random.nextInt(20), () -> {
                        if (asked == life) {
                            on(new IkeEvent.Answered(ask, answer));
                        }
                    });
                }
                case IkeAction.InstallChild(ChildSa sa, boolean outbound) -> {
                    require(spisEver.add(sa.inboundSpi()), name + " uses an SPI twice");
                    children.put(sa.id(), new Carried(sa, outbound));
                }
                case IkeAction.UseOutbound(long id) -> carried(id).ifPresent(c -> c.outbound = true);
                case IkeAction.RemoveChild(long id, Duration linger) ->
                    carried(id).ifPresent(c -> c.untilNanos = nanos + linger.toNanos());
                case IkeAction.Note(IkeFact fact) ->
                    require(
                            !(fact instanceof IkeFact.IkeDown(String _, IkeFact.Failure.ClosedByUs(String reason))
                                    && reason.startsWith("internal error")),
                            name + " has an internal error");
            }
        }

        private Optional<Carried> carried(long id) {
            return Optional.ofNullable(children.get(id));
        }

        private void wake(long at) {
            wakeNanos = at;
            at(at, () -> {
                if (wakeNanos <= nanos) {
                    wakeNanos = Long.MAX_VALUE;
                    on(new IkeEvent.Deadline());
                }
            });
        }

        private IkeEvent.Answer answer(IkeAction.Question question) {
            try {
                return switch (question) {
                    case IkeAction.Question.MakeKeyPair(KeyExchangeMethod method) -> {
                        KeyExchanges.KeyPairMade made = exchanges.make(method);
                        yield new IkeEvent.Answer.KeyPairMade(made.publicValue(), new Held(made.privateValue()));
                    }
                    case IkeAction.Question.Agree(KeyExchangeMethod method, IkeEvent.PrivateValue ours, Bytes theirs) ->
                        new IkeEvent.Answer.Agreed(
                                Optional.empty(), exchanges.agree(method, ((Held) ours).value(), theirs));
                    case IkeAction.Question.MakeAndAgree(KeyExchangeMethod method, Bytes theirs) -> {
                        KeyExchanges.KeyPairMade made = exchanges.make(method);
                        yield new IkeEvent.Answer.Agreed(
                                Optional.of(made.publicValue()), exchanges.agree(method, made.privateValue(), theirs));
                    }
                };
            } catch (KeyExchanges.InvalidPublicValue e) {
                return new IkeEvent.Answer.Failed(String.valueOf(e.getMessage()));
            }
        }

        /** The newest child of a config that carries packets outward. */
        private Optional<Carried> outbound(String configName) {
            Carried best = null;
            for (Carried child : children.values()) {
                if (child.outbound
                        && child.untilNanos == Long.MAX_VALUE
                        && child.sa.config().equals(configName)) {
                    best = child;
                }
            }
            return Optional.ofNullable(best);
        }

        private void sendPacket(String configName) {
            outbound(configName).ifPresent(child -> {
                packetsSent++;
                ChildSa sa = child.sa;
                End peer = other(this);
                if (!lost()) {
                    later(delay(), () -> peer.receivePacket(sa, name));
                }
            });
        }

        private void receivePacket(ChildSa by, String from) {
            for (Carried child : children.values()) {
                if (child.sa.inboundSpi() == by.outboundSpi() && nanos <= child.untilNanos) {
                    require(
                            child.sa.inboundKey().equals(by.outboundKey()),
                            name + " cannot open what " + from + " sent: the keys differ");
                    packetsDelivered++;
                    if (!child.heard && child.untilNanos == Long.MAX_VALUE) {
                        child.heard = true;
                        on(new IkeEvent.FirstInbound(child.sa.id()));
                    }
                    on(new IkeEvent.Alive(config.name()));
                    return;
                }
            }
            trace(() -> name + " drops a packet with an unknown SPI");
            if (random.nextInt(4) == 0) {
                on(new IkeEvent.UnknownSpi(
                        new Endpoint(config.local(), 500),
                        new Endpoint(config.remote().orElseThrow(), 500),
                        by.outboundSpi()));
            }
        }
    }

    final SplittableRandom random;
    final End left;
    final End right;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final boolean tracing;
    private final StringBuilder trace = new StringBuilder();
    private Weather weather = Weather.CALM;
    private long nanos = 1_000_000_000L;
    private long order;
    private int packetsSent;
    private int packetsDelivered;

    IkeWorld(long seed, PeerConfig leftConfig, PeerConfig rightConfig, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.left = new End("left", leftConfig);
        this.right = new End("right", rightConfig);
        tick();
    }

    void weather(Weather next) {
        weather = next;
    }

    int packetsLost() {
        return packetsSent - packetsDelivered;
    }

    void resetPackets() {
        packetsSent = 0;
        packetsDelivered = 0;
    }

    int packetsDelivered() {
        return packetsDelivered;
    }

    String traced() {
        return trace.toString();
    }

    /** Lets {@code duration} pass. */
    void run(Duration duration) {
        long end = nanos + duration.toNanos();
        while (!agenda.isEmpty() && agenda.peek().atNanos <= end) {
            Due next = agenda.remove();
            nanos = Math.max(nanos, next.atNanos);
            next.what.run();
        }
        nanos = end;
    }

    /** One matching pair of children per config and nothing else; otherwise what is wrong. */
    Optional<String> disorder() {
        for (End end : List.of(left, right)) {
            List<Carried> live = end.children.values().stream()
                    .filter(c -> c.untilNanos == Long.MAX_VALUE)
                    .toList();
            if (live.size() != end.config.children().size()) {
                return Optional.of(end.name + " has " + live.size() + " children of "
                        + end.config.children().size());
            }
            for (Carried child : live) {
                boolean matched = other(end).children.values().stream()
                        .anyMatch(c -> c.untilNanos == Long.MAX_VALUE
                                && c.sa.config().equals(child.sa.config())
                                && c.sa.inboundSpi() == child.sa.outboundSpi()
                                && c.sa.outboundSpi() == child.sa.inboundSpi()
                                && c.sa.inboundKey().equals(child.sa.outboundKey())
                                && c.sa.outboundKey().equals(child.sa.inboundKey()));
                if (!matched) {
                    return Optional.of(end.name + "'s child " + child.sa.id() + " has no counterpart");
                }
                if (!child.outbound) {
                    return Optional.of(end.name + "'s child " + child.sa.id() + " does not carry outward");
                }
            }
        }
        return Optional.empty();
    }

    /** Whether neither machine wants ever to be woken again. */
    boolean isAsleep() {
        return left.wakeNanos == Long.MAX_VALUE && right.wakeNanos == Long.MAX_VALUE;
    }

    private void tick() {
        for (End end : List.of(left, right)) {
            if (end.keeping) {
                // As a gateway does: ignored by the machine while the peer is up.
                if (random.nextInt(3) == 0 && end.config.mayInitiate()) {
                    end.on(new IkeEvent.Connect(end.config.name()));
                }
            }
            end.config.children().forEach(c -> end.sendPacket(c.name()));
            end.children.values().removeIf(c -> c.untilNanos < nanos);
        }
        later(2000 + random.nextInt(500), this::tick);
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void transmit(End from, IkeAction.Send send) {
        int copies = lost() ? 0 : random.nextInt(100) < weather.duplicatePercent ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            later(
                    delay(),
                    () -> other(from)
                            .on(new IkeEvent.Datagram(
                                    /* local= */ send.remote(), /* remote= */ send.local(), send.message())));
        }
    }

    private boolean lost() {
        return random.nextInt(100) < weather.lossPercent;
    }

    private int delay() {
        return 1 + random.nextInt(weather.delayMillisMax);
    }

    private void later(int millis, Runnable what) {
        at(nanos + millis * 1_000_000L, what);
    }

    private void at(long when, Runnable what) {
        agenda.add(new Due(when, order++, what));
    }

    private Now now() {
        return new Now(
                new Monotonic(nanos), Instant.parse("2026-01-01T00:00:00Z").plusNanos(nanos));
    }

    private void trace(Supplier<String> line) {
        if (tracing) {
            trace.append(nanos / 1_000_000).append(' ').append(line.get()).append('\n');
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
