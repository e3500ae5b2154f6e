package io.sallyport.api.web;

import io.sallyport.api.arm.ArmError;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Azure's envelope for errors. */
public final class Errors {
    private Errors() {}

    /** {@code {"error": {"code", "message", "target", "details"}}}. */
    public static ObjectNode body(ArmError error) {
        ObjectNode body = Json.object();
        body.set("error", inner(error));
        return body;
    }

    private static ObjectNode inner(ArmError error) {
        ObjectNode out = Json.object();
        out.put("code", error.code()).put("message", error.message());
        if (!error.target().isEmpty()) {
            out.put("target", error.target());
        }
        if (!error.details().isEmpty()) {
            ArrayNode details = out.putArray("details");
            error.details().forEach(d -> details.add(inner(d)));
        }
        return out;
    }
}
