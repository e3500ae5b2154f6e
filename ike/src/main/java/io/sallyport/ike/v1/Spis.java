package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;

/** The two cookies, which name an ISAKMP SA (RFC 2408 section 2.5.3). */
record Spis(long initiator, long responder) {
    Bytes both() {
        return Bytes.concat(Bytes.ofLong(initiator), Bytes.ofLong(responder));
    }
}
