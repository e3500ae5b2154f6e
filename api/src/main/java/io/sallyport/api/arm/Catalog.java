package io.sallyport.api.arm;

import java.util.List;
import java.util.Optional;

/** Every type of one or more providers. */
public record Catalog(List<ResourceType> types) {
    public Catalog {
        types = List.copyOf(types);
    }

    /** The type of a resource or of the resource that holds a child, without regard to case. */
    public Optional<ResourceType> find(ArmId id) {
        String wanted = id.provider() + "/" + id.segments().getFirst().type();
        for (ResourceType type : types) {
            if (type.name().equalsIgnoreCase(wanted)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
