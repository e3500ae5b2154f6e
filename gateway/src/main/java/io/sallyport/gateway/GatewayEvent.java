package io.sallyport.gateway;

import io.sallyport.ike.IkeEvent;
import java.util.List;

/** What may happen to the gateway. */
public sealed interface GatewayEvent {
    /** From now on this plan is to be run; what did not change stays untouched. */
    record Apply(Plan plan) implements GatewayEvent {}

    /** Something for the IKE machine. */
    record Ike(IkeEvent event) implements GatewayEvent {}

    /** Time has passed: what was asked for by {@link GatewayAction.Wake} may be due. */
    record Deadline() implements GatewayEvent {}

    /** A packet wants to go where no child leads. */
    record Wanted(String connection) implements GatewayEvent {}

    /** What the living children have carried so far. */
    record Counted(List<Traffic> traffic) implements GatewayEvent {}

    /** A person asks for new keys. */
    record Rekey(String connection, Keys keys) implements GatewayEvent {}

    /** A person asks to begin anew: the connection is closed and, if this end may, established again at once. */
    record Reset(String connection) implements GatewayEvent {}

    /** Everything is to be closed politely, for good. */
    record Stop() implements GatewayEvent {}

    /** Which keys. */
    enum Keys {
        IKE,
        CHILD
    }

    /** Octets and packets of one child since it was made. */
    record Traffic(long childId, long bytesIn, long packetsIn, long bytesOut, long packetsOut) {}
}
