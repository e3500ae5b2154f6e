package io.sallyport.api.arm;

import io.sallyport.base.Secret;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource of a group as it is stored, with its children inside. Immutable by agreement: whoever wants another body
 * makes a deep copy.
 *
 * @param id always of the resource itself, never of a child
 * @param body {@code id}, {@code name}, {@code type}, {@code etag}, {@code location}, {@code tags}, {@code sku}, …,
 *     {@code properties}; without secrets and without what {@link ResourceType#show} computes
 * @param secrets by JSON pointer, such as {@code /properties/sharedKey}
 * @param revision of the store; 0 when it has not been stored yet
 */
public record ArmResource(ArmId id, ObjectNode body, SortedMap<String, Secret> secrets, long revision) {
    public ArmResource {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    public ArmResource(ArmId id, ObjectNode body, Map<String, Secret> secrets) {
        this(id, body, new TreeMap<>(secrets), 0);
    }

    public ObjectNode properties() {
        return body.withObject("/properties");
    }

    /** The keys of the other resources to which this one points, or to an element of which. */
    public Set<String> targets() {
        Set<String> out = new HashSet<>();
        collect(body, out);
        out.remove(id.key());
        return out;
    }

    private static void collect(JsonNode node, Set<String> out) {
        if (node.path("id").isString()) {
            ArmId.parse(node.path("id").asString(""))
                    .ifPresent(t -> out.add(t.root().key()));
        }
        for (JsonNode inner : node) {
            if (inner.isContainer()) {
                collect(inner, out);
            }
        }
    }
}
