package io.sallyport.gateway;

import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.endpoint.IkeEndpoint;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.BiFunction;

/**
 * All connections of one process as one pure machine: drives the IKE machine, brings connections up and up again, and
 * remembers what happened to each. The caller carries out every action, in order, before it calls again; it never calls
 * from two threads.
 */
public final class Gateway {
    /**
     * Attempts that may be under way. A gateway with thousands of connections would otherwise begin all of them when it
     * starts, and time out waiting for itself.
     */
    private static final int ATTEMPTS_MAX = 128;
    /** An attempt that has come to nothing by then, because nobody answers, does not keep others waiting. */
    private static final Duration ATTEMPT_COUNTS = Duration.ofSeconds(1);

    private final BiFunction<IkeEvent, Now, List<IkeAction>> ike;
    private final Entropy entropy;
    private final SequencedMap<String, Tracked> connections = new LinkedHashMap<>();
    private final SequencedMap<Long, Tracked> byChild = new LinkedHashMap<>();
    /** Children that were removed; what they carried since they were last counted is still to come. */
    private final SequencedMap<Long, Tracked> departed = new LinkedHashMap<>();

    private final PriorityQueue<Due> attempts =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    /** What was begun and has not ended, and when; the oldest first. */
    private final SequencedMap<Tracked, Monotonic> begun = new LinkedHashMap<>();

    private final SequencedSet<Tracked> touched = new LinkedHashSet<>();
    private Monotonic ikeWake = Monotonic.NEVER;
    private String ikeWakeReason = "";
    private boolean stopping;
    private long planned;

    /** An attempt that was planned; of two for the same time the first planned goes first. */
    private record Due(Monotonic at, long number, Tracked tracked) {}

    public Gateway(Entropy entropy) {
        this(new IkeEndpoint(entropy)::on, entropy);
    }

    /** With another IKE machine, which is how a test says what the peer does. */
    Gateway(BiFunction<IkeEvent, Now, List<IkeAction>> ike, Entropy entropy) {
        this.ike = ike;
        this.entropy = entropy;
    }

    /** Applies {@code event}. */
    public List<GatewayAction> on(GatewayEvent event, Now now) {
        List<GatewayAction> out = new ArrayList<>();
        switch (event) {
            case GatewayEvent.Apply apply -> apply(apply.plan(), now, out);
            case GatewayEvent.Ike inner -> feed(inner.event(), now, out);
            case GatewayEvent.Deadline _ -> {
                if (ikeWake.isDue(now)) {
                    ikeWake = Monotonic.NEVER;
                    feed(new IkeEvent.Deadline(), now, out);
                }
            }
            case GatewayEvent.Wanted wanted ->
                tracked(wanted.connection()).ifPresent(t -> {
                    t.wanted(now);
                    plan(t);
                });
            case GatewayEvent.Counted counted -> counted(counted.traffic());
            case GatewayEvent.Rekey rekey -> rekey(rekey, now, out);
            case GatewayEvent.Reset reset -> reset(reset.connection(), now, out);
            case GatewayEvent.Stop _ -> stop(now, out);
        }
        retry(now, out);
        out.add(nextWake());
        return out;
    }

    private void apply(Plan plan, Now now, List<GatewayAction> out) {
        feed(new IkeEvent.Configure(plan.peers()), now, out);
        SequencedMap<String, Tracked> next = new LinkedHashMap<>();
        for (Plan.Line line : plan.lines()) {
            Tracked known = connections.get(line.name());
            next.put(line.name(), known != null && known.line().equals(line) ? known : new Tracked(line, now));
        }
        connections.clear();
        connections.putAll(next);
        connections.values().forEach(this::plan);
    }

    private void counted(List<GatewayEvent.Traffic> traffic) {
        for (GatewayEvent.Traffic each : traffic) {
            Tracked tracked = byChild.getOrDefault(each.childId(), departed.get(each.childId()));
            if (tracked != null) {
                tracked.counted(each);
            }
        }
        if (!departed.isEmpty()) {
            SequencedSet<Long> there = new LinkedHashSet<>();
            traffic.forEach(t -> there.add(t.childId()));
            departed.forEach((id, tracked) -> {
                if (!there.contains(id)) {
                    tracked.forget(id);
                }
            });
            departed.keySet().retainAll(there);
        }
    }

