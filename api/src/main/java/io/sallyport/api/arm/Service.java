package io.sallyport.api.arm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Answers every request below a type by itself, such as deployments, which write other resources. Whoever wants to keep
 * something puts a {@link ResourceType} of the same name into the catalog: the service then has its routes, the type says
 * how it is stored, and {@link Draft#put} stores it.
 */
public interface Service {
    /** The full type whose requests it answers: {@code Microsoft.Resources/deployments}. */
    String name();

    /** Does no I/O but through {@link Asked#drafts}. */
    Reply answer(Asked asked) throws Refused;

    /**
     * A request to {@code /subscriptions/S[/resourceGroups/G]/providers/NAME[/path…]}. That the caller may read, write or
     * act there has been checked; whether he may write what the service writes is checked by {@link Drafts#commit}.
     *
     * @param method GET, HEAD, PUT, POST, PATCH or DELETE
     * @param group nothing for a request to a whole subscription; what is named exists, and is spelled as at creation
     * @param path the segments after the type, decoded, as they were sent: {@code [name, validate]}
     * @param query names in lower case
     * @param body what was sent; a missing node when nothing was
     * @param who for {@link Drafts#commit}
     */
    record Asked(
            String method,
            String subscription,
            Optional<String> group,
            List<String> path,
            Map<String, String> query,
            JsonNode body,
            String who,
            Drafts drafts) {
        public Asked {
            path = List.copyOf(path);
            query = Map.copyOf(query);
        }
    }
}
