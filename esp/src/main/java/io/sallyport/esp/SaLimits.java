package io.sallyport.esp;

/**
 * How much one direction of an SA may carry (RFC 4301 section 4.4.2.1: lifetimes by count of octets).
 *
 * @param softBytes after which a rekey is asked for; 0: no limit
 * @param hardBytes after which nothing more is carried; 0: no limit
 */
public record SaLimits(long softBytes, long hardBytes) {
    public static final SaLimits NONE = new SaLimits(0, 0);

    /** RFC 4303 section 3.3.3: without ESN the last sequence number is 2^32-1, and it must not cycle. */
    static final long LAST_SHORT = 0xffff_ffffL;

    /** With ESN, far from overflow of a signed 64-bit number and farther from what a wire can carry. */
    static final long LAST_ESN = Long.MAX_VALUE >>> 1;

    /** A rekey is asked for when a sixteenth of the sequence numbers is left. */
    static long softSequence(boolean esn) {
        return (esn ? LAST_ESN : LAST_SHORT) / 16 * 15;
    }

    static long lastSequence(boolean esn) {
        return esn ? LAST_ESN : LAST_SHORT;
    }
}
