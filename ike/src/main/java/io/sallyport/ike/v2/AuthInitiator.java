package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * IKE_AUTH as its initiator: RFC 7296 sections 1.2 and 2.16, RFC 4739, RFC 5998, in the order of the wire. The responder's
 * identity and proof are judged before a user's credentials are used.
 */
final class AuthInitiator {
    /** What the next response must bring, besides what comes with the last one. */
    private enum Next {
        /** IDr, and AUTH unless EAP is all that the responder proves. */
        PROOF,
        EAP,
        /** AUTH by the EAP method's key. */
        KEY,
        /** Nothing in particular. */
        ANY
    }

    /** The child that IKE_AUTH makes, as we asked for it. */
    record Asked(ChildConfig config, List<EspSuite> offers, int childSpi) {}

    private final IkeSa sa;
    private final PeerConfig peer;
    private final SaState.Transcript transcript;
    private final boolean anew;
    private final Asked asked;
    private final Payload.Id ownId;
    private final Asking asking = new Asking();
    private final List<String> how = new ArrayList<>();
    private Next next = Next.PROOF;
    private Payload.@Nullable Id peerId;
    private @Nullable Identity identity;
    private int ownProofs;
    private int peersProofs;
    private int rounds;
    private Optional<IkeEvent.EapConversation> conversation = Optional.empty();
    private IkeEvent.@Nullable EapResult eap;

    /** @param anew another IKE SA stands, whose proofs are renewed */
    AuthInitiator(IkeSa sa, SaState.Transcript transcript, boolean anew, Turn turn) {
        this.sa = sa;
        this.peer = sa.peer();
        this.transcript = transcript;
        this.anew = anew;
        ChildConfig first = peer.children().getFirst();
        this.asked = new Asked(
                first, Proposals.withoutGroups(first.offers()), turn.sas().newChildSpi(turn.entropy()));
        Identity own = peer.localIdentity();
        this.ownId = new Payload.Id(true, own.type(), own.data());
    }

    Asked asked() {
        return asked;
    }

    /** It ends before a child was made. */
    void abandon(Turn turn) {
        turn.sas().release(asked.childSpi());
    }

    void onAnswer(long ask, Answer.OfIdentity answer, Turn turn) {
        asking.onAnswer(ask, answer, turn);
    }

    // IKE_AUTH request, built: HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] [AUTH,] [CP(CFG_REQUEST),] SAi2, TSi, TSr,
    // N(...)}

    void begin(Turn turn) {
        if (peer.proofs().own().size() > 1 && !transcript.abilities().multipleAuth()) {
            sa.end(new IkeFact.Failure.Misbehaved("the peer takes no more than one proof (RFC 4739)"), turn);
            return;
        }
        learnAuthorities(Certificates.trusts(peer.proofs().peers()), List.of(), turn);
    }

    private void learnAuthorities(List<String> trusts, List<Bytes> known, Turn turn) {
        if (trusts.isEmpty()) {
            prove((proof, t) -> first(proof, known, t), turn);
            return;
        }
        asking.ask(
                sa,
                new Question.Authorities(trusts.getFirst()),
                (answer, t) -> {
                    List<Bytes> all = new ArrayList<>(known);
                    if (answer instanceof Answer.Authorities(List<Bytes> keyHashes, List<Bytes> _)) {
                        all.addAll(keyHashes);
                    }
                    learnAuthorities(trusts.subList(1, trusts.size()), all, t);
                },
                turn);
    }

