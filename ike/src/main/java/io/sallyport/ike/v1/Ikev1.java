package io.sallyport.ike.v1;

import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Now;
import io.sallyport.ike.ConfiguredPeers;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.machine.Wakes;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Reader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.BiConsumer;

/**
 * All IKEv1 SAs of one gateway instance, as one pure machine. The caller carries out every action, in order, before it
 * calls again; it never calls from two threads.
 *
 * <p>Read first: RFC 2408 (messages), 2409 (IKE), 2407 (IPsec's use of it), 3706 (dead peers), 3947 (NAT traversal);
 * draft-ietf-ipsec-isakmp-xauth-06 and draft-dukes-ike-mode-cfg-02 for clients.
 */
public final class Ikev1 {
    /** Refusals in clear per second: strangers get no more. */
    private static final int REFUSALS_PER_SECOND = 10;

    private final Entropy entropy;
    private final Sas sas;
    private final ConfiguredPeers peers = new ConfiguredPeers();
    private final Wakes<IkeSa> wakes = new Wakes<>();
    private long refusalsSecond;
    private int refusals;

    public Ikev1(Entropy entropy, Numbers numbers) {
        this.entropy = entropy;
        this.sas = new Sas(numbers);
    }

    /** Applies {@code event}. */
    public List<IkeAction> on(IkeEvent event, Now now) {
        Turn turn = new Turn(now, entropy, sas);
        switch (event) {
            case IkeEvent.Datagram datagram -> {
                try {
                    receive(datagram, turn);
                } catch (RuntimeException e) {
                    // Before there is an SA that it could end.
                    stranger(datagram, internal(e), turn);
                }
            }
            case IkeEvent.Deadline _ -> wakes.due(now).forEach(sa -> guarded(sa, turn, IkeSa::onDeadline));
            case IkeEvent.Configure(List<PeerConfig> configs) -> configure(configs, turn);
            case IkeEvent.Connect(String peer) -> connect(peer, turn);
            case IkeEvent.Disconnect(String peer) -> disconnect(peer, "disconnected", turn);
            case IkeEvent.RekeyIke(String peer) ->
                sas.standing(peer).ifPresent(sa -> guarded(sa, turn, IkeSa::rekeyNow));
            case IkeEvent.RekeyChild(long id) ->
                withChild(id, turn, (sa, child) -> sa.shared(turn).rekey(sa, child, turn));
            case IkeEvent.ExpireChild(long id) ->
                withChild(id, turn, (sa, child) -> {
                    IkeFact.Failure why = child.phase() == Child.Phase.REPLACED
                            ? new IkeFact.Failure.Replaced()
                            : new IkeFact.Failure.Expired(
                                    "child " + child.pair().config().name());
                    sa.shared(turn).delete(child, why, turn);
                });
            case IkeEvent.FirstInbound(long id) -> firstInbound(id, turn);
            case IkeEvent.PeerMoved moved ->
                withChild(moved.childId(), turn, (sa, _) -> {
                    // Only a peer behind a NAT is followed, and only by one that is not.
                    if (sa.nat().remote() && !sa.nat().local()) {
                        sa.follow(sa.local(), moved.remote(), turn);
                    }
                });
            // There is nothing in IKEv1 that would tell the peer: it finds us dead, and we it.
            case IkeEvent.LocalAddress _ -> {}
            case IkeEvent.Alive(String peer) -> {
                // Of two SAs, nothing tells which of them the packets prove.
                List<IkeSa> standing =
                        sas.called(peer).stream().filter(IkeSa::isEstablished).toList();
                if (standing.size() == 1) {
                    guarded(standing.getFirst(), turn, IkeSa::alive);
                }
            }
            case IkeEvent.UnknownSpi unknown -> unknownSpi(unknown, turn);
            case IkeEvent.Answered(long ask, IkeEvent.Answer answer) -> {
                if (!sas.credentials().onAnswer(ask, answer, turn)
                        && !sas.authorities().onAnswer(ask, answer, turn)) {
                    sas.takeAsk(ask).ifPresent(sa -> guarded(sa, turn, (s, t) -> s.onAnswer(ask, answer, t)));
                }
            }
        }
        updateWakes(turn);
        return turn.actions();
    }

