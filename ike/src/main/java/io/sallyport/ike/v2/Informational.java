package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The peer's INFORMATIONAL requests, RFC 7296 section 1.4. Ours are {@link Liveness} and the two deletes. */
final class Informational {
    private Informational() {}

    static void respond(IkeSa sa, ProtectedMessage request, Turn turn) {
        List<Payload.Delete> deletes = Payloads.all(request.payloads(), Payload.Delete.class);
        if (deletes.stream().anyMatch(d -> d.protocol() == Proposal.Protocol.IKE)) {
            RekeyIke.beforeDeletion(sa, turn);
            // RFC 7296 section 1.4.1: "deleting an IKE SA implicitly closes any remaining Child SAs"; the response is
            // empty.
            sa.respond(ExchangeType.INFORMATIONAL, List.of(), turn);
            sa.endAnswered(new IkeFact.Failure.DeletedByPeer(), turn);
            return;
        }
        Optional<IkeFact.Failure> fatal = fatal(request.payloads());
        if (fatal.isPresent()) {
            sa.respond(ExchangeType.INFORMATIONAL, List.of(), turn);
            sa.endAnswered(fatal.get(), turn);
            return;
        }
        List<Bytes> deleted = new ArrayList<>();
        for (Payload.Delete delete : deletes) {
            if (delete.protocol() == Proposal.Protocol.ESP) {
                delete.spis().forEach(spi -> delete(sa, spi, turn).ifPresent(deleted::add));
            }
        }
        for (Payload.Notify notify : Payloads.all(request.payloads(), Payload.Notify.class)) {
            if (notify.notifyType().equals(NotifyType.INVALID_SPI)
                    && notify.data().size() == 4) {
                lost(sa, Negotiation.toInt(notify.data()), turn);
            }
        }
        List<Payload> response = new ArrayList<>();
        if (!deleted.isEmpty()) {
            response.add(new Payload.Delete(Proposal.Protocol.ESP, deleted));
        }
        Payloads.find(request.payloads(), Payload.Configuration.class)
                .flatMap(Settings::answer)
                .ifPresent(response::add);
        boolean moved =
                Mobility.onRequest(sa, request.payloads(), sa.requestCameTo(), sa.requestCameFrom(), response, turn);
        Renewal.schedule(sa, request.payloads(), turn);
        sa.respond(ExchangeType.INFORMATIONAL, response, turn);
        if (moved) {
            sa.enqueue(new RoutabilityCheck(), turn);
        }
    }

    /**
     * Takes a child out that the peer deletes.
     *
     * @return our SPI of it, unless there is nothing to answer
     */
    private static Optional<Bytes> delete(IkeSa sa, Bytes peerSpi, Turn turn) {
        Optional<Child> child = sa.children().byPeerSpi(Negotiation.toInt(peerSpi));
        if (child.isEmpty()) {
            if (sa.current().orElse(null) instanceof CreateChild making) {
                making.deletedByPeer(Negotiation.toInt(peerSpi));
            }
            // RFC 7296 section 2.25.1: for one that does not exist, "reply without a Delete payload".
            return Optional.empty();
        }
        boolean crossed = child.get().phase() instanceof Child.Phase.Deleting;
        IkeFact.Failure why = child.get().phase() instanceof Child.Phase.Replaced
                ? new IkeFact.Failure.Replaced()
                : new IkeFact.Failure.DeletedByPeer();
        sa.children().retire(sa, child.get(), Limits.CHILD_LINGER, why, turn);
        sa.children().forget(child.get(), turn);
        // RFC 7296 section 1.4.1: both delete the same at the same time, and neither names it in the response.
        return crossed
                ? Optional.empty()
                : Optional.of(Proposals.spiBytes(child.get().sa().inboundSpi()));
    }

    /** The peer receives packets of a child that it does not have, and says so inside the IKE SA. */
    private static void lost(IkeSa sa, int spi, Turn turn) {
        sa.children()
                .byPeerSpi(spi)
                .filter(Child::isLive)
                .ifPresent(child -> sa.enqueue(
                        new DeleteChild(
                                child,
                                new IkeFact.Failure.PeerError(
                                        NotifyType.INVALID_SPI.code(), NotifyType.INVALID_SPI.toString())),
                        turn));
    }

    /** Errors that end an IKE SA for both (RFC 7296 sections 2.21.2 and 2.21.3). */
    private static Optional<IkeFact.Failure> fatal(List<Payload> payloads) {
        if (Payloads.notify(payloads, NotifyType.AUTHENTICATION_FAILED).isPresent()) {
            return Optional.of(new IkeFact.Failure.AuthenticationFailed(true, Optional.empty()));
        }
        return Payloads.notify(payloads, NotifyType.INVALID_SYNTAX)
                .map(n -> new IkeFact.Failure.PeerError(
                        n.notifyType().code(), n.notifyType().toString()));
    }
}
