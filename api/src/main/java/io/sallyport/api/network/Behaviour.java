package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What is true of one type beyond the shape of its body. */
interface Behaviour {
    /** Below Microsoft.Network. */
    String type();

    default List<ResourceType.Child> children() {
        return List.of();
    }

    /** Whether the engine carries it out. */
    default boolean isProvisioned() {
        return false;
    }

    /** Whether Azure lists it for a whole subscription. */
    default boolean isListedBySubscription() {
        return true;
    }

    /** Completes what is stored; may change the body of {@code made} and answer it, or answer another. */
    default ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        return made;
    }

    /** Complains about what does not fit. */
    default void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {}

    /** Complains about a deletion, beside whether something still points to the resource. */
    default void checkDelete(ArmResource doomed, Neighbours neighbours, Complaints complaints) {}

    /** Completes what is shown. */
    default void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {}

    default List<Operation> operations() {
        return List.of();
    }
}
