package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a message that is too large for one datagram, as Cisco began it and Microsoft wrote it down ([MS-IKEE] section
 * 2.2.1.1). It is never protected itself: the message inside is, or is not.
 *
 * @param id the same for all parts of a message
 * @param number 1..255
 */
public record Fragment(int id, int number, boolean last, Bytes data) {
    private static final int HEADER_OCTETS = 8;
    private static final int LAST = 1;

    public static Fragment read(Bytes datagram) throws Malformed {
        Reader in = Reader.over(datagram);
        Header.read(in);
        in.u8("next payload");
        in.u8("reserved");
        int length = in.u16("payload length");
        Reader body = in.sub(length - 4, "fragment");
        int id = body.u16("fragment id");
        int number = body.u8("fragment number");
        int flags = body.u8("fragment flags");
        if (number == 0 || number > MessageLimits.FRAGMENTS_MAX) {
            throw new Malformed("fragment number", Integer.toString(number));
        }
        if (body.isEmpty()) {
            throw new Malformed("fragment", "is empty");
        }
        Bytes data = body.rest();
        in.finish("message");
        return new Fragment(id, number, (flags & LAST) != 0, data);
    }

    /** {@code message} as it is when it fits into one datagram, else its parts. */
    public static List<Bytes> split(Bytes message, int id) {
        if (message.size() <= MessageLimits.DATAGRAM_OCTETS_MAX) {
            return List.of(message);
        }
        Header header;
        try {
            header = Header.read(Reader.over(message));
        } catch (Malformed e) {
            throw new IllegalArgumentException("not a message of ours", e);
        }
        Header outer = new Header(
                header.initiatorCookie(),
                header.responderCookie(),
                PayloadType.FRAGMENT,
                header.exchange(),
                0,
                header.messageId(),
                0);
        int size = MessageLimits.DATAGRAM_OCTETS_MAX - Header.OCTETS - HEADER_OCTETS;
        List<Bytes> parts = new ArrayList<>();
        for (int at = 0; at < message.size(); at += size) {
            Bytes data = message.slice(at, Math.min(at + size, message.size()));
            boolean last = at + size >= message.size();
            parts.add(outer.with(new Writer()
                    .u8(0)
                    .u8(0)
                    .u16(data.size() + HEADER_OCTETS)
                    .u16(id)
                    .u8(parts.size() + 1)
                    .u8(last ? LAST : 0)
                    .bytes(data)
                    .toBytes()));
        }
        return List.copyOf(parts);
    }
}
