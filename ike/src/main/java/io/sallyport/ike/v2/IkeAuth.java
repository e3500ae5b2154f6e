package io.sallyport.ike.v2;

import io.sallyport.base.Malformed;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeVersion;
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
import java.util.Optional;

/** The IKE_AUTH exchange, RFC 7296 section 1.2, in the order of the wire. */
final class IkeAuth {
    /** What the initiator asked for. */
    record Asked(Payload.Id id, ChildConfig config, List<EspSuite> offers, int childSpi) {}

    private IkeAuth() {}

    // IKE_AUTH request, built: HDR, SK {IDi, [N(INITIAL_CONTACT)], [IDr], AUTH, SAi2, TSi, TSr}

    static void initiate(IkeSa sa, SaState.Transcript transcript, Turn turn) {
        PeerConfig peer = sa.peer();
        IkeKeys keys = sa.secured().keys();
        ChildConfig config = peer.children().getFirst();
        List<EspSuite> offers = Proposals.withoutGroups(config.offers());
        int childSpi = turn.sas().newChildSpi(turn.entropy());
        Payload.Id id = idPayload(true, peer.localIdentity());
        List<Payload> payloads = new ArrayList<>();
        payloads.add(id);
        // RFC 7296 section 2.4: the assertion that "this IKE SA is the only IKE SA currently active" between the two.
        payloads.add(Payload.Notify.of(NotifyType.INITIAL_CONTACT));
        peer.remoteIdentity().ifPresent(r -> payloads.add(idPayload(false, r)));
        payloads.add(Proof.make(
                keys,
                peer.proofs().own().getFirst(),
                new Proof.Claim(transcript.request(), transcript.nonces().responder(), id, keys.pi())));
        payloads.add(new Payload.Sa(Proposals.ofEsp(offers, childSpi)));
        payloads.add(Narrowing.payload(true, config.local()));
        payloads.add(Narrowing.payload(false, config.remote()));
        sa.enter(new SaState.AwaitAuthResponse(transcript, new Asked(id, config, offers, childSpi)));
        sa.request(ExchangeType.IKE_AUTH, payloads, turn);
    }

    // IKE_AUTH request, processed, and the response, built: HDR, SK {IDr, AUTH, SAr2, TSi, TSr}

    static void respond(
            IkeSa sa, SaState.AwaitAuthRequest state, IkeEvent.Datagram datagram, ProtectedMessage request, Turn turn) {
        sa.move(datagram.local(), datagram.remote());
        List<Payload> payloads = request.payloads();
        try {
            Optional<PayloadType> critical = PayloadRules.unsupportedCritical(payloads);
            if (critical.isPresent()) {
                throw new Malformed(critical.get().toString(), "critical and unknown");
            }
            PayloadRules.IKE_AUTH_REQUEST.check(payloads);
        } catch (Malformed e) {
            refuse(sa, NotifyType.INVALID_SYNTAX, IkeFact.Failure.Misbehaved.of(e), turn);
            return;
        }
        Payload.Id id = Payloads.id(payloads, true).orElseThrow();
        Payload.Auth auth = Payloads.find(payloads, Payload.Auth.class).orElseThrow();
        Identity identity = new Identity(id.idType(), id.data());
        // The peer is known before anything of ours is proven: whose key it must hold follows from who it says it is.
        List<PeerConfig> named = state.candidates().stream()
                .filter(c ->
                        c.remoteIdentity().isEmpty() || c.remoteIdentity().get().equals(identity))
                .toList();
        if (named.isEmpty()) {
            Identity expected = state.candidates().getFirst().remoteIdentity().orElse(identity);
            refuse(sa, NotifyType.AUTHENTICATION_FAILED, new IkeFact.Failure.WrongIdentity(identity, expected), turn);
            return;
        }
        IkeKeys keys = sa.secured().keys();
        SaState.Transcript transcript = state.transcript();
        Proof.Claim claim =
                new Proof.Claim(transcript.request(), transcript.nonces().responder(), id, keys.pi());
        Optional<PeerConfig> proven = preferring(named, payloads).stream()
                .filter(c -> Proof.holds(keys, c.proofs().peers().getFirst(), claim, auth))
                .findFirst();
        if (proven.isEmpty()) {
            refuse(
                    sa,
                    NotifyType.AUTHENTICATION_FAILED,
                    new IkeFact.Failure.AuthenticationFailed(false, Optional.of(identity)),
                    turn);
            return;
        }
        accept(sa, transcript, proven.get(), identity, payloads, turn);
    }

