package io.sallyport.engine.identity;

import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.pki.Credentials;
import io.sallyport.pki.Fetcher;
import io.sallyport.pki.OwnLists;
import io.sallyport.pki.Revocation;
import io.sallyport.pki.Verification;
import io.sallyport.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Answers from this machine's keys, from the plan's users and RADIUS servers, and from its pools. Mathematics runs on threads
 * {@code proof-*}; whatever waits for others has a virtual thread.
 */
public final class Identities implements Answers {
    /** Beyond this many waiting proofs a peer does better to retransmit. */
    private static final int QUEUE_MAX = 4_096;

    private final ThreadPoolExecutor proofs;
    private final Waiting waiting = new Waiting();
    private final CertificateAnswers certificates;

    /** @param data the gateway's directory; keys lie in {@code pki/credentials} below it */
    public Identities(Path data, Store store, Clock clock, Fetcher fetcher) {
        Path pki = data.resolve("pki");
        AtomicInteger number = new AtomicInteger();
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.proofs = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE_MAX),
                work -> Thread.ofPlatform()
                        .name("proof-" + number.getAndIncrement())
                        .daemon(true)
                        .unstarted(work));
        this.certificates = new CertificateAnswers(
                new Credentials(pki.resolve("credentials"), clock),
                new Verification(clock, new Revocation(fetcher, clock, new OwnLists(pki))),
                waiting);
    }

    @Override
    public void configure(IdentityPlan plan) {
        certificates.configure(plan.trusts());
    }

    @Override
    public void ask(Question.OfIdentity question, Consumer<Answer.OfIdentity> answer) {
        Once once = new Once(question, answer);
        switch (question) {
            case Question.Sign q -> once.on(proofs, () -> once.accept(certificates.sign(q)));
            case Question.Verify q -> once.on(proofs, () -> certificates.verify(q, once));
            case Question.Authorities q -> once.accept(certificates.authorities(q));
            case Question.EapServer _, Question.EapClient _, Question.CheckPassword _, Question.Lease _ ->
                once.accept(Answers.unable(question, "not known"));
        }
    }

    @Override
    public void release(String pool, String client) {}

    @Override
    public void close() {
        proofs.shutdownNow();
        waiting.close();
    }
}
