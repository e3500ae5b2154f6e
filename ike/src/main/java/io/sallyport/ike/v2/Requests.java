package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.v2.message.ExchangeType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our requests of one IKE SA: a window of one (RFC 7296 section 2.3), retransmitted as they were (section 2.1).
 */
final class Requests {
    /** A request without an answer yet. */
    record Pending(
            int id, ExchangeType exchange, List<Bytes> datagrams, int attempts, Monotonic sentAt, Monotonic nextAt) {}

    private int nextId;
    private @Nullable Pending pending;

    int nextId() {
        return nextId;
    }

    Optional<Pending> pending() {
        return Optional.ofNullable(pending);
    }

    void sent(ExchangeType exchange, List<Bytes> datagrams, Now now) {
        pending = new Pending(nextId, exchange, List.copyOf(datagrams), 1, now.at(), now.in(Limits.RETRANSMIT_FIRST));
    }

    /** Counts one more attempt of the pending request and hands it out. */
    Optional<Pending> again(Now now) {
        Pending last = pending;
        if (last == null) {
            return Optional.empty();
        }
        Duration wait = Limits.RETRANSMIT_FIRST.multipliedBy(1L << Math.min(last.attempts, 16));
        Duration bounded = wait.compareTo(Limits.RETRANSMIT_LONGEST) > 0 ? Limits.RETRANSMIT_LONGEST : wait;
        Pending next =
                new Pending(last.id, last.exchange, last.datagrams, last.attempts + 1, last.sentAt, now.in(bounded));
        pending = next;
        return Optional.of(next);
    }

    /** Whether a response with this exchange and id is the one awaited. */
    boolean isAnsweredBy(ExchangeType exchange, int id) {
        Pending waiting = pending;
        return waiting != null && waiting.id == id && waiting.exchange.equals(exchange);
    }

    void answered() {
        pending = null;
        nextId++;
    }

    /** IKE_SA_INIT begins anew, with the same message id (RFC 7296 section 2.6). */
    void restart() {
        pending = null;
    }
}
