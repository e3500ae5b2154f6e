package io.sallyport.ike.v2;

import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * Addresses that one end gave the other for as long as they talk.
 *
 * @param given by the gateway to its client; empty: none were wanted
 * @param lease how they are given back; absent at the client
 */
record Addresses(List<Address> given, Optional<IkeAction.ReleaseLease> lease) {
    static final Addresses NONE = new Addresses(List.of(), Optional.empty());

    Addresses {
        given = List.copyOf(given);
    }

    /** A child between these addresses and what lies behind the gateway: they take the place of the client's selectors. */
    ChildConfig of(ChildConfig config) {
        if (given.isEmpty()) {
            return config;
        }
        List<TrafficSelector> hosts =
                given.stream().map(a -> TrafficSelector.of(Prefix.host(a))).toList();
        boolean weGave = lease.isPresent();
        return new ChildConfig(
                config.name(),
                weGave ? config.local() : hosts,
                weGave ? hosts : config.remote(),
                config.offers(),
                config.accepts(),
                config.lifetime(),
                config.lifetimeBytes(),
                config.replayWindow());
    }
}
