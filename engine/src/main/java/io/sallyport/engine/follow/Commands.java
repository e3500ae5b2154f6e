package io.sallyport.engine.follow;

import io.sallyport.engine.capture.CaptureFilter;
import io.sallyport.engine.capture.Captures;
import io.sallyport.engine.capture.Scope;
import io.sallyport.engine.control.Control;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.GatewayEvent;
import io.sallyport.model.ResourceId;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import io.sallyport.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Does what is asked for under {@code command/}, one after the other, and puts what came of it under {@code answer/}. */
final class Commands implements Store.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Store store;
    private final Control control;
    private final Captures captures;

    /** A command cannot be done; the code is one word for programs. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;

        Refused(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    Commands(Store store, Control control, Captures captures) {
        this.store = store;
        this.control = control;
        this.captures = captures;
    }

    @Override
    public void snapshot(List<Document> documents, long revision) {
        documents.forEach(this::carryOut);
    }

    @Override
    public void changed(List<Store.Event> events, long revision) {
        for (Store.Event event : events) {
            switch (event) {
                case Store.Event.Written(Document document) -> carryOut(document);
                case Store.Event.Deleted _ -> {}
            }
        }
    }

    private void carryOut(Document command) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            JsonNode result = result(JSON.readTree(command.body()));
            answer.put("ok", true);
            answer.set("result", result);
        } catch (Refused e) {
            refuse(answer, e.code, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("the command {} failed; this is a bug", command.key(), e);
            refuse(answer, "InternalServerError", "the gateway failed to do it; its log says more");
        }
        String id = command.key().substring(Keys.COMMAND.length());
        try {
            store.commit(List.of(
                    new Change.Put(
                            Keys.ANSWER + id,
                            Change.Expectation.ANY,
                            JSON.writeValueAsString(answer),
                            Map.of(),
                            Document.Lifetime.EPHEMERAL),
                    new Change.Delete(command.key(), Change.Expectation.ANY)));
        } catch (StoreFailure | Conflict e) {
            LOG.warn("the answer to {} cannot be stored: {}", command.key(), e.getMessage());
        }
    }

    private static void refuse(ObjectNode answer, String code, String message) {
        answer.removeAll();
        answer.put("ok", false);
        answer.put("code", code);
        answer.put("message", message);
    }

    private JsonNode result(JsonNode command) throws Refused {
        ResourceId target = target(command.path("target").asString(""));
        JsonNode arguments = command.path("arguments");
        String verb = command.path("verb").asString("");
        return switch (verb) {
            case "resetGateway" ->
                resetGateway(target, arguments.path("gatewayVip").asString(""));
            case "resetConnection" -> resetConnection(target);
            case "rekey" -> rekey(target, arguments.path("keys").asString(""));
            case "why" -> StatusJson.why(status(target));
            case "ikeSas" -> SaJson.of(status(target));
            case "startCapture" -> startCapture(target, arguments.path("filterData"));
            case "stopCapture" -> stopCapture(target);
            default -> throw new Refused("NotSupported", "the gateway does not know the verb '" + verb + "'");
        };
    }

    private static ResourceId target(String text) throws Refused {
        try {
            return ResourceId.parse(text, ResourceId.local("", ""));
        } catch (IllegalArgumentException e) {
            throw new Refused("InvalidResourceReference", "target: found " + e.getMessage());
        }
    }

    /** The connection's status; a gateway is asked about its clients, and those had trouble last speak first. */
    private ConnectionStatus status(ResourceId target) throws Refused {
        return control.status(target.shortName())
                .filter(s -> s.connection().matches(target))
                .or(() -> spelledOtherwise(target))
                .orElseThrow(() -> new Refused("NotFound", target + " is not running on this machine"));
    }

    /** Names are as their creator spelled them; whoever asks may spell otherwise. */
    private Optional<ConnectionStatus> spelledOtherwise(ResourceId target) {
        return control.status().stream()
                .filter(s -> s.connection().matches(target))
                .max(Comparator.comparing(
                        s -> s.trouble().map(ConnectionStatus.Trouble::at).orElse(Instant.EPOCH)));
    }

    private JsonNode resetGateway(ResourceId gateway, String vip) throws Refused {
        List<ConnectionStatus> own = control.status().stream()
                .filter(s -> s.gateway().matches(gateway))
                .filter(s -> vip.isEmpty() || s.config().local().toString().equals(vip))
                .toList();
        own.forEach(s -> control.reset(s.name()));
        return JSON.createObjectNode().put("connections", own.size());
    }

    private JsonNode resetConnection(ResourceId connection) throws Refused {
        control.reset(status(connection).name());
        return JSON.createObjectNode();
    }

    private JsonNode startCapture(ResourceId target, JsonNode filterData) throws Refused {
        Scope scope;
        ResourceId gateway = target;
        if (target.type().equalsIgnoreCase("connections")) {
            ConnectionStatus status = status(target);
            gateway = status.gateway();
            Address remote = status.session()
                    .map(s -> s.remote().address())
                    .or(status.config()::remote)
                    .orElseThrow(() -> new Refused("NotConnected", target + " has no peer yet"));
            scope = Scope.ofConnection(status.config().local(), status.name(), remote);
        } else {
            scope = Scope.ofGateway(control.addressOf(target)
                    .orElseThrow(() -> new Refused("NotFound", target + " is not running on this machine")));
        }
        try {
            CaptureFilter filter = CaptureFilter.read(filterData);
            return file(captures.start(target.key(), target.name(), gateway.key(), scope, filter));
        } catch (IllegalArgumentException e) {
            throw new Refused("InvalidFilterData", String.valueOf(e.getMessage()));
        } catch (Captures.Refused e) {
            throw new Refused("PacketCaptureRefused", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Refused("PacketCaptureFailed", "the capture's file cannot be made: " + e.getMessage());
        }
    }

    private JsonNode stopCapture(ResourceId target) throws Refused {
        try {
            return file(captures.stop(target.key(), target.name()));
        } catch (Captures.Refused e) {
            throw new Refused("PacketCaptureRefused", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Refused("PacketCaptureFailed", "the capture's file is not complete: " + e.getMessage());
        }
    }

    private static JsonNode file(Path file) {
        ObjectNode out = JSON.createObjectNode();
        out.put("file", file.toString());
        out.put("name", String.valueOf(file.getFileName()));
        return out;
    }

    private JsonNode rekey(ResourceId connection, String keys) throws Refused {
        GatewayEvent.Keys which = switch (keys) {
            case "ike" -> GatewayEvent.Keys.IKE;
            case "child" -> GatewayEvent.Keys.CHILD;
            default -> throw new Refused("InvalidArgument", "keys: found '" + keys + "'; allowed: ike, child");
        };
        ConnectionStatus status = status(connection);
        if (status.state() != ConnectionStatus.State.CONNECTED) {
            throw new Refused("NotConnected", connection + " is not connected, so it has no keys to renew");
        }
        control.rekey(status.name(), which);
        return JSON.createObjectNode();
    }
}
