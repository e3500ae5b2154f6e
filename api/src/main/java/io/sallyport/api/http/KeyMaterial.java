package io.sallyport.api.http;

import java.security.KeyStore;

/** Where the server's key and certificates come from; asked again from time to time, since certificates end. */
@FunctionalInterface
public interface KeyMaterial {
    /** The key of every store that is handed out is protected with this. */
    String PASSWORD = "in-memory";

    /** The same object for as long as the certificate is the same. */
    KeyStore current();
}
