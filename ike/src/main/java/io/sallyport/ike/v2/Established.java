package io.sallyport.ike.v2;

import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of IKE_AUTH: both have proven themselves, and a first child is made. */
final class Established {
    private Established() {}

    // IKE_AUTH response, built, the last: HDR, SK {..., [CP(CFG_REPLY),] SAr2, TSi, TSr}

    /**
     * @param request the first, which brought everything but proofs
     * @param response what it has so far
     */
    static void asResponder(
            IkeSa sa,
            Proven proven,
            List<Payload> request,
            List<Payload> response,
            Leasing.Outcome leased,
            IkeKeys.Nonces nonces,
            Turn turn) {
        boolean initialContact =
                Payloads.notify(request, NotifyType.INITIAL_CONTACT).isPresent();
        Duplicates.onEstablished(sa, initialContact, leased.takesOver(), turn);
        noteUp(sa, proven, turn);
        List<Payload> payloads = new ArrayList<>(response);
        leased.settings().ifPresent(s -> payloads.add(Settings.reply(s, request)));
        if (leased.refusal().isPresent()) {
            payloads.add(Payload.Notify.of(leased.refusal().get()));
            sa.respond(ExchangeType.IKE_AUTH, payloads, turn);
            IkeFact.Failure why = leased.why().orElseThrow();
            if (turn.sas().ofPeer(sa.name()).stream().anyMatch(other -> other != sa && other.isEstablished())) {
                // The client is not down, for another device of it stands: nobody would hear of this one.
                turn.note(new IkeFact.ChildRefused(
                        sa.name(), sa.peer().children().getFirst().name(), why));
            }
            sa.close(why, turn);
            return;
        }
        sa.path().mobile(sa.peer().mobility().mobike() && Mobility.isOffered(request));
        Mobility.learnOthers(sa, request);
        firstChild(sa, request, payloads, nonces, turn);
        payloads.addAll(Mobility.offer(sa.path().isMobile()));
        Renewal.announce(sa, proven, turn).ifPresent(payloads::add);
        sa.respond(ExchangeType.IKE_AUTH, payloads, turn);
    }

    /** RFC 7296 section 1.2: a child that is refused leaves the IKE SA standing. */
    private static void firstChild(
            IkeSa sa, List<Payload> request, List<Payload> response, IkeKeys.Nonces nonces, Turn turn) {
        switch (Negotiation.respond(sa, request, Negotiation.Kind.IN_IKE_AUTH, Optional.empty(), turn)) {
            case Negotiation.Outcome.Refused refused -> {
                response.add(refused.notification());
                turn.note(new IkeFact.ChildRefused(
                        sa.name(), sa.peer().children().getFirst().name(), refused.why()));
            }
            case Negotiation.Outcome.Accepted accepted -> {
                // Installed before the peer may know of it, so that its first packet finds a home.
                sa.children()
                        .install(
                                sa,
                                accepted.terms(),
                                nonces,
                                Optional.empty(),
                                false,
                                !overlaps(sa, turn),
                                Optional.empty(),
                                turn);
                response.addAll(accepted.payloads());
            }
        }
    }

    /** An older IKE SA carries our packets until the peer uses the new child. */
    private static boolean overlaps(IkeSa sa, Turn turn) {
        return turn.sas().beside(sa).stream().anyMatch(old -> old.children().size() > 0);
    }

    // IKE_AUTH response, processed, the last.

    static void asInitiator(
            IkeSa sa,
            Proven proven,
            AuthInitiator.Asked asked,
            List<Payload> response,
            IkeKeys.Nonces nonces,
            Turn turn) {
        PeerConfig peer = sa.peer();
        if (sa.renews().isPresent()) {
            sa.renews().get().latest().expireSoon(turn);
        } else {
            Duplicates.onEstablished(sa, false, false, turn);
        }
        if (!sa.isEstablished()) {
            turn.sas().release(asked.childSpi());
            return;
        }
        noteUp(sa, proven, turn);
        if (peer.request().isPresent() && sa.addresses().given().isEmpty()) {
            turn.sas().release(asked.childSpi());
            String said = Payloads.error(response)
                    .map(e -> e.notifyType().toString())
                    .orElse("no address of a family that we asked for");
            sa.close(new IkeFact.Failure.NoAddressGiven(said), turn);
            return;
        }
        concludeChild(sa, asked, response, nonces, turn);
        for (ChildConfig other : peer.children().subList(1, peer.children().size())) {
            sa.enqueue(new CreateChild(other, Optional.empty()), turn);
        }
    }

    private static void concludeChild(
            IkeSa sa, AuthInitiator.Asked asked, List<Payload> response, IkeKeys.Nonces nonces, Turn turn) {
        Negotiation.Proposed proposed = new Negotiation.Proposed(
                asked.config(),
                asked.offers(),
                asked.childSpi(),
                Settings.wanted(sa.peer(), asked.config()),
                asked.config().remote());
        switch (Negotiation.concluded(sa, proposed, response)) {
            case Negotiation.Outcome.Accepted accepted ->
                sa.children()
                        .install(sa, accepted.terms(), nonces, Optional.empty(), true, true, Optional.empty(), turn);
            case Negotiation.Outcome.Refused refused -> {
                turn.sas().release(asked.childSpi());
                turn.note(new IkeFact.ChildRefused(sa.name(), asked.config().name(), refused.why()));
                sa.children().wantLater(asked.config(), turn);
            }
        }
    }

    private static void noteUp(IkeSa sa, Proven proven, Turn turn) {
        IkeKeys.Spis spis = sa.spis();
        turn.note(new IkeFact.IkeUp(
                sa.name(),
                IkeVersion.IKEV2,
                spis.initiator(),
                spis.responder(),
                sa.isInitiator(),
                sa.secured().suite(),
                sa.local(),
                sa.remote(),
                sa.nat().local(),
                sa.nat().remote(),
                proven.identity(),
                proven.how(),
                sa.addresses().given()));
    }
}
