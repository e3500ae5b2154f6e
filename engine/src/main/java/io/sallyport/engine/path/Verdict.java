package io.sallyport.engine.path;

import io.sallyport.os.UdpTrial;

/**
 * Whether an offload is used, and what {@code status} says about it.
 *
 * @param use whether it may be used
 * @param words one of: in use, off by switch, failed self-test, and why
 */
record Verdict(boolean use, String words) {
    static final Verdict OFF = new Verdict(false, "off by switch");
    static final Verdict IN_USE = new Verdict(true, "in use");
    static final Verdict NOT_OFFERED = new Verdict(false, "not offered by the kernel");

    /** What follows from a trial. What could not be tried is used, and said to be untried. */
    static Verdict of(UdpTrial.Finding finding) {
        return switch (finding.outcome()) {
            case WORKS -> IN_USE;
            case WRONG -> new Verdict(false, "failed self-test (" + finding.why() + ")");
            case NOT_OFFERED -> NOT_OFFERED;
            case NOT_TESTED -> new Verdict(true, "in use, not tested (" + finding.why() + ")");
        };
    }
}
