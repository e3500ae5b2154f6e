package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import java.util.List;

/**
 * One proposal of an SA payload, RFC 7296 section 3.3.1.
 *
 * @param number 1 for the first, then counting up; an answer repeats the one chosen
 * @param protocol see {@link Protocol}
 * @param spi empty in IKE_SA_INIT, 8 octets in a rekey of the IKE SA, 4 for ESP
 */
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
    }

    /** IANA's "IKEv2 Security Protocol Identifiers". */
    public static final class Protocol {
        public static final int NONE = 0;
        public static final int IKE = 1;
        public static final int AH = 2;
        public static final int ESP = 3;

        private Protocol() {}
    }

    public List<Transform> ofType(int type) {
        return transforms.stream().filter(t -> t.type() == type).toList();
    }
}
