package io.sallyport.api.arm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What there is, as rules may look at it: the stored resources, with the change that is being checked laid over them. */
public interface World {
    /** A resource or, for a child's id, the resource that holds the child. */
    Optional<ArmResource> find(ArmId id);

    /** All of a full type such as {@code Microsoft.Network/connections}, of every group and subscription, by id. */
    List<ArmResource> ofType(String type);

    /** Those of a full type that point to a resource or to an element of it, by id. */
    default List<ArmResource> pointing(String type, ArmId target) {
        String key = target.root().key();
        return ofType(type).stream().filter(r -> r.targets().contains(key)).toList();
    }

    /** How a gateway or connection is, as the engine last said. */
    Optional<JsonNode> status(ArmId id);

    /** Whether the engine has carried out what is stored. */
    Provision provision(ArmResource resource);

    /** What machines lend: {@code node}, {@code publicAddresses: [{address}]}, {@code networks: [{vnet}]}. */
    List<JsonNode> nodes();

    Instant now();

    /** Where a resource group is; nothing when there is no such group. */
    default Optional<String> location(String subscription, String group) {
        return Optional.empty();
    }

    /** Azure's provisioningState, and what went wrong. */
    sealed interface Provision {
        record Succeeded() implements Provision {}

        record Updating() implements Provision {}

        record Failed(String code, String message) implements Provision {}
    }
}
