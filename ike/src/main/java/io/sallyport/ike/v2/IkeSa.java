package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Opened;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadRules;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.ike.v2.message.Protection;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One IKE SA. Read RFC 7296 section 2 first. This class holds the state and the windows; each exchange has a file of its
 * own.
 */
final class IkeSa {
    /** What the key exchange gave. */
    record Secured(IkeSuite suite, IkeKeys keys, Protection protection, boolean fragments) {}

    /** A request of the peer that waits for the answer to a question. */
    private record Responding(ProtectedMessage request, long ask) {}

    private final boolean initiator;
    private final boolean originalInitiator;
    private final long ourSpi;
    private final Requests requests = new Requests();
    private final Responses responses = new Responses();
    private final Children children = new Children();
    private final Deque<Initiated> queue = new ArrayDeque<>();
    private final Times times;
    private final Path path;
    private final @Nullable Endpoint halfOpenSource;
    private @Nullable Bytes restated;

    private long peerSpi;
    private PeerConfig peer;
    private String name;
    private Addresses addresses = Addresses.NONE;
    private @Nullable IkeSa renews;
    private @Nullable IkeSa heir;
    private boolean superseded;
    private Endpoint requestCameTo;
    private Endpoint requestCameFrom;
    private SaState state;
    private @Nullable Secured secured;
    private @Nullable Identity remoteIdentity;
    private @Nullable Initiated current;
    private @Nullable Responding responding;
    private RekeyIke.@Nullable PeersRekey peersRekey;
    private Bytes lowestNonce = Bytes.EMPTY;

    private IkeSa(
            boolean initiator,
            boolean originalInitiator,
            long ourSpi,
            long peerSpi,
            PeerConfig peer,
            Path path,
            @Nullable Endpoint halfOpenSource,
            SaState state,
            Turn turn) {
        this.initiator = initiator;
        this.originalInitiator = originalInitiator;
        this.ourSpi = ourSpi;
        this.peerSpi = peerSpi;
        this.peer = peer;
        this.name = peer.name();
        this.times = new Times(turn);
        this.path = path;
        this.requestCameTo = path.local();
        this.requestCameFrom = path.remote();
        this.halfOpenSource = halfOpenSource;
        this.state = state;
    }

    /** One that we begin. */
    static IkeSa initiator(PeerConfig peer, Endpoint local, Endpoint remote, SaState state, Turn turn) {
        long spi = turn.sas().newSpi(turn.entropy());
        return new IkeSa(true, true, spi, 0, peer, new Path(local, remote), null, state, turn);
    }

    /** One that a stranger begins. */
    static IkeSa responder(
            long initiatorSpi, PeerConfig peer, Endpoint local, Endpoint remote, SaState state, Turn turn) {
        long spi = turn.sas().newSpi(turn.entropy());
        return new IkeSa(false, false, spi, initiatorSpi, peer, new Path(local, remote), remote, state, turn);
    }

    /** The successor of {@code old}, for the same two ends. */
    static IkeSa successor(IkeSa old, boolean initiator, long ourSpi, long peerSpi, Secured secured, Turn turn) {
        IkeSa sa = new IkeSa(
                initiator,
                old.originalInitiator,
                ourSpi,
                peerSpi,
                old.peer,
                old.path.copy(),
                null,
                new SaState.Established(),
                turn);
        sa.secured = secured;
        sa.remoteIdentity = old.remoteIdentity;
        sa.name = old.name;
        sa.superseded = old.superseded;
        sa.times.inherit(old.times);
        sa.times.establish(old.peer.lifetime(), turn);
        sa.hold(old.addresses, turn);
        return sa;
    }

    long ourSpi() {
        return ourSpi;
    }

    IkeKeys.Spis spis() {
        return initiator ? new IkeKeys.Spis(ourSpi, peerSpi) : new IkeKeys.Spis(peerSpi, ourSpi);
    }

    boolean isInitiator() {
        return initiator;
    }

    /** Began the first of the IKE SAs that this one succeeds: it alone asks for children that are missing. */
    boolean isOriginalInitiator() {
        return originalInitiator;
    }

    PeerConfig peer() {
        return peer;
    }

    /** What the peer is called: one of many clients {@code NAME#IDENTITY}. */
    String name() {
        return name;
    }

