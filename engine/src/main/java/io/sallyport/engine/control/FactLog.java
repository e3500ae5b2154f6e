package io.sallyport.engine.control;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.gateway.FactText;
import io.sallyport.ike.IkeFact;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line for each fact; strangers share a budget, because anybody can make them happen. */
final class FactLog {
    private static final Logger LOG = LoggerFactory.getLogger("sallyport.facts");
    private static final Duration STRANGERS_EVERY = Duration.ofMillis(500);

    private Monotonic strangersAt = new Monotonic(Long.MIN_VALUE);
    private long strangersUnsaid;

    void write(IkeFact fact, Now now) {
        if (fact instanceof IkeFact.Refused) {
            if (!strangersAt.isDue(now)) {
                strangersUnsaid++;
                return;
            }
            strangersAt = now.in(STRANGERS_EVERY);
            String more = strangersUnsaid == 0 ? "" : " (and " + strangersUnsaid + " others before)";
            strangersUnsaid = 0;
            LOG.info("{}{}", FactText.of(fact), more);
            return;
        }
        LOG.info("{}", FactText.of(fact));
    }
}
