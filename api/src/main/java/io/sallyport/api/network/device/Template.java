package io.sallyport.api.network.device;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A text with holes. <code>{{name}}</code> is a value; what stands from <code>{{#name}}</code> to
 * <code>{{/name}}</code> is there once for each element of a list, or when there is a value; from
 * <code>{{^name}}</code> when there is none. A name is looked for from the innermost element outwards. A line that holds
 * nothing but such a mark leaves no line behind.
 */
final class Template {
    private final List<String> tokens;

    Template(String text) {
        this.tokens = tokens(text);
    }

    /** Text and marks in turn; a mark keeps its braces. */
    private static List<String> tokens(String text) {
        List<String> out = new ArrayList<>();
        for (String line : text.split("(?<=\n)")) {
            String bare = line.strip();
            if (bare.matches("\\{\\{[#^/][A-Za-z0-9]+}}")) {
                out.add(bare);
                continue;
            }
            int at = 0;
            while (at < line.length()) {
                int begin = line.indexOf("{{", at);
                int end = begin < 0 ? -1 : line.indexOf("}}", begin);
                if (end < 0) {
                    out.add(line.substring(at));
                    break;
                }
                if (begin > at) {
                    out.add(line.substring(at, begin));
                }
                out.add(line.substring(begin, end + 2));
                at = end + 2;
            }
        }
        return out;
    }

    String fill(JsonNode data) {
        StringBuilder out = new StringBuilder();
        Deque<JsonNode> around = new ArrayDeque<>();
        around.push(data);
        fill(0, tokens.size(), around, out);
        return out.toString();
    }

    private void fill(int from, int to, Deque<JsonNode> around, StringBuilder out) {
        int i = from;
        while (i < to) {
            String token = tokens.get(i);
            if (token.startsWith("{{#") || token.startsWith("{{^")) {
                int end = end(i, to);
                section(token, i + 1, end, around, out);
                i = end;
            } else if (token.startsWith("{{")) {
                String name = token.substring(2, token.length() - 2);
                out.append(find(name, around)
                        .orElseThrow(() -> new IllegalStateException("the template names " + name))
                        .asString());
            } else {
                out.append(token);
            }
            i++;
        }
    }

    private void section(String token, int from, int to, Deque<JsonNode> around, StringBuilder out) {
        String name = token.substring(3, token.length() - 2);
        Optional<JsonNode> found = find(name, around).filter(Template::isThere);
        if (token.startsWith("{{^")) {
            if (found.isEmpty()) {
                fill(from, to, around, out);
            }
        } else if (found.isPresent() && found.get().isArray()) {
            for (JsonNode item : found.get()) {
                around.push(item);
                fill(from, to, around, out);
                around.pop();
            }
        } else if (found.isPresent()) {
            fill(from, to, around, out);
        }
    }

    private static boolean isThere(JsonNode value) {
        return value.isBoolean()
                ? value.booleanValue()
                : value.isArray() ? !value.isEmpty() : !value.asString("").isEmpty();
    }

    private static Optional<JsonNode> find(String name, Deque<JsonNode> around) {
        return around.stream()
                .filter(each -> each.has(name))
                .map(each -> each.get(name))
                .findFirst();
    }

    /** Where the section that begins at {@code i} ends. */
    private int end(int i, int to) {
        String name = tokens.get(i).substring(3);
        int depth = 0;
        for (int j = i + 1; j < to; j++) {
            String token = tokens.get(j);
            if (token.equals("{{#" + name) || token.equals("{{^" + name)) {
                depth++;
            } else if (token.equals("{{/" + name)) {
                if (depth == 0) {
                    return j;
                }
                depth--;
            }
        }
        throw new IllegalStateException("a section of the template has no end: " + tokens.get(i));
    }
}
