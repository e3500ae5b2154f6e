package io.sallyport.ike;

import io.sallyport.base.Secret;
import java.util.Optional;

/**
 * What only IKEv1 has. All of it is off unless asked for.
 *
 * @param aggressive begin with, and take, aggressive mode (RFC 2409 section 5.4): whoever listens can try passwords on it
 * @param xauth a user proves itself after the two machines did (draft-ietf-ipsec-isakmp-xauth-06)
 * @param pushAddresses ModeCfg: the gateway sets the client's address instead of waiting to be asked
 */
public record Ikev1Options(boolean aggressive, Optional<Xauth> xauth, boolean pushAddresses) {
    public static final Ikev1Options NONE = new Ikev1Options(false, Optional.empty(), false);

    /** Who plays which part in XAuth. */
    public sealed interface Xauth {
        /** We ask; {@code name} says who decides: a directory of users, or RADIUS. */
        record Server(String name) implements Xauth {}

        /** We are asked. */
        record Client(String user, Secret password) implements Xauth {}
    }
}
