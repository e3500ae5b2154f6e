package io.sallyport.engine.follow;

import io.sallyport.engine.control.Control;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.model.NodeFile;
import io.sallyport.model.ResourceId;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the engine writes into the store: how things are, in Azure's words and in more of our own. */
final class StatusDocuments {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StatusDocuments() {}

    static String connection(ConnectionStatus s, boolean capturing) {
        ObjectNode out = JSON.createObjectNode();
        ObjectNode azure = out.putObject("azure");
        azure.put("connectionStatus", s.state().toString());
        azure.put("ingressBytesTransferred", s.bytesIn());
        azure.put("egressBytesTransferred", s.bytesOut());
        ObjectNode tunnel = azure.putArray("tunnelConnectionStatus").addObject();
        tunnel.put("tunnel", s.name() + "_" + s.config().local());
        tunnel.put("connectionStatus", s.state().toString());
        tunnel.put("ingressBytesTransferred", s.bytesIn());
        tunnel.put("egressBytesTransferred", s.bytesOut());
        s.session()
                .ifPresent(session -> tunnel.put(
                        "lastConnectionEstablishedUtcTime", session.since().toString()));
        azure.put("packetCaptureDiagnosticState", capture(capturing));
        out.set("sallyport", StatusJson.of(s));
        return JSON.writeValueAsString(out);
    }

    /** A connection that is not carried. */
    static String left(ResourceId connection, String why) {
        ObjectNode out = JSON.createObjectNode();
        ObjectNode azure = out.putObject("azure");
        azure.put("connectionStatus", ConnectionStatus.State.NOT_CONNECTED.toString());
        azure.put("ingressBytesTransferred", 0);
        azure.put("egressBytesTransferred", 0);
        azure.putArray("tunnelConnectionStatus");
        ObjectNode own = out.putObject("sallyport");
        own.put("name", connection.shortName());
        own.put("state", ConnectionStatus.State.NOT_CONNECTED.toString());
        own.put("lastFailure", why);
        own.put("lastFailureKind", "NotCarried");
        return JSON.writeValueAsString(out);
    }

    /** @param clients how each kind of client is, one for each way to prove oneself */
    static String gateway(boolean capturing, List<ConnectionStatus> clients) {
        ObjectNode out = JSON.createObjectNode();
        out.putObject("azure").put("packetCaptureDiagnosticState", capture(capturing));
        ObjectNode own = out.putObject("sallyport");
        if (!clients.isEmpty()) {
            ArrayNode kinds = own.putArray("clients");
            clients.forEach(c -> kinds.add(StatusJson.of(c)));
        }
        return JSON.writeValueAsString(out);
    }

    private static String capture(boolean capturing) {
        return capturing ? "Started" : "None";
    }

    static String provision(long revision, String code, String message, List<String> notes) {
        ObjectNode out = JSON.createObjectNode();
        out.put("revision", revision);
        out.put("state", code.isEmpty() ? "Succeeded" : "Failed");
        if (!code.isEmpty()) {
            out.put("code", code);
            out.put("message", message);
        }
        ArrayNode list = out.putArray("notes");
        notes.forEach(list::add);
        return JSON.writeValueAsString(out);
    }

    static String node(NodeFile node, Control.Health health) {
        ObjectNode out = JSON.createObjectNode();
        out.put("node", node.node());
        ArrayNode addresses = out.putArray("publicAddresses");
        node.publicAddresses()
                .forEach(a ->
                        addresses.addObject().put("address", a.address().value().toString()));
        node.networks().ifPresent(all -> {
            ArrayNode networks = out.putArray("networks");
            all.forEach(n -> networks.addObject().put("vnet", n.vnet().value()));
        });
        ArrayNode capabilities = out.putArray("capabilities");
        health.capabilities().forEach(capabilities::add);
        ObjectNode counts = out.putObject("counts");
        health.counts().forEach(c -> counts.put(c.name(), c.value()));
        counts.put("control_inbox_dropped", health.inboxDropped());
        return JSON.writeValueAsString(out);
    }
}
