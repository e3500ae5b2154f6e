package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A quick mode that we begin, RFC 2409 section 5.5: three messages that make one child. */
final class QuickInitiator extends Exchange {
    private final Flow pair;
    private final Optional<Child> rekeyed;
    private final int groupIndex;
    private final Bytes nonce;
    private List<EspSuite> offers = List.of();
    private Monotonic begun = Monotonic.NEVER;
    private int spi;
    private boolean done;
    private IkeEvent.@Nullable PrivateValue privateValue;
    private Bytes publicValue = Bytes.EMPTY;
    private ChildMaking.@Nullable Terms terms;
    private Bytes peerNonce = Bytes.EMPTY;
    private boolean commit;
    private @Nullable Child child;

    /**
     * @param rekeyed the child that this one is to replace
     * @param groupIndex which of the key exchanges among the offers: RFC 2409 section 5.5 has room for one at a time, so
     *     they are tried one after the other
     */
    QuickInitiator(Flow pair, Optional<Child> rekeyed, int groupIndex, Turn turn) {
        super(ExchangeType.QUICK, newMessageId(turn));
        this.pair = pair;
        this.rekeyed = rekeyed;
        this.groupIndex = groupIndex;
        this.nonce = turn.nonce();
    }

    private List<Optional<KeyExchangeMethod>> groups() {
        return pair.config().offers().stream()
                .filter(Offers::isUsable)
                .map(EspSuite::pfs)
                .distinct()
                .toList();
    }

    @Override
    void start(IkeSa sa, Turn turn) {
        begun = turn.now().at();
        if (rekeyed.isEmpty() && sa.shared(turn).has(pair)) {
            // The peer was quicker.
            end(sa, turn);
            return;
        }
        if (groups().isEmpty()) {
            fail(
                    sa,
                    new IkeFact.Failure.NoProposalChosen(
                            "child " + pair,
                            Offers.names(pair.config().offers()),
                            List.of("nothing that IKEv1 has"),
                            false),
                    turn);
            return;
        }
        Optional<KeyExchangeMethod> group = groups().get(groupIndex);
        offers = pair.config().offers().stream()
                .filter(Offers::isUsable)
                .filter(s -> s.pfs().equals(group))
                .toList();
        spi = turn.sas().newChildSpi(turn.entropy());
        if (group.isPresent()) {
            sa.exchanges().ask(sa, this, new IkeAction.Question.MakeKeyPair(group.get()), turn);
        } else {
            propose(sa, turn);
        }
    }

    // HDR*, HASH(1), SA, Ni [, KE ], IDci, IDcr

