package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Puts the fragments of one message at a time together; those of another message begin anew. */
public final class Reassembly {
    private final SequencedMap<Integer, Bytes> parts = new TreeMap<>();
    private int id = -1;
    private int count;
    private int octets;

    /** Whether something is unfinished. */
    public boolean isWaiting() {
        return !parts.isEmpty();
    }

    public void forget() {
        parts.clear();
        id = -1;
        count = 0;
        octets = 0;
    }

    /** The message, when {@code fragment} was the one that was missing. */
    public Optional<Bytes> add(Fragment fragment) throws Malformed {
        if (fragment.id() != id) {
            forget();
            id = fragment.id();
        }
        if (fragment.last()) {
            boolean after = !parts.isEmpty() && parts.lastEntry().getKey() > fragment.number();
            if (after || count != 0 && count != fragment.number()) {
                forget();
                throw new Malformed("fragment", "two of them are the last, or one comes after it");
            }
            count = fragment.number();
        }
        if (parts.containsKey(fragment.number())) {
            // The first one stands: a duplicate, or somebody else's.
            return Optional.empty();
        }
        octets += fragment.data().size();
        if (octets > MessageLimits.REASSEMBLED_OCTETS_MAX || count != 0 && fragment.number() > count) {
            forget();
            throw new Malformed("fragments", "more than one message may have");
        }
        parts.put(fragment.number(), fragment.data());
        if (count == 0 || parts.size() < count) {
            return Optional.empty();
        }
        Bytes whole = Bytes.concat(parts.values().toArray(Bytes[]::new));
        forget();
        return Optional.of(whole);
    }
}
