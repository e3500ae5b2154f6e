package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.ConfiguredPeers;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadRules;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.UnprotectedMessage;
import io.sallyport.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The IKE_SA_INIT exchange, RFC 7296 section 1.2, in the order of the wire. */
final class IkeSaInit {
    /** Tells another Sallyport that it meets one: the octets of "Sallyport 1". */
    static final Bytes VENDOR_ID = Bytes.utf8("Sallyport 1");

    private IkeSaInit() {}

    // IKE_SA_INIT request, built: HDR, [N(COOKIE)], SAi1, KEi, Ni, N(NAT_DETECTION_*), N(...), V

    static void initiate(PeerConfig peer, Turn turn) {
        Endpoint local = new Endpoint(peer.local(), Limits.IKE_PORT);
        Endpoint remote = new Endpoint(peer.remote().orElseThrow(), Limits.IKE_PORT);
        turn.note(new IkeFact.Connecting(peer.name(), remote));
        initiate(peer, local, remote, Optional.empty(), turn);
    }

    /** The same peer once more, from where the two ends are now, beside the IKE SA whose proofs run out. */
    static void renew(IkeSa old, Turn turn) {
        initiate(old.peer(), old.local(), old.remote(), Optional.of(old), turn);
    }

    private static void initiate(PeerConfig peer, Endpoint local, Endpoint remote, Optional<IkeSa> renewed, Turn turn) {
        KeyExchangeMethod group = peer.offers().getFirst().keyExchange();
        SaState.Attempt attempt = new SaState.Attempt(turn.nonce(), group, List.of(group), Optional.empty(), 0);
        IkeSa sa = IkeSa.initiator(peer, local, remote, new SaState.AwaitKeyPair(attempt), turn);
        renewed.ifPresent(sa::renew);
        turn.sas().add(sa);
        turn.ask(sa, new IkeAction.Question.MakeKeyPair(group));
    }

