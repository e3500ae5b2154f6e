package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.ChildConfig;
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
import io.sallyport.ike.v1.message.Proposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A quick mode that the peer begins, RFC 2409 section 5.5. */
final class QuickResponder extends Exchange {
    private final Bytes nonce;
    private final Monotonic begun;
    private final boolean commit;
    private boolean proposed;
    private Bytes peerNonce = Bytes.EMPTY;
    private List<Payload> request = List.of();
    private int spi;
    private ChildMaking.@Nullable Terms terms;
    private Offers.@Nullable Chosen<EspSuite> chosen;
    private @Nullable Child child;

    QuickResponder(Header header, Turn turn) {
        super(ExchangeType.QUICK, header.messageId());
        this.nonce = turn.nonce();
        this.begun = turn.now().at();
        this.commit = header.isCommit();
    }

    @Override
    void start(IkeSa sa, Turn turn) {
        throw new IllegalStateException("the peer began it");
    }

    @Override
    void onMessage(IkeSa sa, Header header, PayloadReader.Chain chain, Turn turn) throws Malformed {
        if (!proposed) {
            proposed = true;
            onProposal(sa, chain.payloads(), turn);
        } else {
            onLast(sa, chain, turn);
        }
    }

    // HDR*, HASH(1), SA, Ni [, KE ] [, IDci, IDcr ], HASH(1) already checked

    private void onProposal(IkeSa sa, List<Payload> payloads, Turn turn) throws Malformed {
        Payload.Sa offered = Payloads.one(payloads, Payload.Sa.class);
        peerNonce = Payloads.one(payloads, Payload.Nonce.class).data();
        Optional<Payload.Ke> ke = Payloads.atMostOne(payloads, Payload.Ke.class);
        request = payloads;
        Optional<Flow> pair = pair(sa, payloads, turn);
        if (pair.isEmpty()) {
            return;
        }
        ChildConfig config = pair.get().config();
        boolean udp = sa.nat().udp();
        Optional<Offers.Chosen<EspSuite>> found = Offers.choosePhase2(config.accepts(), udp, offered.proposals())
                .filter(c -> c.suite().pfs().isPresent() == ke.isPresent());
        if (found.isEmpty() || !sa.shared(turn).hasRoom()) {
            refuse(
                    sa,
                    config.name(),
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    new IkeFact.Failure.NoProposalChosen(
                            "child " + pair.get(),
                            Offers.names(config.accepts()),
                            Offers.describePhase2(offered.proposals()),
                            false),
                    turn);
            return;
        }
        Optional<KeyExchangeMethod> group = found.get().suite().pfs();
        if (group.isPresent() && ke.get().data().size() != group.get().publicOctets()) {
            throw new Malformed("KE payload", ke.get().data().size() + " octets for " + group.get());
        }
        spi = turn.sas().newChildSpi(turn.entropy());
        chosen = found.get();
        terms = new ChildMaking.Terms(
                pair.get(),
                pair.get(),
                found.get().suite(),
                spi,
                Offers.toInt(found.get().proposal().spi()),
                Offers.lifetime(found.get().transform(), 1));
        if (group.isPresent()) {
            sa.exchanges()
                    .ask(
                            sa,
                            this,
                            new IkeAction.Question.MakeAndAgree(
                                    group.get(), ke.get().data()),
                            turn);
        } else {
            answer(sa, Optional.empty(), turn);
        }
    }

    private Optional<Flow> pair(IkeSa sa, List<Payload> payloads, Turn turn) throws Malformed {
        List<Payload.Id> ids = Payloads.all(payloads, Payload.Id.class);
        if (ids.size() != 0 && ids.size() != 2) {
            throw new Malformed("ID", ids.size() + " of them");
        }
        // RFC 2409 section 5.5: without identities, they are the two ends' addresses.
        Optional<TrafficSelector> theirs =
                ids.isEmpty() ? Optional.of(Selectors.host(sa.remote().address())) : Selectors.of(ids.getFirst());
        Optional<TrafficSelector> ours =
                ids.isEmpty() ? Optional.of(Selectors.host(sa.local().address())) : Selectors.of(ids.getLast());
        Optional<Flow> pair = theirs.isPresent() && ours.isPresent()
                ? sa.shared(turn).fitting(ours.get(), theirs.get())
                : Optional.empty();
        if (pair.isEmpty()) {
            ChildConfig first = sa.peer().children().getFirst();
            refuse(
                    sa,
                    first.name(),
                    NotifyType.INVALID_ID_INFORMATION,
                    new IkeFact.Failure.TrafficSelectorsUnacceptable(
                            first.local(),
                            first.remote(),
                            ours.stream().toList(),
                            theirs.stream().toList(),
                            false),
                    turn);
        }
        return pair;
    }

