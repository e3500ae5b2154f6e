package io.sallyport.gateway;

import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.gateway.ConnectionStatus.State;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeFact;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What the gateway remembers of one connection, and when it tries again. */
final class Tracked {
    static final int TIMELINE_MAX = 50;
    private static final Duration BACKOFF_MIN = Duration.ofSeconds(1);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(60);
    private static final int DOUBLINGS_MAX = 6;
    /** A connection that stayed up this long earned an immediate new attempt when it is lost. */
    private static final Duration STEADY = Duration.ofSeconds(10);
    /** Traffic for a connection that is down brings an attempt forward, but not more often than this. */
    private static final Duration WANTED_INTERVAL = Duration.ofSeconds(5);

    private final Plan.Line line;
    private State state = State.NOT_CONNECTED;
    private Now since;
    private Optional<ConnectionStatus.Trouble> trouble = Optional.empty();
    private Optional<ConnectionStatus.Session> session = Optional.empty();
    private final SequencedMap<Long, Child> children = new LinkedHashMap<>();
    private final SequencedMap<Long, Child> departed = new LinkedHashMap<>();
    private final SequencedMap<String, ConnectionStatus.Client> clients = new LinkedHashMap<>();
    private final List<ConnectionStatus.Moment> timeline = new ArrayList<>();
    private Monotonic retryAt = Monotonic.NEVER;
    private Monotonic told = Monotonic.NEVER;
    private Optional<Monotonic> lastAttempt = Optional.empty();
    private int failures;
    private boolean ikeUp;
    private boolean downNow;
    private boolean childTroubleNow;
    private boolean changed = true;
    private List<Address> own = List.of();
    private Traffic gone = new Traffic(0, 0, 0, 0);

    private static final class Child {
        private ConnectionStatus.Child status;
        private Traffic traffic = new Traffic(0, 0, 0, 0);

        Child(ConnectionStatus.Child status) {
            this.status = status;
        }
    }

    private record Traffic(long bytesIn, long packetsIn, long bytesOut, long packetsOut) {
        Traffic plus(Traffic other) {
            return new Traffic(
                    bytesIn + other.bytesIn,
                    packetsIn + other.packetsIn,
                    bytesOut + other.bytesOut,
                    packetsOut + other.packetsOut);
        }
    }

    Tracked(Plan.Line line, Now now) {
        this.line = line;
        this.since = now;
        if (mayInitiate()) {
            retryAt = now.at();
        }
    }

    Plan.Line line() {
        return line;
    }

    boolean isUp() {
        return ikeUp;
    }

    boolean mayInitiate() {
        return line.peer().mayInitiate() && line.peer().remote().isPresent();
    }

    /** The time of the next attempt, if it has changed since this was asked. */
    Optional<Monotonic> newRetryAt() {
        if (retryAt.equals(told)) {
            return Optional.empty();
        }
        told = retryAt;
        return retryAt.equals(Monotonic.NEVER) ? Optional.empty() : Optional.of(retryAt);
    }

    Monotonic retryAt() {
        return retryAt;
    }

    List<Long> childIds() {
        return List.copyOf(children.keySet());
    }

    /** Whether anything has happened since this was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** The addresses that the peer has given us, if they are others than when this was last asked. */
    Optional<List<Address>> newOwnAddresses() {
        List<Address> now = line.peer().request().isEmpty()
                ? List.of()
                : session.map(ConnectionStatus.Session::leased).orElse(List.of());
        if (now.equals(own)) {
            return Optional.empty();
        }
        own = now;
        return Optional.of(now);
    }

    /** An attempt begins. */
    void attempt(Now now) {
        changed = true;
        lastAttempt = Optional.of(now.at());
        retryAt = Monotonic.NEVER;
        told = Monotonic.NEVER;
    }

    void wanted(Now now) {
        boolean early = lastAttempt
                .map(last -> now.at().since(last).compareTo(WANTED_INTERVAL) >= 0)
                .orElse(true);
        if (state == State.NOT_CONNECTED && mayInitiate() && early) {
            retryAt = now.at();
            changed = true;
        }
    }

