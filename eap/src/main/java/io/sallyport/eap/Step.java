package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;

/** What a method makes of one message; data is that of its own type, without EAP's header. */
sealed interface Step {
    /** Goes on with this. */
    record Say(Bytes data) implements Step {}

    /** For a server: the user is proven. For a client: says this and then believes an EAP-Success. */
    record Proven(Bytes data, String user, Secret msk) implements Step {}

    /** For a client: says this last thing; whatever comes then, it has failed. */
    record Quit(Bytes data, String detail, boolean byPeer) implements Step {}

    /** For a server: says that it refuses; whatever comes then, it has. */
    record SayNo(Bytes data, String user, String detail) implements Step {}

    /** Says nothing more. */
    record Refuse(String user, String detail) implements Step {}
}
