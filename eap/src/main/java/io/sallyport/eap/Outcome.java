package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.util.Optional;

/** What a packet led to. */
public sealed interface Outcome {
    /**
     * Send this, and come back with the answer.
     *
     * @param already a server has refused with this very packet, whether an answer comes or not
     */
    record Next(Bytes packet, Optional<Failed> already) implements Outcome {
        public static Next of(Bytes packet) {
            return new Next(packet, Optional.empty());
        }
    }

    /**
     * The method has succeeded.
     *
     * @param packet EAP-Success from a server; empty from a client
     * @param user whom it proved
     * @param msk 64 octets
     */
    record Done(Bytes packet, String method, String user, Secret msk) implements Outcome {}

    /**
     * It has failed.
     *
     * @param packet EAP-Failure from a server; empty from a client
     * @param user who it was said to be
     * @param byPeer the other end refused us
     */
    record Failed(Bytes packet, String method, String user, String detail, boolean byPeer) implements Outcome {}
}