    private void rekey(GatewayEvent.Rekey rekey, Now now, List<GatewayAction> out) {
        Optional<Tracked> tracked = tracked(rekey.connection());
        if (tracked.isEmpty()) {
            return;
        }
        switch (rekey.keys()) {
            case IKE -> feed(new IkeEvent.RekeyIke(rekey.connection()), now, out);
            case CHILD -> {
                for (long childId : tracked.get().childIds()) {
                    feed(new IkeEvent.RekeyChild(childId), now, out);
                }
            }
        }
    }

    private void reset(String connection, Now now, List<GatewayAction> out) {
        Optional<Tracked> tracked = tracked(connection);
        if (tracked.isPresent()) {
            feed(new IkeEvent.Disconnect(connection), now, out);
            tracked.get().beginAnew(now);
            plan(tracked.get());
        }
    }

    private void stop(Now now, List<GatewayAction> out) {
        stopping = true;
        for (String name : List.copyOf(connections.keySet())) {
            feed(new IkeEvent.Disconnect(name), now, out);
        }
        // A peer that hears the end tries again at once; it must not be let in while the doors close.
        feed(new IkeEvent.Configure(List.of()), now, out);
        connections.values().forEach(Tracked::giveUp);
    }

    /** Begins what is due. An attempt for a connection whose IKE SA stands without children starts from nothing. */
    private void retry(Now now, List<GatewayAction> out) {
        if (stopping) {
            return;
        }
        while (begun.size() > 0 && now.at().since(begun.firstEntry().getValue()).compareTo(ATTEMPT_COUNTS) >= 0) {
            begun.pollFirstEntry();
        }
        for (Optional<Due> due = earliest(); due.isPresent() && due.get().at().isDue(now); due = earliest()) {
            if (begun.size() >= ATTEMPTS_MAX) {
                return;
            }
            Tracked tracked = due.get().tracked();
            begun.putLast(tracked, now.at());
            if (tracked.isUp()) {
                feed(new IkeEvent.Disconnect(tracked.line().name()), now, out);
            }
            tracked.attempt(now);
            feed(new IkeEvent.Connect(tracked.line().name()), now, out);
        }
    }

    /** The next attempt; what was planned and is not wanted any more is forgotten on the way. */
    private Optional<Due> earliest() {
        for (Due due = attempts.peek(); due != null; due = attempts.peek()) {
            boolean wanted = due.tracked().retryAt().equals(due.at())
                    && connections.get(due.tracked().line().name()) == due.tracked();
            if (wanted) {
                return Optional.of(due);
            }
            attempts.remove();
        }
        return Optional.empty();
    }

    private void plan(Tracked tracked) {
        tracked.newRetryAt().ifPresent(at -> attempts.add(new Due(at, planned++, tracked)));
    }

    private void feed(IkeEvent event, Now now, List<GatewayAction> out) {
        for (IkeAction action : ike.apply(event, now)) {
            switch (action) {
                case IkeAction.Wake wake -> {
                    ikeWake = wake.at();
                    ikeWakeReason = wake.reason();
                }
                case IkeAction.Note note -> {
                    note(note.fact(), now);
                    out.add(new GatewayAction.Ike(note));
                }
                case IkeAction.InstallChild install -> {
                    tracked(install.child().peer()).ifPresent(t -> {
                        byChild.put(install.child().id(), t);
                        t.installed(install.child(), now);
                        touched.add(t);
                    });
                    out.add(new GatewayAction.Ike(install));
                }
                case IkeAction.RemoveChild remove -> {
                    Tracked owner = byChild.remove(remove.childId());
                    if (owner != null) {
                        owner.removed(remove.childId());
                        departed.put(remove.childId(), owner);
                        touched.add(owner);
                    }
                    out.add(new GatewayAction.Ike(remove));
                }
                case IkeAction.Send _,
                        IkeAction.SendKeepalive _,
                        IkeAction.Ask _,
                        IkeAction.ReleaseLease _,
                        IkeAction.UseOutbound _,
                        IkeAction.MoveChild _ -> out.add(new GatewayAction.Ike(action));
            }
        }
        for (Tracked tracked : touched) {
            tracked.settle(now, entropy);
            plan(tracked);
            tracked.newOwnAddresses()
                    .ifPresent(a -> out.add(
                            new GatewayAction.OwnAddresses(tracked.line().tunnel(), a)));
            if (stopping) {
                tracked.giveUp();
            }
        }
        touched.clear();
    }

