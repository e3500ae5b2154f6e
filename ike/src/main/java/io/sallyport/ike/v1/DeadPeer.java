package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks whether the peer lives, when nothing else tells: RFC 3706. */
final class DeadPeer {
    private record Probe(int sequence, Outgoing tries, Monotonic since) {}

    private int sequence;
    private @Nullable Probe probe;

    static boolean isOn(IkeSa sa) {
        return sa.vendor().dpd() && !sa.peer().dpdTimeout().isZero();
    }

    /** Something else than silence makes us doubt. */
    void suspect(IkeSa sa, Turn turn) {
        if (isOn(sa) && sa.isEstablished() && probe == null) {
            ask(sa, turn);
        }
    }

    /** RFC 3706 section 5.4: the number in the answer must be that of the question. */
    void answered(int number) {
        Probe waiting = probe;
        if (waiting != null && waiting.sequence == number) {
            probe = null;
        }
    }

    Monotonic due(IkeSa sa) {
        if (!isOn(sa)) {
            return Monotonic.NEVER;
        }
        Probe waiting = probe;
        return waiting != null
                ? waiting.tries.nextAt()
                : sa.lastHeard().plus(sa.peer().dpdTimeout().dividedBy(3));
    }

    /** @return why the peer counts as dead, when it does */
    Optional<IkeFact.Failure> onDeadline(IkeSa sa, Turn turn) {
        if (!due(sa).isDue(turn.now())) {
            return Optional.empty();
        }
        Probe waiting = probe;
        if (waiting == null || waiting.since.isBefore(sa.lastHeard())) {
            probe = null;
            if (due(sa).isDue(turn.now())) {
                ask(sa, turn);
            }
            return Optional.empty();
        }
        Duration silence = sa.silence(turn);
        if (silence.compareTo(sa.peer().dpdTimeout()) >= 0 && waiting.tries.attempts() >= Limits.DEAD_AFTER_ATTEMPTS) {
            return Optional.of(new IkeFact.Failure.PeerDead(silence.toSeconds()));
        }
        probe = new Probe(waiting.sequence, waiting.tries.again(turn.now()), waiting.since);
        send(sa, waiting.sequence, turn);
        return Optional.empty();
    }

    private void ask(IkeSa sa, Turn turn) {
        // RFC 3706 section 5.4: the first number is random, "with the high bit zero"; one greater with each question.
        sequence = sequence == 0 ? 1 + turn.entropy().nextInt(1 << 30) : sequence + 1;
        probe = new Probe(
                sequence, Outgoing.first(List.of(), turn.now()), turn.now().at());
        turn.touch(sa);
        send(sa, sequence, turn);
    }

    private static void send(IkeSa sa, int sequence, Turn turn) {
        sa.inform(
                List.of(notification(
                        sa, NotifyType.R_U_THERE, Bytes.ofLong(sequence).slice(4, 8))),
                turn);
    }

    /** RFC 3706 section 5.3: the SPI is both cookies. */
    static Payload.Notify notification(IkeSa sa, NotifyType type, Bytes number) {
        return new Payload.Notify(Proposal.Protocol.ISAKMP, sa.spis().both(), type, number);
    }
}
