package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of one message together (RFC 7383 section 2.6). Fed with authentic fragments only; holds one
 * message at a time, since the window is 1.
 */
final class Reassembly {
    private final int messageId;
    private final int total;
    private final List<@Nullable Bytes> parts;
    private PayloadType first = PayloadType.NONE;
    private int missing;
    private int octets;

    Reassembly(int messageId, int total) {
        this.messageId = messageId;
        this.total = total;
        this.missing = total;
        this.parts = new ArrayList<>(total);
        for (int i = 0; i < total; i++) {
            parts.add(null);
        }
    }

    /** Whether a fragment with these fields belongs here. */
    boolean fits(int id, int fragments) {
        return messageId == id && total == fragments;
    }

    /** RFC 7383 section 2.6.1: fragments of a message cut into more pieces replace those of one cut into fewer. */
    boolean isNewerThan(int id, int fragments) {
        return messageId == id && fragments < total;
    }

    /** Adds fragment {@code number}; the whole plaintext comes out with the last one. */
    Optional<Bytes> add(int number, PayloadType next, Bytes plain) throws Malformed {
        if (parts.get(number - 1) != null) {
            return Optional.empty();
        }
        octets += plain.size();
        if (octets > MessageLimits.REASSEMBLED_OCTETS_MAX) {
            throw new Malformed("fragments", "more than " + MessageLimits.REASSEMBLED_OCTETS_MAX + " octets");
        }
        parts.set(number - 1, plain);
        missing--;
        if (number == 1) {
            first = next;
        }
        if (missing > 0) {
            return Optional.empty();
        }
        List<Bytes> whole = new ArrayList<>(total);
        for (Bytes part : parts) {
            if (part != null) {
                whole.add(part);
            }
        }
        return Optional.of(Bytes.concat(whole.toArray(Bytes[]::new)));
    }

    PayloadType first() {
        return first;
    }
}
