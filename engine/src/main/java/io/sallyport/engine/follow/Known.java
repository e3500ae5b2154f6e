package io.sallyport.engine.follow;

import io.sallyport.model.Connection;
import io.sallyport.model.Resource;
import io.sallyport.model.ResourceId;
import io.sallyport.model.ResourceReader;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import io.sallyport.store.Document;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the engine has understood of one stored resource.
 *
 * @param revision of the document
 * @param resource nothing when this version cannot carry it; then {@code errors} say why
 * @param notes what is stored but has no effect yet
 */
record Known(ResourceId id, long revision, Optional<Resource> resource, List<String> errors, List<String> notes) {
    private static final List<String> PROVISIONED = List.of("virtualnetworkgateways", "connections");

    Known {
        errors = List.copyOf(errors);
        notes = List.copyOf(notes);
    }

    /** Nothing for documents that are none of the engine's business: groups, and types that it does not read. */
    static Optional<Known> read(Document document) {
        Optional<ResourceId> id = idOf(document.key());
        if (id.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode body = Stored.body(document);
        ResourceId spelled = spelled(body, id.get());
        Problems problems = new Problems();
        Optional<Resource> resource = new ResourceReader(problems).readStored(spelled, Stored.tree(body, document));
        return Optional.of(new Known(
                spelled,
                document.revision(),
                problems.hasErrors() ? Optional.empty() : resource,
                problems.errors().stream().map(Known::line).toList(),
                problems.warnings().stream().map(Known::line).toList()));
    }

    /** The id of a resource that the engine reads, from the key of its document. */
    private static Optional<ResourceId> idOf(String key) {
        String[] parts = key.split("/", -1);
        boolean mine = parts.length == 9
                && parts[5].equals("providers")
                && parts[6].equals("microsoft.network")
                && ResourceReader.canRead(parts[7]);
        return mine
                ? Optional.of(new ResourceId(parts[2], parts[4], parts[7], parts[8], Optional.empty()))
                : Optional.empty();
    }

    /** As its creator spelled it: the key is in lower case. */
    private static ResourceId spelled(ObjectNode body, ResourceId fromKey) {
        try {
            ResourceId id = ResourceId.parse(body.path("id").asString(""), fromKey);
            return id.matches(fromKey) ? id : fromKey;
        } catch (IllegalArgumentException e) {
            return fromKey;
        }
    }

    private static String line(Problem problem) {
        return problem.path().replaceFirst("^properties\\.", "") + ": " + problem.text();
    }

    /** Whether the API waits for the engine's word about it. */
    boolean isProvisioned() {
        return PROVISIONED.contains(id.type().toLowerCase(Locale.ROOT));
    }

    boolean isGateway() {
        return resource.filter(r -> r instanceof VirtualNetworkGateway).isPresent();
    }

    boolean isConnection() {
        return resource.filter(r -> r instanceof Connection).isPresent();
    }
}