    /** Candidates that are called as the initiator calls us come first. */
    private static List<PeerConfig> preferring(List<PeerConfig> candidates, List<Payload> payloads) {
        Optional<Identity> wanted = Payloads.id(payloads, false).map(id -> new Identity(id.idType(), id.data()));
        List<PeerConfig> sorted = new ArrayList<>(candidates);
        sorted.sort((a, b) -> Boolean.compare(
                !wanted.equals(Optional.of(a.localIdentity())), !wanted.equals(Optional.of(b.localIdentity()))));
        return sorted;
    }

    private static void refuse(IkeSa sa, NotifyType type, IkeFact.Failure why, Turn turn) {
        sa.respond(ExchangeType.IKE_AUTH, List.of(Payload.Notify.of(type)), turn);
        turn.note(new IkeFact.Refused(sa.local(), sa.remote(), why));
        sa.endAnswered(why, turn);
    }

    private static void accept(
            IkeSa sa,
            SaState.Transcript transcript,
            PeerConfig peer,
            Identity identity,
            List<Payload> payloads,
            Turn turn) {
        IkeKeys keys = sa.secured().keys();
        sa.established(peer, identity, transcript.nonces(), turn);
        boolean initialContact =
                Payloads.notify(payloads, NotifyType.INITIAL_CONTACT).isPresent();
        Duplicates.onEstablished(sa, initialContact, turn);
        noteUp(sa, turn);
        Payload.Id id = idPayload(false, peer.localIdentity());
        List<Payload> response = new ArrayList<>();
        response.add(id);
        response.add(Proof.make(
                keys,
                peer.proofs().own().getFirst(),
                new Proof.Claim(transcript.response(), transcript.nonces().initiator(), id, keys.pr())));
        // RFC 7296 section 1.2: a child that is refused leaves the IKE SA standing.
        switch (Negotiation.respond(sa, payloads, Negotiation.Kind.IN_IKE_AUTH, Optional.empty(), turn)) {
            case Negotiation.Outcome.Refused refused -> {
                response.add(refused.notification());
                turn.note(new IkeFact.ChildRefused(
                        peer.name(), peer.children().getFirst().name(), refused.why()));
            }
            case Negotiation.Outcome.Accepted accepted -> {
                // Installed before the peer may know of it, so that its first packet finds a home.
                sa.children()
                        .install(
                                sa,
                                accepted.terms(),
                                transcript.nonces(),
                                Optional.empty(),
                                false,
                                true,
                                Optional.empty(),
                                turn);
                response.addAll(accepted.payloads());
            }
        }
        sa.respond(ExchangeType.IKE_AUTH, response, turn);
    }

    // IKE_AUTH response, processed.

    static void processResponse(IkeSa sa, SaState.AwaitAuthResponse state, ProtectedMessage response, Turn turn) {
        List<Payload> payloads = response.payloads();
        Optional<Payload.Notify> error = Payloads.error(payloads);
        if (Payloads.find(payloads, Payload.Auth.class).isEmpty() && error.isPresent()) {
            sa.end(refusal(error.get()), turn);
            return;
        }
        try {
            Optional<PayloadType> critical = PayloadRules.unsupportedCritical(payloads);
            if (critical.isPresent()) {
                throw new Malformed(critical.get().toString(), "critical and unknown");
            }
            PayloadRules.IKE_AUTH_RESPONSE.check(payloads);
        } catch (Malformed e) {
            abandon(sa, NotifyType.INVALID_SYNTAX, IkeFact.Failure.Misbehaved.of(e), turn);
            return;
        }
        verify(sa, state, payloads, turn);
    }

