package io.sallyport.api.network.schema;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in what every resource is shown with: states, and types and tags of its elements. */
public final class Presentation {
    private final Schema schema;
    private final String state;
    private final String etag;
    private final String type;

    /**
     * @param type full, of the resource
     * @param state Azure's provisioningState
     */
    public Presentation(Schema schema, String type, String etag, String state) {
        this.schema = schema;
        this.type = type;
        this.etag = etag;
        this.state = state;
    }

    /** Changes {@code body}. */
    public void fill(ObjectNode body) {
        group(schema.resource(type.substring(type.indexOf('/') + 1)), body, type);
    }

    private void group(Shape shape, ObjectNode body, String owner) {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            Optional<Property> property = shape.find(field.getKey());
            property.ifPresent(p -> value(p, p.kind(), field.getValue(), owner));
        }
        if (shape.find("provisioningState").isPresent()) {
            body.put("provisioningState", state);
        }
    }

    private void value(Property property, Kind kind, JsonNode value, String owner) {
        if (kind instanceof Kind.Group group && value instanceof ObjectNode inner) {
            group(schema.shape(group.shape()), inner, owner);
        } else if (kind instanceof Kind.Named named && value instanceof ObjectNode element) {
            String elementType = owner + "/" + property.name();
            if (!property.untyped()) {
                element.put("type", elementType);
            }
            if (!element.has("etag") && !etag.isEmpty()) {
                element.put("etag", etag);
            }
            group(schema.shape(named.shape()), element.withObject("/properties"), elementType);
        } else if (kind instanceof Kind.Many many && value.isArray()) {
            value.forEach(item -> value(property, many.element(), item, owner));
        }
    }
}
