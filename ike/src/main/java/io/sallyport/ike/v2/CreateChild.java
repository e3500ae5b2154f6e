package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadRules;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CREATE_CHILD_SA that makes a child, new (RFC 7296 section 1.3.1) or in place of another (section 1.3.3), in the
 * order of the wire. What is peculiar to a rekey is in {@link RekeyChild}.
 */
final class CreateChild implements Initiated {
    private final ChildConfig config;
    private final Optional<Child> old;
    private final List<KeyExchangeMethod> tried = new ArrayList<>();
    private final List<Integer> deletedMeanwhile = new ArrayList<>();
    private int ourSpi;
    private Bytes nonce = Bytes.EMPTY;
    private Optional<KeyExchangeMethod> group = Optional.empty();
    private IkeEvent.Answer.@Nullable KeyPairMade keyPair;
    private @Nullable ProtectedMessage response;

    /** @param old the child to rekey; none: a new one */
    CreateChild(ChildConfig config, Optional<Child> old) {
        this.config = config;
        this.old = old;
    }

    /** The peer deletes a child that we do not know: perhaps the one whose making it has answered already. */
    void deletedByPeer(int peerSpi) {
        if (deletedMeanwhile.size() < Limits.CHILDREN_MAX) {
            deletedMeanwhile.add(peerSpi);
        }
    }

    // CREATE_CHILD_SA request, built: HDR, SK {[N(REKEY_SA)], SA, Ni, [KEi], TSi, TSr}

    @Override
    public void start(IkeSa sa, Turn turn) {
        boolean pointless = old.isPresent()
                ? !old.get().isLive() || sa.children().byId(old.get().id()).isEmpty()
                : sa.children().hasOf(config) || !sa.peer().children().contains(config);
        if (pointless) {
            sa.finished(turn);
            return;
        }
        old.ifPresent(child -> child.phase(new Child.Phase.Rekeying()));
        ourSpi = turn.sas().newChildSpi(turn.entropy());
        nonce = turn.nonce();
        group = config.offers().getFirst().pfs();
        prepare(sa, turn);
    }

    private void prepare(IkeSa sa, Turn turn) {
        if (group.isPresent()) {
            tried.add(group.get());
            turn.ask(sa, new IkeAction.Question.MakeKeyPair(group.get()));
        } else {
            send(sa, turn);
        }
    }

    private void send(IkeSa sa, Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        old.ifPresent(child -> payloads.add(RekeyChild.notification(child)));
        payloads.add(new Payload.Sa(Proposals.ofEsp(config.offers(), ourSpi)));
        payloads.add(new Payload.Nonce(nonce));
        IkeEvent.Answer.KeyPairMade ours = keyPair;
        if (ours != null) {
            payloads.add(new Payload.Ke(group.orElseThrow().transformId(), ours.publicValue()));
        }
        payloads.add(Narrowing.payload(true, proposed(sa).local()));
        payloads.add(Narrowing.payload(false, proposed(sa).remote()));
        sa.request(ExchangeType.CREATE_CHILD_SA, payloads, turn);
    }

    /** A rekey proposes what is in use (RFC 7296 section 2.9.2 forbids to propose less). */
    private Negotiation.Proposed proposed(IkeSa sa) {
        ChildConfig allowed = sa.addresses().of(config);
        return new Negotiation.Proposed(
                config,
                config.offers(),
                ourSpi,
                old.map(c -> c.sa().local()).orElse(allowed.local()),
                old.map(c -> c.sa().remote()).orElse(allowed.remote()));
    }

    // CREATE_CHILD_SA request, processed, and the response, built: HDR, SK {SA, Nr, [KEr], TSi, TSr}

