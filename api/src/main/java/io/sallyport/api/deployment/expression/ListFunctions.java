package io.sallyport.api.deployment.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Functions of lists and objects, some of which take texts too. */
final class ListFunctions {
    private static final int MANY = Integer.MAX_VALUE;
    private static final int RANGE_MAX = 10_000;

    private ListFunctions() {}

    static List<Function> all() {
        return List.of(
                new Function("concat", 1, MANY, ListFunctions::concat),
                new Function("array", 1, 1, a -> a.at(0).isArray() ? a.at(0) : list(List.of(a.at(0)))),
                new Function("createArray", 0, MANY, a -> list(a.values())),
                new Function("createObject", 0, MANY, ListFunctions::createObject),
                new Function("length", 1, 1, ListFunctions::length),
                new Function(
                        "empty",
                        1,
                        1,
                        a -> Arguments.ofFlag(a.at(0).isNull()
                                || a.at(0).isString() && a.text(0).isEmpty()
                                || a.at(0).isContainer() && a.at(0).isEmpty())),
                new Function("contains", 2, 2, ListFunctions::contains),
                new Function("first", 1, 1, a -> end(a, true)),
                new Function("last", 1, 1, a -> end(a, false)),
                new Function("skip", 2, 2, a -> part(a, true)),
                new Function("take", 2, 2, a -> part(a, false)),
                new Function("join", 2, 2, ListFunctions::join),
                new Function("range", 2, 2, ListFunctions::range),
                new Function("union", 2, MANY, ListFunctions::union),
                new Function("intersection", 2, MANY, ListFunctions::intersection),
                new Function("flatten", 1, 1, ListFunctions::flatten),
                new Function("items", 1, 1, ListFunctions::items),
                new Function("objectKeys", 1, 1, ListFunctions::keys));
    }

    static ArrayNode list(List<JsonNode> values) {
        ArrayNode out = Arguments.JSON.createArrayNode();
        values.forEach(out::add);
        return out;
    }

    private static JsonNode concat(Arguments a) {
        if (a.at(0).isArray()) {
            ArrayNode out = Arguments.JSON.createArrayNode();
            for (int i = 0; i < a.size(); i++) {
                a.list(i).forEach(out::add);
            }
            return out;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < a.size(); i++) {
            if (a.at(i).isContainer()) {
                throw a.wrong(i, "a text, as argument 1 is one");
            }
            out.append(a.anyText(i));
        }
        return Arguments.ofText(out.toString());
    }

    private static JsonNode createObject(Arguments a) {
        if (a.size() % 2 != 0) {
            throw new TemplateFault(
                    "found " + a.size() + " arguments of createObject(); allowed: names and values in" + " turn");
        }
        ObjectNode out = Arguments.JSON.createObjectNode();
        for (int i = 0; i < a.size(); i += 2) {
            out.set(a.text(i), a.at(i + 1));
        }
        return out;
    }

    private static JsonNode length(Arguments a) {
        if (a.at(0).isString()) {
            return Arguments.ofNumber(a.text(0).length());
        }
        if (!a.at(0).isContainer()) {
            throw a.wrong(0, "a text, a list or an object");
        }
        return Arguments.ofNumber(a.at(0).size());
    }

    private static JsonNode contains(Arguments a) {
        JsonNode holder = a.at(0);
        if (holder.isArray()) {
            return Arguments.ofFlag(a.list(0).contains(a.at(1)));
        }
        if (holder.isObject()) {
            String wanted = a.anyText(1);
            return Arguments.ofFlag(holder.propertyNames().stream().anyMatch(wanted::equalsIgnoreCase));
        }
        return Arguments.ofFlag(a.text(0).contains(a.anyText(1)));
    }

