package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What two ends agree upon for a child: algorithms and selectors, RFC 7296 sections 2.7 and 2.9. */
final class Negotiation {
    /** Which exchange it happens in. */
    enum Kind {
        IN_IKE_AUTH,
        IN_CREATE_CHILD
    }

    /** What we proposed. */
    record Proposed(
            ChildConfig config,
            List<EspSuite> offers,
            int ourSpi,
            List<TrafficSelector> local,
            List<TrafficSelector> remote) {}

    /** How it ended. */
    sealed interface Outcome {
        /** @param payloads the responder's SA, TSi and TSr */
        record Accepted(Children.Terms terms, List<Payload> payloads) implements Outcome {}

        record Refused(Payload.Notify notification, IkeFact.Failure why) implements Outcome {}
    }

    private Negotiation() {}

    /**
     * The responder's part. The SPI in the terms is held from now on.
     *
     * @param rekeyed whose config and selectors bind
     */
    static Outcome respond(IkeSa sa, List<Payload> request, Kind kind, Optional<Child> rekeyed, Turn turn) {
        List<Proposal> offered =
                Payloads.find(request, Payload.Sa.class).orElseThrow().proposals();
        List<TrafficSelector> theirs = Narrowing.of(Payloads.ts(request, true).orElseThrow());
        List<TrafficSelector> oursAsked =
                Narrowing.of(Payloads.ts(request, false).orElseThrow());
        Optional<Fit> fit = fit(sa, theirs, oursAsked, rekeyed);
        if (fit.isEmpty()) {
            ChildConfig first = sa.peer().children().getFirst();
            return new Outcome.Refused(
                    Payload.Notify.of(NotifyType.TS_UNACCEPTABLE),
                    new IkeFact.Failure.TrafficSelectorsUnacceptable(
                            first.local(), first.remote(), oursAsked, theirs, false));
        }
        ChildConfig config = fit.get().config;
        int spi = turn.sas().newChildSpi(turn.entropy());
        Optional<Proposals.Chosen<EspSuite>> chosen = kind == Kind.IN_IKE_AUTH
                ? Proposals.chooseEsp(Proposals.withoutGroups(config.accepts()), Proposals.ignoringGroups(offered), spi)
                : Proposals.chooseEsp(config.accepts(), offered, spi);
        Optional<Integer> peerSpi =
                chosen.flatMap(c -> espSpi(offered, c.answer().number()));
        if (chosen.isEmpty() || peerSpi.isEmpty()) {
            turn.sas().release(spi);
            return new Outcome.Refused(
                    Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN),
                    new IkeFact.Failure.NoProposalChosen(
                            "child " + config.name(),
                            Proposals.names(config.accepts()),
                            Proposals.describe(offered),
                            false));
        }
        Children.Terms terms =
                new Children.Terms(config, chosen.get().suite(), spi, peerSpi.get(), fit.get().local, fit.get().remote);
        return new Outcome.Accepted(
                terms,
                List.of(
                        new Payload.Sa(List.of(chosen.get().answer())),
                        Narrowing.payload(true, terms.remote()),
                        Narrowing.payload(false, terms.local())));
    }

    /** The initiator's part: what the responder's payloads mean. */
    static Outcome concluded(IkeSa sa, Proposed proposed, List<Payload> response) {
        ChildConfig config = proposed.config;
        Optional<Payload.Sa> answer = Payloads.find(response, Payload.Sa.class);
        Optional<Payload.Ts> initiators = Payloads.ts(response, true);
        Optional<Payload.Ts> responders = Payloads.ts(response, false);
        if (answer.isEmpty() || initiators.isEmpty() || responders.isEmpty()) {
            Payload.Notify error = Payloads.error(response).orElse(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
            return new Outcome.Refused(error, why(proposed, error.notifyType()));
        }
        Optional<Proposals.Chosen<EspSuite>> chosen =
                Proposals.answeredEsp(proposed.offers, answer.get().proposals());
        Optional<Integer> peerSpi =
                chosen.flatMap(c -> espSpi(answer.get().proposals(), c.answer().number()));
        if (chosen.isEmpty() || peerSpi.isEmpty()) {
            return misbehaved("the SA payload answers none of our offers");
        }
        List<TrafficSelector> local = Narrowing.of(initiators.get());
        List<TrafficSelector> remote = Narrowing.of(responders.get());
        if (!Narrowing.isWithin(local, proposed.local) || !Narrowing.isWithin(remote, proposed.remote)) {
            return misbehaved("the traffic selectors exceed what we proposed");
        }
        // Some gateways leave the selectors of their clients wider than the addresses that they gave.
        List<TrafficSelector> narrowed = sa.peer().request().isEmpty()
                ? local
                : Narrowing.narrow(sa.addresses().of(config).local(), local);
        if (narrowed.isEmpty()) {
            return misbehaved("the traffic selectors leave out the address that we were given");
        }
        return new Outcome.Accepted(
                new Children.Terms(config, chosen.get().suite(), proposed.ourSpi, peerSpi.get(), narrowed, remote),
                List.of());
    }

    private static Outcome misbehaved(String what) {
        return new Outcome.Refused(Payload.Notify.of(NotifyType.INVALID_SYNTAX), new IkeFact.Failure.Misbehaved(what));
    }

    /** What an error notify in answer to our proposal tells people. */
    static IkeFact.Failure why(Proposed proposed, NotifyType type) {
        if (type.equals(NotifyType.NO_PROPOSAL_CHOSEN)) {
            return new IkeFact.Failure.NoProposalChosen(
                    "child " + proposed.config.name(), Proposals.names(proposed.offers), List.of(), true);
        }
        if (type.equals(NotifyType.TS_UNACCEPTABLE)) {
            return new IkeFact.Failure.TrafficSelectorsUnacceptable(
                    proposed.local, proposed.remote, List.of(), List.of(), true);
        }
        return new IkeFact.Failure.PeerError(type.code(), type.toString());
    }

    private record Fit(ChildConfig config, List<TrafficSelector> local, List<TrafficSelector> remote) {}

    /**
     * The config whose selectors meet the peer's: the one being rekeyed; else one that has no child yet before one that
     * has.
     */
    private static Optional<Fit> fit(
            IkeSa sa, List<TrafficSelector> theirs, List<TrafficSelector> oursAsked, Optional<Child> rekeyed) {
        List<ChildConfig> configs =
                rekeyed.map(c -> List.of(c.config())).orElse(sa.peer().children());
        List<Fit> fits = new ArrayList<>();
        for (ChildConfig config : configs) {
            ChildConfig allowed = sa.addresses().of(config);
            List<TrafficSelector> local = Narrowing.narrow(allowed.local(), oursAsked);
            List<TrafficSelector> remote =
                    isItself(sa, theirs) ? allowed.remote() : Narrowing.narrow(allowed.remote(), theirs);
            if (!local.isEmpty() && !remote.isEmpty()) {
                fits.add(new Fit(config, local, remote));
            }
        }
        fits.sort((a, b) ->
                Boolean.compare(sa.children().hasOf(a.config), sa.children().hasOf(b.config)));
        return fits.stream().findFirst();
    }

    /** A client that does not know its inner address yet may name the outer one in its place. */
    private static boolean isItself(IkeSa sa, List<TrafficSelector> theirs) {
        Address itself = sa.remote().address();
        return sa.addresses().lease().isPresent()
                && theirs.stream()
                        .map(TrafficSelector::addresses)
                        .allMatch(a -> a.first().equals(a.last()) && a.first().equals(itself));
    }

    /** The SPI that a proposal came with; RFC 7296 section 3.3.1: 4 octets for ESP. */
    private static Optional<Integer> espSpi(List<Proposal> proposals, int number) {
        return proposals.stream()
                .filter(p -> p.number() == number && p.protocol() == Proposal.Protocol.ESP)
                .map(Proposal::spi)
                .filter(spi -> spi.size() == 4)
                .map(Negotiation::toInt)
                // RFC 4303 section 2.1: 0 to 255 name no SA.
                .filter(spi -> spi >>> 8 != 0)
                .findFirst();
    }

    static int toInt(Bytes spi) {
        return spi.at(0) << 24 | spi.at(1) << 16 | spi.at(2) << 8 | spi.at(3);
    }
}
