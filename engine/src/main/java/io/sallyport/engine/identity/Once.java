package io.sallyport.engine.identity;

import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a question gets one answer, whatever happens. */
final class Once implements Consumer<Answer.OfIdentity> {
    private static final Logger LOG = LoggerFactory.getLogger(Once.class);

    private final Question.OfIdentity question;
    private final Consumer<Answer.OfIdentity> answer;
    private final AtomicBoolean answered = new AtomicBoolean();

    Once(Question.OfIdentity question, Consumer<Answer.OfIdentity> answer) {
        this.question = question;
        this.answer = answer;
    }

    @Override
    public void accept(Answer.OfIdentity given) {
        if (answered.compareAndSet(false, true)) {
            answer.accept(given);
        }
    }

    /** Runs {@code work} elsewhere; what it forgets or breaks is answered all the same. */
    void on(Executor executor, Runnable work) {
        try {
            executor.execute(() -> guard(work));
        } catch (RejectedExecutionException e) {
            accept(Answers.unable(question, "too many handshakes at once"));
        }
    }

    private void guard(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a question about an identity failed; this is a bug", e);
            accept(Answers.unable(question, "an internal error"));
        }
    }
}
