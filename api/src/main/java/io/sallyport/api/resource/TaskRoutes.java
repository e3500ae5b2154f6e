package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Route;
import io.sallyport.base.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** How a client asks for a long-running operation. */
final class TaskRoutes {
    private static final String AT = "/subscriptions/{subscription}/providers/{provider}/locations/{location}/";

    private final Tasks tasks;
    private final Rights rights;

    TaskRoutes(Tasks tasks, Rights rights) {
        this.tasks = tasks;
        this.rights = rights;
    }

    List<Route> routes() {
        return List.of(
                Route.signedIn("GET", AT + "operations/{operation}", this::status),
                Route.signedIn("GET", AT + "operationResults/{operation}", this::result));
    }

    /** Somebody else's operation is not there. */
    private ObjectNode find(Call call) throws Refused {
        Optional<ObjectNode> record = tasks.find(call.variable("operation"));
        String target = record.map(r -> r.path("target").asString("")).orElse("");
        if (record.isEmpty() || !rights.may(call.caller(), "Microsoft.Resources/operations/read", target)) {
            throw new Refused(ArmError.of(
                    404,
                    "OperationNotFound",
                    "there is no operation '" + call.variable("operation") + "'; they are kept for 24 hours"));
        }
        return record.get();
    }

    private Reply status(Call call) throws Refused {
        ObjectNode record = find(call);
        ObjectNode body = Json.object();
        body.put("id", call.path()).put("name", call.variable("operation"));
        for (String name : List.of("status", "startTime", "endTime", "error")) {
            if (record.has(name)) {
                body.set(name, record.path(name));
            }
        }
        if (record.path("result").isObject()) {
            ObjectNode properties = body.putObject("properties");
            properties.set("output", record.path("result"));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        if (Tasks.isRunning(record)) {
            headers.put("Retry-After", Replies.RETRY_AFTER);
        }
        return new Reply.Other(200, headers, Json.write(body));
    }

    private Reply result(Call call) throws Refused {
        ObjectNode record = find(call);
        if (Tasks.isRunning(record)) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Location", call.base() + call.request().path() + "?api-version=" + call.apiVersion());
            headers.put("Retry-After", Replies.RETRY_AFTER);
            return new Reply.Other(202, headers, Bytes.EMPTY);
        }
        if (record.has("error")) {
            throw new Refused(ArmError.of(
                    record.path("errorStatus").asInt(409),
                    record.path("error").path("code").asString(""),
                    record.path("error").path("message").asString("")));
        }
        return record.has("result") ? new Reply.Ok(record.path("result")) : new Reply.NoContent();
    }
}