    private static void verify(IkeSa sa, SaState.AwaitAuthResponse state, List<Payload> payloads, Turn turn) {
        PeerConfig peer = sa.peer();
        IkeKeys keys = sa.secured().keys();
        Payload.Id id = Payloads.id(payloads, false).orElseThrow();
        Payload.Auth auth = Payloads.find(payloads, Payload.Auth.class).orElseThrow();
        Identity identity = new Identity(id.idType(), id.data());
        SaState.Transcript transcript = state.transcript();
        Optional<IkeFact.Failure> failure = Optional.empty();
        if (peer.remoteIdentity().isPresent() && !peer.remoteIdentity().get().equals(identity)) {
            failure = Optional.of(new IkeFact.Failure.WrongIdentity(
                    identity, peer.remoteIdentity().get()));
        } else if (!Proof.holds(
                keys,
                peer.proofs().peers().getFirst(),
                new Proof.Claim(transcript.response(), transcript.nonces().initiator(), id, keys.pr()),
                auth)) {
            failure = Optional.of(new IkeFact.Failure.AuthenticationFailed(false, Optional.of(identity)));
        }
        if (failure.isPresent()) {
            abandon(sa, NotifyType.AUTHENTICATION_FAILED, failure.get(), turn);
            return;
        }
        sa.established(peer, identity, transcript.nonces(), turn);
        Duplicates.onEstablished(sa, false, turn);
        if (!sa.isEstablished()) {
            turn.sas().release(state.asked().childSpi());
            return;
        }
        noteUp(sa, turn);
        firstChild(sa, state, payloads, turn);
        for (ChildConfig other : peer.children().subList(1, peer.children().size())) {
            sa.enqueue(new CreateChild(other, Optional.empty()), turn);
        }
    }

    private static void firstChild(IkeSa sa, SaState.AwaitAuthResponse state, List<Payload> payloads, Turn turn) {
        Asked asked = state.asked();
        Negotiation.Proposed proposed = new Negotiation.Proposed(
                asked.config(),
                asked.offers(),
                asked.childSpi(),
                asked.config().local(),
                asked.config().remote());
        switch (Negotiation.concluded(proposed, payloads)) {
            case Negotiation.Outcome.Accepted accepted ->
                sa.children()
                        .install(
                                sa,
                                accepted.terms(),
                                state.transcript().nonces(),
                                Optional.empty(),
                                true,
                                true,
                                Optional.empty(),
                                turn);
            case Negotiation.Outcome.Refused refused -> {
                turn.sas().release(asked.childSpi());
                turn.note(new IkeFact.ChildRefused(
                        sa.peer().name(), asked.config().name(), refused.why()));
                sa.children().wantLater(asked.config(), turn);
            }
        }
    }

    /** RFC 7296 section 2.21.2: the responder takes us for authenticated and must be told that it is not. */
    private static void abandon(IkeSa sa, NotifyType type, IkeFact.Failure why, Turn turn) {
        sa.request(ExchangeType.INFORMATIONAL, List.of(Payload.Notify.of(type)), turn);
        sa.end(why, turn);
    }

    private static IkeFact.Failure refusal(Payload.Notify error) {
        NotifyType type = error.notifyType();
        return type.equals(NotifyType.AUTHENTICATION_FAILED)
                ? new IkeFact.Failure.AuthenticationFailed(true, Optional.empty())
                : new IkeFact.Failure.PeerError(type.code(), type.toString());
    }

    private static Payload.Id idPayload(boolean ofInitiator, Identity identity) {
        return new Payload.Id(ofInitiator, identity.type(), identity.data());
    }

    private static void noteUp(IkeSa sa, Turn turn) {
        IkeKeys.Spis spis = sa.spis();
        turn.note(new IkeFact.IkeUp(
                sa.peer().name(),
                IkeVersion.IKEV2,
                spis.initiator(),
                spis.responder(),
                sa.isInitiator(),
                sa.secured().suite(),
                sa.local(),
                sa.remote(),
                sa.nat().local(),
                sa.nat().remote(),
                sa.remoteIdentity().orElseThrow(),
                List.of("shared key"),
                List.of()));
    }
}
