package io.sallyport.ike.v1;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What all ISAKMP SAs with one peer share: in IKEv1 a child does not belong to the SA that negotiated it (RFC 2409 section
 * 5.5), so a new phase 1 simply goes on with it. Children are made, replaced, timed and removed here.
 */
final class Remote {
    /** A wanted pair without a child, and when it is asked for again. */
    private record Missing(Monotonic retryAt, Duration pause) {}

    private final String name;
    private final PeerConfig peer;
    private final SequencedMap<Long, Child> byId = new LinkedHashMap<>();
    private final SequencedMap<Flow, Missing> missing = new LinkedHashMap<>();
    private boolean stood;
    private boolean weAsk;
    private List<Address> leased = List.of();
    private Optional<String> client = Optional.empty();

    Remote(String name, PeerConfig peer) {
        this.name = name;
        this.peer = peer;
    }

    /** For one of many clients {@code NAME#IDENTITY}. */
    String name() {
        return name;
    }

    PeerConfig peer() {
        return peer;
    }

    /** Whether an ISAKMP SA with it has been up. */
    boolean hasStood() {
        return stood;
    }

    void stood() {
        stood = true;
    }

    /** One end asks for the children, the one that began; or there would be two of each. */
    boolean weAsk() {
        return weAsk;
    }

    void weAsk(boolean ask) {
        weAsk = ask;
    }

    /** Addresses that the client was given, or that we were. */
    List<Address> leased() {
        return leased;
    }

    /** @param of whom a pool knows them to be; absent when we are the client */
    void lease(List<Address> addresses, Optional<String> of) {
        leased = List.copyOf(addresses);
        client = of;
    }

    // Pairs.

    /** What we are to have children for. */
    List<Flow> pairs() {
        List<Flow> pairs = new ArrayList<>();
        for (ChildConfig config : peer.children()) {
            pairs.addAll(Flow.of(config, locals(config), remotes(config)));
        }
        return pairs;
    }

    private List<TrafficSelector> locals(ChildConfig config) {
        return peer.request().isPresent() ? hosts() : config.local();
    }

    private List<TrafficSelector> remotes(ChildConfig config) {
        return peer.clients().isPresent() ? hosts() : config.remote();
    }

    private List<TrafficSelector> hosts() {
        return leased.stream().map(Selectors::host).toList();
    }

    /**
     * The pair that a peer's selectors are, or lie within. RFC 2409 knows of no narrowing; yet rather than to refuse we take
     * what both allow and say so, as other implementations do.
     */
    Optional<Flow> fitting(TrafficSelector local, TrafficSelector remote) {
        List<Flow> pairs = pairs();
        for (Flow pair : pairs) {
            if (pair.local().contains(local) && pair.remote().contains(remote)) {
                return Optional.of(new Flow(pair.config(), local, remote));
            }
        }
        for (Flow pair : pairs) {
            Optional<TrafficSelector> ours = pair.local().intersect(local);
            Optional<TrafficSelector> theirs = pair.remote().intersect(remote);
            if (ours.isPresent() && theirs.isPresent()) {
                return Optional.of(new Flow(pair.config(), ours.get(), theirs.get()));
            }
        }
        return Optional.empty();
    }

    /** At once, or after a while when it is the other end who asks. */
    void askForMissing(IkeSa sa, Turn turn) {
        for (Flow pair : pairs()) {
            if (has(pair)) {
                continue;
            }
            if (weAsk) {
                sa.enqueue(new QuickInitiator(pair, Optional.empty(), 0, turn), turn);
            } else {
                wantLater(pair, turn);
            }
        }
    }

    // Children.

    List<Child> children() {
        return List.copyOf(byId.values());
    }

    Optional<Child> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** By the SPI that the peer receives on, which is how Delete names it. */
    Optional<Child> byPeerSpi(int spi) {
        return byId.values().stream().filter(c -> c.sa().outboundSpi() == spi).findFirst();
    }

    boolean has(Flow pair) {
        return byId.values().stream().anyMatch(c -> c.isComplete() && c.serves(pair));
    }

    boolean hasRoom() {
        return byId.size() < Limits.CHILDREN_MAX;
    }

