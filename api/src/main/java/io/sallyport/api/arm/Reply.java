package io.sallyport.api.arm;

import io.sallyport.base.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What came of a request that was not refused; one place turns it into status, headers and body. */
public sealed interface Reply {
    /** 200 with a body. */
    record Ok(JsonNode body) implements Reply {}

    /** 201 with a body. */
    record Created(JsonNode body) implements Reply {}

    /** 204: done, or there is nothing to say. */
    record NoContent() implements Reply {}

    /**
     * Something was stored that the engine has yet to carry out. When it does so at once this is 200 or 201 and nothing
     * else; otherwise a long-running operation follows it.
     *
     * @param created 201 rather than 200
     * @param body asked for when the answer is written, so that it shows how far things are
     * @param targets whose provisioning is awaited; types that are not provisioned may be among them
     * @param revision of the commit
     */
    record Follow(boolean created, Supplier<JsonNode> body, List<ArmId> targets, long revision) implements Reply {
        public Follow {
            targets = List.copyOf(targets);
        }
    }

    /** 200 when something went, 204 when there was nothing; 202 and an operation while the engine still takes it down. */
    record Deleted(boolean existed, List<ArmId> targets, long revision) implements Reply {
        public Deleted {
            targets = List.copyOf(targets);
        }
    }

    /** The engine is to do something to {@code target}: 200 and its answer, or 202 and an operation. */
    record Order(ArmId target, Operation.Outcome.Command command) implements Reply {}

    /** 200 with what a file holds. */
    record File(Path path, Map<String, String> headers) implements Reply {
        public File {
            headers = Map.copyOf(headers);
        }
    }

    /** Anything else, written out: a page, a file, a document of OAuth. */
    record Other(int status, Map<String, String> headers, Bytes body) implements Reply {
        public Other {
            headers = Map.copyOf(headers);
        }
    }
}
