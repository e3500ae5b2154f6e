package io.sallyport.ike.v2;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.util.ArrayList;
import java.util.List;

/** An INFORMATIONAL exchange that deletes nothing: RFC 7296 section 2.4 when it is empty. */
record Liveness(List<Payload> notifies) implements Initiated {
    @Override
    public void start(IkeSa sa, Turn turn) {
        List<Payload> payloads = new ArrayList<>(notifies);
        payloads.addAll(Mobility.whereAmI(sa, turn));
        sa.request(ExchangeType.INFORMATIONAL, payloads, turn);
    }

    @Override
    public void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onResponse(IkeSa sa, ProtectedMessage response, Turn turn) {
        Mobility.onWhereabouts(sa, response.payloads(), turn);
        sa.finished(turn);
    }
}