    private void updateWakes(Turn turn) {
        SequencedSet<IkeSa> concerned = new LinkedHashSet<>(turn.touched());
        // What the SAs of one peer share is watched by the one that stands for it.
        turn.touched().forEach(sa -> concerned.addAll(sas.ofPeer(sa.name())));
        concerned.forEach(sa -> wakes.set(sa.ourCookie(), sa, sa.due(sas)));
        wakes.wish().ifPresent(at -> turn.act(new IkeAction.Wake(at, "ike")));
    }

    /** Every SA, for tests that must look inside. */
    List<IkeSa> sasForTest() {
        return sas.all();
    }

    // Datagrams.

    private void receive(IkeEvent.Datagram datagram, Turn turn) {
        Header header;
        try {
            header = Header.read(Reader.over(datagram.message()));
        } catch (Malformed e) {
            stranger(datagram, IkeFact.Failure.Misbehaved.of(e), turn);
            return;
        }
        if (header.initiatorCookie() == header.responderCookie()) {
            stranger(datagram, new IkeFact.Failure.Misbehaved("both cookies are the same"), turn);
            return;
        }
        Optional<IkeSa> sa = find(datagram, header);
        if (sa.isPresent()) {
            guarded(sa.get(), turn, (s, t) -> Receiving.onDatagram(s, datagram, header, t));
        } else if (isOurs(datagram, header)) {
            stranger(datagram, new IkeFact.Failure.Misbehaved("our own message came back"), turn);
        } else if (header.responderCookie() == 0) {
            first(datagram, header, turn);
        } else if (header.exchange().equals(ExchangeType.INFORMATIONAL)
                || header.exchange().equals(ExchangeType.QUICK)
                || header.exchange().equals(ExchangeType.TRANSACTION)) {
            // Of an SA that we do not have. Nothing is answered: whoever sent it may not be where it seems to come
            // from.
            stranger(datagram, new IkeFact.Failure.Misbehaved(header.exchange() + " without an IKE SA"), turn);
        }
    }

    /** The header does not tell who sent it; either cookie may be ours, or both when both ends are. */
    private Optional<IkeSa> find(IkeEvent.Datagram datagram, Header header) {
        Optional<IkeSa> asResponder = sas.bySpi(header.responderCookie())
                .filter(s -> !s.isInitiator() && s.isPeerCookie(header.initiatorCookie()))
                .filter(s -> s.isAt(datagram.local().address()));
        return asResponder.or(() -> sas.bySpi(header.initiatorCookie())
                .filter(s -> s.isInitiator() && s.isPeerCookie(header.responderCookie()))
                .filter(s -> s.isAt(datagram.local().address())));
    }

    private boolean isOurs(IkeEvent.Datagram datagram, Header header) {
        return sas.bySpi(header.initiatorCookie())
                .filter(s -> s.isInitiator() && s.isAt(datagram.local().address()))
                .isPresent();
    }

    private void first(IkeEvent.Datagram datagram, Header header, Turn turn) {
        boolean begins =
                header.exchange().equals(ExchangeType.MAIN) || header.exchange().equals(ExchangeType.AGGRESSIVE);
        if (!begins || header.isEncrypted() || header.messageId() != 0) {
            stranger(datagram, new IkeFact.Failure.Misbehaved(header.exchange() + " as a first message"), turn);
            return;
        }
        Admission.consider(datagram, header, peers, mayRefuse(turn.now()), turn);
    }

    private boolean mayRefuse(Now now) {
        long second = Math.floorDiv(now.at().nanos(), 1_000_000_000L);
        if (second != refusalsSecond) {
            refusalsSecond = second;
            refusals = 0;
        }
        return refusals++ < REFUSALS_PER_SECOND;
    }

    private static void stranger(IkeEvent.Datagram datagram, IkeFact.Failure why, Turn turn) {
        turn.refuse(datagram.local(), datagram.remote(), why);
    }

    // Configuration and commands.