    private void note(IkeFact fact, Now now) {
        switch (fact) {
            case IkeFact.Connecting f -> note(f.peer(), fact, now);
            case IkeFact.IkeUp f -> note(f.peer(), fact, now);
            case IkeFact.ChildUp f -> note(f.peer(), fact, now);
            case IkeFact.ChildDown f -> note(f.peer(), fact, now);
            case IkeFact.IkeRekeyed f -> note(f.peer(), fact, now);
            case IkeFact.IkeDown f -> note(f.peer(), fact, now);
            case IkeFact.ChildRefused f -> note(f.peer(), fact, now);
            case IkeFact.Refused f -> byEndpoints(f.local(), f.remote()).ifPresent(t -> note(t, fact, now));
            case IkeFact.UnderLoad _ -> {}
        }
    }

    private void note(String peer, IkeFact fact, Now now) {
        tracked(peer).ifPresent(t -> note(t, fact, now));
    }

    private void note(Tracked tracked, IkeFact fact, Now now) {
        if (fact instanceof IkeFact.IkeUp || fact instanceof IkeFact.IkeDown) {
            begun.remove(tracked);
        }
        tracked.note(fact, now);
        touched.add(tracked);
    }

    /** Whose configured address a refused stranger came from. */
    private Optional<Tracked> byEndpoints(Endpoint local, Endpoint remote) {
        List<Tracked> here = connections.values().stream()
                .filter(t -> t.line().peer().local().equals(local.address()))
                .toList();
        return here.stream()
                .filter(t -> t.line()
                        .peer()
                        .remote()
                        .filter(remote.address()::equals)
                        .isPresent())
                .findFirst()
                // A client may come from anywhere.
                .or(() -> here.stream()
                        .filter(t -> t.line().peer().clients().isPresent())
                        .findFirst());
    }

    private GatewayAction.Wake nextWake() {
        Monotonic at = ikeWake;
        String reason = ikeWakeReason;
        Optional<Due> due = earliest();
        if (due.isPresent() && mayBegin(due.get()).isBefore(at)) {
            at = mayBegin(due.get());
            reason = "try again: " + due.get().tracked().line().name();
        }
        return new GatewayAction.Wake(at, reason);
    }

    private Monotonic mayBegin(Due due) {
        if (begun.size() < ATTEMPTS_MAX) {
            return due.at();
        }
        Monotonic free = begun.firstEntry().getValue().plus(ATTEMPT_COUNTS);
        return free.isBefore(due.at()) ? due.at() : free;
    }

    /** By its own name, or by that of one of its clients. */
    private Optional<Tracked> tracked(String name) {
        int client = name.indexOf('#');
        return Optional.ofNullable(connections.get(client < 0 ? name : name.substring(0, client)));
    }

    public Optional<ConnectionStatus> status(String connection, Now now) {
        return tracked(connection).map(t -> t.status(now));
    }

    /** Those whose status may have changed since this was last asked. */
    public List<ConnectionStatus> changed(Now now) {
        return connections.values().stream()
                .filter(Tracked::takeChanged)
                .map(t -> t.status(now))
                .toList();
    }

    /** Every configured connection, in the order of the plan. */
    public List<ConnectionStatus> status(Now now) {
        return connections.values().stream().map(t -> t.status(now)).toList();
    }
}