    private void refuse(IkeSa sa, String config, NotifyType type, IkeFact.Failure why, Turn turn) {
        turn.note(new IkeFact.ChildRefused(sa.name(), config, why));
        Informational.error(sa, Proposal.Protocol.ESP, Bytes.EMPTY, type, turn);
        over(turn);
    }

    @Override
    void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Agreed agreed) {
            answer(sa, Optional.of(agreed), turn);
        } else {
            turn.note(new IkeFact.ChildRefused(
                    sa.name(),
                    Objects.requireNonNull(terms).pair().config().name(),
                    new IkeFact.Failure.Misbehaved(Proving.failed(answer))));
            abandon(sa, turn);
            over(turn);
        }
    }

    // HDR*, HASH(2), SA, Nr [, KE ] [, IDci, IDcr ]

    private void answer(IkeSa sa, Optional<IkeEvent.Answer.Agreed> key, Turn turn) {
        ChildMaking.Terms agreed = Objects.requireNonNull(terms);
        Proposal answer = Objects.requireNonNull(chosen).answer(Offers.spiOctets(spi));
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Payload.Sa.of(List.of(answer)));
        payloads.add(new Payload.Nonce(nonce));
        key.flatMap(IkeEvent.Answer.Agreed::publicValue).ifPresent(v -> payloads.add(new Payload.Ke(v)));
        if (!Payloads.all(request, Payload.Id.class).isEmpty()) {
            payloads.add(Selectors.echo(
                    Payloads.all(request, Payload.Id.class).getFirst(),
                    agreed.taken().remote()));
            payloads.add(Selectors.echo(
                    Payloads.all(request, Payload.Id.class).getLast(),
                    agreed.taken().local()));
        }
        request = List.of();
        Optional<Secret> shared = key.map(IkeEvent.Answer.Agreed::sharedSecret);
        // The initiator may use it as soon as it has our answer, before its last message gets here.
        Child made = ChildMaking.make(sa, agreed, peerNonce, nonce, shared, false, begun, turn);
        child = made;
        spi = 0;
        sa.shared(turn).add(made, false, turn);
        Bytes hash = sa.keys().hash(messageIdOctets(), peerNonce, PayloadWriter.chain(payloads));
        sa.send(this, commit ? Header.COMMIT : 0, hash, payloads, true, turn);
    }

    // HDR*, HASH(3)

    private void onLast(IkeSa sa, PayloadReader.Chain chain, Turn turn) throws Malformed {
        Child made = child;
        if (made == null) {
            throw new Malformed("HASH", "comes before our answer");
        }
        requireHash(chain, sa.keys().hash(Bytes.ofInts(0), messageIdOctets(), peerNonce, nonce));
        if (made.isComplete()) {
            return;
        }
        if (sa.shared(turn).byId(made.id()).isEmpty()) {
            // Deleted while that message was on its way, and the peer told so.
            over(turn);
            return;
        }
        if (commit) {
            // RFC 2408 section 3.1: who was asked for it by the Commit Bit says when it is ready.
            List<Payload> connected = List.of(new Payload.Notify(
                    Proposal.Protocol.ESP,
                    Offers.spiOctets(made.sa().inboundSpi()),
                    NotifyType.CONNECTED,
                    Bytes.EMPTY));
            Bytes hash = sa.keys().hash(messageIdOctets(), PayloadWriter.chain(connected));
            sa.send(this, Header.COMMIT, hash, connected, false, turn);
        }
        complete(sa, turn);
    }

    /** The peer has the keys: its last message says so, or a packet that they protect. */
    void complete(IkeSa sa, Turn turn) {
        Child made = Objects.requireNonNull(child);
        answered();
        over(turn);
        Optional<Long> before = sa.shared(turn).children().stream()
                .filter(c -> c != made && c.isComplete() && c.isLike(made))
                .map(Child::id)
                .reduce((_, b) -> b);
        turn.note(new IkeFact.ChildUp(
                sa.name(), made.sa(), Objects.requireNonNull(terms).suite(), before));
        sa.shared(turn).completed(made, turn);
    }

    boolean made(long childId) {
        return child != null && child.id() == childId;
    }

    // The end.

    @Override
    void onSilence(IkeSa sa, int attempts, Turn turn) {
        abandon(sa, turn);
    }

    @Override
    void abandon(IkeSa sa, Turn turn) {
        Child made = child;
        if (spi != 0) {
            turn.sas().release(spi);
            spi = 0;
        }
        if (made != null && !made.isComplete()) {
            turn.sas()
                    .remote(sa.name())
                    .ifPresent(r -> r.remove(made, Duration.ZERO, new IkeFact.Failure.Replaced(), turn));
        }
    }

    @Override
    boolean isBusy() {
        return false;
    }
}
