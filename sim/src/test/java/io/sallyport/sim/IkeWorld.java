package io.sallyport.sim;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.ToyAnswers;
import io.sallyport.ike.endpoint.IkeEndpoint;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Two IKE endpoints and the network between them, all of it from one seed. */
final class IkeWorld {
    /** Of clients, by version. */
    static final List<String> POOLS = List.of("pool1", "pool2");

    /** How the network misbehaves. */
    record Weather(int lossPercent, int duplicatePercent, int delayMillisMax) {
        static final Weather CALM = new Weather(0, 0, 30);
    }

    /** A packet of ESP on its way: what the receiver sees of it, and which child of the sender made it. */
    private record Packet(long id, ChildSa by, long sequence) {}

    /** What became of the packets that ends had to send. */
    static final class Tally {
        /** Sent, on whatever child. */
        int sent;
        /** By receiver and config. */
        final SequencedMap<String, Integer> delivered = new LinkedHashMap<>();
        /** Of a sequence number seen before. */
        int repeated;
        /** Arrived, and there was no child for them. */
        int homeless;
        /** Never sent, since there was no child for them. */
        int heldBack;
    }

    /** A child as a packet path holds it, with the window of RFC 4303 section 3.4.3. */
    private static final class Carried {
        private static final int WINDOW = 64;

        private final ChildSa sa;
        private Endpoint local;
        private Endpoint remote;
        private boolean outbound;
        private boolean heard;
        private long sequence;
        private long highest;
        /** Bit n: highest - n was seen. */
        private long seen;
        /** Until when it takes packets, once it was removed. */
        private long untilNanos = Long.MAX_VALUE;

        private Carried(ChildSa sa, boolean outbound) {
            this.sa = sa;
            this.local = sa.localEndpoint();
            this.remote = sa.remoteEndpoint();
            this.outbound = outbound;
        }

        private boolean isLive() {
            return untilNanos == Long.MAX_VALUE;
        }

        /** Whether it is new; then it counts as seen. */
        private boolean admit(long number) {
            if (number > highest) {
                long ahead = number - highest;
                seen = ahead >= WINDOW ? 1 : seen << ahead | 1;
                highest = number;
                return true;
            }
            long behind = highest - number;
            if (behind >= WINDOW || (seen & 1L << behind) != 0) {
                return false;
            }
            seen |= 1L << behind;
            return true;
        }
    }

