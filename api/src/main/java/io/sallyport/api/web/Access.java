package io.sallyport.api.web;

/** What a route asks of a caller before its handler runs. */
public sealed interface Access {
    Access OPEN = new Open();
    Access SIGNED_IN = new SignedIn();

    /** Nothing: documents that a client reads in order to log in. */
    record Open() implements Access {}

    /** An identity; the handler shows only what that identity may read. */
    record SignedIn() implements Access {}

    /** The right to do {@code action} at the scope that is the request's path. */
    record Needs(String action) implements Access {}

    /** The right to do {@code action} everywhere. */
    record NeedsEverywhere(String action) implements Access {}
}
