package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.v1.message.Payload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The names of those whom we trust, for CERTREQ (RFC 2408 section 3.10). They only help the peer to choose: nobody waits
 * for them, and without them any certificate is asked for.
 */
final class Authorities {
    /** Whom we trust may change while we run. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    /** Octets that names may have together: the message must not become one of many parts for a hint's sake. */
    private static final int OCTETS_MAX = 600;

    private record Known(List<Bytes> names, Monotonic until) {}

    private final SequencedMap<String, Known> known = new LinkedHashMap<>();
    private final SequencedMap<Long, String> asked = new LinkedHashMap<>();

    /** Asks, unless that is known, or the answer already on its way. */
    void ask(String trust, Turn turn) {
        Optional<Known> found = Optional.ofNullable(known.get(trust));
        if (found.filter(k -> !k.until.isDue(turn.now())).isEmpty() && !asked.containsValue(trust)) {
            long ask = turn.sas().newAsk();
            asked.put(ask, trust);
            turn.act(new IkeAction.Ask(ask, new IkeAction.Question.Authorities(trust)));
        }
    }

    /** @return whether it was asked here */
    boolean onAnswer(long ask, IkeEvent.Answer answer, Turn turn) {
        String trust = asked.remove(ask);
        if (trust == null) {
            return false;
        }
        if (answer instanceof IkeEvent.Answer.Authorities(List<Bytes> _, List<Bytes> names)) {
            known.put(trust, new Known(names, turn.now().in(FRESH)));
        }
        return true;
    }

    /** One for each name; RFC 2408 section 3.10: without a name any authority will do. Some send nothing unasked. */
    List<Payload> requests(String trust) {
        List<Bytes> names =
                Optional.ofNullable(known.get(trust)).map(Known::names).orElse(List.of());
        int octets = names.stream().mapToInt(Bytes::size).sum();
        List<Bytes> asked = names.isEmpty() || octets > OCTETS_MAX ? List.of(Bytes.EMPTY) : names;
        return asked.stream()
                .<Payload>map(n -> new Payload.CertRequest(Payload.Cert.X509_SIGNATURE, n))
                .toList();
    }
}
