package io.sallyport.api.network.schema;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds what a resource points to. */
public final class References {
    private final Schema schema;

    /**
     * One of them.
     *
     * @param path of the property that holds {@code id}
     * @param owner the resource, or the element of it, that has the property
     */
    public record Reference(String path, ArmId owner, ArmId target) {}

    public References(Schema schema) {
        this.schema = schema;
    }

    /** The types whose resources can point to one of {@code type}, such as {@code virtualNetworks}. */
    public List<String> sources(String type) {
        return schema.types().stream()
                .filter(source -> points(schema.resource(source), type))
                .toList();
    }

    private boolean points(Shape shape, String type) {
        return shape.properties().stream().anyMatch(p -> points(p.kind(), type));
    }

    private boolean points(Kind kind, String type) {
        return switch (kind) {
            case Kind.Reference reference ->
                (reference.type() + "/").toLowerCase(Locale.ROOT).startsWith(type.toLowerCase(Locale.ROOT) + "/");
            case Kind.Group group -> points(schema.shape(group.shape()), type);
            case Kind.Named named -> points(schema.shape(named.shape()), type);
            case Kind.Many many -> points(many.element(), type);
            case Kind.Table table -> points(table.value(), type);
            case Kind.Flag _,
                    Kind.Whole _,
                    Kind.Fraction _,
                    Kind.Text _,
                    Kind.Hidden _,
                    Kind.IpAddress _,
                    Kind.IpPrefix _,
                    Kind.Anything _,
                    Kind.Word _ -> false;
        };
    }

    public List<Reference> of(ArmResource resource) {
        List<Reference> out = new ArrayList<>();
        group(schema.resource(ResourceNames.shortType(resource.id())), resource.body(), "", resource.id(), out);
        return out;
    }

    private void group(Shape shape, JsonNode body, String path, ArmId owner, List<Reference> out) {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            Optional<Property> property = shape.find(field.getKey());
            if (property.isPresent()) {
                String here = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                value(property.get().kind(), field.getValue(), here, owner, out);
            }
        }
    }

    private void value(Kind kind, JsonNode value, String path, ArmId owner, List<Reference> out) {
        if (kind instanceof Kind.Reference) {
            ArmId.parse(value.path("id").asString("")).ifPresent(target -> out.add(new Reference(path, owner, target)));
        } else if (kind instanceof Kind.Group group && value.isObject()) {
            group(schema.shape(group.shape()), value, path, owner, out);
        } else if (kind instanceof Kind.Named named) {
            ArmId element = ArmId.parse(value.path("id").asString("")).orElse(owner);
            group(schema.shape(named.shape()), value.path("properties"), path + ".properties", element, out);
        } else if (kind instanceof Kind.Many many) {
            for (int i = 0; i < value.size(); i++) {
                value(many.element(), value.get(i), path + "[" + i + "]", owner, out);
            }
        }
    }
}
