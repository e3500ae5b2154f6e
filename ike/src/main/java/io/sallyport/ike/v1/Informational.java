package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.Payloads;
import io.sallyport.ike.v1.message.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Informational messages, RFC 2409 section 5.7: they go one way, and nothing tells whether they arrived. */
final class Informational {
    private Informational() {}

    // Ours.

    static void deleteChild(IkeSa sa, int ourSpi, Turn turn) {
        sa.inform(List.of(new Payload.Delete(Proposal.Protocol.ESP, List.of(Offers.spiOctets(ourSpi)))), turn);
    }

    static void deleteSa(IkeSa sa, Turn turn) {
        sa.inform(
                List.of(new Payload.Delete(
                        Proposal.Protocol.ISAKMP, List.of(sa.spis().both()))),
                turn);
    }

    static void error(IkeSa sa, int protocol, Bytes spi, NotifyType type, Turn turn) {
        sa.inform(List.of(new Payload.Notify(protocol, spi, type, Bytes.EMPTY)), turn);
    }

    // The peer's, or somebody's.

    /** Anybody could have sent it. It is remembered, in case nothing better comes, and makes us ask; no more. */
    static void hint(IkeSa sa, Header header, Bytes message, Turn turn) throws Malformed {
        PayloadReader.Chain chain = PayloadReader.plain(header.next(), message.slice(Header.OCTETS, message.size()));
        Optional<Payload.Notify> error = Payloads.error(chain.payloads());
        if (sa.state() == SaState.PROVING) {
            error.filter(_ -> sa.isInitiator()).ifPresent(e -> sa.phase1().hint = Optional.of(meaning(sa, e)));
        } else {
            sa.deadPeer().suspect(sa, turn);
        }
    }

    /** What an error tells in phase 1. */
    private static IkeFact.Failure meaning(IkeSa sa, Payload.Notify error) {
        NotifyType type = error.notifyType();
        if (type.equals(NotifyType.NO_PROPOSAL_CHOSEN)) {
            return new IkeFact.Failure.NoProposalChosen(
                    sa.phase1().mode(), Offers.names(sa.peer().offers()), List.of(), true);
        }
        boolean aboutProof = type.equals(NotifyType.AUTHENTICATION_FAILED)
                || type.equals(NotifyType.INVALID_HASH_INFORMATION)
                || type.equals(NotifyType.INVALID_SIGNATURE)
                || type.equals(NotifyType.PAYLOAD_MALFORMED);
        if (aboutProof && sa.phase1().step == Phase1.Step.PROOF) {
            return new IkeFact.Failure.AuthenticationFailed(
                    true, Optional.of(sa.peer().localIdentity()));
        }
        return new IkeFact.Failure.PeerError(type.code(), type.toString());
    }

    /**
     * Encrypted, before both ends have proven themselves: the peer could not read our proof, or did not like it. When the
     * shared keys differ it cannot be read either.
     */
    static void early(IkeSa sa, Header header, Turn turn) throws Malformed {
        if (!sa.isInitiator() || !sa.hasKeys() || sa.phase1().step != Phase1.Step.PROOF) {
            throw new Malformed("exchange type", header.exchange() + " before both ends have proven themselves");
        }
        turn.touch(sa);
        sa.phase1().hint = Optional.of(new IkeFact.Failure.AuthenticationFailed(
                true, Optional.of(sa.peer().localIdentity())));
    }

    /** Liveness questions come often, carry numbers of their own, and may be answered twice. */
    static boolean isLiveness(PayloadReader.Chain chain) {
        return chain.payloads().size() == 2
                && chain.payloads().getLast() instanceof Payload.Notify n
                && (n.notifyType().equals(NotifyType.R_U_THERE)
                        || n.notifyType().equals(NotifyType.R_U_THERE_ACK));
    }

    /**
     * With the number of an exchange that there is. RFC 2408 section 3.1, Commit Bit: "the Message ID field of the
     * Informational Exchange MUST contain the Message ID of the original ISAKMP Phase 2 SA negotiation".
     */
    static void within(IkeSa sa, Exchange exchange, Header header, Bytes sealed, Turn turn) throws Malformed {
        Bytes plain = sa.keys().cipher().decrypt(sa.keys().iv(sa.iv(), header.messageId()), sealed);
        PayloadReader.Chain chain = PayloadReader.padded(header.next(), plain);
        Exchange.requireHash(chain, sa.keys().hash(exchange.messageIdOctets(), chain.afterFirst()));
        sa.alive(turn);
        if (exchange instanceof QuickInitiator quick
                && Payloads.notify(chain.payloads(), NotifyType.CONNECTED).isPresent()) {
            quick.connected(sa, turn);
        }
    }

