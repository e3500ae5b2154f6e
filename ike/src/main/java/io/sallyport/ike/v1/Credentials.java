package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What kind of signature each of our keys makes. IKEv1 must name it in its first message, before anything is signed, so a
 * signature of zeros, sent to nobody, tells.
 */
final class Credentials {
    /** A key may be exchanged for one of another kind while we run. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    private static final Bytes PROBE = Bytes.wrap(new byte[32]);

    private record Known(int method, Monotonic until) {}

    private final SequencedMap<String, Known> known = new LinkedHashMap<>();
    private final SequencedMap<Long, String> asked = new LinkedHashMap<>();

    Optional<Integer> method(String credential, Turn turn) {
        Known found = known.get(credential);
        return found == null || found.until.isDue(turn.now()) ? Optional.empty() : Optional.of(found.method);
    }

    /** Asks, unless the answer is already on its way. */
    void ask(String credential, Turn turn) {
        if (!asked.containsValue(credential)) {
            long ask = turn.sas().newAsk();
            asked.put(ask, credential);
            turn.act(new IkeAction.Ask(ask, question(credential)));
        }
    }

    static IkeAction.Question.Sign question(String credential) {
        return new IkeAction.Question.Sign(credential, new IkeAction.SignatureScheme.Ikev1(), PROBE);
    }

    /** @return whether it was asked here */
    boolean onAnswer(long ask, IkeEvent.Answer answer, Turn turn) {
        String credential = asked.remove(ask);
        if (credential == null) {
            return false;
        }
        if (answer instanceof IkeEvent.Answer.Signed signed) {
            learn(credential, signed.method(), turn);
        }
        return true;
    }

    void learn(String credential, int method, Turn turn) {
        known.put(credential, new Known(method, turn.now().in(FRESH)));
    }
}