    static void request(IkeSa sa, SaState.AwaitKeyPair state, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.KeyPairMade made -> send(sa, state.attempt(), made, turn);
            case IkeEvent.Answer.Failed(String reason) -> sa.end(new IkeFact.Failure.Misbehaved(reason), turn);
            case IkeEvent.Answer.Agreed _ -> throw new IllegalStateException("nothing was to be agreed upon");
        }
    }

    private static void send(IkeSa sa, SaState.Attempt attempt, IkeEvent.Answer.KeyPairMade keyPair, Turn turn) {
        List<Payload.Open> payloads = new ArrayList<>();
        // RFC 7296 section 2.6: the cookie comes back "as the first payload".
        attempt.cookie().ifPresent(c -> payloads.add(Payload.Notify.of(NotifyType.COOKIE, c)));
        payloads.add(new Payload.Sa(Proposals.ofIke(sa.peer().offers(), Bytes.EMPTY)));
        payloads.add(new Payload.Ke(attempt.group().transformId(), keyPair.publicValue()));
        payloads.add(new Payload.Nonce(attempt.nonce()));
        payloads.addAll(NatDetection.notifies(
                sa.spis(), sa.local(), sa.remote(), feignsAsInitiator(sa.peer()), turn.entropy()));
        payloads.addAll(abilities());
        Header header = Header.of(sa.ourSpi(), 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        Bytes message = new UnprotectedMessage(header, payloads).write();
        sa.enter(new SaState.AwaitInitResponse(attempt, keyPair, message));
        sa.sendRequest(ExchangeType.IKE_SA_INIT, List.of(message), turn);
    }

    private static boolean feignsAsInitiator(PeerConfig peer) {
        return peer.encapsulation() == PeerConfig.EncapsulationMode.UDP;
    }

    private static List<Payload.Open> abilities() {
        return List.of(
                Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED),
                Abilities.ourHashes(),
                new Payload.VendorId(VENDOR_ID));
    }

    // IKE_SA_INIT request, processed.

    static void respond(IkeEvent.Datagram datagram, Header header, ConfiguredPeers peers, Cookies cookies, Turn turn) {
        if (!header.fromInitiator() || header.messageId() != 0 || header.initiatorSpi() == 0) {
            refuse(datagram, new IkeFact.Failure.Misbehaved("IKE_SA_INIT header"), turn);
            return;
        }
        if (turn.sas()
                .bySpi(header.initiatorSpi())
                .filter(sa -> sa.isAt(datagram.local().address()))
                .isPresent()) {
            // Our own request, reflected. Where it went, at another address, we may be the responder too.
            refuse(datagram, new IkeFact.Failure.Misbehaved("our own SPI came back"), turn);
            return;
        }
        Optional<HalfOpen.Entry> known = turn.sas().halfOpen().find(datagram.remote(), header.initiatorSpi());
        if (known.isPresent() && known.get().request().equals(datagram.message())) {
            answerAgain(datagram, known.get(), turn);
            return;
        }
        try {
            UnprotectedMessage message = UnprotectedMessage.read(datagram.message());
            if (known.isPresent()) {
                restated(datagram, message, known.get(), cookies, turn);
                return;
            }
            Optional<PayloadType> critical = PayloadRules.unsupportedCritical(message.payloads());
            if (critical.isPresent()) {
                reply(
                        datagram,
                        header,
                        Payload.Notify.of(
                                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                                Bytes.ofInts(critical.get().code())),
                        turn);
                return;
            }
            PayloadRules.IKE_SA_INIT.check(message.payloads());
            admit(datagram, message, peers, cookies, turn);
        } catch (Malformed e) {
            refuse(datagram, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    private static void answerAgain(IkeEvent.Datagram datagram, HalfOpen.Entry known, Turn turn) {
        known.sa().lastResponse().ifPresent(last -> turn.send(datagram.local(), datagram.remote(), last));
    }

    /**
     * Under load the same request may be met twice: with a demand for a cookie, and, when the load has gone and it comes
     * once more, with an answer. The initiator sends it with the cookie and then takes our answer for the answer to that.
     * RFC 7296 section 2.15: it signs "the octets of the first message", of which this is its own.
     */
    private static void restated(
            IkeEvent.Datagram datagram, UnprotectedMessage message, HalfOpen.Entry known, Cookies cookies, Turn turn)
            throws Malformed {
        Optional<Bytes> cookie =
                Payloads.notify(message.payloads(), NotifyType.COOKIE).map(Payload.Notify::data);
        Bytes nonce = required(message, Payload.Nonce.class).data();
        long spi = message.header().initiatorSpi();
        if (cookie.isPresent()
                && cookies.isGood(cookie.get(), nonce, datagram.remote(), spi, turn.now(), turn.entropy())
                && attempt(message).equals(attempt(UnprotectedMessage.read(known.request())))) {
            turn.sas().halfOpen().restate(known, datagram.remote(), datagram.message());
            answerAgain(datagram, known, turn);
        }
    }

    /** What makes an attempt this one: proposals, key exchange and nonce. */
    private static List<Payload> attempt(UnprotectedMessage message) throws Malformed {
        return List.of(
                required(message, Payload.Sa.class),
                required(message, Payload.Ke.class),
                required(message, Payload.Nonce.class));
    }

    private static void admit(
            IkeEvent.Datagram datagram, UnprotectedMessage message, ConfiguredPeers peers, Cookies cookies, Turn turn)
            throws Malformed {
        Header header = message.header();
        Bytes nonce = required(message, Payload.Nonce.class).data();
        HalfOpen halfOpen = turn.sas().halfOpen();
        int fromSource = halfOpen.from(datagram.remote().address());
        if (halfOpen.size() >= Limits.COOKIES_FROM_HALF_OPEN
                || fromSource >= Limits.COOKIES_FROM_HALF_OPEN_PER_SOURCE) {
            Optional<Bytes> cookie =
                    Payloads.notify(message.payloads(), NotifyType.COOKIE).map(Payload.Notify::data);
            long spi = header.initiatorSpi();
            if (cookie.isEmpty()
                    || !cookies.isGood(cookie.get(), nonce, datagram.remote(), spi, turn.now(), turn.entropy())) {
                Bytes fresh = cookies.make(nonce, datagram.remote(), spi, turn.now(), turn.entropy());
                reply(datagram, header, Payload.Notify.of(NotifyType.COOKIE, fresh), turn);
                return;
            }
        }
        if (halfOpen.size() >= Limits.HALF_OPEN_MAX || fromSource >= Limits.HALF_OPEN_PER_SOURCE_MAX) {
            refuse(datagram, new IkeFact.Failure.Misbehaved("too many half-open IKE SAs"), turn);
            return;
        }
        choose(datagram, message, nonce, peers, turn);
    }

    private static void choose(
            IkeEvent.Datagram datagram, UnprotectedMessage message, Bytes nonce, ConfiguredPeers peers, Turn turn)
            throws Malformed {
        Header header = message.header();
        List<PeerConfig> known =
                peers.responders(datagram.local().address(), datagram.remote().address());
        List<PeerConfig> candidates = known.isEmpty() ? moved(datagram, peers, turn) : known;
        if (candidates.isEmpty()) {
            reply(datagram, header, Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN), turn);
            refuse(datagram, new IkeFact.Failure.NoSuchPeer(), turn);
            return;
        }
        List<Proposal> offered = required(message, Payload.Sa.class).proposals();
        Payload.Ke ke = required(message, Payload.Ke.class);
        for (PeerConfig candidate : candidates) {
            Optional<Proposals.Chosen<IkeSuite>> chosen =
                    Proposals.chooseIke(candidate.accepts(), offered, Bytes.EMPTY);
            if (chosen.isPresent()) {
                List<PeerConfig> likewise = candidates.stream()
                        .filter(c -> c.accepts().contains(chosen.get().suite()))
                        .toList();
                answer(datagram, message, nonce, likewise, chosen.get(), ke, turn);
                return;
            }
        }
        reply(datagram, header, Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN), turn);
        List<String> ours = Proposals.names(candidates.getFirst().accepts());
        refuse(
                datagram,
                new IkeFact.Failure.NoProposalChosen("IKE_SA_INIT", ours, Proposals.describe(offered), false),
                turn);
    }

    /** A peer that RFC 4555 has brought here renews its proofs from here, too. */
    private static List<PeerConfig> moved(IkeEvent.Datagram datagram, ConfiguredPeers peers, Turn turn) {
        return peers.moved(
                datagram.local().address(),
                peer -> turn.sas()
                        .standing(peer.name())
                        .filter(sa -> sa.path().isMobile()
                                && sa.remote()
                                        .address()
                                        .equals(datagram.remote().address()))
                        .isPresent());
    }

    private static void answer(
            IkeEvent.Datagram datagram,
            UnprotectedMessage message,
            Bytes nonce,
            List<PeerConfig> candidates,
            Proposals.Chosen<IkeSuite> chosen,
            Payload.Ke ke,
            Turn turn)
            throws Malformed {
        KeyExchangeMethod group = chosen.suite().keyExchange();
        if (ke.group() != group.transformId()) {
            // RFC 7296 section 1.2: the responder "MUST ... indicate its preferred Diffie-Hellman group".
            reply(
                    datagram,
                    message.header(),
                    Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, groupBytes(group)),
                    turn);
            return;
        }
        requireSize(group, ke);
        PeerConfig first = candidates.getFirst();
        boolean feign = switch (first.encapsulation()) {
            case UDP -> true;
            case AUTO -> isSallyport(message);
            case RAW -> false;
        };
        SaState.Heard heard = new SaState.Heard(
                datagram.message(), message, nonce, candidates, chosen.suite(), chosen.answer(), feign);
        IkeSa sa = IkeSa.responder(
                message.header().initiatorSpi(),
                first,
                datagram.local(),
                datagram.remote(),
                new SaState.AwaitResponderKeys(heard, turn.now().in(Limits.HALF_OPEN)),
                turn);
        turn.sas().add(sa);
        turn.sas().halfOpen().enter(sa, datagram.remote(), datagram.message());
        turn.ask(sa, new IkeAction.Question.MakeAndAgree(group, ke.data()));
    }

    // IKE_SA_INIT response, built: HDR, SAr1, KEr, Nr, N(NAT_DETECTION_*), N(...), V

    static void response(IkeSa sa, SaState.AwaitResponderKeys state, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.Agreed agreed ->
                name(
                        sa,
                        new SaState.AwaitAuthorities(
                                state.heard(), agreed, trusts(state.heard()), List.of(), state.giveUpAt()),
                        turn);
            case IkeEvent.Answer.Failed(String reason) -> {
                turn.note(new IkeFact.Refused(sa.local(), sa.remote(), new IkeFact.Failure.Misbehaved(reason)));
                sa.end(new IkeFact.Failure.Misbehaved(reason), turn);
            }
            case IkeEvent.Answer.KeyPairMade _ -> throw new IllegalStateException("a secret was to be made");
        }
    }

    private static List<String> trusts(SaState.Heard heard) {
        return heard.candidates().stream()
                .flatMap(c -> Certificates.trusts(c.proofs().peers()).stream())
                .distinct()
                .limit(Limits.TRUSTS_MAX)
                .toList();
    }

    /** RFC 7296 section 1.2: a responder's CERTREQ is part of its IKE_SA_INIT. */
    private static void name(IkeSa sa, SaState.AwaitAuthorities state, Turn turn) {
        if (state.trusts().isEmpty()) {
            send(sa, state, turn);
        } else {
            sa.enter(state);
            turn.ask(sa, new IkeAction.Question.Authorities(state.trusts().getFirst()));
        }
    }

    static void named(IkeSa sa, SaState.AwaitAuthorities state, IkeEvent.Answer.OfIdentity answer, Turn turn) {
        List<Bytes> known = new ArrayList<>(state.known());
        if (answer instanceof IkeEvent.Answer.Authorities(List<Bytes> keyHashes, List<Bytes> _)) {
            known.addAll(keyHashes);
        }
        List<String> rest = state.trusts().subList(1, state.trusts().size());
        name(sa, new SaState.AwaitAuthorities(state.heard(), state.agreed(), rest, known, state.giveUpAt()), turn);
    }

    private static void send(IkeSa sa, SaState.AwaitAuthorities state, Turn turn) {
        SaState.Heard heard = state.heard();
        IkeEvent.Answer.Agreed agreed = state.agreed();
        IkeKeys.Spis requestSpis = new IkeKeys.Spis(sa.spis().initiator(), 0);
        NatDetection nat =
                NatDetection.of(heard.message().payloads(), requestSpis, sa.local(), sa.remote(), heard.feign());
        Bytes nonce = turn.nonce();
        List<Payload.Open> payloads = new ArrayList<>();
        payloads.add(new Payload.Sa(List.of(heard.answer())));
        payloads.add(new Payload.Ke(
                heard.suite().keyExchange().transformId(), agreed.publicValue().orElseThrow()));
        payloads.add(new Payload.Nonce(nonce));
        if (nat.supported()) {
            payloads.addAll(NatDetection.notifies(sa.spis(), sa.local(), sa.remote(), heard.feign(), turn.entropy()));
        }
        if (!state.known().isEmpty()) {
            payloads.addAll(Certificates.requests(state.known()));
        }
        payloads.addAll(abilities());
        if (heard.candidates().stream().anyMatch(IkeSaInit::hasSeveralProofs)) {
            // RFC 4739 section 3.1.
            payloads.add(Payload.Notify.of(NotifyType.MULTIPLE_AUTH_SUPPORTED));
        }
        Header header = Header.of(sa.spis().initiator(), sa.ourSpi(), ExchangeType.IKE_SA_INIT, false, true, 0);
        Bytes message = new UnprotectedMessage(header, payloads).write();
        IkeKeys.Nonces nonces = new IkeKeys.Nonces(heard.nonce(), nonce);
        IkeKeys keys = IkeKeys.first(heard.suite(), nonces, sa.spis(), agreed.sharedSecret());
        sa.secure(secured(heard.suite(), keys, false, heard.message()), nat);
        Abilities abilities = Abilities.of(heard.message().payloads());
        sa.enter(new SaState.AwaitAuthRequest(new AuthResponder(
                sa,
                new SaState.Transcript(heard.request(), message, nonces, abilities),
                heard.candidates(),
                state.giveUpAt(),
                turn)));
        sa.sendResponse(List.of(message), turn);
    }

    private static boolean hasSeveralProofs(PeerConfig candidate) {
        return candidate.proofs().own().size() > 1 || candidate.proofs().peers().size() > 1;
    }

    // IKE_SA_INIT response, processed.

    static void processResponse(
            IkeSa sa, SaState.AwaitInitResponse state, IkeEvent.Datagram datagram, Header header, Turn turn) {
        if (!header.response()
                || header.fromInitiator()
                || header.messageId() != 0
                || !header.exchange().equals(ExchangeType.IKE_SA_INIT)
                || !datagram.remote().address().equals(sa.remote().address())) {
            return;
        }
        try {
            UnprotectedMessage message = UnprotectedMessage.read(datagram.message());
            Optional<Payload.Notify> cookie = Payloads.notify(message.payloads(), NotifyType.COOKIE);
            Optional<Payload.Notify> error = Payloads.error(message.payloads());
            if (Payloads.find(message.payloads(), Payload.Sa.class).isPresent()) {
                accept(sa, state, datagram.message(), message, turn);
            } else if (cookie.isPresent()) {
                restart(sa, state, cookie.get().data(), turn);
            } else if (error.isPresent()) {
                PayloadRules.IKE_SA_INIT_REFUSAL.check(message.payloads());
                refused(sa, state, error.get(), turn);
            }
        } catch (Malformed e) {
            // Not protected, perhaps not the peer's: another answer may still come.
            refuse(datagram, IkeFact.Failure.Misbehaved.of(e), turn);
        }
    }

    /** RFC 7296 section 2.6: the same request again, led by the cookie. */
    private static void restart(IkeSa sa, SaState.AwaitInitResponse state, Bytes cookie, Turn turn) {
        SaState.Attempt last = state.attempt();
        if (last.restarts() >= Limits.INIT_RESTARTS_MAX || cookie.isEmpty() || cookie.size() > 64) {
            return;
        }
        sa.requests().restart();
        SaState.Attempt next =
                new SaState.Attempt(last.nonce(), last.group(), last.tried(), Optional.of(cookie), last.restarts() + 1);
        send(sa, next, state.keyPair(), turn);
    }

    private static void refused(IkeSa sa, SaState.AwaitInitResponse state, Payload.Notify error, Turn turn) {
        List<IkeSuite> offers = sa.peer().offers();
        if (error.notifyType().equals(NotifyType.INVALID_KE_PAYLOAD)) {
            otherGroup(sa, state, error.data(), turn);
        } else if (error.notifyType().equals(NotifyType.NO_PROPOSAL_CHOSEN)) {
            sa.end(new IkeFact.Failure.NoProposalChosen("IKE_SA_INIT", Proposals.names(offers), List.of(), true), turn);
        } else if (error.notifyType().equals(NotifyType.INVALID_MAJOR_VERSION)) {
            sa.end(
                    new IkeFact.Failure.WrongVersion(
                            error.data().isEmpty() ? 1 : error.data().at(0)),
                    turn);
        } else {
            sa.end(
                    new IkeFact.Failure.PeerError(
                            error.notifyType().code(), error.notifyType().toString()),
                    turn);
        }
    }

    /** The peer wants another group. It gets it once, and only when we offered it ourselves. */
    private static void otherGroup(IkeSa sa, SaState.AwaitInitResponse state, Bytes data, Turn turn) {
        SaState.Attempt last = state.attempt();
        List<KeyExchangeMethod> allowed = sa.peer().offers().stream()
                .map(IkeSuite::keyExchange)
                .distinct()
                .toList();
        Optional<KeyExchangeMethod> group = wantedGroup(data).filter(allowed::contains);
        if (group.isEmpty() || last.tried().contains(group.get())) {
            int wanted = data.size() == 2 ? data.at(0) << 8 | data.at(1) : 0;
            sa.end(new IkeFact.Failure.WrongGroup(wanted, Proposals.names(allowed)), turn);
            return;
        }
        sa.requests().restart();
        List<KeyExchangeMethod> tried =
                Stream.concat(last.tried().stream(), group.stream()).toList();
        sa.enter(new SaState.AwaitKeyPair(
                new SaState.Attempt(last.nonce(), group.get(), tried, last.cookie(), last.restarts() + 1)));
        turn.ask(sa, new IkeAction.Question.MakeKeyPair(group.get()));
    }

    private static void accept(
            IkeSa sa, SaState.AwaitInitResponse state, Bytes octets, UnprotectedMessage message, Turn turn)
            throws Malformed {
        PayloadRules.IKE_SA_INIT.check(message.payloads());
        long responderSpi = message.header().responderSpi();
        if (responderSpi == 0 || responderSpi == sa.ourSpi()) {
            throw new Malformed("responder SPI", "zero, or our own");
        }
        Optional<PayloadType> critical = PayloadRules.unsupportedCritical(message.payloads());
        if (critical.isPresent()) {
            throw new Malformed(critical.get().toString(), "critical and unknown");
        }
        List<Proposal> answered = required(message, Payload.Sa.class).proposals();
        IkeSuite suite = Proposals.answeredIke(sa.peer().offers(), answered)
                .map(Proposals.Chosen::suite)
                .orElseThrow(() -> new Malformed("SA payload", "the answer is none of our offers"));
        Payload.Ke ke = required(message, Payload.Ke.class);
        if (suite.keyExchange() != state.attempt().group()
                || ke.group() != suite.keyExchange().transformId()) {
            throw new Malformed("KE payload", "group " + ke.group() + " is not the one asked for");
        }
        requireSize(suite.keyExchange(), ke);
        sa.requests().answered();
        sa.peerSpi(responderSpi);
        sa.enter(new SaState.AwaitSharedSecret(state.attempt(), state.request(), octets, message, suite));
        turn.ask(
                sa,
                new IkeAction.Question.Agree(
                        suite.keyExchange(), state.keyPair().privateValue(), ke.data()));
    }

    static void agreed(IkeSa sa, SaState.AwaitSharedSecret state, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        switch (answer) {
            case IkeEvent.Answer.Agreed agreed -> {
                if (sa.renews().isEmpty()
                        && turn.sas().standing(sa.peer().name()).isPresent()) {
                    // The peer was faster: its IKE SA stands, ours would be the second.
                    sa.enter(new SaState.Dead());
                    turn.sas().remove(sa);
                    return;
                }
                UnprotectedMessage message = state.message();
                Bytes peerNonce = Payloads.find(message.payloads(), Payload.Nonce.class)
                        .orElseThrow()
                        .data();
                IkeKeys.Nonces nonces = new IkeKeys.Nonces(state.attempt().nonce(), peerNonce);
                IkeKeys keys = IkeKeys.first(state.suite(), nonces, sa.spis(), agreed.sharedSecret());
                NatDetection nat = NatDetection.of(
                        message.payloads(), sa.spis(), sa.local(), sa.remote(), feignsAsInitiator(sa.peer()));
                sa.secure(secured(state.suite(), keys, true, message), nat);
                if (nat.udp() || nat.supported() && sa.peer().mobility().mobike()) {
                    // RFC 7296 section 2.23: the initiator "MUST float" to port 4500 when there is a NAT; RFC 4555
                    // section 3.3: whoever may move does so in any case.
                    sa.path()
                            .move(
                                    sa.local().withPort(Limits.NAT_PORT),
                                    sa.remote().withPort(Limits.NAT_PORT));
                }
                Abilities abilities = Abilities.of(message.payloads());
                AuthInitiator auth = new AuthInitiator(
                        sa,
                        new SaState.Transcript(state.request(), state.response(), nonces, abilities),
                        sa.renews().isPresent(),
                        turn);
                sa.enter(new SaState.AwaitAuthResponse(auth));
                auth.begin(turn);
            }
            case IkeEvent.Answer.Failed(String reason) -> sa.end(new IkeFact.Failure.Misbehaved(reason), turn);
            case IkeEvent.Answer.KeyPairMade _ -> throw new IllegalStateException("a secret was to be made");
        }
    }

    // Shared by both ends.

    /** The group that an INVALID_KE_PAYLOAD names (RFC 7296 section 3.10.1). */
    static Optional<KeyExchangeMethod> wantedGroup(Bytes data) {
        return data.size() == 2 ? KeyExchangeMethod.of(data.at(0) << 8 | data.at(1)) : Optional.empty();
    }

    static Bytes groupBytes(KeyExchangeMethod group) {
        return Bytes.ofInts(0, group.transformId());
    }

    /** RFC 7296 section 3.4: the length "MUST be equal to" that of the group, whatever the arithmetic would bear. */
    static void requireSize(KeyExchangeMethod group, Payload.Ke ke) throws Malformed {
        if (ke.data().size() != group.publicOctets()) {
            throw new Malformed("KE payload", ke.data().size() + " octets for " + group);
        }
    }

    private static IkeSa.Secured secured(IkeSuite suite, IkeKeys keys, boolean initiator, UnprotectedMessage peers) {
        boolean fragments = Payloads.notify(peers.payloads(), NotifyType.IKEV2_FRAGMENTATION_SUPPORTED)
                .isPresent();
        return new IkeSa.Secured(suite, keys, keys.protection(suite, initiator, fragments), fragments);
    }

    private static boolean isSallyport(UnprotectedMessage message) {
        return message.payloads().contains(new Payload.VendorId(VENDOR_ID));
    }

    private static <P extends Payload> P required(UnprotectedMessage message, Class<P> kind) throws Malformed {
        return Payloads.find(message.payloads(), kind)
                .orElseThrow(() -> new Malformed(kind.getSimpleName(), "missing"));
    }

    private static void reply(IkeEvent.Datagram datagram, Header request, Payload.Notify notify, Turn turn) {
        Header header = Header.of(request.initiatorSpi(), 0, request.exchange(), false, true, request.messageId());
        Bytes message = new UnprotectedMessage(header, List.of(notify)).write();
        turn.send(datagram.local(), datagram.remote(), List.of(message));
    }

    private static void refuse(IkeEvent.Datagram datagram, IkeFact.Failure why, Turn turn) {
        turn.note(new IkeFact.Refused(datagram.local(), datagram.remote(), why));
    }
}
