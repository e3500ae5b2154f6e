package io.sallyport.ike.v2;

import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Traffic selector negotiation, RFC 7296 section 2.9. */
final class Narrowing {
    /** As many as a TS payload counts. */
    private static final int SELECTORS_MAX = 255;

    private Narrowing() {}

    static Payload.Ts payload(boolean ofInitiator, List<TrafficSelector> selectors) {
        return new Payload.Ts(
                ofInitiator,
                selectors.stream()
                        .map(s -> new Selector(s.addresses(), s.protocol(), s.firstPort(), s.lastPort()))
                        .toList());
    }

    static List<TrafficSelector> of(Payload.Ts payload) {
        return payload.selectors().stream()
                .map(s -> new TrafficSelector(s.addresses(), s.protocol(), s.firstPort(), s.lastPort()))
                .toList();
    }

    /** What both sides allow; empty when that is nothing. */
    static List<TrafficSelector> narrow(List<TrafficSelector> ours, List<TrafficSelector> theirs) {
        SequencedSet<TrafficSelector> common = new LinkedHashSet<>();
        for (TrafficSelector mine : ours) {
            for (TrafficSelector other : theirs) {
                if (common.size() < SELECTORS_MAX) {
                    mine.intersect(other).ifPresent(common::add);
                }
            }
        }
        // A selector inside of another says nothing more.
        List<TrafficSelector> out = new ArrayList<>();
        for (TrafficSelector selector : common) {
            if (common.stream().noneMatch(other -> !other.equals(selector) && other.contains(selector))) {
                out.add(selector);
            }
        }
        return out;
    }

    /** Whether an answer stays within what was proposed, as section 2.9 demands of a responder. */
    static boolean isWithin(List<TrafficSelector> answer, List<TrafficSelector> proposed) {
        return !answer.isEmpty()
                && answer.stream().allMatch(a -> proposed.stream().anyMatch(p -> p.contains(a)));
    }
}
