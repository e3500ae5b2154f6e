package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.crypto.MessageCipher;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.Opened;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.ike.v2.message.Protection;
import io.sallyport.wire.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An end that misbehaves on purpose: our own machine, whose protected messages are opened on their way out, changed, dropped,
 * repeated or led by others, and sealed again with its keys. To its peer they are authentic.
 */
final class FaultyPeer {
    /** What is done to messages that {@code which} chooses; nothing is left of a message: it is dropped. */
    private record Fault(Predicate<ProtectedMessage> which, UnaryOperator<List<Payload>> change) {}

    private final Pair pair;
    private final Pair.End end;
    private final List<Fault> faults = new ArrayList<>();
    private final List<ProtectedMessage> sent = new ArrayList<>();
    private Optional<Protection> protection = Optional.empty();
    private IkeKeys.Spis spis = new IkeKeys.Spis(0, 0);

    private FaultyPeer(Pair pair, Pair.End end) {
        this.pair = pair;
        this.end = end;
    }

    static FaultyPeer on(Pair pair, Pair.End end) {
        FaultyPeer faulty = new FaultyPeer(pair, end);
        pair.faults = faulty::apply;
        return faulty;
    }

    /** Changes every message of this kind. */
    FaultyPeer changes(Predicate<ProtectedMessage> which, UnaryOperator<List<Payload>> change) {
        faults.add(new Fault(which, change));
        return this;
    }

    FaultyPeer adds(Predicate<ProtectedMessage> which, Payload extra) {
        return changes(which, payloads -> {
            List<Payload> more = new ArrayList<>(payloads);
            more.add(extra);
            return more;
        });
    }

    FaultyPeer leavesOut(Predicate<ProtectedMessage> which, PayloadType type) {
        return changes(
                which,
                payloads ->
                        payloads.stream().filter(p -> !p.type().equals(type)).toList());
    }

    FaultyPeer replaces(Predicate<ProtectedMessage> which, Payload by) {
        return changes(
                which,
                payloads -> payloads.stream()
                        .map(p -> p.type().equals(by.type()) ? by : p)
                        .toList());
    }

    /** What the end sent, before it was changed. */
    List<ProtectedMessage> sent() {
        return List.copyOf(sent);
    }

    static Predicate<ProtectedMessage> requests(ExchangeType exchange) {
        return m -> m.header().exchange().equals(exchange) && !m.header().response();
    }

    static Predicate<ProtectedMessage> responses(ExchangeType exchange) {
        return m -> m.header().exchange().equals(exchange) && m.header().response();
    }

    static Predicate<ProtectedMessage> carrying(PayloadType type) {
        return m -> m.payloads().stream().anyMatch(p -> p.type().equals(type));
    }

    /** What goes on the wire in place of {@code datagram}. */
    private List<Pair.InFlight> apply(Pair.InFlight datagram) {
        if (datagram.from() != end) {
            return List.of(datagram);
        }
        try {
            Bytes octets = datagram.send().message();
            Header header = Header.read(Reader.over(octets));
            if (!header.next().equals(PayloadType.SK) && !header.next().equals(PayloadType.SKF)) {
                return List.of(datagram);
            }
            Protection own = protection(header);
            return switch (own.open(octets)) {
                case Opened.Part _ -> List.of();
                case Opened.Garbled _ -> List.of(datagram);
                case Opened.Whole(ProtectedMessage message) -> seal(datagram, own, message);
            };
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private List<Pair.InFlight> seal(Pair.InFlight datagram, Protection own, ProtectedMessage message) {
        sent.add(message);
        List<Payload> payloads = message.payloads();
        for (Fault fault : faults) {
            if (fault.which.test(message)) {
                payloads = fault.change.apply(payloads);
            }
        }
        IkeAction.Send send = datagram.send();
        return own.seal(message.header(), payloads, new SeededEntropy(17)).stream()
                .map(octets -> pair.inFlight(end, new IkeAction.Send(send.local(), send.remote(), octets)))
                .toList();
    }

    private Protection protection(Header header) {
        IkeKeys.Spis wanted = new IkeKeys.Spis(header.initiatorSpi(), header.responderSpi());
        if (!wanted.equals(spis)) {
            protection = Optional.empty();
            spis = wanted;
        }
        if (protection.isEmpty()) {
            IkeSa sa = end.machine.sasForTest().stream()
                    .filter(s -> s.hasKeys() && s.spis().equals(wanted))
                    .findFirst()
                    .orElseThrow();
            IkeSuite suite = sa.secured().suite();
            IkeKeys keys = sa.secured().keys();
            MessageCipher cipher = sa.isInitiator()
                    ? new MessageCipher(suite.encryption(), suite.integrity(), keys.ei(), keys.ai())
                    : new MessageCipher(suite.encryption(), suite.integrity(), keys.er(), keys.ar());
            protection = Optional.of(new Protection(cipher, cipher, sa.secured().fragments()));
        }
        return protection.get();
    }
}
