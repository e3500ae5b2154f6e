package io.sallyport.api.arm;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** One type of resource: what a client may write, what must be true, what a client is shown, what can be done with it. */
public interface ResourceType {
    /** The full type as Azure spells it: {@code Microsoft.Network/virtualNetworks}. */
    String name();

    /** Its children, which live inside the resource's document. */
    List<Child> children();

    /** Whether the engine carries it out, so that {@code provisioningState} is the engine's word. */
    boolean isProvisioned();

    /** Whether Azure lists it for a whole subscription too; Sallyport lists every type so. */
    boolean isListedBySubscription();

    /**
     * What is stored when {@code written} is put: names and enum values as Azure spells them, read-only properties
     * dropped, {@code null} meaning absent, whole resources given as references reduced to their id, defaults and ids
     * filled in, secrets taken out of the body, unknown properties kept. Wrong types and values become complaints.
     */
    ArmResource accept(ArmId id, ObjectNode written, Optional<ArmResource> before, World world, Complaints complaints);

    /** Complains about what does not fit the other resources; {@code world} shows {@code wanted} already in its place. */
    void check(ArmResource wanted, Optional<ArmResource> before, World world, Complaints complaints);

    /** Complains when something still needs the resource. */
    void checkDelete(ArmResource doomed, World world, Complaints complaints);

    /** The resource as a GET answers it: with {@code provisioningState}, states, statistics; without secrets. */
    ObjectNode show(ArmResource stored, World world);

    /** GETs, PUTs and POSTs below a resource that are not children. */
    List<Operation> operations();

    /**
     * A child type.
     *
     * @param type such as {@code subnets}
     * @param pointer to the list in the resource's body, such as {@code /properties/subnets}
     * @param children of the child itself: a circuit's peering has connections
     */
    record Child(String type, String pointer, List<Child> children) {
        public Child {
            children = List.copyOf(children);
        }
    }
}
