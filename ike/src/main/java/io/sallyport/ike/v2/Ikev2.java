package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.ConfiguredPeers;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.machine.Wakes;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.UnprotectedMessage;
import io.sallyport.wire.Address;
import io.sallyport.wire.Reader;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * All IKEv2 SAs of one gateway instance, as one pure machine. The caller carries out every action, in order, before it
 * calls again; it never calls from two threads.
 *
 * <p>Read first: RFC 7296 (IKEv2), 7383 (fragments), 3948 (UDP encapsulation), 7427 (signature hashes).
 */
public final class Ikev2 {
    private final Entropy entropy;
    private final Sas sas;
    private final ConfiguredPeers peers = new ConfiguredPeers();
    private final Cookies cookies = new Cookies();
    private final Wakes<IkeSa> wakes = new Wakes<>();
    private boolean underLoad;
    private long strangersSecond;
    private int strangersAnswered;

    public Ikev2(Entropy entropy, Numbers numbers) {
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
                    // Before there is an IKE SA that it could end.
                    stranger(datagram, internal(e), turn);
                }
            }
            case IkeEvent.Deadline _ -> wakes.due(now).forEach(sa -> guarded(sa, turn, IkeSa::onDeadline));
            case IkeEvent.Configure(List<PeerConfig> configs) -> configure(configs, turn);
            case IkeEvent.Connect(String peer) -> connect(peer, turn);
            case IkeEvent.Disconnect(String peer) -> {
                disconnect(sas.ofConfig(peer), "disconnected", turn);
                disconnect(sas.ofPeer(peer), "disconnected", turn);
            }
            case IkeEvent.RekeyIke(String peer) ->
                sas.standing(peer).ifPresent(sa -> guarded(sa, turn, IkeSa::rekeyNow));
            case IkeEvent.RekeyChild(long id) ->
                withChild(id, turn, (sa, child) -> sa.children().rekey(sa, child, turn));
            case IkeEvent.ExpireChild(long id) ->
                withChild(id, turn, (sa, child) -> sa.children().expire(sa, child, turn));
            case IkeEvent.FirstInbound(long id) ->
                withChild(id, turn, (sa, child) -> {
                    if (!(child.phase() instanceof Child.Phase.Deleting)) {
                        sa.children().useOutbound(child, turn);
                    }
                });
            case IkeEvent.PeerMoved moved ->
                withChild(moved.childId(), turn, (sa, _) -> {
                    // RFC 7296 section 2.23: only a peer behind a NAT is followed, and only by one that is not.
                    if (sa.followsImplicitly()) {
                        sa.follow(sa.local(), moved.remote(), turn);
                    }
                });
            case IkeEvent.LocalAddress(String peer, Address local) ->
                sas.ofConfig(peer).forEach(sa -> guarded(sa, turn, (s, t) -> Mobility.onLocalAddress(s, local, t)));
            case IkeEvent.Alive(String peer) -> {
                // Of two IKE SAs, or of many clients, nothing tells which of them the packets prove.
                List<IkeSa> standing =
                        sas.ofPeer(peer).stream().filter(IkeSa::isEstablished).toList();
                if (standing.size() == 1 && standing.getFirst().peer().clients().isEmpty()) {
                    guarded(standing.getFirst(), turn, IkeSa::alive);
                }
            }
            case IkeEvent.UnknownSpi unknown ->
                sas.all().stream()
                        .filter(sa -> sa.isEstablished()
                                && sa.isAt(unknown.local().address())
                                && sa.remote().address().equals(unknown.remote().address()))
                        .forEach(sa -> guarded(sa, turn, (s, t) -> s.unknownSpi(unknown.spi(), t)));
            case IkeEvent.Answered(long ask, IkeEvent.Answer answer) -> {
                sas.takeAsk(ask).ifPresent(sa -> guarded(sa, turn, (s, t) -> s.onAnswer(ask, answer, t)));
                sas.leases().answered(ask, answer, turn);
            }
        }
        noteLoad(turn);
        updateWakes(turn);
        return turn.actions();
    }

    /** Every IKE SA, for tests that must look inside. */
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
        // One machine per major version.
        if (header.majorVersion() == 2) {
            dispatch(datagram, header, turn);
        } else {
            otherVersion(datagram, header, turn);
        }
    }

    private void dispatch(IkeEvent.Datagram datagram, Header header, Turn turn) {
        if (header.initiatorSpi() == header.responderSpi()) {
            stranger(datagram, new IkeFact.Failure.Misbehaved("both SPIs are the same"), turn);
            return;
        }
        if (header.responderSpi() == 0 && !header.response()) {
            initRequest(datagram, header, turn);
            return;
        }
        long ourSpi = header.fromInitiator() ? header.responderSpi() : header.initiatorSpi();
        long peerSpi = header.fromInitiator() ? header.initiatorSpi() : header.responderSpi();
        // Both ends may be ours, on two addresses: then each SPI is one that we gave.
        Optional<IkeSa> sa = sas.bySpi(ourSpi)
                .filter(s -> matches(s, peerSpi) && s.isAt(datagram.local().address()));
        if (sa.isPresent()) {
            guarded(sa.get(), turn, (s, t) -> s.onDatagram(datagram, header, t));
        } else if (sas.bySpi(peerSpi).isPresent()) {
            stranger(datagram, new IkeFact.Failure.Misbehaved("our own message came back"), turn);
        } else if (!header.response()) {
            unknown(datagram, header, turn);
        }
    }

    /** An initiator learns the responder's SPI by the first response. */
    private static boolean matches(IkeSa sa, long peerSpi) {
        IkeKeys.Spis spis = sa.spis();
        long known = sa.isInitiator() ? spis.responder() : spis.initiator();
        return known == peerSpi || sa.isInitiator() && known == 0;
    }

    private void initRequest(IkeEvent.Datagram datagram, Header header, Turn turn) {
        if (!header.exchange().equals(ExchangeType.IKE_SA_INIT)) {
            stranger(datagram, new IkeFact.Failure.Misbehaved(header.exchange() + " without an IKE SA"), turn);
            return;
        }
        IkeSaInit.respond(datagram, header, peers, cookies, turn);
    }

    /** RFC 7296 section 2.21.4: a request for an IKE SA that we do not have MAY be answered, at a bounded rate. */
    private void unknown(IkeEvent.Datagram datagram, Header header, Turn turn) {
        if (mayAnswerStranger(turn.now())) {
            Header reply = Header.of(
                    header.initiatorSpi(),
                    header.responderSpi(),
                    header.exchange(),
                    !header.fromInitiator(),
                    true,
                    header.messageId());
            turn.send(
                    datagram.local(),
                    datagram.remote(),
                    List.of(new UnprotectedMessage(reply, List.of(Payload.Notify.of(NotifyType.INVALID_IKE_SPI)))
                            .write()));
        }
    }

    private void otherVersion(IkeEvent.Datagram datagram, Header header, Turn turn) {
        stranger(datagram, new IkeFact.Failure.WrongVersion(header.majorVersion()), turn);
        // RFC 7296 section 2.5: a higher major version is answered with the one we speak; an older one, IKEv1, is not.
        if (header.majorVersion() > 2 && !header.response() && mayAnswerStranger(turn.now())) {
            Header reply = Header.of(
                    header.initiatorSpi(),
                    header.responderSpi(),
                    header.exchange(),
                    !header.fromInitiator(),
                    true,
                    header.messageId());
            Payload.Notify version = Payload.Notify.of(NotifyType.INVALID_MAJOR_VERSION, Bytes.ofInts(2));
            turn.send(
                    datagram.local(),
                    datagram.remote(),
                    List.of(new UnprotectedMessage(reply, List.of(version)).write()));
        }
    }

    private boolean mayAnswerStranger(Now now) {
        long second = Math.floorDiv(now.at().nanos(), 1_000_000_000L);
        if (second != strangersSecond) {
            strangersSecond = second;
            strangersAnswered = 0;
        }
        return strangersAnswered++ < Limits.STRANGERS_PER_SECOND;
    }

    private static void stranger(IkeEvent.Datagram datagram, IkeFact.Failure why, Turn turn) {
        turn.note(new IkeFact.Refused(datagram.local(), datagram.remote(), why));
    }

    // Configuration and commands.

    private void configure(List<PeerConfig> configs, Turn turn) {
        for (PeerConfig changed : peers.replace(configs)) {
            disconnect(sas.ofConfig(changed.name()), "the configuration changed", turn);
        }
    }

    private void connect(String name, Turn turn) {
        Optional<PeerConfig> peer = peers.find(name);
        boolean busy = sas.ofPeer(name).stream().anyMatch(Ikev2::isUpOrComing);
        if (peer.isPresent() && peer.get().mayInitiate() && peer.get().remote().isPresent() && !busy) {
            try {
                IkeSaInit.initiate(peer.get(), turn);
            } catch (RuntimeException e) {
                turn.note(new IkeFact.IkeDown(name, internal(e)));
            }
        }
    }

    private static boolean isUpOrComing(IkeSa sa) {
        return switch (sa.state()) {
            case SaState.AwaitKeyPair _,
                    SaState.AwaitInitResponse _,
                    SaState.AwaitSharedSecret _,
                    SaState.AwaitAuthResponse _,
                    SaState.Established _ -> true;
            // A stranger's attempt proves nothing about our peer.
            case SaState.AwaitResponderKeys _,
                    SaState.AwaitAuthorities _,
                    SaState.AwaitAuthRequest _,
                    SaState.Replaced _,
                    SaState.Closing _,
                    SaState.Gone _,
                    SaState.Dead _ -> false;
        };
    }

    private static void disconnect(List<IkeSa> all, String reason, Turn turn) {
        all.forEach(sa -> guarded(sa, turn, (s, t) -> {
            if (!s.isOver()) {
                s.close(new IkeFact.Failure.ClosedByUs(reason), t);
            }
        }));
    }

    private void withChild(long id, Turn turn, BiConsumer<IkeSa, Child> step) {
        sas.byChild(id)
                .ifPresent(sa ->
                        guarded(sa, turn, (s, _) -> s.children().byId(id).ifPresent(child -> step.accept(s, child))));
    }

    // What holds for every event.

    /** A fault of ours ends the IKE SA it happened to, never the others. */
    private static void guarded(IkeSa sa, Turn turn, BiConsumer<IkeSa, Turn> step) {
        turn.touch(sa);
        try {
            step.accept(sa, turn);
        } catch (RuntimeException e) {
            if (!sa.isEstablished()) {
                // Else nobody would hear of it.
                turn.note(new IkeFact.Refused(sa.local(), sa.remote(), internal(e)));
            }
            sa.end(internal(e), turn);
        }
    }

    private static IkeFact.Failure internal(RuntimeException e) {
        return new IkeFact.Failure.ClosedByUs("internal error: " + e);
    }

    private void noteLoad(Turn turn) {
        int halfOpen = sas.halfOpen().size();
        boolean now = halfOpen >= Limits.COOKIES_FROM_HALF_OPEN;
        if (now != underLoad) {
            underLoad = now;
            turn.note(new IkeFact.UnderLoad(now, halfOpen));
        }
    }

    private void updateWakes(Turn turn) {
        for (IkeSa sa : turn.touched()) {
            wakes.set(sa.ourSpi(), sa, sas.bySpi(sa.ourSpi()).isPresent() ? sa.due() : Monotonic.NEVER);
        }
        wakes.wish().ifPresent(at -> turn.act(new IkeAction.Wake(at, "ike")));
    }
}
