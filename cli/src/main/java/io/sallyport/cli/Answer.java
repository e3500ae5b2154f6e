package io.sallyport.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the API said.
 *
 * @param headers names in lower case
 * @param body a missing node when there was none
 */
record Answer(int status, Map<String, String> headers, JsonNode body) {
    private static final int REFUSALS = 400;

    Answer {
        headers = Map.copyOf(headers);
    }

    boolean isRefused() {
        return status >= REFUSALS;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** {@code error}, of a refusal or of a failed operation. */
    JsonNode error() {
        return body.path("error");
    }
}
