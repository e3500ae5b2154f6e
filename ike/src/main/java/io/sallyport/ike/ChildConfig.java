package io.sallyport.ike;

import java.time.Duration;
import java.util.List;

/**
 * A pair of networks that one child SA joins, as configured.
 *
 * @param name unique within its peer
 * @param local selectors we propose, and to which we narrow as responder
 * @param remote likewise for the other end
 * @param offers what we propose as initiator, best first
 * @param accepts what we take as responder, best first
 * @param lifetime after which the child is dead; rekeyed earlier, with jitter
 * @param lifetimeBytes octets in one direction after which it is dead; 0: no limit
 * @param replayWindow packets; 0: replay protection off
 */
public record ChildConfig(
        String name,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        List<EspSuite> offers,
        List<EspSuite> accepts,
        Duration lifetime,
        long lifetimeBytes,
        int replayWindow) {}
