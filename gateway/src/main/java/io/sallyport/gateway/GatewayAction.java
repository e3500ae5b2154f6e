package io.sallyport.gateway;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import io.sallyport.wire.Address;
import java.util.List;

/** What the gateway wants done, in this order, before it is told anything else. */
public sealed interface GatewayAction {
    /** Carry out what the IKE machine wants. Never an {@link IkeAction.Wake}. */
    record Ike(IkeAction action) implements GatewayAction {}

    /**
     * Addresses that a peer gave us are ours from now on, and those that it gave us before are not.
     *
     * @param tunnel the {@link Plan.Line#tunnel()}
     */
    record OwnAddresses(String tunnel, List<Address> addresses) implements GatewayAction {
        public OwnAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /** The moment at which {@link GatewayEvent.Deadline} must come; replaces any earlier wish. */
    record Wake(Monotonic at, String reason) implements GatewayAction {}
}
