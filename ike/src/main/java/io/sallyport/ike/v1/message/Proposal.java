package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import java.util.List;

/**
 * RFC 2408 section 3.5. Proposals of one number belong together; those of different numbers are alternatives.
 *
 * @param protocol see {@link Protocol}
 * @param spi empty in phase 1, or whatever the peer likes to send (RFC 2408 section 3.5)
 */
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
    }

    /** RFC 2407 section 4.4.1. */
    public static final class Protocol {
        public static final int ISAKMP = 1;
        public static final int AH = 2;
        public static final int ESP = 3;

        private Protocol() {}
    }
}
