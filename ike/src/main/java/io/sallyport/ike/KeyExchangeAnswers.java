package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.crypto.KeyExchanges.InvalidPublicValue;
import io.sallyport.crypto.KeyExchanges.KeyPairMade;
import io.sallyport.crypto.KeyExchanges.PrivateKeyValue;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.PrivateValue;
import java.util.Optional;

/** Answers questions about key exchanges. Slow: whoever calls it is not the thread that drives the machine. */
public final class KeyExchangeAnswers {
    /** Our half of an exchange, carried through the machine unseen. */
    private record Held(PrivateKeyValue value) implements PrivateValue {}

    private KeyExchangeAnswers() {}

    /** The answer to {@code question}; a public value that must not be used is an answer too. */
    public static Answer.OfKeyExchange to(Question.OfKeyExchange question, KeyExchanges exchanges) {
        try {
            return switch (question) {
                case Question.MakeKeyPair(KeyExchangeMethod method) -> {
                    KeyPairMade made = exchanges.make(method);
                    yield new Answer.KeyPairMade(made.publicValue(), new Held(made.privateValue()));
                }
                case Question.Agree(KeyExchangeMethod method, PrivateValue ours, Bytes theirs) ->
                    new Answer.Agreed(Optional.empty(), exchanges.agree(method, ((Held) ours).value(), theirs));
                case Question.MakeAndAgree(KeyExchangeMethod method, Bytes theirs) -> {
                    KeyPairMade made = exchanges.make(method);
                    yield new Answer.Agreed(
                            Optional.of(made.publicValue()), exchanges.agree(method, made.privateValue(), theirs));
                }
            };
        } catch (InvalidPublicValue e) {
            return new Answer.Failed(String.valueOf(e.getMessage()));
        }
    }
}
