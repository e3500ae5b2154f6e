package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does whoever moved receive at its new address what we send there? RFC 4555 section 3.7. Only then do packets follow: else a
 * peer could have us flood somebody else.
 */
final class RoutabilityCheck implements Initiated {
    private Bytes cookie = Bytes.EMPTY;
    private Endpoint there = new Endpoint(Address.ipv4(0), 0);
    private @Nullable IkeSa asker;

    @Override
    public void start(IkeSa sa, Turn turn) {
        if (!sa.isEstablished()) {
            sa.finished(turn);
            return;
        }
        cookie = turn.entropy().bytes(16);
        there = sa.remote();
        asker = sa;
        // INFORMATIONAL request: HDR, SK {N(COOKIE2)}
        sa.request(ExchangeType.INFORMATIONAL, List.of(Payload.Notify.of(NotifyType.COOKIE2, cookie)), turn);
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        // INFORMATIONAL response: HDR, SK {N(COOKIE2)}
        boolean echoed = Payloads.notify(response.payloads(), NotifyType.COOKIE2)
                .filter(n -> n.data().equals(cookie))
                .isPresent();
        if (echoed && there.equals(sa.remote())) {
            // The peer may have rekeyed the IKE SA meanwhile; its heir has the children.
            sa.latest().moveChildren(turn);
        }
        sa.finished(turn);
        if (!echoed) {
            sa.close(new IkeFact.Failure.Misbehaved("COOKIE2: not the one that was sent"), turn);
        }
    }

    /** The peer has rekeyed the IKE SA meanwhile and deleted the old one: its heir begins anew. */
    @Override
    public void abandon(Turn turn) {
        IkeSa old = asker;
        if (old != null && old.latest() != old && old.latest().isEstablished()) {
            turn.touch(old.latest());
            old.latest().enqueue(new RoutabilityCheck(), turn);
        }
    }
}
