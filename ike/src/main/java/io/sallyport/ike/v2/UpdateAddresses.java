package io.sallyport.ike.v2;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This is where we are now: RFC 4555 section 3.5. */
final class UpdateAddresses implements Initiated {
    private Endpoint here = new Endpoint(Address.ipv4(0), 0);
    private Endpoint there = new Endpoint(Address.ipv4(0), 0);
    private @Nullable IkeSa asker;

    @Override
    public void start(IkeSa sa, Turn turn) {
        if (!sa.isEstablished()) {
            sa.finished(turn);
            return;
        }
        here = sa.local();
        there = sa.remote();
        asker = sa;
        // INFORMATIONAL request: HDR, SK {N(UPDATE_SA_ADDRESSES), N(NAT_DETECTION_*), N(NO_ADDITIONAL_ADDRESSES)}
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
        payloads.addAll(NatDetection.notifies(sa.spis(), here, there, sa.nat().feigned(), turn.entropy()));
        payloads.add(Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES));
        sa.request(ExchangeType.INFORMATIONAL, payloads, turn);
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        List<Payload> payloads = response.payloads();
        Optional<Payload.Notify> error = Payloads.error(payloads);
        // RFC 4555 section 3.5: only the latest update counts; if we moved meanwhile, another one waits already.
        boolean latest = here.equals(sa.local()) && there.equals(sa.remote());
        // The peer may have rekeyed the IKE SA meanwhile; its heir has the children.
        IkeSa heir = sa.latest();
        if (latest && error.isPresent()) {
            NotifyType type = error.get().notifyType();
            turn.note(new IkeFact.ChildRefused(
                    sa.name(),
                    "move to " + here.address(),
                    new IkeFact.Failure.PeerError(type.code(), type.toString())));
        } else if (latest) {
            NatDetection found =
                    NatDetection.of(payloads, sa.spis(), here, there, sa.nat().feigned());
            heir.relocate(here, there, found.supported() ? found : sa.nat(), turn);
            heir.moveChildren(turn);
            Payloads.notify(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP)
                    .ifPresent(n -> sa.path().seenElsewhere(n.data()));
        }
        sa.finished(turn);
    }

    /** The peer has rekeyed the IKE SA meanwhile and deleted the old one: its heir begins anew. */
    @Override
    public void abandon(Turn turn) {
        IkeSa old = asker;
        if (old != null && old.latest() != old && old.latest().isEstablished()) {
            turn.touch(old.latest());
            old.latest().enqueue(new UpdateAddresses(), turn);
        }
    }
}
