package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Carries one request and waits for its answer. */
public interface Transport {
    /**
     * Sends, again and again, until a packet comes that is accepted.
     *
     * @param port which of the server's
     * @param accepted whether a packet is the answer; others are strangers' and are not heard
     * @param patience how long is waited after each sending
     * @return empty: nobody answered
     * @throws IOException when it cannot even be sent
     */
    Optional<Bytes> exchange(
            RadiusServer server, Endpoint port, Bytes request, Predicate<Bytes> accepted, Iterable<Duration> patience)
            throws IOException, InterruptedException;
}
