package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.Ikev1Options;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Fragment;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Reassembly;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One ISAKMP SA. Read RFC 2408 section 3 and RFC 2409 section 5 first. This class holds the state; phase 1 and each
 * exchange below it have files of their own.
 */
final class IkeSa {
    private final boolean initiator;
    private final long ourCookie;
    private final @Nullable Endpoint halfOpenSource;
    private final Monotonic createdAt;
    private final boolean isRekey;
    private final Exchanges exchanges = new Exchanges();
    private final DeadPeer deadPeer = new DeadPeer();
    private final Reassembly reassembly = new Reassembly();

    private long peerCookie;
    private PeerConfig peer;
    private String name;
    private Endpoint local;
    private Endpoint remote;
    private NatDetection nat = NatDetection.NONE;
    private Vendor vendor = Vendor.UNKNOWN;
    private SaState state = SaState.PROVING;
    private @Nullable Phase1 phase1;
    private @Nullable Keys keys;
    private @Nullable IkeSuite suite;
    private @Nullable Identity remoteIdentity;
    private List<String> provenBy = List.of();
    private Bytes lowestNonce = Bytes.EMPTY;
    /** In phase 1 the chain's end so far, then its last block for ever (RFC 2409 appendix B). */
    private Bytes iv = Bytes.EMPTY;

    private Bytes lastIn = Bytes.EMPTY;
    private List<Bytes> lastOut = List.of();
    private int repeats;
    private int fragmentIds;
    private @Nullable Outgoing pending;
    private boolean userVerdictGiven;
    private Optional<IkeFact.Failure> userRefused = Optional.empty();
    private boolean rekeying;
    private boolean initialContact;
    private Duration lifetime;
    private Monotonic lastHeard;
    private Monotonic establishedAt = Monotonic.NEVER;
    private Monotonic giveUpAt = Monotonic.NEVER;
    private Monotonic rekeyAt = Monotonic.NEVER;
    private Monotonic expireAt = Monotonic.NEVER;
    private Monotonic keepaliveAt = Monotonic.NEVER;
    private Monotonic fragmentsUntil = Monotonic.NEVER;

    private IkeSa(
            boolean initiator,
            long peerCookie,
            PeerConfig peer,
            Endpoint local,
            Endpoint remote,
            @Nullable Endpoint halfOpenSource,
            Phase1 phase1,
            Turn turn) {
        this.initiator = initiator;
        this.ourCookie = turn.sas().newSpi(turn.entropy());
        this.peerCookie = peerCookie;
        this.peer = peer;
        this.name = peer.name();
        this.local = local;
        this.remote = remote;
        this.halfOpenSource = halfOpenSource;
        this.phase1 = phase1;
        this.isRekey = turn.sas().standing(peer.name()).isPresent();
        this.lifetime = peer.lifetime();
        this.createdAt = turn.now().at();
        this.lastHeard = turn.now().at();
    }

    /** One that we begin. */
    static IkeSa initiator(PeerConfig peer, Endpoint local, Endpoint remote, Phase1 phase1, Turn turn) {
        return new IkeSa(true, 0, peer, local, remote, null, phase1, turn);
    }

    /** One that a stranger begins. */
    static IkeSa responder(
            long initiatorCookie, PeerConfig peer, Endpoint local, Endpoint remote, Phase1 phase1, Turn turn) {
        IkeSa sa = new IkeSa(false, initiatorCookie, peer, local, remote, remote, phase1, turn);
        sa.giveUpAt = turn.now().in(Limits.HALF_OPEN);
        return sa;
    }

    boolean isInitiator() {
        return initiator;
    }

    long ourCookie() {
        return ourCookie;
    }

    Spis spis() {
        return initiator ? new Spis(ourCookie, peerCookie) : new Spis(peerCookie, ourCookie);
    }

    PeerConfig peer() {
        return peer;
    }

    /** What the peer is called in facts. */
    String name() {
        return name;
    }

    Endpoint local() {
        return local;
    }

    Endpoint remote() {
        return remote;
    }

