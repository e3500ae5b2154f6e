package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.ike.ConfiguredPeers;
import io.sallyport.ike.Identity;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stranger's first message: whether it is answered, by which peer's rules, and with which suite. */
final class Admission {
    private Admission() {}

    static void consider(
            IkeEvent.Datagram datagram, Header header, ConfiguredPeers peers, boolean mayRefuse, Turn turn) {
        Optional<HalfOpen.Entry> known = turn.sas().halfOpen().find(datagram.remote(), header.initiatorCookie());
        if (known.isPresent()) {
            if (known.get().message().equals(datagram.message())) {
                Receiving.onDatagram(known.get().sa(), datagram, header, turn);
            }
            return;
        }
        List<PeerConfig> candidates =
                peers.responders(datagram.local().address(), datagram.remote().address());
        if (candidates.isEmpty()) {
            // Nobody is expected to speak IKEv1 there. A stranger gets no answer, and learns nothing.
            refuse(datagram, new IkeFact.Failure.WrongVersion(1), turn);
            return;
        }
        if (!turn.sas().halfOpen().hasRoom(datagram.remote().address())) {
            refuse(datagram, new IkeFact.Failure.Misbehaved("too many half-open IKE SAs"), turn);
            return;
        }
        try {
            List<Payload> payloads = PayloadReader.plain(
                            header.next(),
                            datagram.message()
                                    .slice(Header.OCTETS, datagram.message().size()))
                    .payloads();
            admit(datagram, header, payloads, candidates, mayRefuse, turn);
        } catch (Malformed e) {
            refuse(datagram, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    private static void admit(
            IkeEvent.Datagram datagram,
            Header header,
            List<Payload> payloads,
            List<PeerConfig> candidates,
            boolean mayRefuse,
            Turn turn)
            throws Malformed {
        Payload.Sa offered = Payloads.one(payloads, Payload.Sa.class);
        boolean aggressive = header.exchange().equals(ExchangeType.AGGRESSIVE);
        List<PeerConfig> willing = candidates;
        if (aggressive) {
            // RFC 2409 section 5.4: here the identity comes first, and the key may depend on it.
            Identity claimed = Payloads.one(payloads, Payload.Id.class).identity();
            willing = candidates.stream()
                    .filter(c -> c.ikev1().aggressive())
                    .filter(c -> c.remoteIdentity().isEmpty()
                            || c.remoteIdentity().get().matches(claimed))
                    .toList();
            if (willing.isEmpty()) {
                refuse(datagram, new IkeFact.Failure.Misbehaved("aggressive mode, which nobody asked for"), turn);
                return;
            }
        }
        PeerConfig first = null;
        Way way = null;
        Offers.Chosen<IkeSuite> chosen = null;
        int method = 0;
        List<PeerConfig> likewise = new ArrayList<>();
        for (PeerConfig candidate : willing) {
            Optional<Way> how = Way.of(candidate);
            Optional<Integer> signature = how.flatMap(w -> signature(w, turn));
            if (how.isEmpty() || signature.isEmpty()) {
                continue;
            }
            int wanted = Way.Method.of(candidate, how.get(), signature.get(), false);
            Optional<Offers.Chosen<IkeSuite>> found =
                    Offers.choosePhase1(candidate.accepts(), wanted, offered.proposals());
            if (found.isPresent() && first == null) {
                first = candidate;
                way = how.get();
                chosen = found.get();
                method = wanted;
            }
            if (found.isPresent()
                    && chosen != null
                    && wanted == method
                    && candidate.accepts().contains(chosen.suite())
                    && likewise.size() < Limits.CANDIDATES_MAX) {
                likewise.add(candidate);
            }
        }
        if (first == null || way == null || chosen == null) {
            if (mayRefuse) {
                reply(datagram, header, NotifyType.NO_PROPOSAL_CHOSEN, turn);
            }
            refuse(
                    datagram,
                    new IkeFact.Failure.NoProposalChosen(
                            aggressive ? "aggressive mode" : "main mode",
                            Offers.names(willing.getFirst().accepts()),
                            Offers.describePhase1(offered.proposals()),
                            false),
                    turn);
            return;
        }
        Phase1 p = new Phase1(aggressive, turn.nonce(), way, Phase1.Step.KEYS, likewise);
        p.method = method;
        p.suite = chosen.suite();
        p.offered = offered;
        IkeSa sa = IkeSa.responder(header.initiatorCookie(), first, datagram.local(), datagram.remote(), p, turn);
        sa.vendor(Vendor.of(payloads));
        Offers.lifetime(chosen.transform(), 11).ifPresent(sa::lifetime);
        p.feign = switch (first.encapsulation()) {
            case UDP -> true;
            case AUTO -> sa.vendor().sallyport();
            case RAW -> false;
        };
        Payload.Sa answer = Payload.Sa.of(List.of(chosen.answer(Bytes.EMPTY)));
        if (aggressive) {
            AggressiveMode.respond(sa, p, payloads, answer, datagram, turn);
        } else {
            enter(sa, datagram, turn);
            MainMode.respond(sa, answer, turn);
        }
    }

    static void enter(IkeSa sa, IkeEvent.Datagram datagram, Turn turn) {
        turn.sas().add(sa);
        turn.sas().halfOpen().enter(sa, datagram.remote(), datagram.message());
        sa.acceptedPhase1(datagram.message());
        turn.touch(sa);
    }

    /** What our key can sign; asked for when it is not known, the peer will come again. */
    private static Optional<Integer> signature(Way way, Turn turn) {
        return switch (way) {
            case Way.SharedKey _ -> Optional.of(0);
            case Way.Signature(String credential, String _) -> {
                Optional<Integer> method = turn.sas().credentials().method(credential, turn);
                if (method.isEmpty()) {
                    turn.sas().credentials().ask(credential, turn);
                }
                yield method;
            }
        };
    }

    private static void reply(IkeEvent.Datagram datagram, Header request, NotifyType type, Turn turn) {
        List<Payload> payloads = List.of(new Payload.Notify(Proposal.Protocol.ISAKMP, Bytes.EMPTY, type, Bytes.EMPTY));
        Header header = new Header(
                request.initiatorCookie(),
                0,
                PayloadWriter.firstType(payloads),
                ExchangeType.INFORMATIONAL,
                0,
                Exchange.newMessageId(turn),
                0);
        turn.send(datagram.local(), datagram.remote(), List.of(header.with(PayloadWriter.chain(payloads))));
    }

    private static void refuse(IkeEvent.Datagram datagram, IkeFact.Failure why, Turn turn) {
        turn.refuse(datagram.local(), datagram.remote(), why);
    }
}
