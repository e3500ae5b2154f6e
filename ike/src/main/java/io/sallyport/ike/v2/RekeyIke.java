package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadRules;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.wire.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CREATE_CHILD_SA that replaces the IKE SA itself, RFC 7296 sections 1.3.2, 2.8.2, 2.18 and 2.25.2, in the order of the
 * wire.
 */
final class RekeyIke implements Initiated {
    /** A rekey by the peer that was answered while ours was on its way. */
    record PeersRekey(IkeSa successor, Bytes lowestNonce) {}

    /** What the response settled. */
    private record Agreement(IkeSuite suite, long peerSpi, Payload.Ke ke, Bytes peerNonce) {}

    private final List<KeyExchangeMethod> tried = new ArrayList<>();
    private long ourSpi;
    private Bytes nonce = Bytes.EMPTY;
    private @Nullable KeyExchangeMethod group;
    private IkeEvent.Answer.@Nullable KeyPairMade keyPair;
    private @Nullable Agreement agreement;

    // CREATE_CHILD_SA request, built: HDR, SK {SA, Ni, KEi}

    @Override
    public void start(IkeSa sa, Turn turn) {
        if (!sa.isEstablished()) {
            sa.finished(turn);
            return;
        }
        ourSpi = turn.sas().newSpi(turn.entropy());
        nonce = turn.nonce();
        prepare(sa, preferred(sa), turn);
    }

    /** The group in use, when it is still offered: the peer is known to take it. */
    private static KeyExchangeMethod preferred(IkeSa sa) {
        KeyExchangeMethod used = sa.secured().suite().keyExchange();
        List<IkeSuite> offers = sa.peer().offers();
        return offers.stream().anyMatch(o -> o.keyExchange() == used)
                ? used
                : offers.getFirst().keyExchange();
    }

    private void prepare(IkeSa sa, KeyExchangeMethod method, Turn turn) {
        group = method;
        tried.add(method);
        turn.ask(sa, new IkeAction.Question.MakeKeyPair(method));
    }

    private void send(IkeSa sa, IkeEvent.Answer.KeyPairMade made, KeyExchangeMethod method, Turn turn) {
        keyPair = made;
        sa.request(
                ExchangeType.CREATE_CHILD_SA,
                List.of(
                        new Payload.Sa(Proposals.ofIke(sa.peer().offers(), Bytes.ofLong(ourSpi))),
                        new Payload.Nonce(nonce),
                        new Payload.Ke(method.transformId(), made.publicValue())),
                turn);
    }

    // CREATE_CHILD_SA request, processed, and the response, built: HDR, SK {SA, Nr, KEr}

