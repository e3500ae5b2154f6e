package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeAction.CertificateChain;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadRules;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * IKE_AUTH as its responder: RFC 7296 sections 1.2 and 2.16, RFC 4739, RFC 5998, in the order of the wire. The peer is known
 * and has proven itself before anything of ours is proven, but for EAP, which wants it the other way around.
 */
final class AuthResponder {
    /** What the next request must be. */
    private enum Next {
        FIRST(PayloadRules.IKE_AUTH_REQUEST),
        EAP(PayloadRules.IKE_AUTH_EAP),
        KEY(PayloadRules.IKE_AUTH_KEY),
        ANOTHER(PayloadRules.IKE_AUTH_ANOTHER),
        EMPTY(PayloadRules.IKE_AUTH_EMPTY);

        private final PayloadRules rules;

        Next(PayloadRules rules) {
            this.rules = rules;
        }
    }

    private final IkeSa sa;
    private final SaState.Transcript transcript;
    private final List<PeerConfig> candidates;
    private final Monotonic giveUpLast;
    private final Asking asking = new Asking();
    private final List<String> how = new ArrayList<>();
    private Monotonic giveUpAt;
    private Next next = Next.FIRST;
    private PeerConfig config;
    private List<Payload> first = List.of();
    private List<Payload> request = List.of();
    private Payload.@Nullable Id peerId;
    private @Nullable Identity identity;
    private @Nullable EapServer eap;
    private int peersProofs;
    private int ownProofs;
    private int messages;

    /** @param giveUpAt when it is over unless the peer shows that it has the keys */
    AuthResponder(IkeSa sa, SaState.Transcript transcript, List<PeerConfig> candidates, Monotonic giveUpAt, Turn turn) {
        this.sa = sa;
        this.transcript = transcript;
        this.candidates = candidates;
        this.config = candidates.getFirst();
        this.giveUpAt = giveUpAt;
        this.giveUpLast = turn.now().in(Limits.AUTH_LONGEST);
    }

    Monotonic giveUpAt() {
        return giveUpAt;
    }

    /** It is over; nobody else would tell that a peer began and did not end. */
    void giveUp(Turn turn) {
        if (isBegun() && !isBusy()) {
            EapServer running = eap;
            String step = running == null || next != Next.EAP ? ExchangeType.IKE_AUTH.toString() : running.method();
            turn.note(new IkeFact.Refused(
                    sa.local(), sa.remote(), new IkeFact.Failure.FellSilent(identity(), step, messages)));
        }
    }

    /** Whether a request is being answered; then it is not taken once more. */
    boolean isBusy() {
        return asking.isBusy();
    }

    void onAnswer(long ask, Answer.OfIdentity answer, Turn turn) {
        asking.onAnswer(ask, answer, turn);
    }

    // IKE_AUTH request, processed: HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] [AUTH,] [CP(CFG_REQUEST),] SAi2, TSi, TSr}

