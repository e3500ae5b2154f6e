package io.sallyport.engine.control;

import io.sallyport.crypto.KeyExchanges;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.KeyExchangeAnswers;
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
    void ask(Question.OfKeyExchange question, Consumer<Answer> answer) {
        try {
            pool.execute(() -> answer.accept(work(question)));
        } catch (RejectedExecutionException e) {
            answer.accept(new Answer.Failed("too many handshakes at once"));
        }
    }

    private Answer work(Question.OfKeyExchange question) {
        try {
            return KeyExchangeAnswers.to(question, exchanges);
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
