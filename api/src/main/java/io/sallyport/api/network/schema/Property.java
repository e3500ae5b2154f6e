package io.sallyport.api.network.schema;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One property.
 *
 * @param name as Azure spells it
 * @param required must be written
 * @param origin who makes its value
 * @param untyped whether the elements of a list are shown without {@code type}
 * @param initial what counts as written when nothing was
 */
public record Property(
        String name, Kind kind, boolean required, Origin origin, boolean untyped, Optional<JsonNode> initial) {
    /** Who makes a value, and where it lives. */
    public enum Origin {
        /** A client writes it. */
        WRITTEN,
        /** The server stores it with the resource. */
        KEPT,
        /** The server works it out whenever the resource is shown. */
        SHOWN
    }
}
