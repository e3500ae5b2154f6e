package io.sallyport.api.network;

import io.sallyport.wire.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Prefixes, sorted so that one look tells whether another clashes with any of them. A default route clashes with a
 * default route alone: it is meant to hold everything else, the longer prefix wins.
 */
final class Overlaps {
    private final TreeSet<Prefix> sorted;
    /** Those of the prefixes that are no default route. */
    private final List<Integer> lengths;

    Overlaps(Collection<Prefix> prefixes) {
        this.sorted = new TreeSet<>(prefixes);
        this.lengths = sorted.stream()
                .map(Prefix::length)
                .filter(length -> length > 0)
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether any of these clashes with any of those. */
    boolean any(Collection<Prefix> prefixes) {
        for (Prefix prefix : prefixes) {
            if (any(prefix)) {
                return true;
            }
        }
        return false;
    }

    private boolean any(Prefix prefix) {
        if (sorted.isEmpty() || prefix.length() == 0) {
            return sorted.contains(prefix);
        }
        // What lies inside a prefix follows it at once.
        Prefix next = sorted.ceiling(prefix);
        if (next != null && prefix.contains(next)) {
            return true;
        }
        for (int length : lengths) {
            if (length >= prefix.length()) {
                return false;
            }
            if (sorted.contains(Prefix.containing(prefix.address(), length))) {
                return true;
            }
        }
        return false;
    }

    /** The first of {@code others} with which {@code prefix} clashes. */
    static Optional<Prefix> first(Prefix prefix, List<Prefix> others) {
        for (Prefix other : others) {
            boolean isDefault = prefix.length() == 0 || other.length() == 0;
            boolean bothDefault = prefix.length() == 0 && other.length() == 0;
            if (prefix.overlaps(other) && (!isDefault || bothDefault)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }
}