    /** What the peer was given, or what it gave us. */
    Addresses addresses() {
        return addresses;
    }

    Times times() {
        return times;
    }

    /** The IKE SA whose proofs this one renews. */
    Optional<IkeSa> renews() {
        return Optional.ofNullable(renews);
    }

    /** This one, or what it was rekeyed to. */
    IkeSa latest() {
        IkeSa next = heir;
        return next == null ? this : next.latest();
    }

    /** Another one of the same peer came up after it, and does its work. */
    boolean isSuperseded() {
        return superseded;
    }

    /** The proofs are renewed; what came before is nobody's business any more. */
    void renewed() {
        renews = null;
    }

    void renew(IkeSa old) {
        renews = old;
        // To be asked for once more.
        addresses = old.addresses;
    }

    Endpoint local() {
        return path.local();
    }

    Endpoint remote() {
        return path.remote();
    }

    /** Whether what comes to {@code address} may be meant for it. */
    boolean isAt(Address address) {
        return path.local().address().equals(address) || path.local().address().isUnspecified();
    }

    NatDetection nat() {
        return path.nat();
    }

    SaState state() {
        return state;
    }

    Children children() {
        return children;
    }

    Requests requests() {
        return requests;
    }

    boolean hasKeys() {
        return secured != null;
    }

    /** The message id that the peer's next request has. */
    int expectedRequest() {
        return responses.expectedId();
    }

    Secured secured() {
        return Objects.requireNonNull(secured, "there are no keys yet");
    }

    Optional<Identity> remoteIdentity() {
        return Optional.ofNullable(remoteIdentity);
    }

    Bytes lowestNonce() {
        return lowestNonce;
    }

    boolean isEstablished() {
        return state instanceof SaState.Established;
    }

    boolean isOver() {
        return state instanceof SaState.Gone || state instanceof SaState.Dead;
    }

    /** The peer has sent its IKE_SA_INIT request once more, with the cookie that it was asked for meanwhile. */
    void restate(Bytes request) {
        restated = request;
    }

    /** Of what was said in IKE_SA_INIT, what the peer signs: its last request. */
    SaState.Transcript signedByPeer(SaState.Transcript heard) {
        return restated == null ? heard : heard.restated(restated);
    }

    Optional<Endpoint> halfOpenSource() {
        return Optional.ofNullable(halfOpenSource);
    }

    Optional<RekeyIke.PeersRekey> peersRekey() {
        return Optional.ofNullable(peersRekey);
    }

    void peersRekey(RekeyIke.@Nullable PeersRekey rekey) {
        peersRekey = rekey;
    }

    Optional<Initiated> current() {
        return Optional.ofNullable(current);
    }

    // The handshake moves these.

    void enter(SaState next) {
        state = next;
    }

    void peerSpi(long spi) {
        peerSpi = spi;
    }

    void secure(Secured keys, NatDetection found) {
        secured = keys;
        path.found(found);
    }

    Path path() {
        return path;
    }

    void established(Proven proven, IkeKeys.Nonces nonces, Addresses given, Turn turn) {
        turn.sas().move(this, () -> {
            peer = proven.config();
            name = proven.name();
        });
        hold(given, turn);
        remoteIdentity = proven.identity();
        lowestNonce = nonces.lowest();
        state = new SaState.Established();
        times.establish(peer.lifetime(), turn);
        times.keepalive(path.nat().local(), turn);
        turn.sas().halfOpen().leave(this);
    }

    private void hold(Addresses given, Turn turn) {
        addresses = given;
        turn.sas().leases().hold(given);
    }

    private void giveBack(Turn turn) {
        turn.sas().leases().drop(addresses, turn);
        addresses = Addresses.NONE;
    }

    /** Another IKE SA has taken its place; if the peer does not delete this one, we do. */
    void expireSoon(Turn turn) {
        superseded = true;
        turn.touch(this);
        times.renewAt(Monotonic.NEVER);
        times.expireBy(turn.now().in(Limits.REPLACED_WAIT));
    }

    // Datagrams.

