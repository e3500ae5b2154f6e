package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.web.Json;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entity tags ({@code W/"guid"}): a resource or child keeps its tag for as long as nothing of it, secrets and children
 * included, changes.
 */
final class Etags {
    private static final String ETAG = "etag";

    private Etags() {}

    static String fresh() {
        return "W/\"" + UUID.randomUUID() + "\"";
    }

    /** Puts tags into {@code accepted}, whose body may be changed. */
    static ArmResource stamp(ResourceType type, ArmResource accepted, Optional<ArmResource> before) {
        Optional<ObjectNode> old = before.map(ArmResource::body);
        stampChildren(type.children(), accepted.body(), old);
        boolean same = before.isPresent()
                && before.get().secrets().equals(accepted.secrets())
                && without(accepted.body()).equals(without(before.get().body()));
        ObjectNode head = Json.object();
        List.of("name", "id").forEach(n -> head.set(n, accepted.body().path(n)));
        head.put(ETAG, same ? tag(before.get().body()) : fresh());
        accepted.body().properties().forEach(p -> {
            if (!head.has(p.getKey())) {
                head.set(p.getKey(), p.getValue());
            }
        });
        return new ArmResource(accepted.id(), head, accepted.secrets(), accepted.revision());
    }

    private static void stampChildren(List<ResourceType.Child> types, ObjectNode body, Optional<ObjectNode> before) {
        for (ResourceType.Child type : types) {
            for (JsonNode item : body.at(type.pointer())) {
                if (item instanceof ObjectNode child) {
                    Optional<ObjectNode> old = before.flatMap(b -> Children.named(
                            b.at(type.pointer()), child.path("name").asString("")));
                    stampChildren(type.children(), child, old);
                    boolean same = old.isPresent() && without(child).equals(without(old.get()));
                    child.put(ETAG, same ? tag(old.get()) : fresh());
                }
            }
        }
    }

    /** The tag of a body; a fresh one for a body that has none. */
    static String tag(JsonNode body) {
        String tag = body.path(ETAG).asString("");
        return tag.isEmpty() ? fresh() : tag;
    }

    /** Without its own tag and the tags of what is inside, which follow their contents. */
    private static JsonNode without(ObjectNode body) {
        ObjectNode copy = body.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(ETAG);
        }
        for (JsonNode child : node) {
            strip(child);
        }
    }
}
