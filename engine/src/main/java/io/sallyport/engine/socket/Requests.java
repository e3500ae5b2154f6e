package io.sallyport.engine.socket;

import io.sallyport.documents.Source;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.follow.StatusJson;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.GatewayEvent;
import io.sallyport.model.Resource;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.document.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers requests: an object with {@code verb} and what the verb needs. The answer has {@code ok}; when that is false,
 * {@code errors} holds lines for a person.
 */
public final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> VERBS = List.of("apply", "get", "delete", "status", "why", "rekey");

    private final Control control;

    public Requests(Control control) {
        this.control = control;
    }

    /** The answer to one line, in one line. */
    public String answer(String line) {
        ObjectNode answer;
        try {
            answer = answer(JSON.readTree(line));
        } catch (JacksonException e) {
            answer = refusal(List.of("the request is not JSON"));
        } catch (RuntimeException e) {
            LOG.error("a request failed; this is a bug", e);
            answer = refusal(List.of("the gateway failed to answer; its log says more"));
        }
        return JSON.writeValueAsString(answer);
    }

    private ObjectNode answer(JsonNode request) {
        String verb = text(request, "verb");
        return switch (verb) {
            case "apply" -> apply(request);
            case "get" -> get(text(request, "type"), text(request, "name"));
            case "delete" -> delete(text(request, "type"), text(request, "name"));
            case "status" -> status();
            case "why" -> why(text(request, "connection"));
            case "rekey" -> rekey(text(request, "connection"), text(request, "keys"));
            default -> refusal(List.of("unknown verb; allowed: " + String.join(", ", VERBS)));
        };
    }

    private ObjectNode apply(JsonNode request) {
        List<Source> sources = new ArrayList<>();
        for (JsonNode each : request.path("documents")) {
            sources.add(new Source(text(each, "file"), text(each, "text")));
        }
        return outcome(control.apply(sources));
    }

    private ObjectNode delete(String type, String name) {
        Resources resources = control.resources();
        Optional<String> known = TypeNames.find(type);
        if (known.isEmpty()) {
            return refusal(List.of("'" + type + "' is no type; allowed: " + String.join(", ", TypeNames.all())));
        }
        Optional<Resource> found = find(resources, known.get(), name);
        if (found.isEmpty()) {
            return refusal(List.of(missing(resources, known.get(), name)));
        }
        return outcome(control.delete(found.get().id()));
    }

    private ObjectNode outcome(Control.Outcome outcome) {
        ObjectNode answer = outcome.isRefused()
                ? refusal(outcome.errors().stream().map(Problem::toString).toList())
                : ok();
        ArrayNode changed = answer.putArray("changed");
        outcome.changed().forEach(changed::add);
        ArrayNode warnings = answer.putArray("warnings");
        outcome.warnings().forEach(w -> warnings.add(w.toString()));
        return answer;
    }

    private ObjectNode get(String type, String name) {
        Resources resources = control.resources();
        List<ConnectionStatus> status = control.status();
        List<Resource> wanted = resources.all();
        if (!type.isEmpty()) {
            Optional<String> known = TypeNames.find(type);
            if (known.isEmpty()) {
                return refusal(List.of("'" + type + "' is no type; allowed: " + String.join(", ", TypeNames.all())));
            }
            wanted = resources.ofType(known.get());
            if (!name.isEmpty()) {
                Optional<Resource> found = find(resources, known.get(), name);
                if (found.isEmpty()) {
                    return refusal(List.of(missing(resources, known.get(), name)));
                }
                wanted = List.of(found.get());
            }
        }
        ObjectNode answer = ok();
        ArrayNode list = answer.putArray("resources");
        wanted.forEach(resource -> list.add(ResourceJson.of(resource, status)));
        return answer;
    }

    private ObjectNode status() {
        ObjectNode answer = ok();
        ArrayNode list = answer.putArray("connections");
        control.status().forEach(s -> list.add(StatusJson.of(s)));
        Control.Health health = control.health();
        ArrayNode capabilities = answer.putArray("capabilities");
        health.capabilities().forEach(capabilities::add);
        ObjectNode counts = answer.putObject("counts");
        health.counts().forEach(c -> counts.put(c.name(), c.value()));
        counts.put("control_inbox_dropped", health.inboxDropped());
        return answer;
    }

    private ObjectNode why(String connection) {
        return find(connection)
                .map(s -> {
                    ObjectNode answer = ok();
                    answer.set("connection", StatusJson.of(s));
                    answer.set("why", StatusJson.why(s));
                    return answer;
                })
                .orElseGet(() -> unknown(connection));
    }

    private ObjectNode rekey(String connection, String keys) {
        Optional<GatewayEvent.Keys> which = switch (keys.toLowerCase(Locale.ROOT)) {
            case "ike" -> Optional.of(GatewayEvent.Keys.IKE);
            case "child" -> Optional.of(GatewayEvent.Keys.CHILD);
            default -> Optional.empty();
        };
        if (which.isEmpty()) {
            return refusal(List.of("keys: found '" + keys + "'; allowed: ike, child"));
        }
        Optional<ConnectionStatus> found = find(connection);
        if (found.isEmpty()) {
            return unknown(connection);
        }
        if (found.get().state() != ConnectionStatus.State.CONNECTED) {
            return refusal(List.of("connection '" + connection + "' is not connected, so it has no keys to renew"));
        }
        control.rekey(connection, which.get());
        return ok();
    }

    private Optional<ConnectionStatus> find(String connection) {
        return control.status().stream()
                .filter(s -> s.name().equalsIgnoreCase(connection))
                .findFirst();
    }

    private ObjectNode unknown(String connection) {
        String there = String.join(
                ", ", control.status().stream().map(ConnectionStatus::name).toList());
        return refusal(List.of(
                "there is no connection '" + connection + "'; there is: " + (there.isEmpty() ? "none" : there)));
    }

    private static Optional<Resource> find(Resources resources, String type, String name) {
        return resources
                .find(ResourceId.local(type, name))
                .or(() -> resources.ofType(type).stream()
                        .filter(r -> r.name().equalsIgnoreCase(name))
                        .findFirst());
    }

    private static String missing(Resources resources, String type, String name) {
        String there = String.join(
                ", ", resources.ofType(type).stream().map(Resource::name).toList());
        return "there is no " + type + "/" + name + "; there is: " + (there.isEmpty() ? "none" : there);
    }

    private static ObjectNode ok() {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ok", true);
        return answer;
    }

    private static ObjectNode refusal(List<String> lines) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ok", false);
        ArrayNode errors = answer.putArray("errors");
        lines.forEach(errors::add);
        return answer;
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