    private record Due(long atNanos, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    /** One gateway. */
    final class End {
        private final String name;
        private ToyAnswers answers;
        private final SequencedSet<Address> addresses = new LinkedHashSet<>();
        private final SequencedMap<Long, Carried> children = new LinkedHashMap<>();
        private final SequencedSet<Integer> spisEver = new LinkedHashSet<>();
        private final Address place;
        private List<PeerConfig> configs;
        private IkeEndpoint machine;
        private int life;
        private boolean keeping = true;
        private long wakeNanos = Long.MAX_VALUE;
        private long aliveToldNanos;

        private End(String name, List<PeerConfig> configs) {
            this.name = name;
            this.configs = configs;
            this.place = configs.getFirst().local();
            this.answers = shell(configs.getFirst());
            this.addresses.add(place);
            this.machine = new IkeEndpoint(new SeededEntropy(random.nextLong()));
            on(new IkeEvent.Configure(configs));
        }

        /** Keys, users and addresses, as everybody here knows them. */
        private ToyAnswers shell(PeerConfig peer) {
            ToyAnswers made = new ToyAnswers(new ToyKeyExchanges(new SeededEntropy(random.nextLong())));
            made.credential("own", peer.localIdentity(), "authority").trust("trust", "authority");
            for (String pool : POOLS) {
                made.pool(
                        pool,
                        List.of(Address.parse("10.9.0.1"), Address.parse("10.9.0.2")),
                        new IkeEvent.ClientSettings(List.of(), List.of(), List.of(), List.of()));
            }
            made.eap().login("login", "alice", "sesame").user("users", "alice", "sesame");
            return made;
        }

        /** Clients of ours that have addresses. */
        List<String> leases() {
            return POOLS.stream().flatMap(p -> answers.holders(p).stream()).toList();
        }

        /** The host is somewhere else from now on; for a while, nothing reaches it where it was. */
        void move(Address to) {
            trace(() -> name + " moves to " + to);
            addresses.clear();
            addresses.add(to);
            later(15_000, () -> addresses.add(place));
            configs.forEach(c -> on(new IkeEvent.LocalAddress(c.name(), to)));
        }

        /** The process is killed and comes back without its memory. */
        void restart() {
            life++;
            trace(() -> name + " restarts");
            children.clear();
            wakeNanos = Long.MAX_VALUE;
            machine = new IkeEndpoint(new SeededEntropy(random.nextLong()));
            answers = shell(configs.getFirst());
            on(new IkeEvent.Configure(configs));
        }

        void configure(List<PeerConfig> next) {
            configs = List.copyOf(next);
            on(new IkeEvent.Configure(configs));
        }

        List<PeerConfig> configs() {
            return configs;
        }

        /** What it is to have children for. */
        private List<String> wanted() {
            return configs.stream()
                    .flatMap(c -> c.children().stream())
                    .map(ChildConfig::name)
                    .toList();
        }

        /** Whether the peer is to be brought up again when it is down. */
        void keep(boolean wanted) {
            keeping = wanted;
        }

        List<Long> liveChildren() {
            return children.values().stream()
                    .filter(c -> c.isLive())
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
                case IkeAction.SendKeepalive _ -> {}
                case IkeAction.MoveChild(long id, Endpoint local, Endpoint remote) -> {
                    live(id).local = local;
                    live(id).remote = remote;
                }
                case IkeAction.ReleaseLease release -> answers.release(release);
                case IkeAction.Wake(Monotonic at, String _) -> wake(at.nanos());
                case IkeAction.Ask(long ask, IkeAction.Question question) -> {
                    int asked = life;
                    IkeEvent.Answer answer = answers.to(question);
                    later(random.nextInt(20), () -> {
                        if (asked == life) {
                            on(new IkeEvent.Answered(ask, answer));
                        }
                    });
                }
                case IkeAction.InstallChild(ChildSa sa, boolean outbound) -> {
                    require(spisEver.add(sa.inboundSpi()), name + " uses an SPI twice");
                    // Sequence numbers begin anew with every child: the same key again would encrypt twice with one IV.
                    require(keysEver.add(Bytes.wrap(sa.outboundKey().expose())), name + " sends under a key of old");
                    require(children.put(sa.id(), new Carried(sa, outbound)) == null, name + " uses an id twice");
                }
                case IkeAction.UseOutbound(long id) -> {
                    live(id).outbound = true;
                    // As in the packet path: the one preferred last comes first.
                    children.putLast(id, live(id));
                }
                case IkeAction.RemoveChild(long id, Duration linger) -> live(id).untilNanos = nanos + linger.toNanos();
                case IkeAction.Note(IkeFact fact) ->
                    require(
                            !(fact instanceof IkeFact.IkeDown(String _, IkeFact.Failure.ClosedByUs(String reason))
                                    && reason.startsWith("internal error")),
                            name + " has an internal error");
            }
        }

        private Carried live(long id) {
            Carried child = children.get(id);
            require(child != null && child.isLive(), name + " has no child " + id + " to do something with");
            return Objects.requireNonNull(child);
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

        /** The child of a config by which packets leave. */
        private Optional<Carried> outbound(String configName) {
            Carried best = null;
            for (Carried child : children.values()) {
                if (child.outbound && child.isLive() && child.sa.config().equals(configName)) {
                    best = child;
                }
            }
            return Optional.ofNullable(best);
        }

        private void sendPacket(String configName) {
            Optional<Carried> chosen = outbound(configName);
            if (chosen.isEmpty()) {
                // Never in clear.
                tally.heldBack++;
                return;
            }
            Carried child = chosen.get();
            child.sequence++;
            tally.sent++;
            packets++;
            Packet packet = new Packet(packets, child.sa, child.sequence);
            End peer = other(this);
            Address to = child.remote.address();
            int copies = addresses.contains(child.local.address()) ? copies() : 0;
            for (int i = 0; i < copies; i++) {
                later(delay(), () -> {
                    if (peer.addresses.contains(to)) {
                        peer.receivePacket(packet);
                    }
                });
            }
        }

        private void receivePacket(Packet packet) {
            ChildSa by = packet.by;
            Carried home = null;
            for (Carried child : children.values()) {
                if (child.sa.inboundSpi() == by.outboundSpi() && nanos <= child.untilNanos) {
                    home = child;
                }
            }
            if (home == null) {
                tally.homeless++;
                trace(() -> name + " drops a packet with an unknown SPI");
                if (random.nextInt(4) == 0) {
                    on(new IkeEvent.UnknownSpi(
                            new Endpoint(place, 500), new Endpoint(other(this).place, 500), by.outboundSpi()));
                }
                return;
            }
            ChildSa sa = home.sa;
            require(
                    sa.inboundKey().equals(by.outboundKey())
                            && sa.outboundSpi() == by.inboundSpi()
                            && sa.outboundKey().equals(by.inboundKey())
                            && sa.config().equals(by.config()),
                    name + " would deliver a packet of another child");
            if (!home.admit(packet.sequence)) {
                tally.repeated++;
                return;
            }
            require(deliveredEver.add(packet.id), name + " delivers a packet twice");
            tally.delivered.merge(name + " " + sa.config(), 1, Integer::sum);
            if (!home.heard && home.isLive()) {
                home.heard = true;
                on(new IkeEvent.FirstInbound(sa.id()));
            }
            // At most once a second, as the packet path tells it.
            if (nanos - aliveToldNanos >= 1_000_000_000L) {
                aliveToldNanos = nanos;
                on(new IkeEvent.Alive(sa.peer()));
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
    private final Set<Bytes> keysEver = new HashSet<>();
    private final Set<Long> deliveredEver = new HashSet<>();
    private long packets;
    private Tally tally = new Tally();

    /** Both ends have peers of the same names, each at the other end. */
    IkeWorld(long seed, List<PeerConfig> leftConfig, List<PeerConfig> rightConfig, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.left = new End("left", leftConfig);
        this.right = new End("right", rightConfig);
        tick();
    }

    void weather(Weather next) {
        weather = next;
    }

    Tally tally() {
        return tally;
    }

    /** Counts packets from now on. */
    void resetTally() {
        tally = new Tally();
    }

    /** Which config of which end received nothing since {@link #resetTally}. */
    Optional<String> silence() {
        for (End end : List.of(left, right)) {
            for (String child : end.wanted()) {
                if (!tally.delivered.containsKey(end.name + " " + child)) {
                    return Optional.of(end.name + " receives nothing on " + child);
                }
            }
        }
        return Optional.empty();
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
            List<Carried> live =
                    end.children.values().stream().filter(c -> c.isLive()).toList();
            if (live.size() != end.wanted().size()) {
                return Optional.of(end.name + " has " + live.size() + " children of "
                        + end.wanted().size());
            }
            for (String wanted : end.wanted()) {
                if (live.stream().noneMatch(c -> c.sa.config().equals(wanted))) {
                    return Optional.of(end.name + " has no child for " + wanted);
                }
            }
            for (Carried child : live) {
                boolean matched = other(end).children.values().stream()
                        .anyMatch(c -> c.isLive()
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
                for (PeerConfig config : end.configs) {
                    if (random.nextInt(3) == 0 && config.mayInitiate()) {
                        end.on(new IkeEvent.Connect(config.name()));
                    }
                }
            }
            for (String child : end.wanted()) {
                // Close enough to each other that the network may turn them around.
                for (int i = 0; i < 3; i++) {
                    later(i * 40, () -> end.sendPacket(child));
                }
            }
            end.children.values().removeIf(c -> c.untilNanos < nanos);
        }
        later(2000 + random.nextInt(500), this::tick);
    }

    private End other(End end) {
        return end == left ? right : left;
    }

    private void transmit(End from, IkeAction.Send send) {
        int copies = from.addresses.contains(send.local().address()) ? copies() : 0;
        for (int i = 0; i < copies; i++) {
            later(delay(), () -> {
                if (other(from).addresses.contains(send.remote().address())) {
                    other(from)
                            .on(new IkeEvent.Datagram(
                                    /* local= */ send.remote(), /* remote= */ send.local(), send.message()));
                }
            });
        }
    }

    private int copies() {
        boolean lost = random.nextInt(100) < weather.lossPercent;
        return lost ? 0 : random.nextInt(100) < weather.duplicatePercent ? 2 : 1;
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
