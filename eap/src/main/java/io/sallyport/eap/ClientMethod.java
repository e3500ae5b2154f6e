package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;

/** A method from the side that answers. */
public sealed interface ClientMethod permits MsChapClient, TlsClient {
    int type();

    String name();

    Step on(Bytes data) throws Malformed;
}
