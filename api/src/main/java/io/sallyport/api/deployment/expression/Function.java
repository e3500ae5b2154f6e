package io.sallyport.api.deployment.expression;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A function of templates whose answer follows from its arguments alone.
 *
 * @param max of arguments; {@link Integer#MAX_VALUE} when there is no limit
 */
record Function(String name, int min, int max, Body body) {
    /** What it does. */
    @FunctionalInterface
    interface Body {
        JsonNode of(Arguments arguments);
    }

    JsonNode call(List<JsonNode> values) {
        if (values.size() < min || values.size() > max) {
            String allowed =
                    min == max ? String.valueOf(min) : max == Integer.MAX_VALUE ? min + " or more" : min + ".." + max;
            throw new TemplateFault("found " + values.size() + " arguments of " + name + "(); allowed: " + allowed);
        }
        return body.of(new Arguments(name, values));
    }
}
