package io.sallyport.ike.v2;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.List;

/** Deletes the IKE SA itself, RFC 7296 section 1.4.1. */
record DeleteIke() implements Initiated {
    @Override
    public void start(IkeSa sa, Turn turn) {
        // INFORMATIONAL request: HDR, SK {D}
        sa.request(ExchangeType.INFORMATIONAL, List.of(new Payload.Delete(Proposal.Protocol.IKE, List.of())), turn);
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        // INFORMATIONAL response: HDR, SK {}
        sa.end(new IkeFact.Failure.ClosedByUs("deleted"), turn);
    }
}
