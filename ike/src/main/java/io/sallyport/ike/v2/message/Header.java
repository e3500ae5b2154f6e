package io.sallyport.ike.v2.message;

import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;

/**
 * The IKE header, RFC 7296 section 3.1.
 *
 * <pre>
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |                       IKE SA Initiator's SPI                  |
 * |                                                               |
 * |                       IKE SA Responder's SPI                  |
 * |                                                               |
 * |  Next Payload | MjVer | MnVer | Exchange Type |     Flags     |
 * |                          Message ID                           |
 * |                            Length                             |
 * </pre>
 *
 * @param messageId unsigned
 * @param fromInitiator the sender is the original initiator of this IKE SA
 */
public record Header(
        long initiatorSpi,
        long responderSpi,
        PayloadType next,
        int majorVersion,
        int minorVersion,
        ExchangeType exchange,
        boolean fromInitiator,
        boolean response,
        int messageId,
        long length) {
    public static final int OCTETS = 28;

    private static final int FLAG_INITIATOR = 0x08;
    private static final int FLAG_VERSION = 0x10;
    private static final int FLAG_RESPONSE = 0x20;

    /** The header of a message that we send; the length is filled in when the message is complete. */
    public static Header of(
            long initiatorSpi,
            long responderSpi,
            ExchangeType exchange,
            boolean fromInitiator,
            boolean response,
            int messageId) {
        return new Header(
                initiatorSpi, responderSpi, PayloadType.NONE, 2, 0, exchange, fromInitiator, response, messageId, 0);
    }

    public static Header read(Reader in) throws Malformed {
        long initiatorSpi = in.i64("initiator SPI");
        long responderSpi = in.i64("responder SPI");
        int next = in.u8("next payload");
        int version = in.u8("version");
        int exchange = in.u8("exchange type");
        int flags = in.u8("flags");
        int messageId = in.i32("message id");
        long length = in.u32("length");
        return new Header(
                initiatorSpi,
                responderSpi,
                new PayloadType(next),
                version >>> 4,
                version & 0xf,
                new ExchangeType(exchange),
                (flags & FLAG_INITIATOR) != 0,
                (flags & FLAG_RESPONSE) != 0,
                messageId,
                length);
    }

    void write(Writer out, PayloadType first, long totalOctets) {
        // RFC 7296 section 3.1: the version flag "MUST be cleared" by implementations of this version, and
        // "X bits MUST be cleared when sending".
        out.i64(initiatorSpi)
                .i64(responderSpi)
                .u8(first.code())
                .u8(majorVersion << 4 | minorVersion)
                .u8(exchange.code())
                .u8((fromInitiator ? FLAG_INITIATOR : 0)
                        | (response ? FLAG_RESPONSE : 0)
                        | (majorVersion > 2 ? FLAG_VERSION : 0))
                .u32(messageId & 0xffff_ffffL)
                .u32(totalOctets);
    }
}
