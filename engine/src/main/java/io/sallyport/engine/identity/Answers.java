package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import java.util.function.Consumer;

/** Who knows what the IKE machine asks about identities. Every method may be called from any thread and returns at once. */
public interface Answers extends AutoCloseable {
    /** Knows nobody. */
    Answers NOBODY = new Answers() {
        @Override
        public void configure(IdentityPlan plan) {}

        @Override
        public void ask(Question.OfIdentity question, Consumer<Answer.OfIdentity> answer) {
            answer.accept(unable(question, "nobody here knows of identities"));
        }

        @Override
        public void release(String pool, String client) {}

        @Override
        public void noted(IkeFact fact) {}

        @Override
        public void counted(long child, long bytesIn, long packetsIn, long bytesOut, long packetsOut) {}

        @Override
        public void close() {}
    };

    /** From now on this holds; conversations under way go on as they began. */
    void configure(IdentityPlan plan);

    /** Calls {@code answer} exactly once, from any thread. */
    void ask(Question.OfIdentity question, Consumer<Answer.OfIdentity> answer);

    /** The client is gone; its addresses are kept for it as long as the pool says. */
    void release(String pool, String client);

    /** Something happened that accounting may want to know. */
    void noted(IkeFact fact);

    /** What went through a child so far; told about once a second. */
    void counted(long child, long bytesIn, long packetsIn, long bytesOut, long packetsOut);

    @Override
    void close();

    /** The answer of the kind that was asked for which says that there is none. */
    static Answer.OfIdentity unable(Question.OfIdentity question, String why) {
        return switch (question) {
            case Question.Sign q -> new Answer.Refused(new Failure.CredentialMissing(q.credential(), why));
            case Question.Verify q -> new Answer.Refused(new Failure.CredentialMissing(q.trust(), why));
            case Question.Authorities q -> new Answer.Refused(new Failure.CredentialMissing(q.trust(), why));
            case Question.EapServer q -> EapFailures.of(q.step(), "EAP", why);
            case Question.EapClient q ->
                new Answer.EapFailed(
                        Bytes.EMPTY,
                        new Failure.EapRefused("EAP", q.step().identity().toString(), why, false));
            case Question.CheckPassword q ->
                new Answer.Refused(
                        new Failure.EapRefused("XAuth", Bytes.utf8(q.user()).printable(), why, false));
            case Question.Lease q -> new Answer.Refused(new Failure.PoolEmpty(q.pool(), why));
        };
    }
}
