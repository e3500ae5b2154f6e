package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.MessageCipher;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.wire.Writer;
import java.util.List;

/** Messages made with an end's keys that the end itself would not send. */
final class Forge {
    private Forge() {}

    /** The answer of {@code by} to the request that the other end waits with. */
    static Bytes response(Pair.End by, Pair.End to, ExchangeType exchange, List<Payload> payloads) {
        IkeSa sa = only(by);
        return sa.secured()
                .protection()
                .seal(header(sa, exchange, true, pendingId(to)), payloads, new SeededEntropy(11))
                .getFirst();
    }

    /** The next request of {@code by}, authentic, with {@code plain} where payloads should be. */
    static Bytes garbledRequest(Pair.End by, Pair.End to, ExchangeType exchange, PayloadType first, Bytes plain) {
        return sealed(only(by), header(only(by), exchange, false, only(to).expectedRequest()), first, plain);
    }

    /** The same as a response. */
    static Bytes garbledResponse(Pair.End by, Pair.End to, ExchangeType exchange, PayloadType first, Bytes plain) {
        return sealed(only(by), header(only(by), exchange, true, pendingId(to)), first, plain);
    }

    private static IkeSa only(Pair.End end) {
        return end.machine.sasForTest().getFirst();
    }

    private static int pendingId(Pair.End end) {
        return only(end).requests().pending().orElseThrow().id();
    }

    private static Header header(IkeSa sa, ExchangeType exchange, boolean response, int id) {
        return Header.of(sa.spis().initiator(), sa.spis().responder(), exchange, sa.isInitiator(), response, id);
    }

    private static Bytes sealed(IkeSa sa, Header header, PayloadType first, Bytes plain) {
        IkeSuite suite = sa.secured().suite();
        IkeKeys keys = sa.secured().keys();
        MessageCipher cipher = sa.isInitiator()
                ? new MessageCipher(suite.encryption(), suite.integrity(), keys.ei(), keys.ai())
                : new MessageCipher(suite.encryption(), suite.integrity(), keys.er(), keys.ar());
        int body = 4 + cipher.sealedSize(plain.size());
        Bytes associated = new Writer()
                .i64(header.initiatorSpi())
                .i64(header.responderSpi())
                .u8(PayloadType.SK.code())
                .u8(0x20)
                .u8(header.exchange().code())
                .u8((header.fromInitiator() ? 8 : 0) | (header.response() ? 0x20 : 0))
                .u32(header.messageId())
                .u32(Header.OCTETS + body)
                .u8(first.code())
                .u8(0)
                .u16(body)
                .toBytes();
        return Bytes.concat(associated, cipher.seal(associated, plain, new SeededEntropy(12)));
    }
}
