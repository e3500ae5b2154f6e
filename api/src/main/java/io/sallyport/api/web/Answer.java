package io.sallyport.api.web;

import io.sallyport.base.Bytes;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What goes back.
 *
 * @param headers in the order in which they are sent
 * @param file what is sent in place of {@code body}, when it is too long for the memory
 */
public record Answer(int status, Map<String, String> headers, Bytes body, Optional<Path> file) {
    public Answer(int status, Map<String, String> headers, Bytes body) {
        this(status, headers, body, Optional.empty());
    }

    public Answer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A header, its name without regard to case. */
    public Optional<String> header(String name) {
        return headers.entrySet().stream()
                .filter(h -> h.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Bodies may hold secrets. */
    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.size() + " octets]";
    }
}
