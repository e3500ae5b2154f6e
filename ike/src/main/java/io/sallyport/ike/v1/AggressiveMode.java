package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Aggressive mode, RFC 2409 section 5.4, in the order of the wire: three messages. The responder shows a hash of the shared
 * key to whoever asks, so it is only done when the configuration wants it.
 */
final class AggressiveMode {
    private AggressiveMode() {}

    // HDR, SA, KE, Ni, IDii

    static void begin(IkeSa sa, Phase1 p, Turn turn) {
        List<IkeSuite> usable =
                sa.peer().offers().stream().filter(Offers::isUsable).toList();
        p.step = Phase1.Step.OWN_KEY;
        // RFC 2409 section 5.4: "the group ... cannot be negotiated" here: all offers are of the first one's.
        turn.ask(sa, new IkeAction.Question.MakeKeyPair(usable.getFirst().keyExchange()));
        p.suite = usable.getFirst();
    }

    private static void ownKey(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (!(answer instanceof IkeEvent.Answer.KeyPairMade made)) {
            Proving.fail(sa, new IkeFact.Failure.Misbehaved(Proving.failed(answer)), turn);
            return;
        }
        p.privateValue = made.privateValue();
        Payload.Sa offer = Offers.phase1(offers(sa, p), p.method, sa.peer().lifetime());
        Payload.Id id = Payload.Id.of(sa.peer().localIdentity());
        p.offered = offer;
        p.ownId = id;
        p.step = Phase1.Step.FIRST_ANSWER;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(offer);
        payloads.addAll(Proving.keyPayloads(p, made.publicValue(), turn));
        payloads.add(id);
        payloads.addAll(Vendor.own(sa.peer(), true, Vendor.UNKNOWN));
        sa.sendPhase1(payloads, false, true, turn);
    }

    private static List<IkeSuite> offers(IkeSa sa, Phase1 p) {
        return sa.peer().offers().stream()
                .filter(s -> s.keyExchange() == p.suite().keyExchange())
                .toList();
    }

    // HDR, SA, KE, Nr, IDir, [CERT,] HASH_R or SIG_R

    static void respond(
            IkeSa sa, Phase1 p, List<Payload> payloads, Payload.Sa answer, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        Proving.takeKeys(p, payloads);
        p.peerId = Proving.identity(payloads);
        p.answer = answer;
        p.step = Phase1.Step.SECRET;
        Admission.enter(sa, datagram, turn);
        turn.ask(
                sa, new IkeAction.Question.MakeAndAgree(p.suite().keyExchange(), Objects.requireNonNull(p.peerPublic)));
    }

    private static void agreed(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (!(answer instanceof IkeEvent.Answer.Agreed(Optional<Bytes> publicValue, Secret shared))) {
            Proving.fail(sa, new IkeFact.Failure.Misbehaved(Proving.failed(answer)), turn);
            return;
        }
        p.shared = shared;
        if (sa.isInitiator()) {
            agreedAsInitiator(sa, p, turn);
            return;
        }
        p.ownPublic = publicValue.orElseThrow();
        sa.secure(Proving.keys(sa, p, p.way));
        switch (p.way) {
            case Way.SharedKey _ -> sendAnswer(sa, p, Proving.proof(Proving.ownHash(sa, p)), turn);
            case Way.Signature way -> Proving.askToSign(sa, p, way, turn);
        }
    }