    static void respond(IkeSa sa, ProtectedMessage request, Optional<IkeEvent.Answer.OfKeyExchange> key, Turn turn)
            throws Malformed {
        List<Payload> payloads = request.payloads();
        PayloadRules.CREATE_CHILD.check(payloads);
        Optional<Payload.Notify> rekey = Payloads.notify(payloads, NotifyType.REKEY_SA);
        if (sa.isBusyWith(RekeyIke.class)) {
            // RFC 7296 section 2.25.2: "currently rekeying the IKE SA, it SHOULD reply with TEMPORARY_FAILURE".
            sa.refuse(NotifyType.TEMPORARY_FAILURE, turn);
            return;
        }
        Optional<Child> old = Optional.empty();
        if (rekey.isPresent()) {
            old = RekeyChild.find(sa, rekey.get());
            Optional<Payload.Notify> refusal = RekeyChild.refusal(sa, old, rekey.get());
            if (refusal.isPresent()) {
                sa.respond(ExchangeType.CREATE_CHILD_SA, List.of(refusal.get()), turn);
                return;
            }
        }
        // A rekey has two where there was one, for a while.
        if (sa.children().size() >= (old.isEmpty() ? Limits.CHILDREN_MAX : 2 * Limits.CHILDREN_MAX)) {
            sa.refuse(NotifyType.NO_ADDITIONAL_SAS, turn);
            return;
        }
        switch (Negotiation.respond(sa, payloads, Negotiation.Kind.IN_CREATE_CHILD, old, turn)) {
            case Negotiation.Outcome.Refused refused -> {
                sa.respond(ExchangeType.CREATE_CHILD_SA, List.of(refused.notification()), turn);
                turn.note(new IkeFact.ChildRefused(
                        sa.name(),
                        old.map(c -> c.config().name())
                                .orElse(sa.peer().children().getFirst().name()),
                        refused.why()));
            }
            case Negotiation.Outcome.Accepted accepted -> answer(sa, request, accepted, old, key, turn);
        }
    }

