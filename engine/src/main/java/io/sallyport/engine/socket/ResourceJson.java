package io.sallyport.engine.socket;

import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.model.Connection;
import io.sallyport.model.Resource;
import io.sallyport.model.document.Node;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A resource as it was written, with what the gateway knows besides. Secrets were left out when it was read. */
final class ResourceJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResourceJson() {}

    static ObjectNode of(Resource resource, List<ConnectionStatus> status) {
        ObjectNode out = JSON.createObjectNode();
        out.put("id", resource.id().full());
        out.put("name", resource.name());
        out.put("type", "Microsoft.Network/" + resource.id().type());
        for (Node.Field field : resource.envelope().document().fields()) {
            if (!out.has(field.name())) {
                out.set(field.name(), of(field.value()));
            }
        }
        if (out.path("properties") instanceof ObjectNode properties) {
            properties.put("provisioningState", "Succeeded");
            if (resource instanceof Connection) {
                status.stream()
                        .filter(s -> s.connection().matches(resource.id()))
                        .forEach(s -> {
                            properties.put("connectionStatus", s.state().toString());
                            properties.put("ingressBytesTransferred", s.bytesIn());
                            properties.put("egressBytesTransferred", s.bytesOut());
                        });
            }
        }
        return out;
    }

    static JsonNode of(Node node) {
        return switch (node) {
            case Node.Text text -> JSON.getNodeFactory().stringNode(text.value());
            case Node.Num num -> JSON.getNodeFactory().numberNode(new BigDecimal(num.source()));
            case Node.Bool bool -> JSON.getNodeFactory().booleanNode(bool.value());
            case Node.Nothing _ -> JSON.getNodeFactory().nullNode();
            case Node.Items list -> {
                ArrayNode out = JSON.createArrayNode();
                list.items().forEach(item -> out.add(of(item)));
                yield out;
            }
            case Node.Fields fields -> {
                ObjectNode out = JSON.createObjectNode();
                fields.fields().forEach(field -> out.set(field.name(), of(field.value())));
                yield out;
            }
        };
    }
}
