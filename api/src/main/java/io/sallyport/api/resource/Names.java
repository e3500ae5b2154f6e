package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names, locations and tags: what is the same for every type. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.()-]{0,88}[A-Za-z0-9_()-])?");
    private static final int TAGS_MAX = 50;
    private static final int TAG_NAME_MAX = 512;
    private static final int TAG_VALUE_MAX = 256;
    private static final int LOCATION_MAX = 64;

    private Names() {}

    static void check(ArmId id, Complaints complaints) {
        for (ArmId.Segment segment : id.segments()) {
            if (!NAME.matcher(segment.name()).matches()) {
                complaints.add(
                        "InvalidResourceName",
                        "name",
                        "found '" + segment.name()
                                + "'; allowed: up to 90 letters, digits, '_', '-', '.', '(' and ')', beginning with a"
                                + " letter, digit or '_' and not ending with '.'");
            }
        }
    }

    /** The id as it is answered: types as Azure spells them, names as at creation. */
    static ArmId spelled(ResourceType type, ArmId id, Optional<ArmResource> before, Container group) {
        String[] groupId = group.id().split("/", -1);
        String[] typeName = type.name().split("/", -1);
        List<ArmId.Segment> segments = new ArrayList<>();
        segments.add(new ArmId.Segment(
                typeName[1],
                before.map(b -> b.id().name()).orElse(id.segments().getFirst().name())));
        List<ResourceType.Child> children = Children.types(type, id).orElse(List.of());
        for (int i = 0; i < children.size(); i++) {
            segments.add(new ArmId.Segment(
                    children.get(i).type(), id.segments().get(i + 1).name()));
        }
        return new ArmId(groupId[2], group.name(), typeName[0], segments);
    }

    /** A location once given stays; one that is not given is the group's. */
    static void locate(
            ArmId id, ObjectNode body, Optional<ArmResource> before, Container group, Complaints complaints) {
        String stored = before.map(b -> b.body().path("location").asString("")).orElse("");
        JsonNode given = body.path("location");
        if (given.isMissingNode() || given.isNull()) {
            body.put("location", stored.isEmpty() ? group.location() : stored);
            return;
        }
        Optional<String> wanted = location(given);
        if (wanted.isEmpty()) {
            complaints.add(
                    "InvalidRequestContent",
                    "location",
                    "found " + kind(given) + "; allowed: a text of 1 to " + LOCATION_MAX + " characters");
        } else if (!stored.isEmpty() && !stored.equals(wanted.get())) {
            complaints.add(ArmError.of(
                    409,
                    "InvalidResourceLocation",
                    "the resource is in '" + stored + "' and cannot move to '" + wanted.get() + "'; delete it first",
                    id.toString()));
        } else {
            body.put("location", wanted.get());
        }
    }

    /** A location's short name: {@code West US} is {@code westus}. */
    static Optional<String> location(JsonNode given) {
        String name = given.isString() ? given.asString().replace(" ", "").toLowerCase(java.util.Locale.ROOT) : "";
        return name.isEmpty() || name.length() > LOCATION_MAX ? Optional.empty() : Optional.of(name);
    }

    static void checkTags(ObjectNode body, Complaints complaints) {
        JsonNode tags = body.path("tags");
        if (tags.isMissingNode()) {
            return;
        }
        if (tags.isNull()) {
            body.remove("tags");
            return;
        }
        if (!tags.isObject() || tags.size() > TAGS_MAX) {
            complaints.add(
                    "InvalidTags",
                    "tags",
                    "found " + kind(tags) + "; allowed: an object of up to " + TAGS_MAX + " texts");
            return;
        }
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            boolean isText = tag.getValue().isString() || tag.getValue().isNull();
            String value = tag.getValue().asString("");
            if (!isText || tag.getKey().length() > TAG_NAME_MAX || value.length() > TAG_VALUE_MAX) {
                complaints.add(
                        "InvalidTags",
                        "tags",
                        "a tag is a name of up to " + TAG_NAME_MAX + " and a text of up to " + TAG_VALUE_MAX
                                + " characters; found " + kind(tag.getValue()));
            }
        }
    }

    /** What a value is, without saying the value. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case MISSING -> "nothing";
            case BINARY, POJO -> "something else";
        };
    }
}
