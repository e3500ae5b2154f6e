package io.sallyport.ike.v2;

import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import org.jspecify.annotations.Nullable;

/** One question about somebody's identity at a time, and what is done with its answer. */
final class Asking {
    /** Goes on with the answer. Nothing good follows from any but the very kind that was asked for. */
    @FunctionalInterface
    interface Then {
        void onAnswer(Answer.OfIdentity answer, Turn turn);
    }

    private long ask;
    private @Nullable Then then;

    boolean isBusy() {
        return then != null;
    }

    void ask(IkeSa sa, Question.OfIdentity question, Then next, Turn turn) {
        ask = turn.ask(sa, question);
        then = next;
    }

    void onAnswer(long number, Answer.OfIdentity answer, Turn turn) {
        Then next = then;
        if (next != null && number == ask) {
            then = null;
            next.onAnswer(answer, turn);
        }
    }

    /** Why it was not the answer hoped for. */
    static IkeFact.Failure failure(Answer.OfIdentity answer) {
        return switch (answer) {
            case Answer.Refused(IkeFact.Failure why) -> why;
            case Answer.EapFailed failed -> failed.why();
            case Answer.Signed _,
                    Answer.Verified _,
                    Answer.Authorities _,
                    Answer.EapNext _,
                    Answer.EapDone _,
                    Answer.PasswordFits _,
                    Answer.Leased _ -> new IkeFact.Failure.ClosedByUs("internal error: an answer to another question");
        };
    }
}
