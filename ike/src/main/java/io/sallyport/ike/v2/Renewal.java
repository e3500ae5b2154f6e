package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proofs that do not last for ever (RFC 4478), and how they are renewed: a new IKE SA with children of its own comes up beside
 * the old one, which goes when the new children carry. No packet is lost.
 */
final class Renewal {
    private Renewal() {}

    // N(AUTH_LIFETIME)

    /** What the responder adds to the last IKE_AUTH response; the initiator then begins in time. */
    static Optional<Payload.Notify> announce(IkeSa sa, Proven proven, Turn turn) {
        Optional<Duration> lifetime = shorter(proven.config().mobility().reauthentication(), proven.sessionTimeout())
                .map(Renewal::bounded);
        lifetime.ifPresent(l -> sa.times().proofsEndAt(turn.now().in(l)));
        return lifetime.map(l -> Payload.Notify.of(
                NotifyType.AUTH_LIFETIME, Proposals.spiBytes((int) Math.min(l.toSeconds(), Integer.MAX_VALUE))));
    }

    private static Optional<Duration> shorter(Optional<Duration> a, Optional<Duration> b) {
        if (a.isPresent() && b.isPresent()) {
            return a.get().compareTo(b.get()) <= 0 ? a : b;
        }
        return a.or(() -> b);
    }

    private static Duration bounded(Duration lifetime) {
        return lifetime.compareTo(Limits.PROOFS_SHORTEST) < 0 ? Limits.PROOFS_SHORTEST : lifetime;
    }

    /** The initiator's time: its own, or what the responder says, in IKE_AUTH or later (RFC 4478 section 3). */
    static void schedule(IkeSa sa, List<Payload> received, Turn turn) {
        if (!sa.isOriginalInitiator()) {
            return;
        }
        Optional<Duration> peers = Payloads.notify(received, NotifyType.AUTH_LIFETIME)
                .map(Payload.Notify::data)
                .filter(d -> d.size() == 4)
                .map(Renewal::seconds)
                .map(Renewal::bounded);
        peers.ifPresent(l -> sa.times().renewAt(sa.times().renewAt().earlier(turn.inMostOf(l))));
    }

    /** Our own wish, when the IKE SA comes up. */
    static void scheduleOwn(IkeSa sa, Turn turn) {
        sa.peer().mobility().reauthentication().map(Renewal::bounded).ifPresent(l -> {
            sa.times().renewAt(turn.inMostOf(l));
            sa.times().proofsEndAt(turn.now().in(l));
        });
    }

    private static Duration seconds(Bytes data) {
        return Duration.ofSeconds(Integer.toUnsignedLong(Negotiation.toInt(data)));
    }

    // Make before break.

    static void begin(IkeSa old, Turn turn) {
        old.times().renewAt(Monotonic.NEVER);
        IkeSaInit.renew(old, turn);
    }

    /** It did not come up: the old one stands, and there is time for another attempt. */
    static void failed(IkeSa fresh, IkeFact.Failure why, Turn turn) {
        fresh.renews().map(IkeSa::latest).filter(IkeSa::isEstablished).ifPresent(old -> {
            turn.touch(old);
            old.times().renewAt(turn.inAbout(Limits.REKEY_RETRY));
            turn.note(new IkeFact.ChildRefused(old.name(), "IKE SA", why));
        });
    }

    /** Once every child of the old one has its like, the old one goes. */
    static void onChild(IkeSa fresh, Turn turn) {
        Optional<IkeSa> old = fresh.renews().map(IkeSa::latest).filter(IkeSa::isEstablished);
        if (old.isPresent() && old.get() != fresh) {
            boolean all = old.get().children().all().stream()
                    .map(Child::config)
                    .map(ChildConfig::name)
                    .allMatch(name -> fresh.children().all().stream()
                            .anyMatch(c -> c.config().name().equals(name)));
            if (all) {
                turn.touch(old.get());
                fresh.renewed();
                old.get().close(new IkeFact.Failure.Replaced(), turn);
            }
        }
    }
}
