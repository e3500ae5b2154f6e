package io.sallyport.api.arm;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change in the making: a world in which what was put is already there, and nothing of which is stored until
 * {@link Drafts#commit}. Not thread-safe.
 */
public interface Draft extends World {
    /**
     * Creates or replaces a resource or a child, after all checks but those across resources that {@link #check} does.
     *
     * @param written the body as a client sent it
     * @return whether it is new
     */
    boolean put(ArmId id, ObjectNode written, Complaints complaints);

    /** Deletes; what is not there may be deleted too. */
    void delete(ArmId id, Complaints complaints);

    /** Everything that was put, checked against the world as it will be. Complains under each resource's id. */
    void check(Complaints complaints);

    /** A resource or child as a GET would answer it if this were committed. */
    Optional<ObjectNode> show(ArmId id);

    /** What was put, in order. */
    List<ArmId> written();
}