    void onRequest(IkeEvent.Datagram datagram, ProtectedMessage message, Turn turn) {
        sa.path().move(datagram.local(), datagram.remote());
        giveUpAt = turn.now().in(Limits.AUTH_STEP).earlier(giveUpLast);
        request = message.payloads();
        messages++;
        try {
            Optional<PayloadType> critical = PayloadRules.unsupportedCritical(request);
            if (critical.isPresent()) {
                throw new Malformed(critical.get().toString(), "critical and unknown");
            }
            next.rules.check(request);
            if (next == Next.FIRST && Mobility.forbidsThisPath(request, datagram.local(), datagram.remote())) {
                refuse(
                        NotifyType.UNEXPECTED_NAT_DETECTED,
                        new IkeFact.Failure.Misbehaved(
                                "NO_NATS_ALLOWED: something between us changes addresses, and the peer forbids that"),
                        turn);
                return;
            }
            switch (next) {
                case FIRST -> {
                    first = request;
                    meet(turn);
                }
                case EAP ->
                    eap().onResponse(Payloads.find(request, Payload.Eap.class).orElseThrow(), turn);
                case KEY -> keyProof(turn);
                case ANOTHER -> another(turn);
                case EMPTY -> proveOurselves(turn);
            }
        } catch (Malformed e) {
            refuse(NotifyType.INVALID_SYNTAX, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    /** Whose proof it must be follows from who it says it is, and from the way in which it proves itself. */
    private void meet(Turn turn) throws Malformed {
        Payload.Id id = Payloads.id(request, true).orElseThrow();
        Identity claimed = new Identity(id.idType(), id.data());
        peerId = id;
        identity = claimed;
        List<PeerConfig> named = candidates.stream()
                .filter(c ->
                        c.remoteIdentity().isEmpty() || c.remoteIdentity().get().equals(claimed))
                .toList();
        if (named.isEmpty()) {
            Identity expected = candidates.getFirst().remoteIdentity().orElse(claimed);
            refuse(NotifyType.AUTHENTICATION_FAILED, new IkeFact.Failure.WrongIdentity(claimed, expected), turn);
            return;
        }
        Optional<Payload.Auth> auth = Payloads.find(request, Payload.Auth.class);
        // RFC 5998 section 3: without the notify the initiator wants to see another proof of ours before EAP's.
        boolean eapOnly =
                Payloads.notify(request, NotifyType.EAP_ONLY_AUTHENTICATION).isPresent();
        List<PeerConfig> fitting = preferring(named).stream()
                .filter(c -> !c.proofs().peers().isEmpty())
                .filter(c -> fits(c.proofs().peers().getFirst(), auth))
                .filter(c -> !c.proofs().own().isEmpty() || eapOnly)
                .toList();
        if (fitting.isEmpty()) {
            refuseProof(turn);
        } else if (auth.isEmpty()) {
            config = fitting.getFirst();
            proveOurselves(turn);
        } else {
            judge(fitting, auth.get(), Certificates.chain(request), turn);
        }
    }

    /** Candidates that are called as the initiator calls us come first. */
    private List<PeerConfig> preferring(List<PeerConfig> named) {
        Optional<Identity> wanted = Payloads.id(request, false).map(id -> new Identity(id.idType(), id.data()));
        List<PeerConfig> sorted = new ArrayList<>(named);
        sorted.sort((a, b) -> Boolean.compare(
                !wanted.equals(Optional.of(a.localIdentity())), !wanted.equals(Optional.of(b.localIdentity()))));
        return sorted;
    }

    private static boolean fits(Authentication wanted, Optional<Payload.Auth> auth) {
        return switch (wanted) {
            case Authentication.PreSharedKey _ -> auth.isPresent() && auth.get().method() == Payload.Auth.SHARED_KEY;
            case Authentication.Certificate _ -> auth.isPresent() && auth.get().method() != Payload.Auth.SHARED_KEY;
            // RFC 7296 section 2.16: "leaving out the AUTH payload".
            case Authentication.Eap _ -> auth.isEmpty();
        };
    }

    /** Tries {@code configs}, all of which want the kind of proof that came, one after the other. */
    private void judge(List<PeerConfig> configs, Payload.Auth auth, CertificateChain chain, Turn turn) {
        PeerConfig candidate = configs.getFirst();
        List<PeerConfig> others = configs.subList(1, configs.size());
        Authentication wanted = candidate.proofs().peers().get(peersProofs);
        Proof.Claim claim = Proof.Claim.ofInitiator(sa.signedByPeer(transcript), keys(), claimed());
        switch (wanted) {
            case Authentication.PreSharedKey(Secret key) -> {
                if (Proof.holds(keys(), key, claim, auth)) {
                    believe(candidate, "shared key", turn);
                } else if (others.isEmpty()) {
                    refuseProof(turn);
                } else {
                    judge(others, auth, chain, turn);
                }
            }
            case Authentication.Certificate(String trust) -> {
                // Who trusts the same would say the same.
                List<PeerConfig> rest = others.stream()
                        .filter(c -> !c.proofs().peers().get(peersProofs).equals(wanted))
                        .toList();
                asking.ask(
                        sa,
                        new Question.Verify(
                                trust,
                                Certificates.scheme(transcript),
                                new Identity(claimed().idType(), claimed().data()),
                                chain,
                                auth.method(),
                                auth.data(),
                                Proof.octets(keys(), claim)),
                        (answer, t) -> {
                            if (answer instanceof Answer.Verified(String subject, String by)) {
                                believe(candidate, by + " as " + subject, t);
                            } else if (rest.isEmpty()) {
                                refuse(NotifyType.AUTHENTICATION_FAILED, Asking.failure(answer), t);
                            } else {
                                judge(rest, auth, chain, t);
                            }
                        },
                        turn);
            }
            case Authentication.Eap _ -> refuseProof(turn);
        }
    }

    /** One of the peer's proofs holds. */
    private void believe(PeerConfig proven, String by, Turn turn) {
        config = proven;
        peersProofs++;
        how.add(by);
        boolean announced =
                Payloads.notify(request, NotifyType.ANOTHER_AUTH_FOLLOWS).isPresent();
        if (announced != hasMore()) {
            // It proves less than it must, or more than we know what to do with.
            refuseProof(turn);
            return;
        }
        proveOurselves(turn);
    }

    /** The peer has something more to prove. */
    private boolean hasMore() {
        return peersProofs < config.proofs().peers().size();
    }

    // IKE_AUTH request, processed: HDR, SK {IDi, [CERT,] [AUTH,] [N(ANOTHER_AUTH_FOLLOWS)]} (RFC 4739 section 2.1)

    private void another(Turn turn) throws Malformed {
        peerId = Payloads.id(request, true).orElseThrow();
        Optional<Payload.Auth> auth = Payloads.find(request, Payload.Auth.class);
        if (!fits(config.proofs().peers().get(peersProofs), auth)) {
            refuseProof(turn);
        } else if (auth.isEmpty()) {
            proveOurselves(turn);
        } else {
            judge(List.of(config), auth.get(), Certificates.chain(request), turn);
        }
    }

    // IKE_AUTH response, built: HDR, SK {IDr, [CERT,] AUTH, ...}

    /** Our next proof, if we have one left, leads the response. */
    private void proveOurselves(Turn turn) {
        List<Authentication> own = config.proofs().own();
        List<Payload> response = new ArrayList<>();
        if (ownProofs == own.size()) {
            if (ownProofs == 0 && next == Next.FIRST) {
                // RFC 5998 section 3: no AUTH of ours but the one that EAP's key makes.
                response.add(ownId());
            }
            goOn(response, turn);
            return;
        }
        Authentication proof = own.get(ownProofs);
        ownProofs++;
        response.add(ownId());
        Proof.Claim claim = Proof.Claim.ofResponder(transcript, keys(), ownId());
        switch (proof) {
            case Authentication.PreSharedKey(Secret key) -> {
                response.add(Proof.byKey(keys(), key, claim));
                announceMore(response);
                goOn(response, turn);
            }
            case Authentication.Certificate(String name) ->
                asking.ask(
                        sa,
                        new Question.Sign(
                                name,
                                Certificates.scheme(transcript),
                                Proof.octets(keys(), claim),
                                Certificates.wantsOcsp(first)),
                        (answer, t) -> {
                            if (answer instanceof Answer.Signed signed) {
                                response.addAll(Certificates.proof(signed));
                                announceMore(response);
                                goOn(response, t);
                            } else {
                                refuse(NotifyType.AUTHENTICATION_FAILED, Asking.failure(answer), t);
                            }
                        },
                        turn);
            case Authentication.Eap(String name) ->
                refuse(
                        NotifyType.AUTHENTICATION_FAILED,
                        new IkeFact.Failure.CredentialMissing(name, "a responder cannot prove itself by EAP"),
                        turn);
        }
    }

    private void announceMore(List<Payload> response) {
        if (ownProofs < config.proofs().own().size()) {
            response.add(Payload.Notify.of(NotifyType.ANOTHER_AUTH_FOLLOWS));
        }
    }

    /** What comes after the proofs of this round. */
    private void goOn(List<Payload> response, Turn turn) {
        if (hasMore()
                && config.proofs().peers().get(peersProofs) instanceof Authentication.Eap(String name)
                && Payloads.find(request, Payload.Auth.class).isEmpty()
                && eap == null) {
            EapServer begun = new EapServer(name);
            eap = begun;
            begun.begin(response, turn);
        } else if (hasMore()) {
            respond(response, Next.ANOTHER, turn);
        } else if (ownProofs < config.proofs().own().size()) {
            respond(response, Next.EMPTY, turn);
        } else {
            conclude(response, turn);
        }
    }

    private void respond(List<Payload> response, Next then, Turn turn) {
        next = then;
        sa.respond(ExchangeType.IKE_AUTH, response, turn);
    }

    // HDR, SK {EAP} and HDR, SK {EAP}, until the method has ended; then HDR, SK {AUTH} both ways.

    /** An EAP method that somebody else runs; here its packets pass through. */
    private final class EapServer {
        private final String name;
        private int rounds;
        private Optional<IkeEvent.EapConversation> conversation = Optional.empty();
        private Optional<IkeFact.Failure> refusedAlready = Optional.empty();
        private Optional<Payload.Eap> last = Optional.empty();
        private IkeEvent.@Nullable EapResult result;

        private EapServer(String name) {
            this.name = name;
        }

        private void begin(List<Payload> response, Turn turn) {
            ask(Optional.empty(), response, turn);
        }

        private void onResponse(Payload.Eap answer, Turn turn) throws Malformed {
            if (answer.code() != Payload.Eap.RESPONSE) {
                throw new Malformed("EAP payload", "code " + answer.code() + " where a response must be");
            }
            ask(Optional.of(answer.packet()), new ArrayList<>(), turn);
        }

        private void ask(Optional<Bytes> received, List<Payload> response, Turn turn) {
            rounds++;
            if (rounds > Limits.EAP_ROUNDS_MAX) {
                refuse(NotifyType.AUTHENTICATION_FAILED, endless(), turn);
                return;
            }
            Identity who = new Identity(claimed().idType(), claimed().data());
            asking.ask(
                    sa,
                    new Question.EapServer(new IkeAction.EapStep(name, who, sa.remote(), conversation, received)),
                    (answer, t) -> onAnswer(answer, response, t),
                    turn);
        }

        private IkeFact.Failure endless() {
            return new IkeFact.Failure.EapRefused("EAP", user(), "no end after " + (rounds - 1) + " rounds", false);
        }

        /** What its packet in the air is about. */
        private String method() {
            return last.map(Payload.Eap::method).orElse("EAP");
        }

        private String user() {
            return claimed().data().printable();
        }

        private void onAnswer(Answer.OfIdentity answer, List<Payload> response, Turn turn) {
            if (answer
                    instanceof
                    Answer.EapNext(IkeEvent.EapConversation after, Bytes packet, Optional<IkeFact.Failure> already)) {
                conversation = Optional.of(after);
                refusedAlready = already;
                last = Optional.of(new Payload.Eap(packet));
                response.add(last.get());
                respond(response, Next.EAP, turn);
            } else if (answer instanceof Answer.EapDone(Bytes packet, IkeEvent.EapResult found)
                    && found.msk().isPresent()) {
                result = found;
                response.add(new Payload.Eap(packet));
                respond(response, Next.KEY, turn);
            } else if (answer instanceof Answer.EapDone(Bytes _, IkeEvent.EapResult found)) {
                // RFC 7296 section 2.16: such methods "SHOULD NOT be used"; whoever stands between could use the proof.
                IkeFact.Failure why =
                        new IkeFact.Failure.EapRefused(found.method(), found.user(), "it makes no key", false);
                refuse(NotifyType.AUTHENTICATION_FAILED, why, turn);
            } else if (answer instanceof Answer.EapFailed(Bytes packet, IkeFact.Failure why) && !packet.isEmpty()) {
                response.add(new Payload.Eap(packet));
                end(response, why, turn);
            } else {
                refuse(NotifyType.AUTHENTICATION_FAILED, Asking.failure(answer), turn);
            }
        }
    }

    /** Whether a first IKE_AUTH was answered, so that the peer knows whom it talks to. */
    boolean isBegun() {
        return next != Next.FIRST;
    }

    /**
     * RFC 7296 section 2.21.2: an initiator that gives up says AUTHENTICATION_FAILED in an INFORMATIONAL of its own; some do
     * when a method has told them that they are refused.
     */
    void onInformational(ProtectedMessage message, Turn turn) {
        EapServer running = eap;
        Optional<IkeFact.Failure> known = running == null ? Optional.empty() : running.refusedAlready;
        boolean givesUp = Payloads.notify(message.payloads(), NotifyType.AUTHENTICATION_FAILED)
                .isPresent();
        if (!givesUp && known.isEmpty()) {
            turn.note(new IkeFact.Refused(
                    sa.local(), sa.remote(), new IkeFact.Failure.Misbehaved("INFORMATIONAL before IKE_AUTH is over")));
            return;
        }
        IkeFact.Failure why =
                known.orElse(new IkeFact.Failure.AuthenticationFailed(true, Optional.ofNullable(identity)));
        sa.respond(ExchangeType.INFORMATIONAL, List.of(), turn);
        turn.note(new IkeFact.Refused(sa.local(), sa.remote(), why));
        sa.endAnswered(why, turn);
    }

    private EapServer eap() {
        return Objects.requireNonNull(eap, "no EAP method runs");
    }

    private Optional<IkeEvent.EapResult> eapResult() {
        EapServer ran = eap;
        return ran == null ? Optional.empty() : Optional.ofNullable(ran.result);
    }

    private void keyProof(Turn turn) {
        IkeEvent.EapResult found = eapResult().orElseThrow();
        Secret msk = found.msk().orElseThrow();
        Payload.Auth auth = Payloads.find(request, Payload.Auth.class).orElseThrow();
        if (!Proof.holds(keys(), msk, Proof.Claim.ofInitiator(sa.signedByPeer(transcript), keys(), claimed()), auth)) {
            refuseProof(turn);
            return;
        }
        peersProofs++;
        how.add(found.method() + " as " + Bytes.utf8(found.user()).printable());
        List<Payload> response = new ArrayList<>();
        response.add(Proof.byKey(keys(), msk, Proof.Claim.ofResponder(transcript, keys(), ownId())));
        announceMore(response);
        goOn(response, turn);
    }

    // IKE_AUTH response, built, the last: HDR, SK {[IDr, AUTH,] [CP(CFG_REPLY),] SAr2, TSi, TSr}

    private void conclude(List<Payload> response, Turn turn) {
        Proven proven = Proven.of(config, identity(), how, eapResult());
        if (config.clients().isPresent()) {
            Leasing.ask(sa, proven, first, asking, (addresses, t) -> establish(proven, response, addresses, t), turn);
        } else {
            establish(proven, response, Leasing.Outcome.NONE, turn);
        }
    }

    private void establish(Proven proven, List<Payload> response, Leasing.Outcome leased, Turn turn) {
        sa.established(proven, transcript.nonces(), leased.addresses(), turn);
        Established.asResponder(sa, proven, first, response, leased, transcript.nonces(), turn);
    }

    // Refusals.

    private void refuseProof(Turn turn) {
        refuse(
                NotifyType.AUTHENTICATION_FAILED,
                new IkeFact.Failure.AuthenticationFailed(false, Optional.ofNullable(identity)),
                turn);
    }

    private void refuse(NotifyType type, IkeFact.Failure why, Turn turn) {
        end(List.of(Payload.Notify.of(type)), why, turn);
    }

    private void end(List<Payload> lastWords, IkeFact.Failure why, Turn turn) {
        sa.respond(ExchangeType.IKE_AUTH, lastWords, turn);
        turn.note(new IkeFact.Refused(sa.local(), sa.remote(), why));
        sa.endAnswered(why, turn);
    }

    private IkeKeys keys() {
        return sa.secured().keys();
    }

    private Payload.Id ownId() {
        Identity own = config.localIdentity();
        return new Payload.Id(false, own.type(), own.data());
    }

    private Payload.Id claimed() {
        return Objects.requireNonNull(peerId, "nobody has said who it is");
    }

    private Identity identity() {
        return Objects.requireNonNull(identity, "nobody has said who it is");
    }
}
