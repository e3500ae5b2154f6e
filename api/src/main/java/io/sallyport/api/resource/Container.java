package io.sallyport.api.resource;

import tools.jackson.databind.node.ObjectNode;

/**
 * A subscription or a resource group. Immutable by agreement.
 *
 * @param id spelled as at creation
 * @param body as a GET answers it
 * @param revision of the store
 */
record Container(String id, ObjectNode body, long revision) {
    /** The last segment of the id. */
    String name() {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    String location() {
        return body.path("location").asString("local");
    }
}
