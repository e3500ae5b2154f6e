package io.sallyport.ike.v2;

import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeAction.ReleaseLease;
import io.sallyport.ike.IkeEvent.Answer;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Who holds addresses of pools. IKE SAs of one client share them while one takes over from the other; the last gives them
 * back. Whoever asks for some counts as holding them, lest they are given back in between.
 */
final class Leases {
    private final SequencedMap<ReleaseLease, Integer> holders = new LinkedHashMap<>();
    private final SequencedMap<Long, ReleaseLease> asked = new LinkedHashMap<>();

    /** A question is on its way. */
    void ask(long ask, IkeAction.Question question) {
        if (question instanceof IkeAction.Question.Lease lease) {
            ReleaseLease wanted = new ReleaseLease(lease.pool(), lease.client());
            asked.put(ask, wanted);
            hold(wanted);
        }
    }

    /** An answer has been made use of, or nobody wanted it any more. */
    void answered(long ask, Answer answer, Turn turn) {
        ReleaseLease wanted = asked.remove(ask);
        if (wanted != null) {
            if (answer instanceof Answer.Leased) {
                drop(wanted, turn);
            } else {
                holders.computeIfPresent(wanted, (_, n) -> n == 1 ? null : n - 1);
            }
        }
    }

    boolean isHeld(ReleaseLease lease) {
        return holders.containsKey(lease);
    }

    void hold(ReleaseLease lease) {
        holders.merge(lease, 1, Integer::sum);
    }

    void hold(Addresses addresses) {
        addresses.lease().ifPresent(this::hold);
    }

    void drop(Addresses addresses, Turn turn) {
        addresses.lease().ifPresent(lease -> drop(lease, turn));
    }

    private void drop(ReleaseLease lease, Turn turn) {
        Optional<Integer> left = Optional.ofNullable(holders.computeIfPresent(lease, (_, n) -> n == 1 ? null : n - 1));
        if (left.isEmpty()) {
            turn.act(lease);
        }
    }
}
