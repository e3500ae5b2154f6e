package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import java.time.Duration;
import java.util.List;

/** A message that was sent and is sent again, octet for octet, until it is answered. */
record Outgoing(List<Bytes> datagrams, int attempts, Monotonic nextAt) {
    Outgoing {
        datagrams = List.copyOf(datagrams);
    }

    static Outgoing first(List<Bytes> datagrams, Now now) {
        return new Outgoing(datagrams, 1, now.in(Limits.RETRANSMIT_FIRST));
    }

    Outgoing again(Now now) {
        Duration wait = Limits.RETRANSMIT_FIRST.multipliedBy(1L << Math.min(attempts, 16));
        Duration bounded = wait.compareTo(Limits.RETRANSMIT_LONGEST) > 0 ? Limits.RETRANSMIT_LONGEST : wait;
        return new Outgoing(datagrams, attempts + 1, now.in(bounded));
    }
}
