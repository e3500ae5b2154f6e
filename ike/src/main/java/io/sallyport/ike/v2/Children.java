package io.sallyport.ike.v2;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.TrafficSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The child SAs of one IKE SA: made, replaced, timed and removed here. */
final class Children {
    /**
     * What two ends agreed upon.
     *
     * @param peerSpi where the peer takes packets
     */
    record Terms(
            ChildConfig config,
            EspSuite suite,
            int ourSpi,
            int peerSpi,
            List<TrafficSelector> local,
            List<TrafficSelector> remote) {}

    /** A configured child that is missing and when it is asked for again. */
    private record Missing(Monotonic retryAt, Duration pause) {}

    private final SequencedMap<Long, Child> byId = new LinkedHashMap<>();
    private final SequencedMap<String, Missing> missing = new LinkedHashMap<>();

    List<Child> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }

    Optional<Child> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** By the SPI that the peer receives on, which is how REKEY_SA and Delete name it. */
    Optional<Child> byPeerSpi(int spi) {
        return byId.values().stream().filter(c -> c.sa().outboundSpi() == spi).findFirst();
    }

    boolean hasOf(ChildConfig config) {
        return byId.values().stream()
                .anyMatch(c -> c.config().name().equals(config.name()) && !(c.phase() instanceof Child.Phase.Deleting));
    }

    /**
     * Makes a child of its terms and has it carry packets.
     *
     * @param weInitiated the exchange that made it
     * @param outbound at once; else when the peer is known to be ready
     */
    Child install(
            IkeSa sa,
            Terms terms,
            IkeKeys.Nonces nonces,
            Optional<Secret> shared,
            boolean weInitiated,
            boolean outbound,
            Optional<Child> rekeyed,
            Turn turn) {
        ChildKeys keys = ChildKeys.of(sa.secured().keys(), terms.suite, nonces, shared);
        ChildConfig config = terms.config;
        ChildSa made = new ChildSa(
                turn.sas().newChildId(),
                sa.peer().name(),
                config.name(),
                terms.ourSpi,
                terms.peerSpi,
                terms.suite.encryption(),
                terms.suite.integrity(),
                terms.suite.esn(),
                weInitiated ? keys.responderEncryption() : keys.initiatorEncryption(),
                weInitiated ? keys.responderIntegrity() : keys.initiatorIntegrity(),
                weInitiated ? keys.initiatorEncryption() : keys.responderEncryption(),
                weInitiated ? keys.initiatorIntegrity() : keys.responderIntegrity(),
                terms.local,
                terms.remote,
                sa.nat().udp(),
                sa.path().espLocal(),
                sa.path().espRemote(),
                config.replayWindow(),
                config.lifetimeBytes() / 10 * 8,
                config.lifetimeBytes());
        Child child = new Child(
                made,
                config,
                outbound,
                turn.inMostOf(config.lifetime()),
                turn.now().in(config.lifetime()));
        byId.put(made.id(), child);
        missing.remove(config.name());
        turn.sas().own(made.id(), sa);
        turn.act(new IkeAction.InstallChild(made, outbound));
        turn.note(new IkeFact.ChildUp(sa.name(), made, terms.suite, rekeyed.map(Child::id)));
        Renewal.onChild(sa, turn);
        return child;
    }

    /** The peer is known to be ready for packets on {@code child}. */
    void useOutbound(Child child, Turn turn) {
        if (!child.isOutbound()) {
            child.outbound(true);
            turn.act(new IkeAction.UseOutbound(child.id()));
        }
    }

    /** Another IKE SA, whose children carried until now, is going. */
    void takeOver(Turn turn) {
        for (Child child : all()) {
            boolean alone = byId.values().stream()
                    .noneMatch(c -> c.isOutbound()
                            && c.config().name().equals(child.config().name()));
            if (alone && child.isLive()) {
                useOutbound(child, turn);
            }
        }
    }

    /**
     * Sends nothing on {@code child} any more; whatever replaces it carries the packets from now on. It stays known until
     * {@link #forget}, because messages about it may cross.
     */
    void retire(IkeSa sa, Child child, Duration linger, IkeFact.Failure why, Turn turn) {
        if (child.phase() instanceof Child.Phase.Deleting) {
            return;
        }
        Optional<Child> next = successor(child);
        child.phase(new Child.Phase.Deleting());
        if (child.isOutbound()) {
            next.ifPresent(c -> useOutbound(c, turn));
        }
        turn.act(new IkeAction.RemoveChild(child.id(), linger));
        turn.note(new IkeFact.ChildDown(sa.name(), child.id(), why));
        if (!hasOf(child.config())) {
            wantLater(child.config(), turn);
        }
    }

    void forget(Child child, Turn turn) {
        if (byId.remove(child.id()) != null) {
            turn.sas().disown(child.id(), child.sa().inboundSpi());
        }
    }

    void removeAll(IkeSa sa, Duration linger, IkeFact.Failure why, Turn turn) {
        for (Child child : all()) {
            if (!(child.phase() instanceof Child.Phase.Deleting)) {
                turn.act(new IkeAction.RemoveChild(child.id(), linger));
                turn.note(new IkeFact.ChildDown(sa.name(), child.id(), why));
            }
            forget(child, turn);
        }
        missing.clear();
    }

    /** RFC 7296 section 2.18: the new IKE SA "inherits all of the original IKE SA's Child SAs". */
    void inherit(Children old, IkeSa heir, Turn turn) {
        byId.putAll(old.byId);
        missing.putAll(old.missing);
        old.byId.clear();
        old.missing.clear();
        byId.keySet().forEach(id -> turn.sas().own(id, heir));
    }

    /** Asks for a child of {@code config} in a while, longer each time. */
    void wantLater(ChildConfig config, Turn turn) {
        Missing last = missing.get(config.name());
        Duration pause = last == null ? Limits.CHILD_RETRY_FIRST : last.pause.multipliedBy(2);
        Duration bounded = pause.compareTo(Limits.CHILD_RETRY_LONGEST) > 0 ? Limits.CHILD_RETRY_LONGEST : pause;
        missing.put(config.name(), new Missing(turn.now().in(bounded), bounded));
    }

    /** What is due by now, in a fixed order. */
    void onDeadline(IkeSa sa, Turn turn) {
        for (Child child : all()) {
            if (child.expireAt().isDue(turn.now())) {
                expire(sa, child, turn);
            } else if (child.rekeyAt().isDue(turn.now()) && child.isLive()) {
                rekey(sa, child, turn);
            }
        }
        for (ChildConfig config : sa.peer().children()) {
            Missing wanted = missing.get(config.name());
            if (wanted != null && wanted.retryAt.isDue(turn.now())) {
                missing.put(config.name(), new Missing(Monotonic.NEVER, wanted.pause));
                // One end asks, or both would have a pair of children each.
                if (sa.isOriginalInitiator() && !hasOf(config)) {
                    sa.enqueue(new CreateChild(config, Optional.empty()), turn);
                }
            }
        }
    }

    void rekey(IkeSa sa, Child child, Turn turn) {
        if (child.isLive()) {
            child.rekeyAt(Monotonic.NEVER);
            sa.enqueue(new CreateChild(child.config(), Optional.of(child)), turn);
        }
    }

    void expire(IkeSa sa, Child child, Turn turn) {
        child.expireAt(Monotonic.NEVER);
        if (!(child.phase() instanceof Child.Phase.Deleting)) {
            IkeFact.Failure why = child.phase() instanceof Child.Phase.Replaced
                    ? new IkeFact.Failure.Replaced()
                    : new IkeFact.Failure.Expired("child " + child.config().name());
            sa.enqueue(new DeleteChild(child, why), turn);
        }
    }

    Monotonic due() {
        Monotonic at = Monotonic.NEVER;
        for (Child child : byId.values()) {
            at = at.earlier(child.expireAt());
            if (child.isLive()) {
                at = at.earlier(child.rekeyAt());
            }
        }
        for (Missing wanted : missing.values()) {
            at = at.earlier(wanted.retryAt);
        }
        return at;
    }

    /** The child that takes over when {@code removed} goes: its successor, else the newest of its config. */
    private Optional<Child> successor(Child removed) {
        if (removed.phase() instanceof Child.Phase.Replaced(long successor)) {
            // It may have been replaced and removed in its turn.
            Optional<Child> next = byId(successor).filter(c -> !(c.phase() instanceof Child.Phase.Deleting));
            if (next.isPresent()) {
                return next;
            }
        }
        List<Child> others = new ArrayList<>();
        for (Child child : byId.values()) {
            if (child.config().name().equals(removed.config().name()) && child.isLive()) {
                others.add(child);
            }
        }
        return others.isEmpty() ? Optional.empty() : Optional.of(others.getLast());
    }
}
