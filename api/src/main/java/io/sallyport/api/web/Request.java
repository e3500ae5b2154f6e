package io.sallyport.api.web;

import io.sallyport.base.Bytes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it arrived; every part is bounded by the front that read it.
 *
 * @param path raw, still percent-encoded, with its slash in front
 * @param query raw, without the question mark; empty when there is none
 * @param headers by name in lower case
 */
public record Request(String method, String path, String query, Map<String, String> headers, Bytes body, Peer peer) {
    public Request {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Bodies and headers may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
