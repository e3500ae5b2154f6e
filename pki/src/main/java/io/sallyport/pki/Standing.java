package io.sallyport.pki;

import java.time.Instant;

/** What somebody who should know says about a certificate. */
sealed interface Standing {
    record Good() implements Standing {}

    record Revoked(Instant since, String reason) implements Standing {}

    /** @param why in a few words, for people */
    record Unknown(String why) implements Standing {}
}
