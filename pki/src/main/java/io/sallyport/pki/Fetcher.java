package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Gets a CRL, or asks an OCSP responder. */
public interface Fetcher {
    /** Never gets anything. */
    Fetcher NONE = (_, _, _, _) -> {
        throw new IOException("the network is not asked");
    };

    /**
     * Waits for the answer.
     *
     * @param url begins with {@code http://}
     * @param question absent: GET; else it is sent by POST as an OCSP request
     * @param sizeMax octets; a longer answer is an error
     * @param within how long it may take in all
     */
    Bytes fetch(String url, Optional<Bytes> question, int sizeMax, Duration within)
            throws IOException, InterruptedException;
}
