package io.sallyport.engine.identity;

import io.sallyport.ike.IkeFact;
import io.sallyport.radius.Accounting;
import io.sallyport.radius.Accounting.Cause;
import io.sallyport.radius.Accounting.Usage;
import io.sallyport.radius.RadiusClient;
import io.sallyport.radius.Verdict;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of clients that a RADIUS server let in, told to it from their begin to their end. Who was let in and whose IKE SA
 * came up are brought together by where the client is.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration INTERIM = Duration.ofMinutes(10);
    /** Let in, and not yet up. */
    private static final int ADMITTED_MAX = 10_000;

    private final Executor waiting;
    private final Clock clock;
    private final SequencedMap<Endpoint, Admitted> admitted = new LinkedHashMap<>();
    private final SequencedMap<String, Running> running = new LinkedHashMap<>();
    private final SequencedMap<Long, Running> byChild = new LinkedHashMap<>();

    private record Admitted(Accounting accounting, RadiusClient.Caller caller, Verdict.Accept accept) {}

    private static final class Running {
        private final Accounting accounting;
        private final Accounting.Session session;
        private final Duration every;
        /** By child; those that are gone count too. */
        private final SequencedMap<Long, Usage> usage = new LinkedHashMap<>();

        private Instant toldAt;

        Running(Accounting accounting, Accounting.Session session) {
            this.accounting = accounting;
            this.session = session;
            this.every = session.marks().interim().orElse(INTERIM);
            this.toldAt = session.begun();
        }

        Usage total() {
            Usage sum = Usage.NONE;
            for (Usage each : usage.values()) {
                sum = new Usage(
                        sum.octetsIn() + each.octetsIn(),
                        sum.packetsIn() + each.packetsIn(),
                        sum.octetsOut() + each.octetsOut(),
                        sum.packetsOut() + each.packetsOut());
            }
            return sum;
        }
    }

    Sessions(Executor waiting, Clock clock) {
        this.waiting = waiting;
        this.clock = clock;
    }

    synchronized void admitted(Optional<Accounting> accounting, RadiusClient.Caller caller, Verdict.Accept accept) {
        if (accounting.isPresent()) {
            admitted.remove(caller.remote());
            admitted.put(caller.remote(), new Admitted(accounting.get(), caller, accept));
            if (admitted.size() > ADMITTED_MAX) {
                admitted.pollFirstEntry();
            }
        }
    }

    synchronized void noted(IkeFact fact) {
        switch (fact) {
            case IkeFact.IkeUp up -> begin(up);
            case IkeFact.ChildUp up -> {
                Running session = running.get(up.peer());
                if (session != null) {
                    byChild.put(up.child().id(), session);
                }
            }
            case IkeFact.IkeDown down -> end(down);
            // A child that is gone may still have packets on their way, which count.
            case IkeFact.ChildDown _,
                    IkeFact.Connecting _,
                    IkeFact.IkeRekeyed _,
                    IkeFact.ChildRefused _,
                    IkeFact.Refused _,
                    IkeFact.UnderLoad _ -> {}
        }
    }

    private void begin(IkeFact.IkeUp up) {
        Admitted found = admitted.remove(up.remote());
        // A client that proves itself again goes on with its session.
        if (found == null || running.containsKey(up.peer())) {
            return;
        }
        List<Address> addresses = new ArrayList<>(up.leased());
        Accounting.Session session = new Accounting.Session(
                found.caller(), found.accept().user(), found.accept().marks(), clock.instant(), addresses);
        running.put(up.peer(), new Running(found.accounting(), session));
        tell(() -> found.accounting().start(session));
    }

    private void end(IkeFact.IkeDown down) {
        Running session = running.remove(down.peer());
        if (session != null) {
            byChild.values().removeIf(session::equals);
            Usage total = session.total();
            tell(() -> session.accounting.stop(session.session, total, cause(down.why())));
        }
    }

    private static Cause cause(IkeFact.Failure why) {
        return switch (why) {
            case IkeFact.Failure.DeletedByPeer _ -> Cause.USER_REQUEST;
            case IkeFact.Failure.ClosedByUs _ -> Cause.ADMIN_RESET;
            case IkeFact.Failure.Expired _ -> Cause.SESSION_TIMEOUT;
            case IkeFact.Failure.PeerDead _, IkeFact.Failure.NoAnswer _ -> Cause.LOST_SERVICE;
            case IkeFact.Failure _ -> Cause.NAS_REQUEST;
        };
    }

    synchronized void counted(long child, Usage usage) {
        Running session = byChild.get(child);
        if (session == null) {
            return;
        }
        session.usage.put(child, usage);
        if (!session.toldAt.plus(session.every).isAfter(clock.instant())) {
            session.toldAt = clock.instant();
            Usage total = session.total();
            tell(() -> session.accounting.interim(session.session, total));
        }
    }

    /** Somebody hears it, or a line in the log says that nobody did. */
    void tell(Callable<Boolean> what) {
        try {
            waiting.execute(() -> {
                try {
                    if (!what.call()) {
                        LOG.warn("no RADIUS server takes down accounting");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) {
                    LOG.warn("accounting failed: {}", e.getMessage());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("accounting is left out: too much waits already");
        }
    }
}
