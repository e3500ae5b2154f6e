package io.sallyport.ike.v1;

import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.machine.Proceedings;
import java.time.Duration;

/** One event's turn, with all ISAKMP SAs at hand. */
final class Turn extends Proceedings<IkeSa> {
    private final Sas sas;

    Turn(Now now, Entropy entropy, Sas sas) {
        super(now, entropy);
        this.sas = sas;
    }

    Sas sas() {
        return sas;
    }

    /** Asks on behalf of {@code sa}; the answer finds its way back. */
    long ask(IkeSa sa, IkeAction.Question question) {
        touch(sa);
        long ask = sas.newAsk(sa);
        act(new IkeAction.Ask(ask, question));
        return ask;
    }

    /** When to replace what lives for {@code lifetime}; who began it does so first. */
    Monotonic inMostOf(Duration lifetime, boolean weBegan) {
        return weBegan ? inMostOf(lifetime) : inNearlyAllOf(lifetime);
    }
}
