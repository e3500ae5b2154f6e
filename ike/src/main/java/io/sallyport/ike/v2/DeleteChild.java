package io.sallyport.ike.v2;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.List;

/** Deletes one child, RFC 7296 section 1.4.1: each end names the SPI that it receives on. */
record DeleteChild(Child child, IkeFact.Failure why) implements Initiated {
    @Override
    public void start(IkeSa sa, Turn turn) {
        if (sa.children().byId(child.id()).isEmpty()) {
            // The peer was faster.
            sa.finished(turn);
            return;
        }
        sa.children().retire(sa, child, Limits.CHILD_LINGER, why, turn);
        // INFORMATIONAL request: HDR, SK {D}
        sa.request(
                ExchangeType.INFORMATIONAL,
                List.of(new Payload.Delete(
                        Proposal.Protocol.ESP,
                        List.of(Proposals.spiBytes(child.sa().inboundSpi())))),
                turn);
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        // INFORMATIONAL response: HDR, SK {D}, or without D when both deleted it at the same time.
        sa.children().forget(child, turn);
        sa.finished(turn);
    }
}
