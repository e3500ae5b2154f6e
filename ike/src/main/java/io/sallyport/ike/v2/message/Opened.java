package io.sallyport.ike.v2.message;

import io.sallyport.base.Malformed;

/** What an authentic protected datagram turned out to be. */
public sealed interface Opened {
    /** A whole message, by itself or by the last of its fragments. */
    record Whole(ProtectedMessage message) implements Opened {}

    /** A fragment; others are missing. */
    record Part() implements Opened {}

    /** Authentic, but not to be understood. */
    record Garbled(Header header, Malformed why) implements Opened {}
}
