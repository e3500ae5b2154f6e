package io.sallyport.ike.v2;

import io.sallyport.ike.v2.message.Payload;
import java.util.List;

/** MOBIKE, RFC 4555. */
final class Mobility {
    private Mobility() {}

    /** What the first IKE_AUTH request says about it. */
    static List<Payload> offer(IkeSa sa) {
        return List.of();
    }
}
