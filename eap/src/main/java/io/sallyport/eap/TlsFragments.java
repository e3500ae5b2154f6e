package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** TLS messages in pieces (RFC 5216 sections 2.1.5 and 3): one is put together or taken apart at a time. */
final class TlsFragments {
    static final int MESSAGE_MAX = 64 * 1024;
    static final Bytes START = Bytes.ofInts(0x20);
    /** "Go on", or "I have nothing to add". */
    static final Bytes EMPTY = Bytes.ofInts(0);

    private static final int LENGTH = 0x80;
    private static final int MORE = 0x40;
    private static final int STARTS = 0x20;
    /** So that EAP and IKE around it fit into what every path carries. */
    private static final int PIECE = 1_000;

    private final ByteArrayOutputStream coming = new ByteArrayOutputStream();
    private long announced = -1;
    private Bytes going = Bytes.EMPTY;
    private int gone;

    /** What came, seen from the flags. */
    sealed interface Came {
        /** The other end begins. */
        record Start() implements Came {}

        /** A piece; the next one is to be asked for. */
        record Piece() implements Came {}

        /** A whole message; empty for a mere acknowledgement. */
        record Whole(Bytes message) implements Came {}
    }

    Came receive(Bytes data) throws Malformed {
        Reader reader = Reader.over(data);
        int flags = reader.u8("EAP-TLS flags");
        if ((flags & STARTS) != 0) {
            return new Came.Start();
        }
        if ((flags & LENGTH) != 0) {
            long length = reader.u32("EAP-TLS message length");
            if (length > MESSAGE_MAX || announced >= 0 && announced != length) {
                throw new Malformed("EAP-TLS message length", "found " + length + "; allowed: up to " + MESSAGE_MAX);
            }
            announced = length;
        }
        Bytes piece = reader.rest();
        long limit = announced >= 0 ? announced : MESSAGE_MAX;
        if (coming.size() + piece.size() > limit) {
            throw new Malformed("EAP-TLS message", "it has more octets than " + limit);
        }
        if ((flags & MORE) != 0 && piece.isEmpty()) {
            throw new Malformed("EAP-TLS fragment", "it is empty and more are to come");
        }
        coming.writeBytes(piece.toArray());
        if ((flags & MORE) != 0) {
            return new Came.Piece();
        }
        if (announced >= 0 && announced != coming.size()) {
            throw new Malformed("EAP-TLS message", "found " + coming.size() + " octets; announced: " + announced);
        }
        Bytes whole = Bytes.wrap(coming.toByteArray());
        coming.reset();
        announced = -1;
        return new Came.Whole(whole);
    }

    /** The first piece of a message. */
    Bytes send(Bytes message) {
        going = message;
        gone = 0;
        return next().orElse(EMPTY);
    }

    boolean hasMore() {
        return gone < going.size();
    }

    /** The piece after the last one. */
    Optional<Bytes> next() {
        if (!hasMore()) {
            return Optional.empty();
        }
        int end = Math.min(going.size(), gone + PIECE);
        boolean first = gone == 0;
        boolean last = end == going.size();
        Writer writer = new Writer().u8((first ? LENGTH : 0) | (last ? 0 : MORE));
        if (first) {
            writer.u32(going.size());
        }
        writer.bytes(going.slice(gone, end));
        gone = end;
        return Optional.of(writer.toBytes());
    }
}