    private void propose(IkeSa sa, Turn turn) {
        int encapsulation = Offers.encapsulation(sa.nat().udp(), sa.vendor().draftNat());
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Offers.phase2(offers, spi, encapsulation, pair.config()));
        payloads.add(new Payload.Nonce(nonce));
        if (!publicValue.isEmpty()) {
            payloads.add(new Payload.Ke(publicValue));
        }
        payloads.add(Selectors.id(pair.local()));
        payloads.add(Selectors.id(pair.remote()));
        Bytes hash = sa.keys().hash(messageIdOctets(), PayloadWriter.chain(payloads));
        sa.send(this, 0, hash, payloads, true, turn);
    }

    // HDR*, HASH(2), SA, Nr [, KE ], IDci, IDcr

    @Override
    void onMessage(IkeSa sa, Header header, PayloadReader.Chain chain, Turn turn) throws Malformed {
        if (terms != null || done) {
            requireHash(chain, sa.keys().hash(messageIdOctets(), chain.afterFirst()));
            if (Payloads.notify(chain.payloads(), NotifyType.CONNECTED).isPresent()) {
                connected(sa, turn);
            }
            return;
        }
        requireHash(chain, sa.keys().hash(messageIdOctets(), nonce, chain.afterFirst()));
        answered();
        commit = header.isCommit();
        // Authentic: what is wrong with it from here on will not get better.
        Optional<String> wrong = read(sa, chain.payloads());
        if (wrong.isPresent()) {
            fail(sa, new IkeFact.Failure.Misbehaved(wrong.get()), turn);
            return;
        }
        ChildMaking.Terms agreed = Objects.requireNonNull(terms);
        if (agreed.suite().pfs().isPresent()) {
            Bytes theirs = Payloads.one(chain.payloads(), Payload.Ke.class).data();
            sa.exchanges()
                    .ask(
                            sa,
                            this,
                            new IkeAction.Question.Agree(
                                    agreed.suite().pfs().get(), Objects.requireNonNull(privateValue), theirs),
                            turn);
        } else {
            conclude(sa, Optional.empty(), turn);
        }
    }

    private Optional<String> read(IkeSa sa, List<Payload> payloads) {
        try {
            Payload.Sa answer = Payloads.one(payloads, Payload.Sa.class);
            if (answer.proposals().size() != 1
                    || answer.proposals().getFirst().transforms().size() != 1) {
                return Optional.of("the SA payload is not one proposal with one transform");
            }
            Optional<Offers.Chosen<EspSuite>> chosen =
                    Offers.choosePhase2(offers, sa.nat().udp(), answer.proposals());
            if (chosen.isEmpty()) {
                return Optional.of("the SA payload answers none of our offers");
            }
            peerNonce = Payloads.one(payloads, Payload.Nonce.class).data();
            Optional<Duration> told = Informational.responderLifetime(payloads);
            List<Payload.Id> ids = Payloads.all(payloads, Payload.Id.class);
            Optional<Flow> taken = ids.isEmpty() ? Optional.of(pair) : taken(ids);
            if (taken.isEmpty()) {
                return Optional.of("the identities are not those that we proposed");
            }
            Optional<Payload.Ke> ke = Payloads.atMostOne(payloads, Payload.Ke.class);
            Optional<KeyExchangeMethod> group = chosen.get().suite().pfs();
            if (ke.isPresent() != group.isPresent()
                    || ke.isPresent() && ke.get().data().size() != group.get().publicOctets()) {
                return Optional.of("the KE payload does not fit the group");
            }
            terms = new ChildMaking.Terms(
                    pair,
                    taken.get(),
                    chosen.get().suite(),
                    spi,
                    Offers.toInt(chosen.get().proposal().spi()),
                    told.or(() -> Offers.lifetime(chosen.get().transform(), 1)));
            return Optional.empty();
        } catch (Malformed e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** RFC 2409 section 5.5 has the identities come back as they were; some peers narrow them, as in IKEv2. */
    private Optional<Flow> taken(List<Payload.Id> ids) {
        Optional<TrafficSelector> local = Selectors.of(ids.getFirst()).filter(pair.local()::contains);
        Optional<TrafficSelector> remote = Selectors.of(ids.getLast()).filter(pair.remote()::contains);
        return ids.size() == 2 && local.isPresent() && remote.isPresent()
                ? Optional.of(new Flow(pair.config(), local.get(), remote.get()))
                : Optional.empty();
    }

    @Override
    void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.KeyPairMade made) {
            privateValue = made.privateValue();
            publicValue = made.publicValue();
            propose(sa, turn);
        } else if (answer instanceof IkeEvent.Answer.Agreed agreed) {
            conclude(sa, Optional.of(agreed.sharedSecret()), turn);
        } else {
            fail(sa, new IkeFact.Failure.Misbehaved(Proving.failed(answer)), turn);
        }
    }

    // HDR*, HASH(3)

    private void conclude(IkeSa sa, Optional<Secret> shared, Turn turn) {
        ChildMaking.Terms agreed = Objects.requireNonNull(terms);
        Bytes hash = sa.keys().hash(Bytes.ofInts(0), messageIdOctets(), nonce, peerNonce);
        Child made = ChildMaking.make(sa, agreed, nonce, peerNonce, shared, true, begun, turn);
        Remote remote = sa.shared(turn);
        spi = 0;
        child = made;
        // The peer may send on it as soon as it has this message.
        remote.add(made, commit, turn);
        sa.send(this, 0, hash, List.of(), commit, turn);
        turn.note(new IkeFact.ChildUp(sa.name(), made.sa(), agreed.suite(), rekeyed.map(Child::id)));
        remote.completed(made, turn);
        if (commit) {
            // Others of ours need not wait for it.
            done = true;
            sa.exchanges().advance(sa, turn);
        } else {
            end(sa, turn);
        }
    }

    // HDR*, HASH(4), N(CONNECTED), where the peer has set the Commit Bit; as an informational message, too

    /**
     * RFC 2408 section 3.1: whoever did not set the Commit Bit "MUST wait" for this. Not for ever, since nothing protects
     * the bit: {@link Limits#HELD_BACK}.
     */
    void connected(IkeSa sa, Turn turn) {
        Child made = child;
        if (made != null) {
            if (!isOver()) {
                over(turn);
            }
            sa.shared(turn).heardOn(made, turn);
        }
    }

    boolean made(long childId) {
        return child != null && child.id() == childId;
    }

    // The end.

    /** The peer says, authenticated, that it does not want it. */
    void refused(IkeSa sa, NotifyType type, Turn turn) {
        if (type.equals(NotifyType.NO_PROPOSAL_CHOSEN) && groupIndex + 1 < groups().size()) {
            release(turn);
            end(sa, turn);
            sa.enqueue(new QuickInitiator(pair, rekeyed, groupIndex + 1, turn), turn);
        } else if (type.equals(NotifyType.NO_PROPOSAL_CHOSEN)) {
            fail(
                    sa,
                    new IkeFact.Failure.NoProposalChosen(
                            "child " + pair, Offers.names(pair.config().offers()), List.of(), true),
                    turn);
        } else if (type.equals(NotifyType.INVALID_ID_INFORMATION)) {
            fail(
                    sa,
                    new IkeFact.Failure.TrafficSelectorsUnacceptable(
                            List.of(pair.local()), List.of(pair.remote()), List.of(), List.of(), true),
                    turn);
        } else {
            fail(sa, new IkeFact.Failure.PeerError(type.code(), type.toString()), turn);
        }
    }

    private void fail(IkeSa sa, IkeFact.Failure why, Turn turn) {
        release(turn);
        turn.note(new IkeFact.ChildRefused(sa.name(), pair.config().name(), why));
        again(sa, turn);
        end(sa, turn);
    }

    /** Later once more: an old child is still there to be replaced, or a new one is still wanted. */
    private void again(IkeSa sa, Turn turn) {
        if (rekeyed.isPresent() && rekeyed.get().phase() == Child.Phase.REKEYING) {
            rekeyed.get().phase(Child.Phase.LIVE);
            rekeyed.get().rekeyAt(turn.inAbout(Limits.REKEY_RETRY));
        } else if (rekeyed.isEmpty()) {
            sa.shared(turn).wantLater(pair, turn);
        }
    }

    private void end(IkeSa sa, Turn turn) {
        done = true;
        over(turn);
        sa.exchanges().advance(sa, turn);
    }

    private void release(Turn turn) {
        if (spi != 0) {
            turn.sas().release(spi);
            spi = 0;
        }
    }

    @Override
    void onSilence(IkeSa sa, int attempts, Turn turn) {
        if (child != null) {
            // It never said CONNECTED, and has long been used without.
            return;
        }
        IkeFact.Failure why = new IkeFact.Failure.NoAnswer("quick mode", attempts, true);
        if (!begun.isBefore(sa.lastHeard())) {
            // Not a word all that time: the peer has forgotten us, and may have no way to say so.
            release(turn);
            done = true;
            Timers.endAll(sa, why, turn);
        } else {
            fail(sa, why, turn);
        }
    }

    @Override
    void abandon(IkeSa sa, Turn turn) {
        release(turn);
        done = true;
        if (child == null && turn.sas().remote(sa.name()).isPresent()) {
            again(sa, turn);
        }
    }

    @Override
    boolean isBusy() {
        return !done;
    }
}
