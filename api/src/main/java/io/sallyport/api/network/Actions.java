package io.sallyport.api.network;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Words that several operations share. */
final class Actions {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FILTER_MAX = 16_384;

    private Actions() {}

    static Refused refused(String code, String target, String message) {
        return new Refused(ArmError.of(400, code, message, target));
    }

    static Refused notFound(String id) {
        return new Refused(ArmError.of(404, "ResourceNotFound", "The resource '" + id + "' was not found.", id));
    }

    static Operation notSupported(String method, String pattern, String why) {
        return new Operation(method, pattern, _ -> {
            throw new Refused(ArmError.of(501, "NotSupported", pattern + " cannot be done: " + why));
        });
    }

    static void oneOf(String found, List<String> allowed, String target) throws Refused {
        if (allowed.stream().noneMatch(found::equalsIgnoreCase)) {
            throw refused(
                    "InvalidParameterValue",
                    target,
                    "found " + Findings.quoted(found) + "; allowed: " + String.join(", ", allowed));
        }
    }

    /** {@code {"value": []}}. */
    static ObjectNode page() {
        ObjectNode out = JSON.createObjectNode();
        out.putArray("value");
        return out;
    }

    /** The text at a property of a body; nothing when it is absent. */
    static Optional<String> text(JsonNode body, String name) {
        for (var field : body.properties()) {
            if (field.getKey().equalsIgnoreCase(name) && field.getValue().isString()) {
                return Optional.of(field.getValue().stringValue());
            }
        }
        return Optional.empty();
    }

    /** Azure's filter is JSON inside a text. */
    static Operation startCapture() {
        return new Operation("POST", "startPacketCapture", call -> {
            ObjectNode arguments = JSON.createObjectNode();
            Optional<String> filter = text(call.body(), "filterData").filter(f -> !f.isBlank());
            if (filter.isPresent()) {
                arguments.set("filterData", filter(filter.get()));
            }
            return new Operation.Outcome.Command(
                    "startCapture",
                    arguments,
                    result -> JSON.valueToTree(result.path("name").asString("Started")));
        });
    }

    private static JsonNode filter(String text) throws Refused {
        if (text.length() > FILTER_MAX) {
            throw refused(
                    "InvalidPacketCaptureFilter",
                    "filterData",
                    "found " + text.length() + " characters; allowed: " + FILTER_MAX);
        }
        try {
            JsonNode parsed = JSON.readTree(text);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JacksonException e) {
            throw refused(
                    "InvalidPacketCaptureFilter",
                    "filterData",
                    "found " + Findings.quoted(text) + ", which is not JSON; allowed: an object with TracingFlags,"
                            + " MaxPacketBufferSize, MaxFileSize, Filters");
        }
        throw refused(
                "InvalidPacketCaptureFilter",
                "filterData",
                "found " + Findings.quoted(text) + "; allowed: an object with TracingFlags, MaxPacketBufferSize,"
                        + " MaxFileSize, Filters");
    }

    /** The answer says where the file can be fetched; a storage account has no meaning here. */
    static Operation stopCapture() {
        return new Operation(
                "POST",
                "stopPacketCapture",
                call -> new Operation.Outcome.Command(
                        "stopCapture",
                        JSON.createObjectNode(),
                        result -> JSON.valueToTree(call.resource().id() + "/captures/"
                                + result.path("name").asString(""))));
    }
}
