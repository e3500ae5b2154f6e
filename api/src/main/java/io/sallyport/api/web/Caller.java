package io.sallyport.api.web;

/**
 * Who asks.
 *
 * @param objectId of the identity, in lower case; role assignments name it
 * @param name for people and for the log of changes
 */
public record Caller(String objectId, String name) {
    /** Whoever may open the local socket or read the local token. */
    public static final Caller LOCAL = new Caller("00000000-0000-0000-0000-00000000000a", "local");

    /** Somebody who has not said who he is; may do only what needs no login. */
    public static final Caller NOBODY = new Caller("", "nobody");
}
