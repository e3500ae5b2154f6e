package io.sallyport.api.web;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request that found its route.
 *
 * @param segments of the path, decoded
 * @param variables what the route's names stand for
 * @param query names in lower case
 * @param base what absolute addresses begin with: {@code https://localhost:8443}
 * @param correlation the id that ties a request to the log
 */
public record Call(
        Request request,
        List<String> segments,
        Map<String, String> variables,
        Map<String, String> query,
        Caller caller,
        String base,
        String correlation) {
    public Call {
        segments = List.copyOf(segments);
        variables = Map.copyOf(variables);
        query = Map.copyOf(query);
    }

    /** What one of the route's names stands for. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route names no {" + name + "}");
        }
        return value;
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(v -> !v.isEmpty());
    }

    /** As sent; handlers accept any. */
    public String apiVersion() {
        return query.getOrDefault("api-version", "");
    }

    /** The path as an id: decoded, without a slash at the end. */
    public String path() {
        return "/" + String.join("/", segments);
    }

    /** Any JSON; a missing node when nothing was sent. */
    public JsonNode json() throws Refused {
        return Json.read(request.body());
    }

    /** An object; nothing at all counts as an empty one when {@code optional}. */
    public ObjectNode object(boolean optional) throws Refused {
        JsonNode node = json();
        if (node instanceof ObjectNode object) {
            return object;
        }
        if (node.isMissingNode() && optional) {
            return Json.object();
        }
        throw new Refused(ArmError.of(
                400,
                "InvalidRequestContent",
                "the body is " + (node.isMissingNode() ? "empty" : "no object") + "; a JSON object is required",
                ""));
    }
}
