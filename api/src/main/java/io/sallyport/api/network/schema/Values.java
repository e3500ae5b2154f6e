package io.sallyport.api.network.schema;

import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/** Reads single values: what templates and SDKs write as text where a number or a truth is meant counts as such. */
final class Values {
    private static final int TEXT_MAX = 65_536;
    private static final String FORMAT = "InvalidRequestFormat";

    private final Findings findings;

    Values(Findings findings) {
        this.findings = findings;
    }

    Optional<JsonNode> flag(JsonNode found, String path) {
        if (found.isBoolean()) {
            return Optional.of(found);
        }
        if (found.isString()
                && (found.stringValue().equalsIgnoreCase("true")
                        || found.stringValue().equalsIgnoreCase("false"))) {
            return Optional.of(BooleanNode.valueOf(found.stringValue().equalsIgnoreCase("true")));
        }
        return refuse(found, path, "true, false");
    }

    Optional<JsonNode> whole(Kind.Whole kind, JsonNode found, String path) {
        String text = found.isString() ? found.stringValue() : found.isNumber() ? plain(found) : "";
        if (text.matches("-?[0-9]{1,18}")) {
            long value = Long.parseLong(text);
            if (value >= kind.min() && value <= kind.max()) {
                return Optional.of(value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value));
            }
        }
        boolean bounded = kind.max() != Long.MAX_VALUE;
        return refuse(found, path, bounded ? "a whole number in " + kind.min() + ".." + kind.max() : "a whole number");
    }

    Optional<JsonNode> fraction(JsonNode found, String path) {
        return found.isNumber() ? Optional.of(found) : refuse(found, path, "a number");
    }

    Optional<JsonNode> text(JsonNode found, String path) {
        if (found.isString() || found.isNumber()) {
            String text = found.isString() ? found.stringValue() : plain(found);
            if (text.length() <= TEXT_MAX) {
                return Optional.of(StringNode.valueOf(text));
            }
            findings.wrong(FORMAT, path, "found " + text.length() + " characters; allowed: " + TEXT_MAX);
            return Optional.empty();
        }
        return refuse(found, path, "a text");
    }

    Optional<JsonNode> address(JsonNode found, String path) {
        return text(found, path).flatMap(text -> {
            try {
                return Optional.of(
                        StringNode.valueOf(Address.parse(text.stringValue()).toString()));
            } catch (IllegalArgumentException e) {
                findings.wrong(
                        "InvalidIPAddressFormat",
                        path,
                        "found " + Findings.quoted(text.stringValue()) + "; allowed: an IPv4 or IPv6 address");
                return Optional.empty();
            }
        });
    }

    Optional<JsonNode> prefix(JsonNode found, String path) {
        return text(found, path).flatMap(text -> {
            try {
                return Optional.of(
                        StringNode.valueOf(Prefix.parse(text.stringValue()).toString()));
            } catch (IllegalArgumentException e) {
                String why = String.valueOf(e.getMessage());
                findings.wrong(
                        "InvalidCIDRNotation",
                        path,
                        "found "
                                + (text.stringValue().length() < 64 && why.startsWith("'" + text.stringValue() + "'")
                                        ? why
                                        : Findings.quoted(text.stringValue()) + ", which is no address prefix")
                                + "; allowed: a prefix such as 10.1.0.0/16");
                return Optional.empty();
            }
        });
    }

    Optional<JsonNode> word(Kind.Word kind, JsonNode found, String path) {
        return text(found, path).flatMap(text -> {
            for (String word : kind.words()) {
                if (word.equalsIgnoreCase(text.stringValue())) {
                    return Optional.of(StringNode.valueOf(word));
                }
            }
            String allowed = String.join(", ", kind.words());
            if (kind.open()) {
                findings.warn(path, "found " + Findings.quoted(text.stringValue()) + ", which is none of " + allowed);
                return Optional.of(text);
            }
            findings.wrong(FORMAT, path, "found " + Findings.quoted(text.stringValue()) + "; allowed: " + allowed);
            return Optional.empty();
        });
    }

    Optional<JsonNode> refuse(JsonNode found, String path, String allowed) {
        findings.wrong(FORMAT, path, "found " + shown(found) + "; allowed: " + allowed);
        return Optional.empty();
    }

    static String kind(JsonNode found) {
        return found.isObject()
                ? "a group of properties"
                : found.isArray()
                        ? "a list"
                        : found.isString()
                                ? "a text"
                                : found.isNumber() ? "a number" : found.isBoolean() ? "true or false" : "nothing";
    }

    private static String shown(JsonNode found) {
        return found.isString()
                ? Findings.quoted(found.stringValue())
                : found.isNumber() || found.isBoolean() ? Findings.quoted(found.toString()) : kind(found);
    }

    /** A number without exponent, as a person would write it; too long ones as they stand. */
    private static String plain(JsonNode number) {
        return number instanceof DecimalNode decimal
                        && Math.abs(decimal.decimalValue().scale()) < 64
                ? decimal.decimalValue().toPlainString()
                : number.toString();
    }
}
