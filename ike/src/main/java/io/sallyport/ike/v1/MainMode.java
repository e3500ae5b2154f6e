package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Payloads;
import io.sallyport.ike.v1.message.Proposal;
import io.sallyport.wire.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;

/** Main mode, RFC 2409 section 5, in the order of the wire: six messages. */
final class MainMode {
    private MainMode() {}

    // HDR, SA, VID...

    /** Begins phase 1 as the peer's configuration wants it, be it the first one or a new one of an old peer. */
    static void initiate(PeerConfig peer, Endpoint local, Endpoint remote, Turn turn) {
        Optional<Way> way = Way.of(peer);
        if (way.isEmpty()) {
            turn.note(new IkeFact.IkeDown(
                    peer.name(), new IkeFact.Failure.ClosedByUs("IKEv1 cannot carry the configured kind of proof")));
            return;
        }
        boolean usable = peer.offers().stream().anyMatch(Offers::isUsable);
        if (!usable) {
            turn.note(new IkeFact.IkeDown(
                    peer.name(),
                    new IkeFact.Failure.NoProposalChosen(
                            "main mode", Offers.names(peer.offers()), List.of("nothing that IKEv1 has"), false)));
            return;
        }
        boolean aggressive = peer.ikev1().aggressive();
        Phase1 p = new Phase1(aggressive, turn.nonce(), way.get(), Phase1.Step.METHOD, List.of(peer));
        p.feign = peer.encapsulation() == PeerConfig.EncapsulationMode.UDP;
        IkeSa sa = IkeSa.initiator(peer, local, remote, p, turn);
        turn.sas().add(sa);
        turn.touch(sa);
        if (turn.sas().standing(peer.name()).isEmpty()) {
            turn.note(new IkeFact.Connecting(peer.name(), remote));
        }
        switch (way.get()) {
            case Way.SharedKey _ -> begin(sa, p, 0, turn);
            case Way.Signature(String credential, String _) -> {
                Optional<Integer> known = turn.sas().credentials().method(credential, turn);
                if (known.isPresent()) {
                    begin(sa, p, known.get(), turn);
                } else {
                    turn.ask(sa, Credentials.question(credential));
                }
            }
        }
    }