    /** A person wants it to be tried now, whatever went wrong before. */
    void beginAnew(Now now) {
        changed = true;
        failures = 0;
        if (mayInitiate()) {
            retryAt = now.at();
        }
    }

    /** From now on nothing is tried any more. */
    void giveUp() {
        changed = true;
        retryAt = Monotonic.NEVER;
        failures = 0;
    }

    void installed(ChildSa sa, Now now) {
        changed = true;
        children.put(
                sa.id(),
                new Child(new ConnectionStatus.Child(
                        sa.id(),
                        sa.config(),
                        sa.inboundSpi(),
                        sa.outboundSpi(),
                        Optional.empty(),
                        sa.udpEncapsulated(),
                        sa.local(),
                        sa.remote(),
                        now.wall())));
    }

    void removed(long childId) {
        Child child = children.remove(childId);
        changed = true;
        if (child != null) {
            departed.put(childId, child);
        }
    }

    /** Nothing more will be counted of a child that was removed. */
    void forget(long childId) {
        Child child = departed.remove(childId);
        if (child != null) {
            gone = gone.plus(child.traffic);
        }
    }

    void counted(GatewayEvent.Traffic traffic) {
        Child child = children.getOrDefault(traffic.childId(), departed.get(traffic.childId()));
        if (child != null) {
            Traffic before = child.traffic;
            child.traffic =
                    new Traffic(traffic.bytesIn(), traffic.packetsIn(), traffic.bytesOut(), traffic.packetsOut());
            changed = changed || !before.equals(child.traffic);
        }
    }

    void note(IkeFact fact, Now now) {
        changed = true;
        if (timeline.size() == TIMELINE_MAX) {
            timeline.removeFirst();
        }
        timeline.add(new ConnectionStatus.Moment(now.wall(), fact));
        switch (fact) {
            case IkeFact.Connecting _ -> {
                lastAttempt = Optional.of(now.at());
                if (state == State.NOT_CONNECTED) {
                    enter(State.CONNECTING, now);
                }
            }
            case IkeFact.IkeUp up -> {
                ikeUp = true;
                session = Optional.of(new ConnectionStatus.Session(
                        up.suite(),
                        up.local(),
                        up.remote(),
                        up.natLocal(),
                        up.natRemote(),
                        up.remoteIdentity(),
                        up.provenBy(),
                        up.leased(),
                        up.weAreInitiator(),
                        now.wall()));
                if (line.peer().clients().isPresent()) {
                    clients.put(up.peer(), client(up, now));
                }
                if (state == State.NOT_CONNECTED) {
                    enter(State.CONNECTING, now);
                }
            }
            case IkeFact.ChildUp up -> childUp(up.child(), up.suite(), now);
            case IkeFact.ChildDown down -> {
                removed(down.childId());
                if (!(down.why() instanceof IkeFact.Failure.Replaced)) {
                    if (!(down.why() instanceof IkeFact.Failure.ClosedByUs) || trouble.isEmpty()) {
                        trouble(down.why(), now);
                    }
                    childTroubleNow = true;
                }
            }
            case IkeFact.IkeRekeyed rekeyed ->
                session = session.map(s -> new ConnectionStatus.Session(
                        rekeyed.suite(),
                        s.local(),
                        s.remote(),
                        s.natLocal(),
                        s.natRemote(),
                        s.remoteIdentity(),
                        s.provenBy(),
                        s.leased(),
                        s.weAreInitiator(),
                        s.since()));
            case IkeFact.IkeDown down -> {
                clients.remove(down.peer());
                // What we close ourselves we close for a reason, and that is what a person wants to read.
                boolean byUs = down.why() instanceof IkeFact.Failure.ClosedByUs;
                boolean replaced = down.why() instanceof IkeFact.Failure.Replaced;
                if (!replaced && (!byUs || trouble.isEmpty())) {
                    trouble(down.why(), now);
                }
                downNow = downNow || !replaced;
            }
            case IkeFact.ChildRefused refused -> {
                trouble(refused.why(), now);
                childTroubleNow = true;
            }
            case IkeFact.Refused refused -> {
                // That some clients are connected says nothing about those that are refused.
                if (state != State.CONNECTED || line.peer().clients().isPresent()) {
                    trouble(refused.why(), now);
                }
            }
            case IkeFact.UnderLoad _ -> {}
        }
    }