    private void first(List<Payload> proof, List<Bytes> authorities, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(ownId);
        proof.stream().filter(Payload.Certificate.class::isInstance).forEach(payloads::add);
        if (!anew) {
            // RFC 7296 section 2.4: the assertion that "this IKE SA is the only IKE SA currently active" between the
            // two.
            payloads.add(Payload.Notify.of(NotifyType.INITIAL_CONTACT));
        }
        if (!authorities.isEmpty()) {
            payloads.addAll(Certificates.requests(authorities));
        }
        peer.remoteIdentity().ifPresent(r -> payloads.add(new Payload.Id(false, r.type(), r.data())));
        proof.stream().filter(p -> !(p instanceof Payload.Certificate)).forEach(payloads::add);
        peer.request()
                .ifPresent(r -> payloads.add(Settings.request(r, sa.addresses().given())));
        payloads.add(new Payload.Sa(Proposals.ofEsp(asked.offers(), asked.childSpi())));
        payloads.add(Narrowing.payload(true, Settings.wanted(peer, asked.config())));
        payloads.add(Narrowing.payload(false, asked.config().remote()));
        if (peer.proofs().peers().isEmpty()) {
            // RFC 5998 section 3.
            payloads.add(Payload.Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION));
        }
        if (transcript.abilities().multipleAuth()) {
            payloads.add(Payload.Notify.of(NotifyType.MULTIPLE_AUTH_SUPPORTED));
        }
        payloads.addAll(Mobility.offer(peer.mobility().mobike()));
        send(payloads, Next.PROOF, turn);
    }

    private void send(List<Payload> payloads, Next then, Turn turn) {
        next = then;
        sa.request(ExchangeType.IKE_AUTH, payloads, turn);
    }

    /** Makes our next proof: certificates and AUTH; nothing for EAP, which is asked for by leaving them out. */
    private void prove(BiConsumer<List<Payload>, Turn> then, Turn turn) {
        Authentication proof = peer.proofs().own().isEmpty()
                ? new Authentication.Eap("")
                : peer.proofs().own().get(ownProofs);
        Proof.Claim claim = Proof.Claim.ofInitiator(transcript, keys(), ownId);
        switch (proof) {
            case Authentication.PreSharedKey(Secret key) -> {
                List<Payload> payloads = new ArrayList<>();
                payloads.add(Proof.byKey(keys(), key, claim));
                proved(payloads, then, turn);
            }
            case Authentication.Certificate(String name) ->
                asking.ask(
                        sa,
                        new Question.Sign(
                                name,
                                Certificates.scheme(transcript),
                                Proof.octets(keys(), claim),
                                transcript.abilities().wantsOcsp()),
                        (answer, t) -> {
                            if (answer instanceof Answer.Signed signed) {
                                proved(Certificates.proof(signed), then, t);
                            } else {
                                fail(Asking.failure(answer), t);
                            }
                        },
                        turn);
            case Authentication.Eap _ -> then.accept(List.of(), turn);
        }
    }

    private void proved(List<Payload> payloads, BiConsumer<List<Payload>, Turn> then, Turn turn) {
        ownProofs++;
        if (ownProofs < peer.proofs().own().size()) {
            payloads.add(Payload.Notify.of(NotifyType.ANOTHER_AUTH_FOLLOWS));
        }
        then.accept(payloads, turn);
    }

    // IKE_AUTH response, processed.

    void onResponse(ProtectedMessage response, Turn turn) {
        List<Payload> payloads = response.payloads();
        Optional<Payload.Auth> auth = Payloads.find(payloads, Payload.Auth.class);
        Optional<Payload.Eap> packet = Payloads.find(payloads, Payload.Eap.class);
        Optional<Payload.Notify> error = Payloads.error(payloads);
        if (auth.isEmpty() && packet.isEmpty() && error.isPresent()) {
            sa.end(refusal(error.get()), turn);
            return;
        }
        try {
            Optional<PayloadType> critical = PayloadRules.unsupportedCritical(payloads);
            if (critical.isPresent()) {
                throw new Malformed(critical.get().toString(), "critical and unknown");
            }
            PayloadRules.IKE_AUTH_RESPONSE.check(payloads);
            Optional<Payload.Id> id = Payloads.id(payloads, false);
            switch (next) {
                case PROOF -> meet(required(id, "IDr"), auth, payloads, turn);
                case EAP -> {
                    // CVE-2021-45079: nothing but the method's own end may end it.
                    forbid(auth.isPresent() || id.isPresent(), "AUTH or IDr payload");
                    goOn(payloads, turn);
                }
                case KEY -> {
                    forbid(packet.isPresent() || id.isPresent(), "EAP or IDr payload");
                    keyProof(payloads, required(auth, "AUTH"), turn);
                }
                case ANY -> {
                    forbid(auth.isPresent() || id.isPresent(), "AUTH or IDr payload");
                    goOn(payloads, turn);
                }
            }
        } catch (Malformed e) {
            abandon(NotifyType.INVALID_SYNTAX, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    private static void forbid(boolean found, String what) throws Malformed {
        if (found) {
            throw new Malformed(what, "out of place in IKE_AUTH_RESPONSE");
        }
    }

    private static <P> P required(Optional<P> payload, String name) throws Malformed {
        return payload.orElseThrow(() -> new Malformed(name + " payload", "missing in IKE_AUTH_RESPONSE"));
    }

    /** Whoever is not whom we want to talk to learns nothing more of us, whatever it can prove. */
    private void meet(Payload.Id id, Optional<Payload.Auth> auth, List<Payload> payloads, Turn turn) throws Malformed {
        peerId = id;
        Identity claimed = new Identity(id.idType(), id.data());
        Optional<Identity> expected = peer.remoteIdentity();
        if (identity == null && expected.isPresent() && !expected.get().equals(claimed)) {
            fail(new IkeFact.Failure.WrongIdentity(claimed, expected.get()), turn);
            return;
        }
        if (identity == null) {
            identity = claimed;
        }
        if (peer.proofs().peers().isEmpty()) {
            // RFC 5998 section 3: what it proves besides is of no interest; the key of the EAP method counts.
            goOn(payloads, turn);
        } else {
            judge(payloads, required(auth, "AUTH"), turn);
        }
    }

    private void judge(List<Payload> payloads, Payload.Auth auth, Turn turn) throws Malformed {
        Payload.Id latest = claimed();
        Proof.Claim claim = Proof.Claim.ofResponder(transcript, keys(), latest);
        switch (peer.proofs().peers().get(peersProofs)) {
            case Authentication.PreSharedKey(Secret key) -> {
                if (Proof.holds(keys(), key, claim, auth)) {
                    believe("shared key", payloads, turn);
                } else {
                    failProof(turn);
                }
            }
            case Authentication.Certificate(String trust) ->
                asking.ask(
                        sa,
                        new Question.Verify(
                                trust,
                                Certificates.scheme(transcript),
                                new Identity(latest.idType(), latest.data()),
                                Certificates.chain(payloads),
                                auth.method(),
                                auth.data(),
                                Proof.octets(keys(), claim)),
                        (answer, t) -> {
                            if (answer instanceof Answer.Verified(String subject, String by)) {
                                believe(by + " as " + subject, payloads, t);
                            } else {
                                fail(Asking.failure(answer), t);
                            }
                        },
                        turn);
            // Only an initiator proves itself by EAP.
            case Authentication.Eap _ -> failProof(turn);
        }
    }

    private void believe(String by, List<Payload> payloads, Turn turn) {
        peersProofs++;
        how.add(by);
        goOn(payloads, turn);
    }

    /** The responder has proven what it had to by now; what is left to do for us? */
    private void goOn(List<Payload> payloads, Turn turn) {
        boolean announced =
                Payloads.notify(payloads, NotifyType.ANOTHER_AUTH_FOLLOWS).isPresent();
        Optional<Payload.Eap> packet = Payloads.find(payloads, Payload.Eap.class);
        boolean proved = Payloads.find(payloads, Payload.Auth.class).isPresent();
        if (proved && !peer.proofs().peers().isEmpty() && next != Next.KEY && announced != isMoreWanted()) {
            // It proves less than it must, or more than we know what to do with.
            failProof(turn);
        } else if (packet.isPresent()) {
            onEap(packet.get(), turn);
        } else if (next == Next.EAP) {
            misbehaved("EAP payload: missing", turn);
        } else if (ownProofs < peer.proofs().own().size()) {
            Next then = isMoreWanted() ? Next.PROOF : Next.ANY;
            boolean byEap = peer.proofs().own().get(ownProofs) instanceof Authentication.Eap;
            if (byEap && ownProofs == 0) {
                misbehaved("EAP payload: missing", turn);
            } else {
                prove((proof, t) -> another(proof, byEap && then == Next.ANY ? Next.EAP : then, t), turn);
            }
        } else if (isMoreWanted()) {
            // RFC 4739 section 2.1: it sends its next proof with its next message.
            send(List.of(), Next.PROOF, turn);
        } else {
            conclude(payloads, turn);
        }
    }

    private boolean isMoreWanted() {
        return peersProofs < peer.proofs().peers().size();
    }

    // IKE_AUTH request, built: HDR, SK {IDi, [CERT,] [AUTH,] [N(ANOTHER_AUTH_FOLLOWS)]} (RFC 4739 section 2.1)

    private void another(List<Payload> proof, Next then, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(ownId);
        payloads.addAll(proof);
        send(payloads, then, turn);
    }

    // HDR, SK {EAP} and HDR, SK {EAP}, until the method has ended; then HDR, SK {AUTH} both ways.

    private void onEap(Payload.Eap packet, Turn turn) {
        boolean ours = ownProofs < peer.proofs().own().size()
                && peer.proofs().own().get(ownProofs) instanceof Authentication.Eap;
        rounds++;
        if (!ours || eap != null || packet.code() == Payload.Eap.RESPONSE || rounds > Limits.EAP_ROUNDS_MAX) {
            misbehaved("EAP payload: out of place", turn);
            return;
        }
        String name = ((Authentication.Eap) peer.proofs().own().get(ownProofs)).name();
        Identity own = new Identity(ownId.idType(), ownId.data());
        IkeAction.EapStep step =
                new IkeAction.EapStep(name, own, sa.remote(), conversation, Optional.of(packet.packet()));
        asking.ask(sa, new Question.EapClient(step), (answer, t) -> onEapAnswer(packet.code(), answer, t), turn);
    }

    private void onEapAnswer(int code, Answer.OfIdentity answer, Turn turn) {
        if (code == Payload.Eap.REQUEST
                && answer instanceof Answer.EapNext(IkeEvent.EapConversation after, Bytes packet, var _)) {
            conversation = Optional.of(after);
            send(List.of(new Payload.Eap(packet)), Next.EAP, turn);
        } else if (code == Payload.Eap.SUCCESS
                && answer instanceof Answer.EapDone(Bytes _, IkeEvent.EapResult result)
                && result.msk().isPresent()) {
            eap = result;
            ownProofs++;
            Proof.Claim claim = Proof.Claim.ofInitiator(transcript, keys(), ownId);
            send(List.of(Proof.byKey(keys(), result.msk().get(), claim)), Next.KEY, turn);
        } else if (answer instanceof Answer.EapDone(Bytes _, IkeEvent.EapResult result)) {
            // RFC 7296 section 2.16: without a key nothing ties the method to this IKE SA.
            String detail = code == Payload.Eap.SUCCESS ? "it makes no key" : "it ended without the server's success";
            fail(new IkeFact.Failure.EapRefused(result.method(), result.user(), detail, false), turn);
        } else if (answer instanceof Answer.EapNext) {
            misbehaved("EAP payload: code " + code + " before the method ended", turn);
        } else {
            fail(Asking.failure(answer), turn);
        }
    }

    private void keyProof(List<Payload> payloads, Payload.Auth auth, Turn turn) {
        IkeEvent.EapResult made = eap;
        if (made == null
                || !Proof.holds(
                        keys(),
                        made.msk().orElseThrow(),
                        Proof.Claim.ofResponder(transcript, keys(), claimed()),
                        auth)) {
            failProof(turn);
            return;
        }
        if (peer.proofs().peers().isEmpty()) {
            how.add("the key of " + made.method());
        }
        goOn(payloads, turn);
    }

    // IKE_AUTH response, the last: HDR, SK {[IDr, AUTH,] [CP(CFG_REPLY),] SAr2, TSi, TSr}

    private void conclude(List<Payload> payloads, Turn turn) {
        Proven proven = Proven.of(peer, identity(), how, Optional.empty());
        sa.established(proven, transcript.nonces(), Settings.given(peer, payloads), turn);
        sa.path().mobile(peer.mobility().mobike() && Mobility.isOffered(payloads));
        Mobility.learnOthers(sa, payloads);
        Renewal.scheduleOwn(sa, turn);
        Renewal.schedule(sa, payloads, turn);
        Established.asInitiator(sa, proven, asked, payloads, transcript.nonces(), turn);
    }

    // The end before its time.

    private void misbehaved(String what, Turn turn) {
        abandon(NotifyType.INVALID_SYNTAX, new IkeFact.Failure.Misbehaved(what), turn);
    }

    private void failProof(Turn turn) {
        fail(new IkeFact.Failure.AuthenticationFailed(false, Optional.ofNullable(identity)), turn);
    }

    private void fail(IkeFact.Failure why, Turn turn) {
        abandon(NotifyType.AUTHENTICATION_FAILED, why, turn);
    }

    /** RFC 7296 section 2.21.2: the responder takes us for authenticated, or waits, and must be told that it is in vain. */
    private void abandon(NotifyType type, IkeFact.Failure why, Turn turn) {
        if (sa.requests().nextId() > 1) {
            sa.request(ExchangeType.INFORMATIONAL, List.of(Payload.Notify.of(type)), turn);
        }
        sa.end(why, turn);
    }

    private static IkeFact.Failure refusal(Payload.Notify error) {
        NotifyType type = error.notifyType();
        return type.equals(NotifyType.AUTHENTICATION_FAILED)
                ? new IkeFact.Failure.AuthenticationFailed(true, Optional.empty())
                : new IkeFact.Failure.PeerError(type.code(), type.toString());
    }

    private IkeKeys keys() {
        return sa.secured().keys();
    }

    private Payload.Id claimed() {
        return Objects.requireNonNull(peerId, "the responder has not said who it is");
    }

    private Identity identity() {
        return Objects.requireNonNull(identity, "the responder has not said who it is");
    }
}
