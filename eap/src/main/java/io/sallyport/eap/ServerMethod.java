package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;

/** A method from the side that asks. */
public sealed interface ServerMethod permits MsChapServer, TlsServer {
    int type();

    String name();

    /** The first request. */
    Bytes begin(String identity) throws Malformed;

    Step on(Bytes data) throws Malformed;
}
