package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;

/**
 * The ISAKMP header, RFC 2408 section 3.1.
 *
 * @param responderCookie 0 in the first message
 * @param next type of the first payload
 * @param messageId 0 in phase 1
 * @param length of the whole message, header included
 */
public record Header(
        long initiatorCookie,
        long responderCookie,
        PayloadType next,
        ExchangeType exchange,
        int flags,
        int messageId,
        long length) {
    public static final int OCTETS = 28;
    public static final int ENCRYPTED = 1;
    public static final int COMMIT = 2;

    private static final int VERSION = 0x10;

    public static Header read(Reader in) throws Malformed {
        long initiator = in.i64("initiator cookie");
        long responder = in.i64("responder cookie");
        PayloadType next = new PayloadType(in.u8("next payload"));
        int version = in.u8("version");
        ExchangeType exchange = new ExchangeType(in.u8("exchange type"));
        int flags = in.u8("flags");
        int messageId = in.i32("message id");
        long length = in.u32("length");
        // RFC 2408 section 3.1: a lower or equal major version and any minor one that we do not know is refused.
        if (version != VERSION) {
            throw new Malformed("version", (version >>> 4) + "." + (version & 15));
        }
        if (length != (long) in.remaining() + OCTETS) {
            throw new Malformed("length", length + " of " + (in.remaining() + OCTETS) + " octets");
        }
        if (initiator == 0) {
            throw new Malformed("initiator cookie", "is zero");
        }
        return new Header(initiator, responder, next, exchange, flags, messageId, length);
    }

    public boolean isEncrypted() {
        return (flags & ENCRYPTED) != 0;
    }

    public boolean isCommit() {
        return (flags & COMMIT) != 0;
    }

    /** The whole message: this header with its length set, then {@code body}. */
    public Bytes with(Bytes body) {
        return new Writer()
                .i64(initiatorCookie)
                .i64(responderCookie)
                .u8(next.code())
                .u8(VERSION)
                .u8(exchange.code())
                .u8(flags)
                .u32(messageId & 0xffff_ffffL)
                .u32(OCTETS + body.size())
                .bytes(body)
                .toBytes();
    }
}