    private static ConnectionStatus.Client client(IkeFact.IkeUp up, Now now) {
        return new ConnectionStatus.Client(
                up.peer(), up.remoteIdentity(), up.provenBy(), up.leased(), up.remote(), up.suite(), now.wall());
    }

    private void childUp(ChildSa sa, EspSuite suite, Now now) {
        if (!children.containsKey(sa.id())) {
            installed(sa, now);
        }
        Child child = children.get(sa.id());
        if (child != null) {
            ConnectionStatus.Child s = child.status;
            child.status = new ConnectionStatus.Child(
                    s.id(),
                    s.config(),
                    s.inboundSpi(),
                    s.outboundSpi(),
                    Optional.of(suite),
                    s.udpEncapsulated(),
                    s.local(),
                    s.remote(),
                    s.since());
        }
    }

    private void trouble(IkeFact.Failure failure, Now now) {
        trouble = Optional.of(new ConnectionStatus.Trouble(now.wall(), failure));
    }

    /** Draws the conclusions once all of an event's actions have been seen. */
    void settle(Now now, Entropy entropy) {
        changed = true;
        if (!children.isEmpty()) {
            enter(State.CONNECTED, now);
            retryAt = Monotonic.NEVER;
        } else if (downNow) {
            ikeUp = false;
            session = Optional.empty();
            lost(State.NOT_CONNECTED, now, entropy);
        } else if (state == State.CONNECTED || childTroubleNow) {
            lost(ikeUp ? State.CONNECTING : State.NOT_CONNECTED, now, entropy);
        }
        downNow = false;
        childTroubleNow = false;
    }

    private void lost(State next, Now now, Entropy entropy) {
        boolean wasSteady =
                state == State.CONNECTED && now.at().since(since.at()).compareTo(STEADY) >= 0;
        enter(next, now);
        if (!mayInitiate()) {
            return;
        }
        failures = wasSteady ? 0 : Math.min(failures + 1, DOUBLINGS_MAX + 1);
        retryAt = wasSteady ? now.at() : now.in(backoff(entropy));
    }

    /** One second, doubling to a minute, give or take a quarter so that many peers do not come back in step. */
    private Duration backoff(Entropy entropy) {
        Duration plain = BACKOFF_MIN.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        long millis = Math.min(plain.toMillis(), BACKOFF_MAX.toMillis());
        return Duration.ofMillis(millis * 3 / 4 + entropy.nextInt((int) (millis / 2) + 1));
    }

    private void enter(State next, Now now) {
        if (state != next) {
            state = next;
            since = now;
        }
    }

    ConnectionStatus status(Now now) {
        Traffic all = gone;
        for (Child child : children.values()) {
            all = all.plus(child.traffic);
        }
        for (Child child : departed.values()) {
            all = all.plus(child.traffic);
        }
        Optional<Instant> nextTry = retryAt.equals(Monotonic.NEVER)
                ? Optional.empty()
                : Optional.of(now.wall().plus(retryAt.since(now.at())));
        return new ConnectionStatus(
                line.name(),
                line.connection(),
                line.gateway(),
                line.site(),
                line.peer(),
                state,
                since.wall(),
                trouble,
                nextTry,
                failures,
                session,
                children.values().stream().map(c -> c.status).toList(),
                List.copyOf(clients.values()),
                all.bytesIn,
                all.bytesOut,
                all.packetsIn,
                all.packetsOut,
                timeline);
    }
}