    private void configure(List<PeerConfig> configs, Turn turn) {
        for (PeerConfig changed : peers.replace(configs)) {
            disconnect(changed.name(), "the configuration changed", turn);
        }
        for (PeerConfig peer : configs) {
            if (Way.of(peer).orElse(null) instanceof Way.Signature(String credential, String trust)) {
                if (sas.credentials().method(credential, turn).isEmpty()) {
                    sas.credentials().ask(credential, turn);
                }
                sas.authorities().ask(trust, turn);
            }
        }
    }

    private void connect(String name, Turn turn) {
        Optional<PeerConfig> peer = peers.find(name);
        boolean busy = sas.called(name).stream()
                .anyMatch(sa -> sa.isInitiator() && sa.state() != SaState.REPLACED || sa.isEstablished());
        if (peer.isPresent() && peer.get().mayInitiate() && peer.get().remote().isPresent() && !busy) {
            Endpoint local = new Endpoint(peer.get().local(), Limits.IKE_PORT);
            Endpoint remote = new Endpoint(peer.get().remote().get(), Limits.IKE_PORT);
            try {
                MainMode.initiate(peer.get(), local, remote, turn);
            } catch (RuntimeException e) {
                turn.note(new IkeFact.IkeDown(name, internal(e)));
            }
        }
    }

    private void disconnect(String peer, String reason, Turn turn) {
        sas.called(peer).forEach(sa -> guarded(sa, turn, (s, t) -> s.close(new IkeFact.Failure.ClosedByUs(reason), t)));
    }

    private void firstInbound(long id, Turn turn) {
        Optional<Remote> remote = sas.byChild(id);
        Optional<Child> child = remote.flatMap(r -> r.byId(id));
        if (child.isEmpty()) {
            return;
        }
        // Only who has our last message has the keys: as good as its own last one.
        for (IkeSa sa : sas.ofPeer(remote.get().name())) {
            for (Exchange exchange : sa.exchanges().all()) {
                if (exchange instanceof QuickResponder quick
                        && quick.made(id)
                        && !child.get().isComplete()) {
                    guarded(sa, turn, quick::complete);
                } else if (exchange instanceof QuickInitiator quick && quick.made(id)) {
                    guarded(sa, turn, quick::connected);
                }
            }
        }
        if (child.get().isHeldBack()) {
            withChild(id, turn, (sa, c) -> sa.shared(turn).heardOn(c, turn));
        }
    }

    /**
     * The peer sends what we know nothing of: our Delete got lost, or we have lost more than a child. It is told again, so
     * that it does not send into the dark until the child's time ends.
     */
    private void unknownSpi(IkeEvent.UnknownSpi unknown, Turn turn) {
        if (sas.isHeld(unknown.spi())) {
            // The first packet of a new child was faster than the child was installed.
            return;
        }
        sas.all().stream()
                .filter(IkeSa::isEstablished)
                .filter(sa -> sa.isAt(unknown.local().address()))
                .filter(sa -> sa.remote().address().equals(unknown.remote().address()))
                .limit(Limits.CANDIDATES_MAX)
                .forEach(sa -> guarded(sa, turn, (s, t) -> {
                    s.deadPeer().suspect(s, t);
                    Informational.deleteChild(s, unknown.spi(), t);
                }));
    }

    private void withChild(long id, Turn turn, BiConsumer<IkeSa, Child> step) {
        Optional<Remote> remote = sas.byChild(id);
        Optional<IkeSa> sa = remote.flatMap(r -> sas.standing(r.name()).or(() -> sas.usable(r.name())));
        sa.ifPresent(found -> guarded(
                found, turn, (s, _) -> remote.flatMap(r -> r.byId(id)).ifPresent(child -> step.accept(s, child))));
    }

    // What holds for every event.

    /** A fault of ours ends the SA it happened to, never the others. */
    private static void guarded(IkeSa sa, Turn turn, BiConsumer<IkeSa, Turn> step) {
        turn.touch(sa);
        try {
            step.accept(sa, turn);
        } catch (RuntimeException e) {
            if (!sa.isEstablished()) {
                // Else nobody would hear of it.
                turn.refuse(sa.local(), sa.remote(), internal(e));
            }
            sa.end(internal(e), turn);
        }
    }

    private static IkeFact.Failure internal(RuntimeException e) {
        return new IkeFact.Failure.ClosedByUs("internal error: " + e);
    }
}