    private static void sendAnswer(IkeSa sa, Phase1 p, List<Payload> proof, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Objects.requireNonNull(p.answer));
        payloads.addAll(Proving.keyPayloads(p, Objects.requireNonNull(p.ownPublic), turn));
        payloads.add(Objects.requireNonNull(p.ownId));
        payloads.addAll(proof);
        payloads.addAll(Proving.natPayloads(sa, p, turn));
        payloads.addAll(Vendor.own(sa.peer(), false, sa.vendor()));
        p.step = Phase1.Step.PROOF;
        sa.sendPhase1(payloads, false, false, turn);
    }

    static void onMessage(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) throws Malformed {
        Phase1 p = sa.phase1();
        switch (p.step) {
            case FIRST_ANSWER -> answered(sa, p, header, datagram, turn);
            case PROOF -> proof(sa, p, header, datagram, turn);
            case METHOD, OWN_KEY, KEYS, SECRET, SIGNATURE, VERDICT -> {}
        }
    }

    private static void answered(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        List<Payload> payloads = MainMode.plain(header, datagram.message());
        Offers.Chosen<IkeSuite> chosen = MainMode.answered(sa, p, Payloads.one(payloads, Payload.Sa.class));
        if (header.responderCookie() == 0 || header.responderCookie() == sa.ourCookie()) {
            throw new Malformed("responder cookie", "is zero, or ours");
        }
        IkeSuite before = p.suite();
        p.suite = chosen.suite();
        if (chosen.suite().keyExchange() != before.keyExchange()) {
            p.suite = before;
            throw new Malformed("SA", "is of another group than our key");
        }
        Proving.takeKeys(p, payloads);
        p.peerId = Proving.identity(payloads);
        sa.peerCookie(header.responderCookie());
        sa.vendor(Vendor.of(payloads));
        Offers.lifetime(chosen.transform(), 11).ifPresent(sa::lifetime);
        Proving.detectNat(sa, p, payloads);
        p.answered = payloads;
        p.step = Phase1.Step.SECRET;
        sa.acceptedPhase1(datagram.message());
        turn.ask(
                sa,
                new IkeAction.Question.Agree(
                        p.suite().keyExchange(),
                        Objects.requireNonNull(p.privateValue),
                        Objects.requireNonNull(p.peerPublic)));
    }

    // HDR*, [CERT,] HASH_I or SIG_I

    private static void agreedAsInitiator(IkeSa sa, Phase1 p, Turn turn) {
        Payload.Id id = Objects.requireNonNull(p.peerId);
        sa.secure(Proving.keys(sa, p, p.way));
        try {
            if (Proving.named(p.candidates, id.identity()).isEmpty()) {
                MainMode.wrongIdentity(sa, p, id.identity(), sa.remote(), turn);
                return;
            }
            switch (p.way) {
                case Way.SharedKey _ -> {
                    Bytes hash = Payloads.one(p.answered, Payload.Hash.class).data();
                    if (!Keys.same(hash, Proving.peerHash(sa, p, sa.keys(), id))) {
                        Proving.fail(
                                sa, new IkeFact.Failure.AuthenticationFailed(false, Optional.of(id.identity())), turn);
                        return;
                    }
                    sendProof(sa, p, Proving.proof(Proving.ownHash(sa, p)), turn);
                }
                case Way.Signature _ -> Proving.askToVerify(sa, p, p.answered, id, turn);
            }
        } catch (Malformed e) {
            Proving.fail(sa, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    private static void sendProof(IkeSa sa, Phase1 p, List<Payload> proof, Turn turn) {
        Proving.floatPorts(sa);
        List<Payload> payloads = new ArrayList<>(proof);
        payloads.addAll(Proving.natPayloads(sa, p, turn));
        if (MainMode.knowsNothingOfPeer(sa, turn)) {
            payloads.add(MainMode.initialContact(sa));
        }
        sa.sendPhase1(payloads, true, false, turn);
        established(sa, p, turn);
    }

    private static void proof(IkeSa sa, Phase1 p, Header header, IkeEvent.Datagram datagram, Turn turn)
            throws Malformed {
        Bytes message = datagram.message();
        // RFC 2409 section 5.4: the last message "MAY" be sent without encryption.
        List<Payload> payloads = header.isEncrypted()
                ? sa.openPhase1(sa.keys(), sa.iv(), header, message).payloads()
                : PayloadReader.plain(header.next(), message.slice(Header.OCTETS, message.size()))
                        .payloads();
        Payload.Id id = Objects.requireNonNull(p.peerId);
        switch (p.way) {
            case Way.SharedKey _ -> {
                if (!Keys.same(
                        Payloads.one(payloads, Payload.Hash.class).data(), Proving.peerHash(sa, p, sa.keys(), id))) {
                    refuseOnce(p, datagram, turn);
                    return;
                }
                detectNat(sa, p, payloads, datagram);
                accept(sa, p, header, payloads, datagram, turn);
                established(sa, p, turn);
            }
            case Way.Signature _ -> {
                Proving.askToVerify(sa, p, payloads, id, turn);
                detectNat(sa, p, payloads, datagram);
                accept(sa, p, header, payloads, datagram, turn);
            }
        }
    }

    private static void detectNat(IkeSa sa, Phase1 p, List<Payload> payloads, IkeEvent.Datagram datagram) {
        sa.move(datagram.local(), datagram.remote());
        Proving.detectNat(sa, p, payloads);
    }

    private static void refuseOnce(Phase1 p, IkeEvent.Datagram datagram, Turn turn) {
        if (!p.toldUndecryptable) {
            p.toldUndecryptable = true;
            turn.refuse(
                    datagram.local(),
                    datagram.remote(),
                    new IkeFact.Failure.AuthenticationFailed(
                            false, Optional.of(Objects.requireNonNull(p.peerId).identity())));
        }
    }

    private static void accept(
            IkeSa sa, Phase1 p, Header header, List<Payload> payloads, IkeEvent.Datagram datagram, Turn turn) {
        if (header.isEncrypted()) {
            sa.advance(datagram.message());
        }
        sa.acceptedPhase1(datagram.message());
        sa.alive(turn);
        p.initialContact = Payloads.notify(payloads, NotifyType.INITIAL_CONTACT).isPresent();
    }

    private static void established(IkeSa sa, Phase1 p, Turn turn) {
        PeerConfig peer = Proving.named(
                        p.candidates, Objects.requireNonNull(p.peerId).identity())
                .orElseThrow();
        sa.proven(peer, Objects.requireNonNull(p.peerId).identity(), List.of(Proving.how(p)), turn);
    }

    // Answers to questions

    static void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        Phase1 p = sa.phase1();
        switch (p.step) {
            case METHOD -> MainMode.methodKnown(sa, p, answer, turn);
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
            if (sa.isInitiator()) {
                sendProof(sa, p, Proving.proof(signed), turn);
            } else {
                sendAnswer(sa, p, Proving.proof(signed), turn);
            }
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            Proving.fail(sa, why, turn);
        }
    }

    private static void verdict(IkeSa sa, Phase1 p, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Verified(String subject, String how)) {
            p.subject = Optional.of(how + " of " + subject);
            if (!sa.isInitiator()) {
                established(sa, p, turn);
            } else if (p.way instanceof Way.Signature way) {
                Proving.askToSign(sa, p, way, turn);
            }
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            Proving.failTelling(sa, NotifyType.AUTHENTICATION_FAILED, why, sa.remote(), turn);
        }
    }
}
