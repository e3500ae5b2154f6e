package io.sallyport.api.web;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.base.Bytes;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON from strangers: bounded in depth and numbers, no name twice in one object. */
public final class Json {
    static final int DEPTH_MAX = 64;
    private static final int NUMBER_MAX = 32;
    private static final int NAME_MAX = 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_MAX)
                            .maxNameLength(NAME_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // az splices a template file, comments and all, into its request under a name without quotes.
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    public static JsonNode missing() {
        return MAPPER.missingNode();
    }

    /** {@code {"value": […]}}. */
    public static ObjectNode list(Iterable<? extends JsonNode> items) {
        ObjectNode list = object();
        ArrayNode value = list.putArray("value");
        items.forEach(value::add);
        return list;
    }

    /**
     * Reads a body; an empty one is a missing node.
     *
     * @throws Refused with status 400 that says where, and never what, it says
     */
    public static JsonNode read(Bytes body) throws Refused {
        byte[] octets = body.toArray();
        if (new String(octets, StandardCharsets.ISO_8859_1).isBlank()) {
            return missing();
        }
        try {
            JsonNode node = MAPPER.readTree(octets);
            checkNumbers(node);
            return node;
        } catch (JacksonException e) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidRequestContent",
                    "the body is not JSON that is allowed here" + place(e) + ": " + why(e)));
        }
    }

    /** Reads what Sallyport itself wrote. */
    public static ObjectNode ours(String text) {
        return (ObjectNode) MAPPER.readTree(text);
    }

    public static Bytes write(JsonNode node) {
        return Bytes.wrap(MAPPER.writeValueAsBytes(node));
    }

    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    private static void checkNumbers(JsonNode node) throws Refused {
        boolean tooLarge = node.isIntegralNumber() && !node.canConvertToLong()
                || node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue());
        if (tooLarge) {
            throw new Refused(ArmError.of(400, "InvalidRequestContent", "the body has a number beyond 64 bits"));
        }
        for (JsonNode child : node) {
            checkNumbers(child);
        }
    }

    private static String place(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 0
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    /** In own words: what the library says may quote the body, and a body may hold a key. */
    private static String why(JacksonException e) {
        String said = String.valueOf(e.getOriginalMessage());
        if (said.contains("nesting depth")) {
            return "it is nested deeper than " + DEPTH_MAX + " levels";
        }
        if (said.contains("Duplicate")) {
            return "an object names a property twice";
        }
        if (said.contains("Number value length")) {
            return "a number has more than " + NUMBER_MAX + " digits";
        }
        if (said.contains("Name length")) {
            return "a name has more than " + NAME_MAX + " characters";
        }
        if (said.contains("end-of-input")) {
            return "it ends too early";
        }
        return "a character stands where it may not";
    }
}
