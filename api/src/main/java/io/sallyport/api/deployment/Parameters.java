package io.sallyport.api.deployment;

import io.sallyport.api.deployment.expression.TemplateFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of a template with the values that were given; names are found without regard to case. */
final class Parameters {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX = 256;
    /** Shorter texts occur everywhere by accident. */
    private static final int SECRET_LENGTH_MIN = 4;

    private final SortedMap<String, JsonNode> declared = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final SortedMap<String, JsonNode> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final SortedMap<String, JsonNode> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final TreeSet<String> running = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    Parameters(JsonNode declarations, JsonNode written) {
        if (declarations.size() > MAX) {
            throw new TemplateFault("found " + declarations.size() + " parameters; allowed: " + MAX);
        }
        declarations.properties().forEach(p -> declared.put(p.getKey(), p.getValue()));
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : written.properties()) {
            if (!declared.containsKey(field.getKey())) {
                unknown.add(field.getKey());
            } else if (field.getValue().has("reference")) {
                throw new TemplateFault(
                        "NotSupported",
                        "the parameter '" + field.getKey() + "' refers to a key vault, which is not supported");
            } else if (field.getValue().has("value")) {
                given.put(field.getKey(), field.getValue().get("value"));
            }
        }
        if (!unknown.isEmpty()) {
            throw new TemplateFault("found values for the parameters " + String.join(", ", unknown)
                    + ", which the template does not declare; it declares: "
                    + (declared.isEmpty() ? "none" : String.join(", ", declared.keySet())));
        }
    }

    /** Every value is there and fits; {@code evaluate} works out default values. */
    void check(UnaryOperator<JsonNode> evaluate) {
        List<String> missing = new ArrayList<>();
        declared.forEach((name, declaration) -> {
            boolean optional = declaration.has("defaultValue")
                    || declaration.path("nullable").asBoolean(false);
            if (!optional && !given.containsKey(name)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw new TemplateFault("no value was given for the template parameters " + String.join(", ", missing));
        }
        declared.keySet().forEach(name -> value(name, evaluate));
    }

    JsonNode value(String name, UnaryOperator<JsonNode> evaluate) {
        JsonNode declaration = declared.get(name);
        if (declaration == null) {
            throw new TemplateFault("there is no parameter '" + name + "'; the template declares: "
                    + (declared.isEmpty() ? "none" : String.join(", ", declared.keySet())));
        }
        JsonNode known = values.get(name);
        if (known != null) {
            return known;
        }
        if (!running.add(name)) {
            throw new TemplateFault("the default value of the parameter '" + name + "' depends on itself");
        }
        JsonNode found = given.get(name);
        JsonNode value = found == null
                ? declaration.has("defaultValue")
                        ? evaluate.apply(declaration.get("defaultValue"))
                        : NullNode.getInstance()
                : found;
        check(name, declaration, value);
        running.remove(name);
        values.put(name, value);
        return value;
    }

    private void check(String name, JsonNode declaration, JsonNode value) {
        String type = type(name, declaration);
        if (value.isNull() && declaration.path("nullable").asBoolean(false)) {
            return;
        }
        boolean fits = switch (type) {
            case "string", "securestring" -> value.isString();
            case "int" -> value.isIntegralNumber();
            case "bool" -> value.isBoolean();
            case "array" -> value.isArray();
            default -> value.isObject();
        };
        if (!fits) {
            throw new TemplateFault("the parameter '" + name + "' holds " + kind(value) + "; allowed: "
                    + declaration.path("type").asString(""));
        }
        boolean secret = type.startsWith("secure");
        JsonNode allowed = declaration.path("allowedValues");
        if (allowed.isArray() && !isAllowed(allowed, value)) {
            List<String> words = new ArrayList<>();
            allowed.forEach(a -> words.add(a.isString() ? a.stringValue() : a.toString()));
            throw new TemplateFault("the parameter '" + name + "' holds "
                    + (secret ? "a value" : "'" + brief(value) + "'") + "; allowed: " + String.join(", ", words));
        }
        long size = value.isIntegralNumber()
                ? value.asLong()
                : value.isString() ? value.stringValue().length() : value.size();
        String what = value.isIntegralNumber() ? "Value" : "Length";
        Optional<Long> min = bound(declaration, "min" + what);
        Optional<Long> max = bound(declaration, "max" + what);
        if (min.filter(m -> size < m).isPresent() || max.filter(m -> size > m).isPresent()) {
            throw new TemplateFault("the parameter '" + name + "' has the "
                    + what.toLowerCase(Locale.ROOT) + " " + size + "; allowed: "
                    + min.map(String::valueOf).orElse("")
                    + ".." + max.map(String::valueOf).orElse(""));
        }
    }

    private static boolean isAllowed(JsonNode allowed, JsonNode value) {
        boolean every = value.isArray();
        for (JsonNode item : value.isArray() ? value : JSON.createArrayNode()) {
            every &= holds(allowed, item);
        }
        return every || holds(allowed, value);
    }

    private static boolean holds(JsonNode allowed, JsonNode value) {
        for (JsonNode each : allowed) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Long> bound(JsonNode declaration, String name) {
        return declaration.has(name) ? Optional.of(declaration.path(name).asLong(0)) : Optional.empty();
    }

    private String declaredType(String name) {
        JsonNode declaration = declared.get(name);
        return declaration == null ? "" : declaration.path("type").asString("");
    }

    private static String type(String name, JsonNode declaration) {
        String type = declaration.path("type").asString("").toLowerCase(Locale.ROOT);
        if (!List.of("string", "securestring", "int", "bool", "array", "object", "secureobject")
                .contains(type)) {
            throw new TemplateFault("the parameter '" + name + "' has the type '"
                    + declaration.path("type").asString("")
                    + "'; allowed: string, securestring, int, bool, array, object, secureObject");
        }
        return type;
    }

    private static String kind(JsonNode value) {
        return value.isObject()
                ? "an object"
                : value.isArray()
                        ? "a list"
                        : value.isString()
                                ? "a text"
                                : value.isNumber() ? "a number" : value.isBoolean() ? "true or false" : "nothing";
    }

    private static String brief(JsonNode value) {
        String text = value.isString() ? value.stringValue() : value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** What a GET shows: type and value of each, without those that are secret. */
    ObjectNode shown() {
        ObjectNode out = JSON.createObjectNode();
        values.forEach((name, value) -> {
            String type = declaredType(name);
            ObjectNode row = out.putObject(name);
            row.put("type", spelled(type));
            if (!type.toLowerCase(Locale.ROOT).startsWith("secure")) {
                row.set("value", value);
            }
        });
        return out;
    }

    /** {@code String} for {@code string}: answers begin types with a capital letter. */
    static String spelled(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "securestring" -> "SecureString";
            case "secureobject" -> "SecureObject";
            default -> type.isEmpty() ? type : type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
        };
    }

    /** The secret parameter whose value, or a part of it, stands in {@code value}. */
    Optional<String> shownBy(JsonNode value) {
        String text = value.isString() ? value.stringValue() : value.toString();
        for (Map.Entry<String, JsonNode> each : values.entrySet()) {
            String type = declaredType(each.getKey());
            if (type.toLowerCase(Locale.ROOT).startsWith("secure")
                    && texts(each.getValue()).stream()
                            .anyMatch(s -> text.equals(s) || s.length() >= SECRET_LENGTH_MIN && text.contains(s))) {
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }

    private static List<String> texts(JsonNode value) {
        List<String> out = new ArrayList<>();
        if (value.isString() && !value.stringValue().isEmpty()) {
            out.add(value.stringValue());
        }
        value.forEach(item -> out.addAll(texts(item)));
        return out;
    }
}