    /** Whether what comes to {@code address} may be meant for it. */
    boolean isAt(Address address) {
        return local.address().equals(address) || local.address().isUnspecified();
    }

    NatDetection nat() {
        return nat;
    }

    Vendor vendor() {
        return vendor;
    }

    SaState state() {
        return state;
    }

    boolean isEstablished() {
        return state == SaState.ESTABLISHED;
    }

    Phase1 phase1() {
        return Objects.requireNonNull(phase1, "phase 1 is over");
    }

    Keys keys() {
        return Objects.requireNonNull(keys, "there are no keys yet");
    }

    boolean hasKeys() {
        return keys != null;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    DeadPeer deadPeer() {
        return deadPeer;
    }

    /** What stays after its end is found by the machine through this. */
    Monotonic due(Sas sas) {
        return state == SaState.DEAD ? Monotonic.NEVER : Timers.due(this, sas);
    }

    /** What the SAs with this peer share. */
    Remote shared(Turn turn) {
        return turn.sas().remote(name, peer);
    }

    Optional<Identity> remoteIdentity() {
        return Optional.ofNullable(remoteIdentity);
    }

    Bytes lowestNonce() {
        return lowestNonce;
    }

    Monotonic createdAt() {
        return createdAt;
    }

    Monotonic establishedAt() {
        return establishedAt;
    }

    Optional<Endpoint> halfOpenSource() {
        return Optional.ofNullable(halfOpenSource);
    }

    // Phase 1 moves these.

    void peerCookie(long cookie) {
        peerCookie = cookie;
    }

    /** Whether {@code cookie} may be the peer's; an initiator learns it from the first answer. */
    boolean isPeerCookie(long cookie) {
        return peerCookie == cookie || initiator && peerCookie == 0;
    }

    void vendor(Vendor found) {
        vendor = found;
    }

    void nat(NatDetection found) {
        nat = found;
    }

    void secure(Keys made) {
        keys = made;
        iv = made.firstIv();
    }

    void lifetime(Duration peers) {
        lifetime = peers.compareTo(lifetime) < 0 ? peers : lifetime;
    }

    /** Keeps the ends that an authentic message showed. */
    void move(Endpoint here, Endpoint there) {
        local = here;
        remote = there;
    }

    void giveUpAt(Monotonic at) {
        giveUpAt = at;
    }

    void enter(SaState next) {
        state = next;
    }

    /** The machines have proven themselves. */
    void proven(PeerConfig config, Identity identity, List<String> how, Turn turn) {
        Phase1 done = phase1();
        String proved = config.clients().isPresent() ? config.name() + "#" + identity : config.name();
        turn.sas().move(this, () -> {
            peer = config;
            name = proved;
        });
        suite = done.suite();
        remoteIdentity = identity;
        provenBy = how;
        lowestNonce = done.lowestNonce();
        initialContact = done.initialContact;
        phase1 = null;
        pending = null;
        turn.sas().halfOpen().leave(this);
        giveUpAt = turn.now().in(Limits.USER);
        keepaliveAt = nat.local() ? turn.now().in(Limits.KEEPALIVE) : Monotonic.NEVER;
        Transactions.afterPhase1(this, turn);
    }

    void rename(String next, Turn turn) {
        turn.sas().move(this, () -> name = next);
    }

    /** What the client's end is being told about its user. */
    void userVerdict(Optional<IkeFact.Failure> refused) {
        userRefused = refused;
        userVerdictGiven = true;
    }

    boolean isUserBelieved() {
        return userVerdictGiven && userRefused.isEmpty();
    }

    void userJudged(Turn turn) {
        if (userVerdictGiven) {
            Transactions.userJudged(this, userRefused, turn);
        }
    }

    void alsoProvenBy(String how) {
        List<String> all = new ArrayList<>(provenBy);
        all.add(how);
        provenBy = all;
    }

    /** Everything that was to be proven and given is: the peer is up. */
    void up(Turn turn) {
        state = SaState.ESTABLISHED;
        giveUpAt = Monotonic.NEVER;
        establishedAt = turn.now().at();
        rekeyAt = turn.inMostOf(lifetime, initiator);
        expireAt = turn.now().in(lifetime);
        Optional<Remote> known = turn.sas().remote(name);
        Remote shared = shared(turn);
        if (known.isEmpty() || !known.get().hasStood()) {
            shared.stood();
            shared.weAsk(initiator);
            turn.note(new IkeFact.IkeUp(
                    name,
                    IkeVersion.IKEV1,
                    spis().initiator(),
                    spis().responder(),
                    initiator,
                    Objects.requireNonNull(suite),
                    local,
                    remote,
                    nat.local(),
                    nat.remote(),
                    Objects.requireNonNull(remoteIdentity),
                    provenBy,
                    shared.leased()));
        } else {
            turn.note(new IkeFact.IkeRekeyed(
                    name, spis().initiator(), spis().responder(), Objects.requireNonNull(suite)));
            if (initiator && !isRekey) {
                // Both ends began at once: the peer has counted on us, as we on it.
                shared.weAsk(true);
            }
            Duplicates.onEstablished(this, initialContact, turn);
        }
        if (state == SaState.ESTABLISHED) {
            shared.askForMissing(this, turn);
        }
    }

    // Receiving, for the file of that name.

    /** @return the message, when {@code part} was the last of it that was missing */
    Optional<Bytes> join(Fragment part, Turn turn) throws Malformed {
        Optional<Bytes> whole = reassembly.add(part);
        fragmentsUntil = whole.isPresent() ? Monotonic.NEVER : turn.now().in(Limits.FRAGMENTS);
        return whole;
    }

    /** The answer got lost: it is sent once more, but not for ever, for it need not be the peer who repeats it. */
    boolean isRepeatedPhase1(Bytes message, Turn turn) {
        if (!message.equals(lastIn)) {
            return false;
        }
        if (repeats < Limits.REPEATS_MAX) {
            repeats++;
            turn.send(local, remote, lastOut);
        }
        return true;
    }

    /** The message was good, and what answered it came after it. */
    void acceptedPhase1(Bytes message) {
        lastIn = message;
        lastOut = List.of();
        repeats = 0;
        pending = null;
    }

    /** An authentic message came: the peer lives, and where it came from counts. */
    void heard(IkeEvent.Datagram datagram, Turn turn) {
        alive(turn);
        // Only a peer behind a NAT is followed, and only by an end that is not behind one itself.
        if (nat.remote() && !nat.local() && !datagram.remote().equals(remote)) {
            follow(datagram.local(), datagram.remote(), turn);
        }
    }

    void alive(Turn turn) {
        lastHeard = turn.now().at();
    }

    void follow(Endpoint here, Endpoint there, Turn turn) {
        move(here, there);
        if (nat.udp()) {
            shared(turn).children().forEach(c -> turn.act(new IkeAction.MoveChild(c.id(), here, there)));
        }
    }

    // Answers to questions.

    void onAnswer(long ask, IkeEvent.Answer answer, Turn turn) {
        if (state == SaState.DEAD) {
            return;
        }
        if (state == SaState.PROVING) {
            if (phase1().aggressive) {
                AggressiveMode.onAnswer(this, answer, turn);
            } else {
                MainMode.onAnswer(this, answer, turn);
            }
            return;
        }
        Optional<Exchange> asked = exchanges.takeAsk(ask);
        if (asked.isPresent()) {
            asked.get().onAnswer(this, answer, turn);
        } else {
            Transactions.onAnswer(this, answer, turn);
        }
    }

    // Sending.

    /**
     * Sends a message of phase 1.
     *
     * @param awaitsAnswer sent again until it is answered; else only when the peer asks for it again
     */
    void sendPhase1(List<Payload> payloads, boolean encrypted, boolean awaitsAnswer, Turn turn) {
        ExchangeType type = phase1().aggressive ? ExchangeType.AGGRESSIVE : ExchangeType.MAIN;
        Bytes message;
        if (encrypted) {
            message = seal(type, 0, 0, payloads, iv);
            iv = lastBlock(message);
        } else {
            message = header(type, 0, 0, payloads).with(PayloadWriter.chain(payloads));
        }
        lastOut = split(message);
        pending = awaitsAnswer ? Outgoing.first(lastOut, turn.now()) : null;
        turn.touch(this);
        turn.send(local, remote, lastOut);
    }

    /** Opens a message of phase 1; the chain goes on only with {@link #advance}. */
    PayloadReader.Chain openPhase1(Keys with, Bytes from, Header header, Bytes message) throws Malformed {
        Bytes sealed = message.slice(Header.OCTETS, message.size());
        return PayloadReader.padded(header.next(), with.cipher().decrypt(from, sealed));
    }

    Bytes iv() {
        return iv;
    }

    void advance(Bytes message) {
        iv = lastBlock(message);
    }

    /** Sends a message of {@code exchange}: HASH, then {@code payloads}. */
    void send(Exchange exchange, int flags, Bytes hash, List<Payload> payloads, boolean awaitsAnswer, Turn turn) {
        List<Payload> all = new ArrayList<>();
        all.add(new Payload.Hash(hash));
        all.addAll(payloads);
        if (exchange.iv().isEmpty()) {
            exchange.iv(keys().iv(iv, exchange.messageId()));
        }
        Bytes message = seal(exchange.type(), exchange.messageId(), flags, all, exchange.iv());
        exchange.iv(lastBlock(message));
        List<Bytes> datagrams = split(message);
        exchange.sent(datagrams);
        exchange.pending(awaitsAnswer ? Outgoing.first(datagrams, turn.now()) : null);
        turn.touch(this);
        turn.send(local, remote, datagrams);
    }

    /** Sends an informational message, which nobody answers (RFC 2409 section 5.7). */
    void inform(List<Payload> payloads, Turn turn) {
        int messageId = Exchange.newMessageId(turn);
        List<Payload> all = new ArrayList<>();
        all.add(new Payload.Hash(keys().hash(Keys.messageIdOctets(messageId), PayloadWriter.chain(payloads))));
        all.addAll(payloads);
        Bytes message = seal(ExchangeType.INFORMATIONAL, messageId, 0, all, keys().iv(iv, messageId));
        turn.send(local, remote, split(message));
    }

    private Header header(ExchangeType type, int messageId, int flags, List<Payload> payloads) {
        Spis spis = spis();
        return new Header(
                spis.initiator(), spis.responder(), PayloadWriter.firstType(payloads), type, flags, messageId, 0);
    }

    private Bytes seal(ExchangeType type, int messageId, int flags, List<Payload> payloads, Bytes from) {
        Bytes plain = PayloadWriter.chain(payloads);
        int block = keys().cipher().blockOctets();
        int padding = (block - plain.size() % block) % block;
        Bytes padded = Bytes.concat(plain, Bytes.wrap(new byte[padding]));
        return header(type, messageId, flags | Header.ENCRYPTED, payloads)
                .with(keys().cipher().encrypt(from, padded));
    }

    Bytes lastBlock(Bytes message) {
        return message.slice(message.size() - keys().cipher().blockOctets(), message.size());
    }

    private List<Bytes> split(Bytes message) {
        if (!vendor.fragments()) {
            return List.of(message);
        }
        fragmentIds = fragmentIds + 1 & 0xffff;
        return Fragment.split(message, fragmentIds);
    }

    void enqueue(Exchange exchange, Turn turn) {
        exchanges.enqueue(this, exchange, turn);
    }

    // The end.

    /** A successor took over; {@code at} the latest we delete this one. */
    void replaced(Monotonic at, Turn turn) {
        if (state == SaState.ESTABLISHED) {
            state = SaState.REPLACED;
            giveUpAt = at;
            turn.touch(this);
        }
    }

    /** Deletes it politely. */
    void close(IkeFact.Failure why, Turn turn) {
        if (state == SaState.DEAD) {
            return;
        }
        if (state != SaState.PROVING) {
            if (state == SaState.ESTABLISHED && othersOf(turn).isEmpty()) {
                // So that the peer need not conclude it from the last delete.
                for (Child child : shared(turn).children()) {
                    if (child.isComplete()) {
                        Informational.deleteChild(this, child.sa().inboundSpi(), turn);
                    }
                }
            }
            Informational.deleteSa(this, turn);
        }
        end(why, turn);
    }

    /** Ends it without another word. */
    void end(IkeFact.Failure why, Turn turn) {
        if (state == SaState.DEAD) {
            return;
        }
        boolean stood = state != SaState.PROVING;
        boolean wasUp = state == SaState.ESTABLISHED || state == SaState.REPLACED;
        exchanges.end(this, turn);
        state = SaState.DEAD;
        pending = null;
        turn.touch(this);
        turn.sas().remove(this);
        List<IkeSa> others = othersOf(turn);
        others.forEach(turn::touch);
        if (others.isEmpty()) {
            turn.sas().remote(name).filter(_ -> stood).ifPresent(r -> r.end(why, turn));
            if (wasUp || initiator) {
                turn.note(new IkeFact.IkeDown(name, why));
            }
        } else if (turn.sas().standing(name).isEmpty() && wasUp) {
            // The successor is gone, its predecessor is not.
            others.getLast().revive();
        } else if (initiator && !wasUp) {
            turn.note(new IkeFact.ChildRefused(name, "IKE SA", why));
            others.forEach(o -> o.rekeyLater(turn));
        }
    }

    private List<IkeSa> othersOf(Turn turn) {
        return turn.sas().ofPeer(name).stream()
                .filter(sa -> sa != this)
                .filter(sa -> sa.state == SaState.ESTABLISHED || sa.state == SaState.REPLACED)
                .toList();
    }

    private void revive() {
        state = SaState.ESTABLISHED;
        giveUpAt = Monotonic.NEVER;
    }

    // Time.

    void rekeyLater(Turn turn) {
        rekeying = false;
        rekeyAt = turn.inAbout(Limits.REKEY_RETRY);
        turn.touch(this);
    }

    /** The peer lets it live for no longer than {@code peers}. */
    void shorten(Duration peers, Turn turn) {
        if (isEstablished() && peers.compareTo(lifetime) < 0) {
            lifetime = peers;
            rekeyAt = rekeyAt.earlier(turn.inMostOf(peers, initiator));
            expireAt = expireAt.earlier(turn.now().in(peers));
            turn.touch(this);
        }
    }

    /** A new phase 1, before this one's time ends. One whose user must type a password is left to that end. */
    void rekeyNow(Turn turn) {
        rekeyAt = Monotonic.NEVER;
        boolean peersUser =
                peer.clients().isPresent() || peer.ikev1().xauth().orElse(null) instanceof Ikev1Options.Xauth.Server;
        if (isEstablished() && !rekeying && !peersUser) {
            rekeying = true;
            MainMode.initiate(peer, local, remote, turn);
        }
    }

    void onDeadline(Turn turn) {
        Timers.onDeadline(this, turn);
    }

    Optional<Outgoing> pending() {
        return Optional.ofNullable(pending);
    }

    void pending(@Nullable Outgoing outgoing) {
        pending = outgoing;
    }

    Monotonic giveUpAt() {
        return giveUpAt;
    }

    Monotonic rekeyAt() {
        return rekeyAt;
    }

    Monotonic expireAt() {
        return expireAt;
    }

    Monotonic keepaliveAt() {
        return keepaliveAt;
    }

    void keepaliveLater(Turn turn) {
        keepaliveAt = turn.now().in(Limits.KEEPALIVE);
    }

    Monotonic fragmentsUntil() {
        return fragmentsUntil;
    }

    void forgetFragments() {
        fragmentsUntil = Monotonic.NEVER;
        reassembly.forget();
    }

    Monotonic lastHeard() {
        return lastHeard;
    }

    Duration silence(Turn turn) {
        return turn.now().at().since(lastHeard);
    }
}
