package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import java.util.List;

/** The peer's requests of one IKE SA: a window of one, the last answer kept for as long as it may be asked for again. */
final class Responses {
    private int expectedId;
    private List<Bytes> last = List.of();

    int expectedId() {
        return expectedId;
    }

    boolean isNew(int id) {
        return id == expectedId;
    }

    /** RFC 7296 section 2.1: the same request gets the same response, octet for octet. */
    boolean isRepeated(int id) {
        return id == expectedId - 1 && !last.isEmpty();
    }

    void sent(List<Bytes> datagrams) {
        last = List.copyOf(datagrams);
        expectedId++;
    }

    List<Bytes> last() {
        return last;
    }
}
