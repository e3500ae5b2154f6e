package io.sallyport.engine.control;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.crypto.KeyExchanges.InvalidPublicValue;
import io.sallyport.crypto.KeyExchanges.KeyPairMade;
import io.sallyport.crypto.KeyExchanges.PrivateKeyValue;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeEvent.Answer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what takes time, on threads of their own. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    /** Beyond this many waiting handshakes a peer does better to retransmit. */
    private static final int QUEUE_MAX = 4_096;

    private final KeyExchanges exchanges;
    private final ThreadPoolExecutor pool;

    /** Our half of an exchange, carried through the IKE machine unseen. */
    private record Held(PrivateKeyValue value) implements IkeEvent.PrivateValue {}

    Workers(KeyExchanges exchanges, int threads) {
        this.exchanges = exchanges;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE_MAX),
                work -> Thread.ofPlatform()
                        .name("worker-" + number.getAndIncrement())
                        .daemon(true)
                        .unstarted(work));
    }

    /** Calls {@code answer} from a worker, or at once when there are too many questions. */
    void ask(Question question, Consumer<Answer> answer) {
        try {
            pool.execute(() -> answer.accept(work(question)));
        } catch (RejectedExecutionException e) {
            answer.accept(new Answer.Failed("too many handshakes at once"));
        }
    }

    private Answer work(Question question) {
        try {
            return switch (question) {
                case Question.MakeKeyPair(var method) -> {
                    KeyPairMade made = exchanges.make(method);
                    yield new Answer.KeyPairMade(made.publicValue(), new Held(made.privateValue()));
                }
                case Question.Agree(var method, var privateValue, Bytes peerPublic) -> {
                    if (!(privateValue instanceof Held held)) {
                        yield new Answer.Failed("a private value of another maker");
                    }
                    Secret secret = exchanges.agree(method, held.value(), peerPublic);
                    yield new Answer.Agreed(Optional.empty(), secret);
                }
                case Question.MakeAndAgree(var method, Bytes peerPublic) -> {
                    KeyPairMade made = exchanges.make(method);
                    Secret secret = exchanges.agree(method, made.privateValue(), peerPublic);
                    yield new Answer.Agreed(Optional.of(made.publicValue()), secret);
                }
            };
        } catch (InvalidPublicValue e) {
            return new Answer.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("a key exchange failed; this is a bug", e);
            return new Answer.Failed("an internal error");
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
