package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v1.message.Attribute;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Payloads;
import java.util.List;
import java.util.Optional;

/** A transaction exchange that the peer begins. */
final class Answering extends Exchange {
    private boolean asked;
    private int identifier;

    Answering(int messageId) {
        super(ExchangeType.TRANSACTION, messageId);
    }

    @Override
    void start(IkeSa sa, Turn turn) {
        throw new IllegalStateException("the peer began it");
    }

    @Override
    void onMessage(IkeSa sa, Header header, PayloadReader.Chain chain, Turn turn) throws Malformed {
        requireHash(chain, sa.keys().hash(messageIdOctets(), chain.afterFirst()));
        if (asked) {
            throw new Malformed("transaction", "has one message of each end");
        }
        asked = true;
        Payload.Attributes request = Payloads.one(chain.payloads(), Payload.Attributes.class);
        identifier = request.identifier();
        switch (request.kind()) {
            case Payload.Attributes.Kind.REQUEST -> {
                Optional<IkeAction.Question> needed = Transactions.requested(sa, this, request.attributes(), turn);
                needed.ifPresent(q -> sa.exchanges().ask(sa, this, q, turn));
            }
            case Payload.Attributes.Kind.SET -> Transactions.set(sa, this, request.attributes(), turn);
            default -> throw new Malformed("attributes type", Integer.toString(request.kind()));
        }
    }

    @Override
    void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.Leased(IkeEvent.ClientSettings settings)) {
            reply(sa, Transactions.settings(settings), turn);
            Transactions.leased(sa, settings, turn);
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            reply(sa, List.of(), turn);
            Transactions.fail(sa, why, turn);
        }
    }

    void reply(IkeSa sa, List<Attribute> attributes, Turn turn) {
        send(sa, Payload.Attributes.Kind.REPLY, attributes, turn);
    }

    /** Each with no value: taken. */
    void acknowledge(IkeSa sa, List<Attribute> attributes, Turn turn) {
        send(
                sa,
                Payload.Attributes.Kind.ACK,
                attributes.stream()
                        .map(a -> Attribute.octets(a.type(), Bytes.EMPTY))
                        .toList(),
                turn);
    }

    private void send(IkeSa sa, int kind, List<Attribute> attributes, Turn turn) {
        List<Payload> payloads = List.of(new Payload.Attributes(kind, identifier, attributes));
        Bytes hash = sa.keys().hash(messageIdOctets(), PayloadWriter.chain(payloads));
        sa.send(this, 0, hash, payloads, false, turn);
        over(turn);
    }

    @Override
    void onSilence(IkeSa sa, int attempts, Turn turn) {}

    @Override
    void abandon(IkeSa sa, Turn turn) {}

    @Override
    boolean isBusy() {
        return false;
    }
}
