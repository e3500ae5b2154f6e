package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
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

/** A transaction exchange that we begin: a request that is replied to, or a setting that is acknowledged. */
final class Asking extends Exchange {
    /** What we ask for, or set. */
    enum Purpose {
        /** XAuth: who is the user? */
        CREDENTIALS(Payload.Attributes.Kind.REQUEST, Payload.Attributes.Kind.REPLY),
        /** XAuth: whether the user is believed. */
        STATUS(Payload.Attributes.Kind.SET, Payload.Attributes.Kind.ACK),
        /** ModeCfg: what are our addresses? */
        PULL(Payload.Attributes.Kind.REQUEST, Payload.Attributes.Kind.REPLY),
        /** ModeCfg: these are your addresses. */
        PUSH(Payload.Attributes.Kind.SET, Payload.Attributes.Kind.ACK);

        private final int sends;
        private final int expects;

        Purpose(int sends, int expects) {
            this.sends = sends;
            this.expects = expects;
        }
    }

    private final Purpose purpose;
    private final List<Attribute> attributes;
    private final int identifier;
    private boolean done;

    Asking(Purpose purpose, List<Attribute> attributes, Turn turn) {
        super(ExchangeType.TRANSACTION, newMessageId(turn));
        this.purpose = purpose;
        this.attributes = attributes;
        this.identifier = turn.entropy().nextInt(0x10000);
    }

    @Override
    void start(IkeSa sa, Turn turn) {
        List<Payload> payloads = List.of(new Payload.Attributes(purpose.sends, identifier, attributes));
        Bytes hash = sa.keys().hash(messageIdOctets(), PayloadWriter.chain(payloads));
        sa.send(this, 0, hash, payloads, true, turn);
    }

    @Override
    void onMessage(IkeSa sa, Header header, PayloadReader.Chain chain, Turn turn) throws Malformed {
        requireHash(chain, sa.keys().hash(messageIdOctets(), chain.afterFirst()));
        if (done) {
            return;
        }
        Payload.Attributes answer = Payloads.one(chain.payloads(), Payload.Attributes.class);
        if (answer.kind() != purpose.expects) {
            throw new Malformed("attributes type", answer.kind() + " in answer to " + purpose.sends);
        }
        done = true;
        over(turn);
        Transactions.answered(sa, purpose, answer.attributes(), turn);
    }

    @Override
    void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    void onSilence(IkeSa sa, int attempts, Turn turn) {
        done = true;
        Transactions.fail(
                sa,
                new IkeFact.Failure.NoAnswer(
                        switch (purpose) {
                            case CREDENTIALS, STATUS -> "XAuth";
                            case PULL, PUSH -> "ModeCfg";
                        },
                        attempts,
                        true),
                turn);
    }

    @Override
    void abandon(IkeSa sa, Turn turn) {
        done = true;
    }

    @Override
    boolean isBusy() {
        return !done;
    }
}