    /** An authentic one. */
    static void process(IkeSa sa, PayloadReader.Chain chain, Turn turn) throws Malformed {
        for (Payload.Notify notify : Payloads.all(chain.payloads(), Payload.Notify.class)) {
            onNotify(sa, notify, turn);
        }
        for (Payload.Delete delete : Payloads.all(chain.payloads(), Payload.Delete.class)) {
            if (delete.protocol() == Proposal.Protocol.ESP) {
                delete.spis().forEach(spi -> deleted(sa, spi, turn));
            } else if (delete.protocol() == Proposal.Protocol.ISAKMP) {
                for (Bytes cookies : delete.spis()) {
                    // Of this SA, or of another one with the same peer.
                    turn.sas().ofPeer(sa.name()).stream()
                            .filter(s -> s.hasKeys() && s.spis().both().equals(cookies))
                            .forEach(s -> s.end(new IkeFact.Failure.DeletedByPeer(), turn));
                }
            }
        }
    }

    private static void deleted(IkeSa sa, Bytes spi, Turn turn) {
        if (spi.size() != 4) {
            return;
        }
        Remote shared = sa.shared(turn);
        shared.byPeerSpi(Offers.toInt(spi)).ifPresent(child -> {
            IkeFact.Failure why = child.phase() == Child.Phase.REPLACED
                    ? new IkeFact.Failure.Replaced()
                    : new IkeFact.Failure.DeletedByPeer();
            shared.remove(child, Limits.CHILD_LINGER, why, turn);
        });
    }

    private static void onNotify(IkeSa sa, Payload.Notify notify, Turn turn) throws Malformed {
        NotifyType type = notify.notifyType();
        Bytes data = notify.data();
        if (type.equals(NotifyType.R_U_THERE)) {
            // RFC 3706 section 6.1: only about this SA, by both of its cookies.
            if (data.size() == 4 && notify.spi().equals(sa.spis().both())) {
                sa.inform(List.of(DeadPeer.notification(sa, NotifyType.R_U_THERE_ACK, data)), turn);
            }
        } else if (type.equals(NotifyType.R_U_THERE_ACK)) {
            if (data.size() == 4 && notify.spi().equals(sa.spis().both())) {
                sa.deadPeer().answered(Offers.toInt(data));
            }
        } else if (type.equals(NotifyType.INITIAL_CONTACT)) {
            Duplicates.onInitialContact(sa, turn);
        } else if (type.equals(NotifyType.RESPONDER_LIFETIME)) {
            onLifetime(sa, notify, turn);
        } else if (type.isError()) {
            onError(sa, notify, turn);
        }
    }

    /** RFC 2407 section 4.6.3.1: the responder says in its answer that it wants a shorter life than it was offered. */
    static Optional<Duration> responderLifetime(List<Payload> payloads) throws Malformed {
        Optional<Payload.Notify> told = Payloads.notify(payloads, NotifyType.RESPONDER_LIFETIME);
        return told.isEmpty()
                ? Optional.empty()
                : Offers.lifetime(PayloadReader.attributes(told.get().data()));
    }

    private static void onLifetime(IkeSa sa, Payload.Notify notify, Turn turn) throws Malformed {
        var lifetime = Offers.lifetime(PayloadReader.attributes(notify.data()));
        if (lifetime.isEmpty()) {
            return;
        }
        if (notify.protocol() == Proposal.Protocol.ISAKMP) {
            sa.shorten(lifetime.get(), turn);
        } else if (notify.spi().size() == 4) {
            sa.shared(turn)
                    .byPeerSpi(Offers.toInt(notify.spi()))
                    .ifPresent(c -> c.lifetimeEnds(
                            turn.inMostOf(lifetime.get(), c.weBegan()),
                            turn.now().in(lifetime.get())));
        }
    }

    /** RFC 2409 says nothing of which exchange an error is about; ours go one after the other. */
    private static void onError(IkeSa sa, Payload.Notify notify, Turn turn) {
        for (Exchange exchange : sa.exchanges().all()) {
            if (exchange instanceof QuickInitiator quick && quick.isBusy()) {
                quick.refused(sa, notify.notifyType(), turn);
                return;
            }
        }
        sa.deadPeer().suspect(sa, turn);
    }
}
