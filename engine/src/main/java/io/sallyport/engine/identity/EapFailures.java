package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact.Failure;

/** Ends of EAP that no method has made. */
final class EapFailures {
    private static final int FAILURE = 4;

    private EapFailures() {}

    static Answer.EapFailed of(EapStep step, String method, String why) {
        return of(step, new Failure.EapRefused(method, step.identity().toString(), why, false));
    }

    static Answer.EapFailed of(EapStep step, Failure why) {
        return new Answer.EapFailed(packet(step), why);
    }

    /** EAP-Failure (RFC 3748 section 4.2) with the identifier of what it answers. */
    static Bytes packet(EapStep step) {
        int identifier =
                step.received().filter(r -> r.size() > 1).map(r -> r.at(1)).orElse(0);
        return Bytes.ofInts(FAILURE, identifier, 0, 4);
    }
}
