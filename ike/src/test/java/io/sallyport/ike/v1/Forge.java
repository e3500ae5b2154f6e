package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Messages made with an end's keys that the end itself would not send. */
final class Forge {
    private static final SeededEntropy ENTROPY = new SeededEntropy(99);

    private Forge() {}

    static IkeSa only(Pair.End end) {
        return end.machine.sasForTest().getFirst();
    }

    /** The first message of an exchange below the SA, authentic unless {@code spoil} changes its HASH. */
    static Bytes message(IkeSa sa, ExchangeType type, int flags, UnaryOperator<Bytes> spoil, List<Payload> payloads) {
        int messageId = 1 + ENTROPY.nextInt(Integer.MAX_VALUE - 1);
        Bytes hash = sa.keys().hash(Keys.messageIdOctets(messageId), PayloadWriter.chain(payloads));
        List<Payload> all = new ArrayList<>();
        all.add(new Payload.Hash(spoil.apply(hash)));
        all.addAll(payloads);
        return sealed(sa, type, flags, messageId, all);
    }

    /** Encrypted as the first message of an exchange, with whatever payloads. */
    static Bytes sealed(IkeSa sa, ExchangeType type, int flags, int messageId, List<Payload> payloads) {
        Bytes plain = PayloadWriter.chain(payloads);
        int block = sa.keys().cipher().blockOctets();
        Bytes padded = Bytes.concat(plain, Bytes.wrap(new byte[(block - plain.size() % block) % block]));
        Header header = new Header(
                sa.spis().initiator(),
                sa.spis().responder(),
                PayloadWriter.firstType(payloads),
                type,
                flags | Header.ENCRYPTED,
                messageId,
                0);
        return header.with(sa.keys().cipher().encrypt(sa.keys().iv(sa.iv(), messageId), padded));
    }

    /** Has {@code by} send it, and the other end read it. */
    static void deliver(Pair pair, Pair.End by, Bytes message) {
        IkeSa to = only(pair.other(by));
        pair.other(by).on(new IkeEvent.Datagram(to.local(), to.remote(), message));
    }

    static void inform(Pair pair, Pair.End by, Payload... payloads) {
        deliver(pair, by, message(only(by), ExchangeType.INFORMATIONAL, 0, h -> h, List.of(payloads)));
    }

    static void begin(Pair pair, Pair.End by, UnaryOperator<List<Payload>> change, List<Payload> quick) {
        deliver(pair, by, message(only(by), ExchangeType.QUICK, 0, h -> h, change.apply(quick)));
    }

    /** What a first message of quick mode carries, for the left end's configuration. */
    static List<Payload> quickMode(Pair.End by) {
        IkeSa sa = only(by);
        var config = sa.peer().children().getFirst();
        return List.of(
                Offers.phase2(
                        List.of(Configs.ESP_GCM),
                        0x12345678,
                        Offers.encapsulation(sa.nat().udp(), false),
                        config),
                new Payload.Nonce(Bytes.wrap(new byte[32])),
                Selectors.id(config.local().getFirst()),
                Selectors.id(config.remote().getFirst()));
    }
}