    void onDatagram(IkeEvent.Datagram datagram, Header header, Turn turn) {
        switch (state) {
            case SaState.AwaitInitResponse s -> IkeSaInit.processResponse(this, s, datagram, header, turn);
            case SaState.AwaitAuthResponse _,
                    SaState.AwaitAuthRequest _,
                    SaState.Established _,
                    SaState.Replaced _,
                    SaState.Closing _,
                    SaState.Gone _ -> {
                if (header.next().equals(PayloadType.SK) || header.next().equals(PayloadType.SKF)) {
                    onProtected(datagram, header, turn);
                } else {
                    onHint(header, turn);
                }
            }
            case SaState.AwaitKeyPair _,
                    SaState.AwaitSharedSecret _,
                    SaState.AwaitResponderKeys _,
                    SaState.AwaitAuthorities _,
                    SaState.Dead _ -> {}
        }
    }

    /**
     * Something unprotected about an SA with keys. RFC 7296 section 2.21.4: it "MUST NOT" be acted upon more than by
     * asking the peer whether it still lives.
     */
    private void onHint(Header header, Turn turn) {
        if (header.response()
                && isEstablished()
                && queue.isEmpty()
                && requests.pending().isEmpty()) {
            enqueue(new Liveness(List.of()), turn);
        }
    }

    private void onProtected(IkeEvent.Datagram datagram, Header header, Turn turn) {
        boolean wanted = header.response()
                ? requests.isAnsweredBy(header.exchange(), header.messageId())
                : responses.isNew(header.messageId()) && !isAnswering() || responses.isRepeated(header.messageId());
        // The flag tells who began the IKE SA: a message with ours is our own, reflected.
        if (!wanted || header.fromInitiator() == initiator) {
            return;
        }
        if (!header.response() && responses.isRepeated(header.messageId())) {
            repeat(datagram, turn);
            return;
        }
        Protection protection = secured().protection();
        Opened opened;
        try {
            opened = protection.open(datagram.message());
        } catch (Malformed e) {
            turn.note(new IkeFact.Refused(datagram.local(), datagram.remote(), IkeFact.Failure.Misbehaved.of(e)));
            return;
        }
        heard(datagram, turn);
        times.fragmentsUntil(protection.awaitsFragments() ? turn.now().in(Limits.FRAGMENTS) : Monotonic.NEVER);
        switch (opened) {
            case Opened.Part _ -> {}
            case Opened.Garbled(Header _, Malformed why) -> onGarbled(header, why, turn);
            case Opened.Whole(ProtectedMessage message) -> {
                if (header.response()) {
                    Mobility.onAnswer(this, datagram.remote(), turn);
                    onResponse(message, turn);
                } else {
                    onRequest(datagram, message, turn);
                }
            }
        }
    }

    /** A request of the peer waits for its response; it is not taken once more. */
    private boolean isAnswering() {
        return responding != null || state instanceof SaState.AwaitAuthRequest(AuthResponder auth) && auth.isBusy();
    }

    /** The same request again: the same response again, once per message and only if it is authentic. */
    private void repeat(IkeEvent.Datagram datagram, Turn turn) {
        if (secured().protection().isAuthenticStart(datagram.message())) {
            turn.send(datagram.local(), datagram.remote(), responses.last());
        }
    }

    /** An authentic, fresh message came: the peer lives, and where it came from counts. */
    private void heard(IkeEvent.Datagram datagram, Turn turn) {
        times.heard(turn);
        if (followsImplicitly() && !datagram.remote().equals(path.remote())) {
            follow(datagram.local(), datagram.remote(), turn);
        }
    }

    // Where the two ends are.

    boolean followsImplicitly() {
        return isEstablished() && path.followsImplicitly();
    }

    void follow(Endpoint here, Endpoint there, Turn turn) {
        path.move(here, there);
        if (path.nat().udp()) {
            moveChildren(turn);
        }
    }

    void relocate(Endpoint here, Endpoint there, NatDetection found, Turn turn) {
        path.move(here, there);
        path.found(found);
        times.keepalive(found.local(), turn);
        turn.touch(this);
    }

    /** All that the packet path carries; it knows nothing any more of those whose end only the peer has to confirm. */
    void moveChildren(Turn turn) {
        for (Child child : children.all()) {
            if (!(child.phase() instanceof Child.Phase.Deleting)) {
                turn.act(new IkeAction.MoveChild(child.id(), path.espLocal(), path.espRemote()));
            }
        }
    }