    /** @param waits the peer will say when it is ready to receive */
    void add(Child child, boolean waits, Turn turn) {
        byId.put(child.id(), child);
        missing.remove(child.pair());
        turn.sas().own(child.id(), this);
        if (child.weBegan() && !waits && byId.values().stream().noneMatch(c -> c.isOutbound() && c.isLike(child))) {
            child.sends();
        }
        turn.act(new IkeAction.InstallChild(child.sa(), child.isOutbound()));
    }

    /** Both ends have the keys and know it: {@code child} carries the packets of its pair from now on. */
    void completed(Child child, Turn turn) {
        child.complete(turn.now().at());
        for (Child other : children()) {
            if (other == child
                    || !other.isComplete()
                    || other.phase() == Child.Phase.REPLACED
                    || !other.isLike(child)) {
                continue;
            }
            boolean crossed =
                    other.weBegan() != child.weBegan() && !other.complete().isBefore(child.begun());
            if (crossed && other.lowestNonce().compareTo(child.lowestNonce()) > 0) {
                // Both ends replaced the same child at the same time. Both see the same four nonces: the one with the
                // lowest of them goes, and whoever began it deletes it (as RFC 7296 section 2.8.1 has it for IKEv2).
                replaced(child, child.weBegan(), turn);
                if (!other.isHeldBack()) {
                    prefer(other, turn);
                }
            } else {
                replaced(other, crossed ? other.weBegan() : child.weBegan(), turn);
            }
        }
        if (child.phase() == Child.Phase.LIVE && child.weBegan() && !child.isOutbound()) {
            // RFC 2408 section 3.1 has the Commit Bit so that "encrypted material is not received prior to completion
            // of the SA establishment"; few set it. The old child carries what we send until the peer is ready.
            child.sendsAt(turn.now().in(Limits.HELD_BACK));
        } else if (child.phase() == Child.Phase.LIVE) {
            prefer(child, turn);
        }
    }

    /** The peer uses it: so may we. */
    void heardOn(Child child, Turn turn) {
        if (child.isHeldBack()) {
            prefer(child, turn);
        }
    }

    /** @param weDelete else the peer does, unless it sees things otherwise: nothing tells it when our quick mode began */
    private static void replaced(Child child, boolean weDelete, Turn turn) {
        child.phase(Child.Phase.REPLACED);
        child.sendsAt(Monotonic.NEVER);
        child.retireAt(turn.now().in(weDelete ? Limits.REPLACED_OWN : Limits.CHILD_REPLACED_BY_PEER));
    }

    private static void prefer(Child child, Turn turn) {
        child.sends();
        turn.act(new IkeAction.UseOutbound(child.id()));
    }

    /** Takes a child out; the newest other one of its pair carries on, or one is asked for. */
    void remove(Child child, Duration linger, IkeFact.Failure why, Turn turn) {
        if (byId.remove(child.id()) == null) {
            return;
        }
        Optional<Child> next = Optional.empty();
        for (Child other : byId.values()) {
            if (other.isComplete() && other.isLike(child)) {
                next = next.filter(c -> c.phase() != Child.Phase.REPLACED).or(() -> Optional.of(other));
            }
        }
        boolean complete = child.isComplete();
        boolean carried = complete && child.phase() != Child.Phase.REPLACED;
        next.filter(c -> carried || c.isHeldBack()).ifPresent(c -> {
            if (c.phase() == Child.Phase.REPLACED) {
                c.phase(Child.Phase.LIVE);
                c.retireAt(Monotonic.NEVER);
            }
            prefer(c, turn);
        });
        turn.act(new IkeAction.RemoveChild(child.id(), linger));
        turn.sas().disown(child.id(), child.sa().inboundSpi());
        if (complete) {
            turn.note(new IkeFact.ChildDown(name, child.id(), why));
        }
        if (complete && !has(child.pair())) {
            wantLater(child.pair(), turn);
        }
    }

    /** Tells the peer, too. */
    void delete(Child child, IkeFact.Failure why, Turn turn) {
        turn.sas()
                .usable(name)
                .ifPresent(sa -> Informational.deleteChild(sa, child.sa().inboundSpi(), turn));
        remove(child, Limits.CHILD_LINGER, why, turn);
    }

