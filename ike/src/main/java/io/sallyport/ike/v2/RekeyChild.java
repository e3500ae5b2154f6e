package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Proposal;
import java.util.Optional;

/** What a child's rekey adds to {@link CreateChild}: RFC 7296 sections 1.3.3, 2.8, 2.8.1 and 2.25.1. */
final class RekeyChild {
    private RekeyChild() {}

    /** Names the child by the SPI on which its initiator, we, receive. */
    static Payload.Notify notification(Child child) {
        return new Payload.Notify(
                Proposal.Protocol.ESP, Proposals.spiBytes(child.sa().inboundSpi()), NotifyType.REKEY_SA, Bytes.EMPTY);
    }

    static Optional<Child> find(IkeSa sa, Payload.Notify rekey) {
        return rekey.protocol() == Proposal.Protocol.ESP && rekey.spi().size() == 4
                ? sa.children().byPeerSpi(Negotiation.toInt(rekey.spi()))
                : Optional.empty();
    }

    /** Why the peer may not rekey this child now; nothing when it may. */
    static Optional<Payload.Notify> refusal(IkeSa sa, Optional<Child> old, Payload.Notify rekey) {
        if (old.isEmpty() && sa.isBusyWith(CreateChild.class)) {
            // It may be the very child that we are making: the peer has it already, its response is still on its way.
            return Optional.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
        }
        if (old.isEmpty()) {
            // RFC 7296 section 2.25: the notify "MUST include" protocol and SPI of the child not found.
            return Optional.of(
                    new Payload.Notify(rekey.protocol(), rekey.spi(), NotifyType.CHILD_SA_NOT_FOUND, Bytes.EMPTY));
        }
        boolean may = switch (old.get().phase()) {
            case Child.Phase.Live _ -> true;
            // RFC 7296 section 2.25.1: "currently rekeying, it SHOULD reply as usual", but only once.
            case Child.Phase.Rekeying _ -> old.get().peersRekey().isEmpty();
            // "currently trying to close, it SHOULD reply with TEMPORARY_FAILURE".
            case Child.Phase.Replaced _, Child.Phase.Deleting _ -> false;
        };
        return may ? Optional.empty() : Optional.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
    }

    /** The peer's rekey is answered; which of the two survives shows when ours is, if there is one. */
    static void replacedByPeer(Child old, Child fresh, IkeKeys.Nonces nonces, Turn turn) {
        if (old.phase() instanceof Child.Phase.Rekeying) {
            old.peersRekey(new Child.PeerRekey(fresh.id(), nonces.lowest()));
        } else {
            replace(old, fresh.id(), turn);
        }
    }

    /** Our rekey succeeded. */
    static void succeeded(
            IkeSa sa, Child old, Children.Terms terms, IkeKeys.Nonces nonces, Optional<Secret> shared, Turn turn) {
        Optional<Child.PeerRekey> peers = old.peersRekey();
        // RFC 7296 section 2.8.1: of two, the one "created with the lowest of the four nonces" is redundant and closed
        // "by
        // the endpoint that created it".
        boolean redundant =
                peers.isPresent() && nonces.lowest().compareTo(peers.get().lowestNonce()) < 0;
        Child fresh = sa.children().install(sa, terms, nonces, shared, true, !redundant, Optional.of(old), turn);
        if (redundant) {
            long survivor = peers.orElseThrow().successor();
            replace(old, survivor, turn);
            // Nobody may rekey what is about to go.
            replace(fresh, survivor, turn);
            sa.enqueue(new DeleteChild(fresh, new IkeFact.Failure.Replaced()), turn);
        } else {
            replace(old, fresh.id(), turn);
            peers.flatMap(p -> sa.children().byId(p.successor())).ifPresent(p -> replace(p, fresh.id(), turn));
            sa.enqueue(new DeleteChild(old, new IkeFact.Failure.Replaced()), turn);
        }
    }

    /** Our rekey failed; a rekey by the peer may have made it pointless. */
    static void failed(IkeSa sa, Child old, IkeFact.Failure why, Turn turn) {
        Optional<Child.PeerRekey> peers = old.peersRekey();
        if (peers.isPresent()) {
            replace(old, peers.get().successor(), turn);
        } else if (old.phase() instanceof Child.Phase.Rekeying) {
            old.phase(new Child.Phase.Live());
            old.rekeyAt(turn.inAbout(Limits.REKEY_RETRY));
            turn.note(new IkeFact.ChildRefused(sa.name(), old.config().name(), why));
        }
    }

    /** RFC 7296 section 2.25: the peer has no such child; ours is deleted silently and, if wanted, made anew. */
    static void notFound(IkeSa sa, Child old, Turn turn) {
        Optional<Child.PeerRekey> peers = old.peersRekey();
        if (peers.isPresent()) {
            replace(old, peers.get().successor(), turn);
        }
        sa.children()
                .retire(
                        sa,
                        old,
                        Limits.CHILD_LINGER,
                        new IkeFact.Failure.PeerError(
                                NotifyType.CHILD_SA_NOT_FOUND.code(), NotifyType.CHILD_SA_NOT_FOUND.toString()),
                        turn);
        sa.children().forget(old, turn);
    }

    /** Who made the successor deletes the old one; if that never happens, we do. */
    private static void replace(Child old, long successor, Turn turn) {
        if (!(old.phase() instanceof Child.Phase.Deleting)) {
            old.phase(new Child.Phase.Replaced(successor));
            old.expireAt(old.expireAt().earlier(turn.now().in(Limits.REPLACED_WAIT)));
        }
    }
}
