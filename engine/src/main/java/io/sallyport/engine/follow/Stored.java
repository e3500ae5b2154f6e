package io.sallyport.engine.follow;

import io.sallyport.base.Secret;
import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.store.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A stored resource as the tree that the model reads, with its secrets back in their places. */
final class Stored {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Stored() {}

    /**
     * Reads a document's body.
     *
     * @throws IllegalArgumentException when it is not a JSON object: then whoever wrote it made a mistake
     */
    static ObjectNode body(Document document) {
        if (JSON.readTree(document.body()) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(document.key() + " holds no JSON object");
    }

    /** The tree; every place in it is the resource as a whole. */
    static Node.Fields tree(ObjectNode body, Document document) {
        document.secrets().forEach((pointer, secret) -> insert(body, pointer, secret));
        return fields(body, Place.wholeFile(document.key()));
    }

    /** Secrets stand beside the body under their JSON pointers; one whose place is not there belongs to nothing. */
    private static void insert(ObjectNode body, String pointer, Secret secret) {
        int slash = pointer.lastIndexOf('/');
        if (slash < 0) {
            return;
        }
        JsonNode parent = slash == 0 ? body : body.at(pointer.substring(0, slash));
        if (parent instanceof ObjectNode object) {
            byte[] octets = secret.expose();
            object.put(pointer.substring(slash + 1), new String(octets, StandardCharsets.UTF_8));
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static Node.Fields fields(JsonNode object, Place place) {
        List<Node.Field> out = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            out.add(new Node.Field(each.getKey(), place, node(each.getValue(), place)));
        }
        return new Node.Fields(out, place);
    }

    private static Node node(JsonNode value, Place place) {
        if (value.isObject()) {
            return fields(value, place);
        }
        if (value.isArray()) {
            List<Node> items = new ArrayList<>();
            value.forEach(item -> items.add(node(item, place)));
            return new Node.Items(items, place);
        }
        if (value.isBoolean()) {
            return new Node.Bool(value.booleanValue(), place);
        }
        if (value.isNumber()) {
            return new Node.Num(value.asString(), place);
        }
        return value.isNull() ? new Node.Nothing(place) : new Node.Text(value.asString(), place);
    }
}