    /** Those that were complete before {@code moment} are unknown to a peer that has just said it knows of nothing. */
    void removeOlderThan(Monotonic moment, Turn turn) {
        for (Child child : children()) {
            if (!moment.isBefore(child.begun())) {
                remove(child, Duration.ZERO, new IkeFact.Failure.Replaced(), turn);
            }
        }
    }

    /** The peer is down. */
    void end(IkeFact.Failure why, Turn turn) {
        for (Child child : children()) {
            byId.remove(child.id());
            turn.act(new IkeAction.RemoveChild(child.id(), Duration.ZERO));
            if (child.isComplete()) {
                turn.note(new IkeFact.ChildDown(name, child.id(), why));
            }
            turn.sas().disown(child.id(), child.sa().inboundSpi());
        }
        missing.clear();
        client.ifPresent(c -> peer.clients().ifPresent(p -> turn.act(new IkeAction.ReleaseLease(p.pool(), c))));
        client = Optional.empty();
        leased = List.of();
        turn.sas().forget(this);
    }

    // Time.

    /** Asks for a child of {@code pair} in a while, longer each time. */
    void wantLater(Flow pair, Turn turn) {
        if (!weAsk && (peer.clients().isPresent() || !peer.mayInitiate()) || !pairs().contains(pair)) {
            return;
        }
        Missing last = missing.get(pair);
        if (last != null && !last.retryAt.equals(Monotonic.NEVER)) {
            // A new phase 1 does not put it off.
            return;
        }
        Duration first = weAsk ? Limits.CHILD_RETRY_FIRST : Limits.CHILD_RETRY_OTHER;
        Duration pause = last == null ? first : last.pause.multipliedBy(2);
        Duration bounded = pause.compareTo(Limits.CHILD_RETRY_LONGEST) > 0 ? Limits.CHILD_RETRY_LONGEST : pause;
        missing.put(pair, new Missing(turn.now().in(bounded), bounded));
    }

    /** What is due by now, in a fixed order; {@code sa} stands for the peer. */
    void onDeadline(IkeSa sa, Turn turn) {
        for (Child child : children()) {
            if (child.expireAt().isDue(turn.now())) {
                IkeFact.Failure why = child.phase() == Child.Phase.REPLACED
                        ? new IkeFact.Failure.Replaced()
                        : new IkeFact.Failure.Expired(
                                "child " + child.pair().config().name());
                delete(child, why, turn);
            } else if (child.retireAt().isDue(turn.now())) {
                delete(child, new IkeFact.Failure.Replaced(), turn);
            } else if (child.sendsAt().isDue(turn.now())) {
                prefer(child, turn);
            } else if (child.rekeyAt().isDue(turn.now()) && child.phase() == Child.Phase.LIVE) {
                rekey(sa, child, turn);
            }
        }
        for (Flow pair : List.copyOf(missing.keySet())) {
            Missing wanted = missing.get(pair);
            if (wanted != null && wanted.retryAt.isDue(turn.now())) {
                missing.put(pair, new Missing(Monotonic.NEVER, wanted.pause));
                if (!has(pair)) {
                    sa.enqueue(new QuickInitiator(pair, Optional.empty(), 0, turn), turn);
                }
            }
        }
    }

    void rekey(IkeSa sa, Child child, Turn turn) {
        if (child.phase() == Child.Phase.LIVE) {
            child.rekeyAt(Monotonic.NEVER);
            child.phase(Child.Phase.REKEYING);
            sa.enqueue(new QuickInitiator(child.pair(), Optional.of(child), 0, turn), turn);
        }
    }

    Monotonic due() {
        Monotonic at = Monotonic.NEVER;
        for (Child child : byId.values()) {
            at = at.earlier(child.expireAt()).earlier(child.retireAt()).earlier(child.sendsAt());
            if (child.phase() == Child.Phase.LIVE) {
                at = at.earlier(child.rekeyAt());
            }
        }
        for (Missing wanted : missing.values()) {
            at = at.earlier(wanted.retryAt);
        }
        return at;
    }
}