    private static JsonNode end(Arguments a, boolean first) {
        if (a.at(0).isString()) {
            String text = a.text(0);
            int at = first ? 0 : text.length() - 1;
            return Arguments.ofText(text.isEmpty() ? "" : text.substring(at, at + 1));
        }
        List<JsonNode> list = a.list(0);
        return list.isEmpty() ? NullNode.getInstance() : first ? list.getFirst() : list.getLast();
    }

    private static JsonNode part(Arguments a, boolean skip) {
        long wanted = Math.max(0, a.number(1));
        if (a.at(0).isString()) {
            String text = a.text(0);
            int at = (int) Math.min(wanted, text.length());
            return Arguments.ofText(skip ? text.substring(at) : text.substring(0, at));
        }
        List<JsonNode> list = a.list(0);
        int at = (int) Math.min(wanted, list.size());
        return list(skip ? list.subList(at, list.size()) : list.subList(0, at));
    }

    private static JsonNode join(Arguments a) {
        return Arguments.ofText(
                String.join(a.text(1), a.list(0).stream().map(Arguments::plain).toList()));
    }

    private static JsonNode range(Arguments a) {
        long begin = a.number(0);
        int count = a.count(1, RANGE_MAX);
        ArrayNode out = Arguments.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            out.add(Arguments.ofNumber(begin + i));
        }
        return out;
    }

    private static JsonNode union(Arguments a) {
        if (a.at(0).isArray()) {
            List<JsonNode> out = new ArrayList<>();
            for (int i = 0; i < a.size(); i++) {
                for (JsonNode each : a.list(i)) {
                    if (!out.contains(each)) {
                        out.add(each);
                    }
                }
            }
            return list(out);
        }
        ObjectNode out = Arguments.JSON.createObjectNode();
        for (int i = 0; i < a.size(); i++) {
            if (!a.at(i).isObject()) {
                throw a.wrong(i, "an object, as argument 1 is one");
            }
            merge(out, a.at(i));
        }
        return out;
    }

    private static void merge(ObjectNode into, JsonNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode old = into.get(field.getKey());
            if (old instanceof ObjectNode inner && field.getValue().isObject()) {
                ObjectNode copy = inner.deepCopy();
                merge(copy, field.getValue());
                into.set(field.getKey(), copy);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private static JsonNode intersection(Arguments a) {
        if (a.at(0).isArray()) {
            List<JsonNode> out = new ArrayList<>(a.list(0));
            for (int i = 1; i < a.size(); i++) {
                out.retainAll(a.list(i));
            }
            return list(out.stream().distinct().toList());
        }
        if (!a.at(0).isObject()) {
            throw a.wrong(0, "a list or an object");
        }
        ObjectNode out = Arguments.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : a.at(0).properties()) {
            boolean everywhere =
                    a.values().stream().allMatch(v -> field.getValue().equals(v.get(field.getKey())));
            if (everywhere) {
                out.set(field.getKey(), field.getValue());
            }
        }
        return out;
    }

    private static JsonNode flatten(Arguments a) {
        ArrayNode out = Arguments.JSON.createArrayNode();
        for (JsonNode inner : a.list(0)) {
            if (inner.isArray()) {
                inner.forEach(out::add);
            } else {
                out.add(inner);
            }
        }
        return out;
    }

    private static JsonNode items(Arguments a) {
        if (!a.at(0).isObject()) {
            throw a.wrong(0, "an object");
        }
        ArrayNode out = Arguments.JSON.createArrayNode();
        a.at(0).properties().stream()
                .sorted(Map.Entry.comparingByKey(String.CASE_INSENSITIVE_ORDER))
                .forEach(f -> out.addObject().put("key", f.getKey()).set("value", f.getValue()));
        return out;
    }

    private static JsonNode keys(Arguments a) {
        if (!a.at(0).isObject()) {
            throw a.wrong(0, "an object");
        }
        ArrayNode out = Arguments.JSON.createArrayNode();
        a.at(0).propertyNames().stream().sorted(String.CASE_INSENSITIVE_ORDER).forEach(out::add);
        return out;
    }
}
