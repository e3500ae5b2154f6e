package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Fragment;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadType;
import io.sallyport.wire.Reader;
import java.util.Optional;

/** What comes in for an ISAKMP SA: joined from fragments, opened, and handed to the exchange that it belongs to. */
final class Receiving {
    private Receiving() {}

    static void onDatagram(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) {
        try {
            if (header.next().equals(PayloadType.FRAGMENT)) {
                Optional<Bytes> whole = sa.join(Fragment.read(datagram.message()), turn);
                if (whole.isPresent()) {
                    Header inner = Header.read(Reader.over(whole.get()));
                    if (inner.next().equals(PayloadType.FRAGMENT)
                            || inner.initiatorCookie() != header.initiatorCookie()
                            || inner.responderCookie() != header.responderCookie()) {
                        throw new Malformed("fragments", "make a message of something else");
                    }
                    onMessage(sa, new IkeEvent.Datagram(datagram.local(), datagram.remote(), whole.get()), inner, turn);
                }
            } else {
                onMessage(sa, datagram, header, turn);
            }
        } catch (Malformed e) {
            turn.refuse(datagram.local(), datagram.remote(), IkeFact.Failure.Misbehaved.of(e));
        }
    }

    private static void onMessage(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) throws Malformed {
        if (sa.state() == SaState.DEAD) {
            return;
        }
        ExchangeType type = header.exchange();
        if (type.equals(ExchangeType.MAIN) || type.equals(ExchangeType.AGGRESSIVE)) {
            onPhase1(sa, datagram, header, turn);
        } else if (!header.isEncrypted()) {
            // Anybody can send it: nothing is done, and above all nothing is answered.
            Informational.hint(sa, header, datagram.message(), turn);
        } else if (sa.state() == SaState.PROVING) {
            Informational.early(sa, header, turn);
        } else if (header.messageId() == 0) {
            throw new Malformed("message id", "is zero in " + type);
        } else {
            onPhase2(sa, datagram, header, turn);
        }
    }

    private static void onPhase1(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) throws Malformed {
        if (sa.isRepeatedPhase1(datagram.message(), turn) || sa.state() != SaState.PROVING) {
            return;
        }
        if (header.messageId() != 0) {
            throw new Malformed("message id", "is not zero in " + header.exchange());
        }
        if (header.exchange().equals(ExchangeType.MAIN) == sa.phase1().aggressive) {
            throw new Malformed(
                    "exchange type",
                    header.exchange() + " within " + sa.phase1().mode());
        }
        if (sa.phase1().aggressive) {
            AggressiveMode.onMessage(sa, datagram, header, turn);
        } else {
            MainMode.onMessage(sa, datagram, header, turn);
        }
    }

    private static void onPhase2(IkeSa sa, IkeEvent.Datagram datagram, Header header, Turn turn) throws Malformed {
        Optional<Exchange> known = sa.exchanges().find(header.messageId());
        if (known.isPresent() && known.get().isRepetition(datagram.message())) {
            turn.send(sa.local(), sa.remote(), known.get().repeat());
            return;
        }
        Bytes sealed =
                datagram.message().slice(Header.OCTETS, datagram.message().size());
        if (known.isPresent() && header.exchange().equals(ExchangeType.INFORMATIONAL)) {
            Informational.within(sa, known.get(), header, sealed, turn);
            return;
        }
        Bytes from = known.map(Exchange::iv).orElseGet(() -> sa.keys().iv(sa.iv(), header.messageId()));
        Bytes plain = sa.keys().cipher().decrypt(from, sealed);
        PayloadReader.Chain chain = PayloadReader.padded(header.next(), plain);
        Bytes next = sa.lastBlock(sealed);
        if (known.isPresent()) {
            if (!known.get().type().equals(header.exchange())) {
                throw new Malformed(
                        "exchange type",
                        header.exchange() + " within " + known.get().type());
            }
            known.get().receiving(datagram.message(), next);
            try {
                known.get().onMessage(sa, header, chain, turn);
            } catch (Malformed e) {
                known.get().undo();
                throw e;
            }
            sa.heard(datagram, turn);
            return;
        }
        // The first message of every exchange after phase 1 is authentic by HASH(1), informational ones included.
        Exchange.requireHash(chain, sa.keys().hash(Keys.messageIdOctets(header.messageId()), chain.afterFirst()));
        if (!sa.exchanges().isNew(header.messageId())) {
            return;
        }
        sa.heard(datagram, turn);
        ExchangeType type = header.exchange();
        if (type.equals(ExchangeType.INFORMATIONAL)) {
            if (!Informational.isLiveness(chain)) {
                sa.exchanges().used(header.messageId());
            }
            Informational.process(sa, chain, turn);
        } else if (type.equals(ExchangeType.QUICK)) {
            if (sa.state() == SaState.ESTABLISHED || sa.state() == SaState.REPLACED) {
                answer(sa, new QuickResponder(header, turn), datagram, header, chain, next, turn);
            } else {
                throw new Malformed("exchange type", type + " before the peer has proven all it must");
            }
        } else if (type.equals(ExchangeType.TRANSACTION)) {
            answer(sa, new Answering(header.messageId()), datagram, header, chain, next, turn);
        } else {
            throw new Malformed("exchange type", type.toString());
        }
    }

    private static void answer(
            IkeSa sa,
            Exchange exchange,
            IkeEvent.Datagram datagram,
            Header header,
            PayloadReader.Chain chain,
            Bytes next,
            Turn turn)
            throws Malformed {
        if (!sa.exchanges().hasRoom()) {
            return;
        }
        sa.exchanges().used(header.messageId());
        sa.exchanges().add(exchange);
        exchange.receiving(datagram.message(), next);
        try {
            exchange.onMessage(sa, header, chain, turn);
        } catch (Malformed e) {
            exchange.over(turn);
            throw e;
        }
    }
}
