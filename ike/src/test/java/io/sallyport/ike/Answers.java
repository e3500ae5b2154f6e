package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import java.util.Optional;

/** Answers what a machine asks, at once. */
final class Answers {
    private record Held(KeyExchanges.PrivateKeyValue value) implements IkeEvent.PrivateValue {}

    private Answers() {}

    static IkeEvent.Answer to(IkeAction.Question question, KeyExchanges exchanges) {
        try {
            return switch (question) {
                case IkeAction.Question.MakeKeyPair(KeyExchangeMethod method) -> {
                    KeyExchanges.KeyPairMade made = exchanges.make(method);
                    yield new IkeEvent.Answer.KeyPairMade(made.publicValue(), new Held(made.privateValue()));
                }
                case IkeAction.Question.Agree(KeyExchangeMethod method, IkeEvent.PrivateValue ours, Bytes theirs) ->
                    new IkeEvent.Answer.Agreed(
                            Optional.empty(), exchanges.agree(method, ((Held) ours).value(), theirs));
                case IkeAction.Question.MakeAndAgree(KeyExchangeMethod method, Bytes theirs) -> {
                    KeyExchanges.KeyPairMade made = exchanges.make(method);
                    yield new IkeEvent.Answer.Agreed(
                            Optional.of(made.publicValue()), exchanges.agree(method, made.privateValue(), theirs));
                }
            };
        } catch (KeyExchanges.InvalidPublicValue e) {
            return new IkeEvent.Answer.Failed(String.valueOf(e.getMessage()));
        }
    }
}
