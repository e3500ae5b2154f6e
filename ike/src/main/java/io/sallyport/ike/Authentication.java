package io.sallyport.ike;

import io.sallyport.base.Secret;

/** How the two ends prove who they are. */
public sealed interface Authentication {
    /** RFC 7296 section 2.15, "shared key message integrity code". */
    record PreSharedKey(Secret key) implements Authentication {}
}
