package io.sallyport.ike.v1.message;

import java.util.List;
import java.util.Optional;

/**
 * One complete choice, RFC 2408 section 3.6.
 *
 * @param id KEY_IKE in phase 1, the cipher in phase 2
 */
public record Transform(int number, int id, List<Attribute> attributes) {
    /** RFC 2407 section 4.4.2. */
    public static final int KEY_IKE = 1;

    public Transform {
        attributes = List.copyOf(attributes);
    }

    /** The number that the only attribute of {@code type} has; nothing when there is none, or more than one. */
    public Optional<Long> number(int type) {
        List<Attribute> found =
                attributes.stream().filter(a -> a.type() == type).toList();
        return found.size() == 1 ? Optional.of(found.getFirst().number()) : Optional.empty();
    }
}