    Endpoint requestCameTo() {
        return requestCameTo;
    }

    Endpoint requestCameFrom() {
        return requestCameFrom;
    }

    private void onGarbled(Header header, Malformed why, Turn turn) {
        // RFC 7296 section 3.10.1, INVALID_SYNTAX: sent only within a valid IKE SA, and fatal there (section 2.21.3).
        if (header.response()) {
            end(IkeFact.Failure.Misbehaved.of(why), turn);
        } else {
            respond(header.exchange(), List.of(Payload.Notify.of(NotifyType.INVALID_SYNTAX)), turn);
            if (!isEstablished()) {
                // Else nobody would hear of it.
                turn.note(new IkeFact.Refused(path.local(), path.remote(), IkeFact.Failure.Misbehaved.of(why)));
            }
            endAnswered(IkeFact.Failure.Misbehaved.of(why), turn);
        }
    }

    private void onRequest(IkeEvent.Datagram datagram, ProtectedMessage request, Turn turn) {
        requestCameTo = datagram.local();
        requestCameFrom = datagram.remote();
        if (state instanceof SaState.AwaitAuthRequest(AuthResponder auth)) {
            // Nothing but IKE_AUTH before the peer has proven itself.
            if (request.header().exchange().equals(ExchangeType.IKE_AUTH)) {
                auth.onRequest(datagram, request, turn);
            } else if (request.header().exchange().equals(ExchangeType.INFORMATIONAL) && auth.isBegun()) {
                auth.onInformational(request, turn);
            } else {
                turn.note(new IkeFact.Refused(
                        datagram.local(),
                        datagram.remote(),
                        new IkeFact.Failure.Misbehaved(request.header().exchange() + " before IKE_AUTH")));
            }
            return;
        }
        if (state instanceof SaState.AwaitAuthResponse || isOver()) {
            return;
        }
        Optional<PayloadType> critical = PayloadRules.unsupportedCritical(request.payloads());
        if (critical.isPresent()) {
            Bytes type = Bytes.ofInts(critical.get().code());
            respond(
                    request.header().exchange(),
                    List.of(Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, type)),
                    turn);
            return;
        }
        respondTo(request, Optional.empty(), turn);
    }

    /** Answers a request, now or when the key exchange it needs is done; then it comes here once more. */
    private void respondTo(ProtectedMessage request, Optional<IkeEvent.Answer.OfKeyExchange> key, Turn turn) {
        ExchangeType exchange = request.header().exchange();
        try {
            if (exchange.equals(ExchangeType.INFORMATIONAL)) {
                PayloadRules.INFORMATIONAL.check(request.payloads());
                Informational.respond(this, request, turn);
            } else if (exchange.equals(ExchangeType.CREATE_CHILD_SA)) {
                if (!isEstablished()) {
                    // RFC 7296 section 2.25.2: an IKE SA that is being closed or was replaced takes no more children.
                    refuse(NotifyType.TEMPORARY_FAILURE, turn);
                } else if (Payloads.find(request.payloads(), Payload.Ts.class).isPresent()) {
                    CreateChild.respond(this, request, key, turn);
                } else {
                    RekeyIke.respond(this, request, key, turn);
                }
            } else {
                throw new Malformed("exchange type", exchange + " inside an established IKE SA");
            }
        } catch (Malformed e) {
            onGarbled(request.header(), e, turn);
        }
    }

    /** Asks what is needed for the answer to {@code request}. */
    void askToRespond(ProtectedMessage request, KeyExchangeMethod method, Bytes peerPublic, Turn turn) {
        long ask = turn.ask(this, new IkeAction.Question.MakeAndAgree(method, peerPublic));
        responding = new Responding(request, ask);
    }

    private void onResponse(ProtectedMessage response, Turn turn) {
        if (state instanceof SaState.AwaitAuthResponse(AuthInitiator auth)) {
            requests.answered();
            auth.onResponse(response, turn);
            return;
        }
        Initiated exchange = current;
        if (exchange == null) {
            return;
        }
        requests.answered();
        if (state instanceof SaState.Closing && !(exchange instanceof DeleteIke)) {
            // What it made goes with the IKE SA.
            exchange.abandon(turn);
            finished(turn);
            return;
        }
        exchange.onResponse(this, response, turn);
    }

    // Answers to questions.

    void onAnswer(long ask, IkeEvent.Answer answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.OfKeyExchange key -> onKey(ask, key, turn);
            case IkeEvent.Answer.OfIdentity identity -> onIdentity(ask, identity, turn);
        }
    }

    private void onKey(long ask, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        Responding waiting = responding;
        Initiated exchange = current;
        if (state instanceof SaState.AwaitKeyPair s) {
            IkeSaInit.request(this, s, answer, turn);
        } else if (state instanceof SaState.AwaitSharedSecret s) {
            IkeSaInit.agreed(this, s, answer, turn);
        } else if (state instanceof SaState.AwaitResponderKeys s) {
            IkeSaInit.response(this, s, answer, turn);
        } else if (waiting != null && waiting.ask == ask) {
            responding = null;
            if (!isOver()) {
                respondTo(waiting.request, Optional.of(answer), turn);
            }
        } else if (exchange != null && isEstablished()) {
            exchange.onAnswer(this, answer, turn);
        }
    }

    private void onIdentity(long ask, IkeEvent.Answer.OfIdentity answer, Turn turn) {
        if (state instanceof SaState.AwaitAuthorities s) {
            IkeSaInit.named(this, s, answer, turn);
        } else if (state instanceof SaState.AwaitAuthRequest(AuthResponder auth)) {
            auth.onAnswer(ask, answer, turn);
        } else if (state instanceof SaState.AwaitAuthResponse(AuthInitiator auth)) {
            auth.onAnswer(ask, answer, turn);
        }
    }

    // Sending.

    void request(ExchangeType exchange, List<Payload> payloads, Turn turn) {
        IkeKeys.Spis spis = spis();
        Header header = Header.of(spis.initiator(), spis.responder(), exchange, initiator, false, requests.nextId());
        sendRequest(exchange, secured().protection().seal(header, payloads, turn.entropy()), turn);
    }

    void sendRequest(ExchangeType exchange, List<Bytes> datagrams, Turn turn) {
        requests.sent(exchange, datagrams, turn.now());
        turn.send(path.local(), path.remote(), datagrams);
    }

    void respond(ExchangeType exchange, List<? extends Payload> payloads, Turn turn) {
        IkeKeys.Spis spis = spis();
        Header header =
                Header.of(spis.initiator(), spis.responder(), exchange, initiator, true, responses.expectedId());
        List<Bytes> datagrams = secured().protection().seal(header, List.copyOf(payloads), turn.entropy());
        sendResponse(datagrams, turn);
    }

    void sendResponse(List<Bytes> datagrams, Turn turn) {
        responses.sent(datagrams);
        // RFC 7296 section 2.11: the addresses of a response are those of its request, swapped.
        turn.send(requestCameTo, requestCameFrom, datagrams);
    }

    /** Answers CREATE_CHILD_SA with an error and nothing else. */
    void refuse(NotifyType type, Turn turn) {
        respond(ExchangeType.CREATE_CHILD_SA, List.of(Payload.Notify.of(type)), turn);
    }

    Optional<List<Bytes>> lastResponse() {
        return responses.last().isEmpty() ? Optional.empty() : Optional.of(responses.last());
    }

    // Own exchanges, one after the other.

    void enqueue(Initiated exchange, Turn turn) {
        if (queue.size() < Limits.QUEUE_MAX) {
            queue.addLast(exchange);
        }
        advance(turn);
    }

    /** The current exchange is over. */
    void finished(Turn turn) {
        current = null;
        advance(turn);
    }

    private void advance(Turn turn) {
        while (current == null
                && !queue.isEmpty()
                && requests.pending().isEmpty()
                && (isEstablished() || state instanceof SaState.Closing || state instanceof SaState.Replaced)) {
            Initiated next = queue.removeFirst();
            current = next;
            next.start(this, turn);
        }
    }

    boolean isBusyWith(Class<? extends Initiated> kind) {
        return kind.isInstance(current);
    }

    /** Hands what waits, and the children, to a successor. */
    void bequeath(IkeSa heir, Turn turn) {
        heir.children.inherit(children, heir, turn);
        giveBack(turn);
        this.heir = heir;
        heir.superseded |= superseded;
        heir.renews = renews;
        renews = null;
        heir.times.inherit(times);
        heir.lowestNonce = lowestNonce;
        queue.stream().filter(e -> !(e instanceof RekeyIke)).forEach(heir.queue::addLast);
        queue.clear();
        state = new SaState.Replaced(turn.now().in(Limits.REPLACED_WAIT));
        heir.advance(turn);
    }

    // The end.

    /** Deletes it politely; for everyone but the peer it is gone at once. */
    void close(IkeFact.Failure why, Turn turn) {
        if (state instanceof SaState.Closing) {
            return;
        }
        if (isEstablished() || state instanceof SaState.Replaced) {
            boolean stood = isEstablished();
            state = new SaState.Closing();
            if (stood) {
                noteEnd(why, turn);
            }
            giveBack(turn);
            queue.clear();
            if (requests.pending().isEmpty()) {
                abandonCurrent(turn);
            }
            enqueue(new DeleteIke(), turn);
        } else {
            end(why, turn);
        }
    }

    /** Ends it; our last response said so, and may be asked for again. */
    void endAnswered(IkeFact.Failure why, Turn turn) {
        end(why, new SaState.Gone(turn.now().in(Limits.AFTERLIFE)), turn);
    }

    /** Ends it without another word. */
    void end(IkeFact.Failure why, Turn turn) {
        end(why, new SaState.Dead(), turn);
        turn.sas().remove(this);
    }

    private void end(IkeFact.Failure why, SaState last, Turn turn) {
        boolean stood = isEstablished() || initiator && secured == null || state instanceof SaState.AwaitAuthResponse;
        queue.clear();
        abandonCurrent(turn);
        if (state instanceof SaState.AwaitAuthResponse(AuthInitiator auth)) {
            auth.abandon(turn);
        }
        responding = null;
        requests.restart();
        boolean wasOver = isOver();
        boolean early = stood && !isEstablished();
        state = last;
        if (early && !wasOver) {
            Renewal.failed(this, why, turn);
        }
        renews = null;
        if (stood && !wasOver) {
            noteEnd(why, turn);
        }
        giveBack(turn);
    }

    private void abandonCurrent(Turn turn) {
        Initiated exchange = current;
        current = null;
        if (exchange != null) {
            exchange.abandon(turn);
        }
    }

    /** The children go; the peer counts as down unless another IKE SA of it stands, whose children carry on. */
    private void noteEnd(IkeFact.Failure why, Turn turn) {
        Optional<IkeSa> other = turn.sas().standing(name);
        if (children.size() > 0) {
            // Before they go, or packets would find no child meanwhile.
            turn.sas().beside(this).stream().findFirst().ifPresent(sa -> sa.children.takeOver(turn));
        }
        children.removeAll(this, other.isPresent() ? Limits.CHILD_LINGER : Duration.ZERO, why, turn);
        if (other.isEmpty()) {
            turn.note(new IkeFact.IkeDown(name, why));
        }
    }

    // Time.

    void alive(Turn turn) {
        times.heard(turn);
    }

    void unknownSpi(int spi, Turn turn) {
        if (isEstablished() && times.mayTellOfSpi(turn)) {
            enqueue(new Liveness(List.of(Payload.Notify.of(NotifyType.INVALID_SPI, Proposals.spiBytes(spi)))), turn);
        }
    }

    void rekeyLater(Turn turn) {
        times.rekeyAt(turn.inAbout(Limits.REKEY_RETRY));
    }

    void rekeyNow(Turn turn) {
        if (isEstablished()) {
            times.rekeyAt(Monotonic.NEVER);
            enqueue(new RekeyIke(), turn);
        }
    }

    void onDeadline(Turn turn) {
        Timers.onDeadline(this, turn);
    }

    Monotonic due() {
        return Timers.due(this);
    }

    void forgetFragments() {
        times.fragmentsUntil(Monotonic.NEVER);
        secured().protection().forgetFragments();
    }

    boolean isIdle() {
        return current == null && queue.isEmpty() && requests.pending().isEmpty();
    }
}