    static void respond(IkeSa sa, ProtectedMessage request, Optional<IkeEvent.Answer.OfKeyExchange> key, Turn turn)
            throws Malformed {
        List<Payload> payloads = request.payloads();
        PayloadRules.REKEY_IKE.check(payloads);
        // RFC 7296 section 2.25.1: "currently creating, rekeying, or closing a Child SA of that IKE SA, it SHOULD reply
        // with
        // TEMPORARY_FAILURE". A second rekey of the same IKE SA gets the same answer.
        if (sa.isBusyWith(CreateChild.class)
                || sa.isBusyWith(DeleteChild.class)
                || sa.peersRekey().isPresent()) {
            sa.refuse(NotifyType.TEMPORARY_FAILURE, turn);
            return;
        }
        List<Proposal> offered =
                Payloads.find(payloads, Payload.Sa.class).orElseThrow().proposals();
        long ourSpi = turn.sas().newSpi(turn.entropy());
        Optional<Proposals.Chosen<IkeSuite>> chosen = Proposals.chooseIke(accepts(sa), offered, Bytes.ofLong(ourSpi));
        if (chosen.isEmpty()) {
            sa.refuse(NotifyType.NO_PROPOSAL_CHOSEN, turn);
            return;
        }
        long peerSpi = spiOf(offered, chosen.get().answer().number());
        KeyExchangeMethod method = chosen.get().suite().keyExchange();
        Payload.Ke ke = Payloads.find(payloads, Payload.Ke.class).orElseThrow();
        if (ke.group() != method.transformId()) {
            sa.respond(
                    ExchangeType.CREATE_CHILD_SA,
                    List.of(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, IkeSaInit.groupBytes(method))),
                    turn);
            return;
        }
        IkeSaInit.requireSize(method, ke);
        if (key.isEmpty()) {
            sa.askToRespond(request, method, ke.data(), turn);
            return;
        }
        if (!(key.get() instanceof IkeEvent.Answer.Agreed agreed)) {
            throw new Malformed("KE payload", "the public value is not acceptable");
        }
        Bytes peerNonce =
                Payloads.find(payloads, Payload.Nonce.class).orElseThrow().data();
        IkeKeys.Nonces nonces = new IkeKeys.Nonces(peerNonce, turn.nonce());
        IkeKeys.Spis spis = new IkeKeys.Spis(peerSpi, ourSpi);
        IkeSa fresh = successor(sa, false, spis, chosen.get().suite(), nonces, agreed.sharedSecret(), turn);
        sa.respond(
                ExchangeType.CREATE_CHILD_SA,
                List.of(
                        new Payload.Sa(List.of(chosen.get().answer())),
                        new Payload.Nonce(nonces.responder()),
                        new Payload.Ke(
                                method.transformId(), agreed.publicValue().orElseThrow())),
                turn);
        if (sa.isBusyWith(RekeyIke.class)) {
            // Section 2.25.2: "currently rekeying, it SHOULD reply as usual"; who wins shows when our response comes.
            fresh.enter(new SaState.Replaced(turn.now().in(Limits.REPLACED_WAIT)));
            sa.peersRekey(new PeersRekey(fresh, nonces.lowest()));
        } else {
            inherit(sa, fresh, turn);
        }
    }

    /** The suite in use before all others. */
    private static List<IkeSuite> accepts(IkeSa sa) {
        List<IkeSuite> accepts = new ArrayList<>(sa.peer().accepts());
        IkeSuite used = sa.secured().suite();
        if (accepts.remove(used)) {
            accepts.addFirst(used);
        }
        return accepts;
    }

    // CREATE_CHILD_SA response, processed.

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        List<Payload> payloads = response.payloads();
        Optional<Payload.Notify> error = Payloads.error(payloads);
        IkeEvent.Answer.KeyPairMade ours = keyPair;
        if (error.isPresent()) {
            refused(sa, error.get(), turn);
            return;
        }
        try {
            PayloadRules.REKEY_IKE.check(payloads);
            List<Proposal> answered =
                    Payloads.find(payloads, Payload.Sa.class).orElseThrow().proposals();
            IkeSuite suite = Proposals.answeredIke(sa.peer().offers(), answered)
                    .map(Proposals.Chosen::suite)
                    .orElseThrow(() -> new Malformed("SA payload", "the answer is none of our offers"));
            Payload.Ke ke = Payloads.find(payloads, Payload.Ke.class).orElseThrow();
            if (ours == null
                    || suite.keyExchange() != group
                    || ke.group() != suite.keyExchange().transformId()) {
                throw new Malformed("KE payload", "group " + ke.group() + " is not the one asked for");
            }
            IkeSaInit.requireSize(suite.keyExchange(), ke);
            long peerSpi = spiOf(answered, answered.getFirst().number());
            if (peerSpi == ourSpi) {
                throw new Malformed("SPI", "our own came back");
            }
            agreement = new Agreement(
                    suite,
                    peerSpi,
                    ke,
                    Payloads.find(payloads, Payload.Nonce.class).orElseThrow().data());
            turn.ask(sa, new IkeAction.Question.Agree(suite.keyExchange(), ours.privateValue(), ke.data()));
        } catch (Malformed e) {
            fail(sa, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.KeyPairMade made -> {
                if (group != null) {
                    send(sa, made, group, turn);
                }
            }
            case IkeEvent.Answer.Agreed(Optional<Bytes> _, Secret shared) -> {
                Agreement settled = agreement;
                if (settled != null && sa.isEstablished()) {
                    succeed(sa, settled, shared, turn);
                }
            }
            case IkeEvent.Answer.Failed(String reason) -> fail(sa, new IkeFact.Failure.Misbehaved(reason), turn);
        }
    }

    private void succeed(IkeSa sa, Agreement settled, Secret shared, Turn turn) {
        IkeKeys.Nonces nonces = new IkeKeys.Nonces(nonce, settled.peerNonce);
        IkeKeys.Spis spis = new IkeKeys.Spis(ourSpi, settled.peerSpi);
        IkeSa fresh = successor(sa, true, spis, settled.suite, nonces, shared, turn);
        Optional<PeersRekey> peers = sa.peersRekey();
        // RFC 7296 section 2.8.2: "the new IKE SA containing the lowest nonce SHOULD be deleted by the node that
        // created it,
        // and the other surviving new IKE SA MUST inherit all the Child SAs".
        boolean redundant =
                peers.isPresent() && nonces.lowest().compareTo(peers.get().lowestNonce()) < 0;
        if (redundant) {
            fresh.enter(new SaState.Replaced(turn.now().in(Limits.REPLACED_WAIT)));
            fresh.close(new IkeFact.Failure.Replaced(), turn);
            inheritPeers(sa, peers.orElseThrow(), turn);
            sa.finished(turn);
        } else {
            inherit(sa, fresh, turn);
            sa.finished(turn);
            sa.close(new IkeFact.Failure.Replaced(), turn);
        }
    }

    private void refused(IkeSa sa, Payload.Notify error, Turn turn) {
        if (error.notifyType().equals(NotifyType.INVALID_KE_PAYLOAD)) {
            List<KeyExchangeMethod> allowed = sa.peer().offers().stream()
                    .map(IkeSuite::keyExchange)
                    .distinct()
                    .toList();
            Optional<KeyExchangeMethod> wanted = IkeSaInit.wantedGroup(error.data())
                    .filter(allowed::contains)
                    .filter(g -> !tried.contains(g));
            if (wanted.isPresent()) {
                prepare(sa, wanted.get(), turn);
                return;
            }
            int number = error.data().size() == 2
                    ? error.data().at(0) << 8 | error.data().at(1)
                    : 0;
            fail(sa, new IkeFact.Failure.WrongGroup(number, Proposals.names(allowed)), turn);
        } else if (error.notifyType().equals(NotifyType.NO_PROPOSAL_CHOSEN)) {
            fail(
                    sa,
                    new IkeFact.Failure.NoProposalChosen(
                            "IKE SA rekey", Proposals.names(sa.peer().offers()), List.of(), true),
                    turn);
        } else {
            fail(
                    sa,
                    new IkeFact.Failure.PeerError(
                            error.notifyType().code(), error.notifyType().toString()),
                    turn);
        }
    }

    private void fail(IkeSa sa, IkeFact.Failure why, Turn turn) {
        Optional<PeersRekey> peers = sa.peersRekey();
        if (peers.isPresent()) {
            // The peer's own rekey made ours pointless.
            inheritPeers(sa, peers.get(), turn);
        } else if (sa.isEstablished()) {
            sa.rekeyLater(turn);
            turn.note(new IkeFact.ChildRefused(sa.name(), "IKE SA", why));
        }
        sa.finished(turn);
    }

    // Succession.

    /**
     * The peer deletes this IKE SA. Section 2.25.2: while we rekey it, "reply as usual, and forget about" our rekey; if the
     * peer has rekeyed it meanwhile, that one lives on.
     */
    static void beforeDeletion(IkeSa sa, Turn turn) {
        if (sa.isEstablished()) {
            sa.peersRekey().ifPresent(peers -> inheritPeers(sa, peers, turn));
        }
    }

    private static void inheritPeers(IkeSa sa, PeersRekey peers, Turn turn) {
        if (sa.isEstablished() && !peers.successor().isOver()) {
            peers.successor().enter(new SaState.Established());
            inherit(sa, peers.successor(), turn);
        }
    }

    private static void inherit(IkeSa old, IkeSa fresh, Turn turn) {
        IkeKeys.Spis spis = fresh.spis();
        turn.note(new IkeFact.IkeRekeyed(
                old.name(), spis.initiator(), spis.responder(), fresh.secured().suite()));
        turn.touch(fresh);
        old.bequeath(fresh, turn);
    }

    private static IkeSa successor(
            IkeSa old,
            boolean weInitiated,
            IkeKeys.Spis spis,
            IkeSuite suite,
            IkeKeys.Nonces nonces,
            Secret shared,
            Turn turn) {
        IkeKeys keys = IkeKeys.rekeyed(suite, old.secured().keys(), nonces, spis, shared);
        boolean fragments = old.secured().fragments();
        IkeSa.Secured secured =
                new IkeSa.Secured(suite, keys, keys.protection(suite, weInitiated, fragments), fragments);
        long ours = weInitiated ? spis.initiator() : spis.responder();
        long peers = weInitiated ? spis.responder() : spis.initiator();
        IkeSa fresh = IkeSa.successor(old, weInitiated, ours, peers, secured, turn);
        turn.sas().add(fresh);
        turn.touch(fresh);
        return fresh;
    }

    /** RFC 7296 section 1.3.2: the proposal of an IKE SA rekey carries the sender's new SPI of 8 octets. */
    private static long spiOf(List<Proposal> proposals, int number) throws Malformed {
        for (Proposal proposal : proposals) {
            if (proposal.number() == number && proposal.spi().size() == 8) {
                long spi = Reader.over(proposal.spi()).i64("SPI");
                if (spi != 0) {
                    return spi;
                }
            }
        }
        throw new Malformed("SPI", "an IKE SA's has 8 octets and is not zero");
    }
}
