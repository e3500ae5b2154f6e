package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.engine.OsEntropy;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.pki.Credentials;
import io.sallyport.pki.Fetcher;
import io.sallyport.pki.OwnLists;
import io.sallyport.pki.Revocation;
import io.sallyport.pki.Verification;
import io.sallyport.radius.Accounting;
import io.sallyport.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final EapAnswers eap;
    private final Leases leases;
    private final Sessions sessions;
    private final RadiusAnswers radius;
    private final Thread daily;
    private volatile IdentityPlan plan = IdentityPlan.NONE;

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
        Credentials credentials = new Credentials(pki.resolve("credentials"), clock);
        this.certificates = new CertificateAnswers(
                credentials, new Verification(clock, new Revocation(fetcher, clock, new OwnLists(pki))), waiting);
        this.eap = new EapAnswers(certificates, new OsEntropy());
        this.leases = new Leases(store, clock);
        this.sessions = new Sessions(waiting, clock);
        this.radius = new RadiusAnswers(new OsEntropy(), clock, sessions);
        this.daily = Thread.ofVirtual().name("identity-daily").start(() -> warnEveryDay(credentials));
    }

    /** A certificate that nobody uses before it ends would otherwise end unnoticed. */
    private static void warnEveryDay(Credentials credentials) {
        try {
            while (true) {
                credentials.warnOfEnds();
                Thread.sleep(Duration.ofDays(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void configure(IdentityPlan next) {
        if (!next.equals(plan)) {
            plan = next;
            certificates.configure(next.trusts());
            leases.configure(next.pools());
            radius.configure(next.directories());
        }
    }

    @Override
    public void ask(Question.OfIdentity question, Consumer<Answer.OfIdentity> answer) {
        Once once = new Once(question, answer);
        switch (question) {
            case Question.Sign q -> once.on(proofs, () -> certificates.sign(q, once));
            case Question.Verify q -> once.on(proofs, () -> certificates.verify(q, once));
            case Question.Authorities q -> once.accept(certificates.authorities(q));
            case Question.EapServer q -> serve(q, once);
            case Question.EapClient q -> call(q, once);
            case Question.CheckPassword q -> check(q, once);
            case Question.Lease q -> once.accept(leases.lease(q));
        }
    }

    @Override
    public void release(String pool, String client) {
        leases.release(pool, client);
    }

    @Override
    public void noted(IkeFact fact) {
        sessions.noted(fact);
    }

    @Override
    public void counted(long child, long bytesIn, long packetsIn, long bytesOut, long packetsOut) {
        sessions.counted(child, new Accounting.Usage(bytesIn, packetsIn, bytesOut, packetsOut));
    }

    private void serve(Question.EapServer question, Once once) {
        Optional<IdentityPlan.Directory> directory = directory(question.step().name());
        if (directory.isEmpty()) {
            once.accept(Answers.unable(question, "there are no users behind it"));
            return;
        }
        if (directory.get().radius().isPresent()) {
            once.on(waiting, () -> once.accept(radius.serve(directory.get(), question.step())));
            return;
        }
        once.on(
                eap.waits(directory.get().trust()) ? waiting : proofs,
                () -> once.accept(eap.serve(directory.get(), question.step())));
    }

    private void call(Question.EapClient question, Once once) {
        String name = question.step().name();
        Optional<IdentityPlan.EapClient> own =
                plan.eapClients().stream().filter(c -> c.name().equals(name)).findFirst();
        if (own.isEmpty()) {
            once.accept(Answers.unable(question, "there is no user to be"));
            return;
        }
        once.on(
                eap.waits(own.get().trust()) ? waiting : proofs,
                () -> once.accept(eap.call(own.get(), question.step())));
    }

    private void check(Question.CheckPassword question, Once once) {
        Optional<IdentityPlan.Directory> directory = directory(question.name());
        if (directory.flatMap(IdentityPlan.Directory::radius).isPresent()) {
            once.on(waiting, () -> once.accept(radius.check(directory.get(), question)));
        } else {
            once.on(proofs, () -> once.accept(check(question)));
        }
    }

    private Answer.OfIdentity check(Question.CheckPassword question) {
        String user = Bytes.utf8(question.user()).printable();
        Optional<Secret> right =
                directory(question.name()).flatMap(d -> EapAnswers.password(d.users(), question.user()));
        return right.isPresent() && right.get().equals(question.password())
                ? new Answer.PasswordFits(
                        new IkeEvent.EapResult("XAuth", user, Optional.empty(), List.of(), Optional.empty()))
                : new Answer.Refused(new Failure.EapRefused("XAuth", user, "the name or the password is wrong", false));
    }

    private Optional<IdentityPlan.Directory> directory(String name) {
        return plan.directories().stream().filter(d -> d.name().equals(name)).findFirst();
    }

    @Override
    public void close() {
        daily.interrupt();
        proofs.shutdownNow();
        radius.close();
        waiting.close();
        leases.close();
    }
}