    /** What our key can do is known. */
    static void methodKnown(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Signed signed && p.way instanceof Way.Signature(String name, String _)) {
            turn.sas().credentials().learn(name, signed.method(), turn);
            begin(sa, p, signed.method(), turn);
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            Proving.fail(sa, why, turn);
        }
    }

    private static void begin(IkeSa sa, Phase1 p, int signature, Turn turn) {
        p.method = Way.Method.of(sa.peer(), p.way, signature, true);
        if (p.aggressive) {
            AggressiveMode.begin(sa, p, turn);
            return;
        }
        Payload.Sa offer = Offers.phase1(sa.peer().offers(), p.method, sa.peer().lifetime());
        p.offered = offer;
        p.step = Phase1.Step.FIRST_ANSWER;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(offer);
        payloads.addAll(Vendor.own(sa.peer(), true, Vendor.UNKNOWN));
        sa.sendPhase1(payloads, false, true, turn);
    }

    // HDR, SA, VID...: the responder chooses

    static void respond(IkeSa sa, Payload.Sa answer, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(answer);
        payloads.addAll(Vendor.own(sa.peer(), false, sa.vendor()));
        sa.sendPhase1(payloads, false, false, turn);
    }

    static void onMessage(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) throws Malformed {
        Phase1 p = sa.phase1();
        switch (p.step) {
            case FIRST_ANSWER -> chosen(sa, p, header, datagram, turn);
            case KEYS -> keys(sa, p, header, datagram, turn);
            case PROOF -> proof(sa, p, header, datagram, turn);
            // Too early, or once more: what we wait for is not the peer's to send.
            case METHOD, OWN_KEY, SECRET, SIGNATURE, VERDICT -> {}
        }
    }

    private static void chosen(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        List<Payload> payloads = plain(header, datagram.message());
        Payload.Sa answer = Payloads.one(payloads, Payload.Sa.class);
        Offers.Chosen<IkeSuite> chosen = answered(sa, p, answer);
        if (header.responderCookie() == 0 || header.responderCookie() == sa.ourCookie()) {
            throw new Malformed("responder cookie", "is zero, or ours");
        }
        sa.peerCookie(header.responderCookie());
        sa.vendor(Vendor.of(payloads));
        p.suite = chosen.suite();
        Offers.lifetime(chosen.transform(), 11).ifPresent(sa::lifetime);
        p.hint = Optional.empty();
        p.step = Phase1.Step.OWN_KEY;
        sa.acceptedPhase1(datagram.message());
        turn.ask(sa, new IkeAction.Question.MakeKeyPair(chosen.suite().keyExchange()));
    }

    /** RFC 2409 section 5: the responder "MUST" take one of our transforms as it is. */
    static Offers.Chosen<IkeSuite> answered(IkeSa sa, Phase1 p, Payload.Sa answer) throws Malformed {
        if (answer.proposals().size() != 1
                || answer.proposals().getFirst().transforms().size() != 1) {
            throw new Malformed("SA", "is not one proposal with one transform");
        }
        return Offers.choosePhase1(sa.peer().offers(), p.method, answer.proposals())
                .orElseThrow(() -> new Malformed("SA", "answers none of our offers"));
    }

    // HDR, KE, Ni, NAT-D, NAT-D and the same from the responder

    private static void ownKey(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.KeyPairMade made) {
            p.privateValue = made.privateValue();
            sendKeys(sa, p, made.publicValue(), true, turn);
            p.step = Phase1.Step.KEYS;
        } else {
            Proving.fail(sa, new IkeFact.Failure.Misbehaved(Proving.failed(answer)), turn);
        }
    }

    private static void sendKeys(IkeSa sa, Phase1 p, Bytes publicValue, boolean awaitsAnswer, Turn turn) {
        List<Payload> payloads = new ArrayList<>(Proving.keyPayloads(p, publicValue, turn));
        payloads.addAll(Proving.natPayloads(sa, p, turn));
        sa.sendPhase1(payloads, false, awaitsAnswer, turn);
    }

    private static void keys(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        List<Payload> payloads = plain(header, datagram.message());
        Proving.takeKeys(p, payloads);
        sa.acceptedPhase1(datagram.message());
        Proving.detectNat(sa, p, payloads);
        p.step = Phase1.Step.SECRET;
        Bytes theirs = Objects.requireNonNull(p.peerPublic);
        turn.ask(
                sa,
                sa.isInitiator()
                        ? new IkeAction.Question.Agree(
                                p.suite().keyExchange(), Objects.requireNonNull(p.privateValue), theirs)
                        : new IkeAction.Question.MakeAndAgree(p.suite().keyExchange(), theirs));
    }

    // HDR*, IDii, [CERT,] HASH_I or SIG_I

    private static void agreed(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (!(answer instanceof IkeEvent.Answer.Agreed(Optional<Bytes> publicValue, Secret shared))) {
            Proving.fail(sa, new IkeFact.Failure.Misbehaved(Proving.failed(answer)), turn);
            return;
        }
        p.shared = shared;
        if (!sa.isInitiator()) {
            sendKeys(sa, p, publicValue.orElseThrow(), false, turn);
            if (p.way instanceof Way.Signature) {
                sa.secure(Proving.keys(sa, p, p.way));
            }
            p.step = Phase1.Step.PROOF;
            return;
        }
        sa.secure(Proving.keys(sa, p, p.way));
        Proving.floatPorts(sa);
        switch (p.way) {
            case Way.SharedKey _ -> sendProof(sa, p, Proving.proof(Proving.ownHash(sa, p)), turn);
            case Way.Signature way -> Proving.askToSign(sa, p, way, turn);
        }
    }

    private static void sendProof(IkeSa sa, Phase1 p, List<Payload> proof, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Objects.requireNonNull(p.ownId));
        payloads.addAll(proof);
        if (sa.isInitiator()) {
            if (knowsNothingOfPeer(sa, turn)) {
                // RFC 2407 section 4.6.3.3, here where it is protected.
                payloads.add(initialContact(sa));
            }
            p.step = Phase1.Step.PROOF;
        }
        sa.sendPhase1(payloads, true, sa.isInitiator(), turn);
    }

    static boolean knowsNothingOfPeer(IkeSa sa, Turn turn) {
        return turn.sas().remote(sa.name()).isEmpty();
    }

    static Payload.Notify initialContact(IkeSa sa) {
        return new Payload.Notify(Proposal.Protocol.ISAKMP, sa.spis().both(), NotifyType.INITIAL_CONTACT, Bytes.EMPTY);
    }

    // The proof, processed by either end

    private static void proof(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        if (!header.isEncrypted()) {
            throw new Malformed("flags", "a proof that is not encrypted");
        }
        if (!sa.isInitiator() && p.way instanceof Way.SharedKey) {
            sharedKeyProof(sa, p, header, datagram, turn);
            return;
        }
        List<Payload> payloads =
                sa.openPhase1(sa.keys(), sa.iv(), header, datagram.message()).payloads();
        Payload.Id id = Proving.identity(payloads);
        switch (p.way) {
            case Way.SharedKey _ -> {
                Bytes hash = Payloads.one(payloads, Payload.Hash.class).data();
                accept(sa, p, payloads, datagram, turn);
                if (!Keys.same(hash, Proving.peerHash(sa, p, sa.keys(), id))) {
                    Proving.fail(sa, new IkeFact.Failure.AuthenticationFailed(false, Optional.of(id.identity())), turn);
                } else {
                    proven(sa, p, id.identity(), datagram.remote(), turn);
                }
            }
            case Way.Signature _ -> {
                Optional<PeerConfig> named = Proving.named(p.candidates, id.identity());
                if (named.isPresent()) {
                    // Whom we trust depends on who it says it is.
                    p.candidates = List.of(named.get());
                    p.way = Way.of(named.get()).orElseThrow();
                    Proving.askToVerify(sa, p, payloads, id, turn);
                    accept(sa, p, payloads, datagram, turn);
                } else {
                    accept(sa, p, payloads, datagram, turn);
                    wrongIdentity(sa, p, id.identity(), datagram.remote(), turn);
                }
            }
        }
    }

    /**
     * The key is known by the address only (RFC 2409 section 5.4), and several peers may be behind one: whose key makes
     * sense of the message is the peer.
     */
    private static void sharedKeyProof(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        SequencedSet<Secret> tried = new LinkedHashSet<>();
        for (PeerConfig candidate : p.candidates) {
            if (!(Way.of(candidate).orElse(null) instanceof Way.SharedKey way) || !tried.add(way.key())) {
                continue;
            }
            Keys keys = Proving.keys(sa, p, way);
            try {
                List<Payload> payloads = sa.openPhase1(keys, keys.firstIv(), header, datagram.message())
                        .payloads();
                Payload.Id id = Proving.identity(payloads);
                Bytes hash = Payloads.one(payloads, Payload.Hash.class).data();
                if (Keys.same(hash, Proving.peerHash(sa, p, keys, id))) {
                    sa.secure(keys);
                    p.candidates = p.candidates.stream()
                            .filter(c -> Way.of(c).filter(way::equals).isPresent())
                            .toList();
                    accept(sa, p, payloads, datagram, turn);
                    proven(sa, p, id.identity(), datagram.remote(), turn);
                    return;
                }
            } catch (Malformed e) {
                // What a wrong key makes of it: the next one may be right.
            }
        }
        if (!p.toldUndecryptable) {
            p.toldUndecryptable = true;
            turn.refuse(
                    datagram.local(),
                    datagram.remote(),
                    new IkeFact.Failure.AuthenticationFailed(false, Optional.empty()));
            // One word to people at the other end. It is not protected: there is no key that both have.
            turn.send(datagram.local(), datagram.remote(), List.of(unprotected(sa, turn)));
        }
    }

    private static Bytes unprotected(IkeSa sa, Turn turn) {
        List<Payload> payloads = List.of(new Payload.Notify(
                Proposal.Protocol.ISAKMP, sa.spis().both(), NotifyType.AUTHENTICATION_FAILED, Bytes.EMPTY));
        return new Header(
                        sa.spis().initiator(),
                        sa.spis().responder(),
                        PayloadWriter.firstType(payloads),
                        ExchangeType.INFORMATIONAL,
                        0,
                        Exchange.newMessageId(turn),
                        0)
                .with(PayloadWriter.chain(payloads));
    }

    /** The message is the peer's: the chain goes on with it, and where it came from counts. */
    static void accept(IkeSa sa, Phase1 p, List<Payload> payloads, IkeEvent.Datagram datagram, Turn turn) {
        sa.advance(datagram.message());
        sa.acceptedPhase1(datagram.message());
        sa.alive(turn);
        p.initialContact = Payloads.notify(payloads, NotifyType.INITIAL_CONTACT).isPresent();
        if (!sa.isInitiator()) {
            sa.move(datagram.local(), datagram.remote());
        }
    }

    /** The peer has the key that it must have; now whether it is who it must be. */
    private static void proven(IkeSa sa, Phase1 p, Identity identity, Endpoint from, Turn turn) {
        Optional<PeerConfig> named = Proving.named(p.candidates, identity);
        if (named.isEmpty()) {
            wrongIdentity(sa, p, identity, from, turn);
            return;
        }
        if (!sa.isInitiator()) {
            sendProof(sa, p, Proving.proof(Proving.ownHash(sa, p)), turn);
        }
        sa.proven(named.get(), identity, List.of(Proving.how(p)), turn);
    }

    static void wrongIdentity(IkeSa sa, Phase1 p, Identity identity, Endpoint from, Turn turn) {
        Identity expected = p.candidates
                .getFirst()
                .remoteIdentity()
                .orElse(p.candidates.getFirst().localIdentity());
        Proving.failTelling(
                sa,
                NotifyType.INVALID_ID_INFORMATION,
                new IkeFact.Failure.WrongIdentity(identity, expected),
                from,
                turn);
    }

    // Answers to questions

    static void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        Phase1 p = sa.phase1();
        switch (p.step) {
            case METHOD -> methodKnown(sa, p, answer, turn);
            case OWN_KEY -> ownKey(sa, p, answer, turn);
            case SECRET -> agreed(sa, p, answer, turn);
            case SIGNATURE -> signed(sa, p, answer, turn);
            case VERDICT -> verdict(sa, p, answer, turn);
            case FIRST_ANSWER, KEYS, PROOF -> {}
        }
    }

    private static void signed(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Signed signed) {
            if (!Proving.isSigned(sa, p, signed, turn)) {
                return;
            }
            sendProof(sa, p, Proving.proof(signed), turn);
            if (!sa.isInitiator()) {
                PeerConfig peer = p.candidates.getFirst();
                sa.proven(peer, Objects.requireNonNull(p.peerId).identity(), List.of(Proving.how(p)), turn);
            }
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            Proving.fail(sa, why, turn);
        }
    }

    private static void verdict(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Verified(String subject, String how)) {
            p.subject = Optional.of(how + " of " + subject);
            if (sa.isInitiator()) {
                PeerConfig peer = p.candidates.getFirst();
                sa.proven(peer, Objects.requireNonNull(p.peerId).identity(), List.of(Proving.how(p)), turn);
            } else if (p.way instanceof Way.Signature way) {
                Proving.askToSign(sa, p, way, turn);
            }
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            Proving.failTelling(sa, NotifyType.AUTHENTICATION_FAILED, why, sa.remote(), turn);
        }
    }

    static List<Payload> plain(Header header, Bytes message) throws Malformed {
        if (header.isEncrypted()) {
            throw new Malformed("flags", "encrypted before there are keys");
        }
        return PayloadReader.plain(header.next(), message.slice(Header.OCTETS, message.size()))
                .payloads();
    }
}
