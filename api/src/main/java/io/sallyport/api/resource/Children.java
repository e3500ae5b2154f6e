package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ResourceType;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds children inside the body of the resource that holds them. */
final class Children {
    private Children() {}

    /** The types of the children on the way to {@code id}, outermost first; nothing when a type is unknown. */
    static Optional<List<ResourceType.Child>> types(ResourceType type, ArmId id) {
        List<ResourceType.Child> found = new java.util.ArrayList<>();
        List<ResourceType.Child> possible = type.children();
        for (ArmId.Segment segment : id.segments().subList(1, id.segments().size())) {
            Optional<ResourceType.Child> next = possible.stream()
                    .filter(c -> c.type().equalsIgnoreCase(segment.type()))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            found.add(next.get());
            possible = next.get().children();
        }
        return Optional.of(List.copyOf(found));
    }

    /** The child {@code id} in {@code body}, or {@code body} itself when the id is the resource's. */
    static Optional<ObjectNode> find(ResourceType type, ObjectNode body, ArmId id) {
        Optional<List<ResourceType.Child>> types = types(type, id);
        if (types.isEmpty()) {
            return Optional.empty();
        }
        Optional<ObjectNode> at = Optional.of(body);
        for (int i = 0; i < types.get().size() && at.isPresent(); i++) {
            at = named(
                    at.get().at(types.get().get(i).pointer()),
                    id.segments().get(i + 1).name());
        }
        return at;
    }

    /** The list that holds or would hold the child {@code id}; nothing when a child between is missing. */
    static Optional<ArrayNode> list(ResourceType type, ObjectNode body, ArmId id) {
        int last = id.segments().size() - 1;
        ArmId holder = new ArmId(
                id.subscription(), id.group(), id.provider(), id.segments().subList(0, last));
        Optional<List<ResourceType.Child>> types = types(type, id);
        Optional<ObjectNode> parent = find(type, body, holder);
        return types.isEmpty()
                ? Optional.empty()
                : parent.map(p -> p.withArray(types.get().getLast().pointer()));
    }

    static Optional<ObjectNode> named(JsonNode list, String name) {
        for (JsonNode item : list) {
            if (item instanceof ObjectNode object
                    && object.path("name").asString("").equalsIgnoreCase(name)) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }
}
