package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which packet captures belong to which resource, so that nobody fetches another's. */
final class CaptureFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureFiles.class);
    private static final String ROOM = "capture";
    private static final int NAME_MAX = 200;

    private final Store store;

    CaptureFiles(Store store) {
        this.store = store;
    }

    /** Remembers what the engine answered when a capture ended: {@code {"file", "name"}}. */
    void remember(ArmId target, JsonNode result) {
        String name = result.path("name").asString("");
        String file = result.path("file").asString("");
        if (name.isEmpty() || name.length() > NAME_MAX || file.isEmpty()) {
            return;
        }
        try {
            store.commit(List.of(new Change.Put(
                    key(target, name),
                    Change.Expectation.ANY,
                    Json.text(Json.object().put("file", file).put("name", name)),
                    Map.of(),
                    Document.Lifetime.DURABLE)));
        } catch (StoreFailure | Conflict e) {
            LOG.warn("the capture {} cannot be fetched: {}", file, e.getMessage());
        }
    }

    /** The file of a capture, if it is still there. */
    Path find(ArmId target, String name) throws Refused {
        Optional<Path> file = store.get(key(target, name))
                .map(d -> Path.of(Json.ours(d.body()).path("file").asString("")));
        if (file.isEmpty() || !Files.isRegularFile(file.get())) {
            throw new Refused(
                    ArmError.of(404, "ResourceNotFound", "there is no capture named '" + name + "' of this resource"));
        }
        return file.get();
    }

    /** Those whose files are still there. */
    List<ObjectNode> list(ArmId target) {
        return store.list(key(target, "")).stream()
                .map(d -> Json.ours(d.body()))
                .filter(b -> Files.isRegularFile(Path.of(b.path("file").asString(""))))
                .map(b -> Json.object()
                        .put("id", target + "/captures/" + b.path("name").asString(""))
                        .put("name", b.path("name").asString("")))
                .toList();
    }

    private static String key(ArmId target, String name) {
        return ROOM + target.key() + "/" + name.toLowerCase(Locale.ROOT);
    }
}