    private static void answer(
            IkeSa sa,
            ProtectedMessage request,
            Negotiation.Outcome.Accepted accepted,
            Optional<Child> old,
            Optional<IkeEvent.Answer.OfKeyExchange> key,
            Turn turn)
            throws Malformed {
        Children.Terms terms = accepted.terms();
        Optional<KeyExchangeMethod> group = terms.suite().pfs();
        Optional<Payload.Ke> ke = Payloads.find(request.payloads(), Payload.Ke.class);
        if (group.isPresent()
                && (ke.isEmpty() || ke.get().group() != group.get().transformId())) {
            turn.sas().release(terms.ourSpi());
            sa.respond(
                    ExchangeType.CREATE_CHILD_SA,
                    List.of(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, IkeSaInit.groupBytes(group.get()))),
                    turn);
            return;
        }
        Optional<IkeEvent.Answer.Agreed> agreed = Optional.empty();
        if (group.isPresent()) {
            IkeSaInit.requireSize(group.get(), ke.orElseThrow());
            if (key.isEmpty()) {
                turn.sas().release(terms.ourSpi());
                sa.askToRespond(request, group.get(), ke.orElseThrow().data(), turn);
                return;
            }
            if (!(key.get() instanceof IkeEvent.Answer.Agreed done)) {
                turn.sas().release(terms.ourSpi());
                throw new Malformed("KE payload", "the public value is not acceptable");
            }
            agreed = Optional.of(done);
        }
        Bytes peerNonce = Payloads.find(request.payloads(), Payload.Nonce.class)
                .orElseThrow()
                .data();
        IkeKeys.Nonces nonces = new IkeKeys.Nonces(peerNonce, turn.nonce());
        Optional<Secret> shared = agreed.map(IkeEvent.Answer.Agreed::sharedSecret);
        // Installed before the peer may know of it. A rekey's old child carries our packets until the peer uses the
        // new.
        Child child = sa.children().install(sa, terms, nonces, shared, false, old.isEmpty(), old, turn);
        old.ifPresent(o -> RekeyChild.replacedByPeer(o, child, nonces, turn));
        List<Payload> response = new ArrayList<>();
        response.add(accepted.payloads().getFirst());
        response.add(new Payload.Nonce(nonces.responder()));
        agreed.flatMap(IkeEvent.Answer.Agreed::publicValue)
                .ifPresent(
                        value -> response.add(new Payload.Ke(group.orElseThrow().transformId(), value)));
        response.addAll(accepted.payloads().subList(1, 3));
        sa.respond(ExchangeType.CREATE_CHILD_SA, response, turn);
    }

    // CREATE_CHILD_SA response, processed.

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage message, Turn turn) {
        List<Payload> payloads = message.payloads();
        Optional<Payload.Notify> error = Payloads.error(payloads);
        if (error.isPresent()) {
            refused(sa, error.get(), turn);
            return;
        }
        try {
            PayloadRules.CREATE_CHILD.check(payloads);
        } catch (Malformed e) {
            fail(sa, IkeFact.Failure.Misbehaved.of(e), turn);
            return;
        }
        switch (Negotiation.concluded(sa, proposed(sa), payloads)) {
            case Negotiation.Outcome.Refused wrong -> fail(sa, wrong.why(), turn);
            case Negotiation.Outcome.Accepted accepted -> conclude(sa, message, accepted, turn);
        }
    }

    private void conclude(IkeSa sa, ProtectedMessage message, Negotiation.Outcome.Accepted accepted, Turn turn) {
        Optional<KeyExchangeMethod> agreed = accepted.terms().suite().pfs();
        Optional<Payload.Ke> ke = Payloads.find(message.payloads(), Payload.Ke.class);
        IkeEvent.Answer.KeyPairMade ours = keyPair;
        if (agreed.isEmpty()) {
            succeed(sa, message, accepted.terms(), Optional.empty(), turn);
        } else if (ours == null
                || !agreed.equals(group)
                || ke.isEmpty()
                || ke.get().group() != agreed.get().transformId()) {
            fail(sa, new IkeFact.Failure.Misbehaved("KE payload: not of the group agreed upon"), turn);
        } else {
            response = message;
            turn.ask(
                    sa,
                    new IkeAction.Question.Agree(
                            agreed.get(), ours.privateValue(), ke.get().data()));
        }
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.KeyPairMade made -> {
                keyPair = made;
                send(sa, turn);
            }
            case IkeEvent.Answer.Agreed(Optional<Bytes> _, Secret shared) -> {
                ProtectedMessage message = response;
                if (message != null
                        && Negotiation.concluded(sa, proposed(sa), message.payloads())
                                instanceof Negotiation.Outcome.Accepted accepted) {
                    succeed(sa, message, accepted.terms(), Optional.of(shared), turn);
                }
            }
            case IkeEvent.Answer.Failed(String reason) -> fail(sa, new IkeFact.Failure.Misbehaved(reason), turn);
        }
    }

    private void succeed(IkeSa sa, ProtectedMessage message, Children.Terms terms, Optional<Secret> shared, Turn turn) {
        Bytes peerNonce = Payloads.find(message.payloads(), Payload.Nonce.class)
                .orElseThrow()
                .data();
        IkeKeys.Nonces nonces = new IkeKeys.Nonces(nonce, peerNonce);
        if (deletedMeanwhile.contains(terms.peerSpi())) {
            fail(sa, new IkeFact.Failure.DeletedByPeer(), turn);
            return;
        }
        if (old.isPresent()) {
            RekeyChild.succeeded(sa, old.get(), terms, nonces, shared, turn);
        } else {
            sa.children().install(sa, terms, nonces, shared, true, true, Optional.empty(), turn);
        }
        sa.finished(turn);
    }

    private void refused(IkeSa sa, Payload.Notify error, Turn turn) {
        NotifyType type = error.notifyType();
        if (type.equals(NotifyType.INVALID_KE_PAYLOAD)) {
            Optional<KeyExchangeMethod> wanted = IkeSaInit.wantedGroup(error.data())
                    .filter(g -> config.offers().stream().anyMatch(o -> o.pfs().equals(Optional.of(g))))
                    .filter(g -> !tried.contains(g));
            if (wanted.isPresent()) {
                group = wanted;
                prepare(sa, turn);
                return;
            }
            int number = error.data().size() == 2
                    ? error.data().at(0) << 8 | error.data().at(1)
                    : 0;
            List<String> allowed = config.offers().stream()
                    .flatMap(o -> o.pfs().stream())
                    .distinct()
                    .map(Object::toString)
                    .toList();
            fail(sa, new IkeFact.Failure.WrongGroup(number, allowed), turn);
        } else if (type.equals(NotifyType.NO_ADDITIONAL_SAS) && sa.children().size() == 0) {
            // RFC 7296 section 1.3: some peers make a child in IKE_AUTH only. This IKE SA will never have one again.
            turn.sas().release(ourSpi);
            sa.close(Negotiation.why(proposed(sa), type), turn);
        } else if (old.isPresent() && type.equals(NotifyType.CHILD_SA_NOT_FOUND)) {
            turn.sas().release(ourSpi);
            RekeyChild.notFound(sa, old.get(), turn);
            sa.finished(turn);
        } else {
            fail(sa, Negotiation.why(proposed(sa), type), turn);
        }
    }

    private void fail(IkeSa sa, IkeFact.Failure why, Turn turn) {
        turn.sas().release(ourSpi);
        if (old.isPresent()) {
            RekeyChild.failed(sa, old.get(), why, turn);
        } else {
            turn.note(new IkeFact.ChildRefused(sa.name(), config.name(), why));
            sa.children().wantLater(config, turn);
        }
        sa.finished(turn);
    }
}
