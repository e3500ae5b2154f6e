package io.sallyport.gateway;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;

/** What the gateway wants done, in this order, before it is told anything else. */
public sealed interface GatewayAction {
    /** Carry out what the IKE machine wants. Never an {@link IkeAction.Wake}. */
    record Ike(IkeAction action) implements GatewayAction {}

    /** The moment at which {@link GatewayEvent.Deadline} must come; replaces any earlier wish. */
    record Wake(Monotonic at, String reason) implements GatewayAction {}
}
