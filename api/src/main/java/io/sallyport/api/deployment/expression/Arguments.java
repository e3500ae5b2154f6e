package io.sallyport.api.deployment.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/** The arguments of one call, read as what the function needs. Messages name kinds, never values. */
record Arguments(String function, List<JsonNode> values) {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int TEXT_MAX = 1_048_576;

    int size() {
        return values.size();
    }

    JsonNode at(int index) {
        return values.get(index);
    }

    String text(int index) {
        JsonNode value = at(index);
        if (!value.isString()) {
            throw wrong(index, "a text");
        }
        return value.stringValue();
    }

    /** A text, or a number or truth as text. */
    String anyText(int index) {
        return plain(at(index));
    }

    long number(int index) {
        JsonNode value = at(index);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(index, "a whole number");
        }
        return value.asLong();
    }

    int count(int index, int max) {
        long value = number(index);
        if (value < 0 || value > max) {
            throw new TemplateFault("found " + value + " as argument " + (index + 1) + " of " + function
                    + "(); allowed: a whole number in 0.." + max);
        }
        return (int) value;
    }

    boolean flag(int index) {
        JsonNode value = at(index);
        if (!value.isBoolean()) {
            throw wrong(index, "true or false");
        }
        return value.booleanValue();
    }

    List<JsonNode> list(int index) {
        if (!at(index).isArray()) {
            throw wrong(index, "a list");
        }
        List<JsonNode> out = new ArrayList<>();
        at(index).forEach(out::add);
        return out;
    }

    TemplateFault wrong(int index, String wanted) {
        return new TemplateFault("found " + kind(at(index)) + " as argument " + (index + 1) + " of " + function
                + "(); allowed: " + wanted);
    }

    static JsonNode ofText(String value) {
        if (value.length() > TEXT_MAX) {
            throw new TemplateFault("found a text of " + value.length() + " characters; allowed: " + TEXT_MAX);
        }
        return StringNode.valueOf(value);
    }

    static JsonNode ofNumber(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    static JsonNode ofFlag(boolean value) {
        return BooleanNode.valueOf(value);
    }

    /** A value inside a text: texts without quotes, truths as .NET writes them, the others as JSON. */
    static String plain(JsonNode value) {
        return value.isString()
                ? value.stringValue()
                : value.isNull()
                        ? ""
                        : value.isBoolean() ? (value.booleanValue() ? "True" : "False") : value.toString();
    }

    static String kind(JsonNode value) {
        return value.isObject()
                ? "an object"
                : value.isArray()
                        ? "a list"
                        : value.isString()
                                ? "a text"
                                : value.isNumber() ? "a number" : value.isBoolean() ? "true or false" : "null";
    }
}
