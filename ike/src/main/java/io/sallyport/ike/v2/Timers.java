package io.sallyport.ike.v2;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.ExchangeType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything about an IKE SA that happens because time passes. */
final class Timers {
    private Timers() {}

    /** Does what is due. Each step looks at the state anew, for the one before may have ended it. */
    static void onDeadline(IkeSa sa, Turn turn) {
        giveUp(sa, turn);
        retransmit(sa, turn);
        if (sa.times().fragmentsUntil().isDue(turn.now())) {
            sa.forgetFragments();
        }
        if (!sa.isEstablished()) {
            return;
        }
        if (sa.times().expireAt().isDue(turn.now())) {
            sa.close(sa.isSuperseded() ? new IkeFact.Failure.Replaced() : new IkeFact.Failure.Expired("IKE SA"), turn);
            return;
        }
        if (sa.times().proofsEndAt().isDue(turn.now())) {
            // RFC 4478 section 3: whoever has not proven itself anew by now is not believed any longer.
            sa.close(new IkeFact.Failure.Expired("proof of identity"), turn);
            return;
        }
        if (sa.times().renewAt().isDue(turn.now())) {
            Renewal.begin(sa, turn);
        }
        if (sa.times().rekeyAt().isDue(turn.now())) {
            sa.rekeyNow(turn);
        }
        sa.children().onDeadline(sa, turn);
        if (sa.times().keepaliveAt().isDue(turn.now())) {
            turn.act(new IkeAction.SendKeepalive(sa.local(), sa.remote()));
            sa.times().keepalive(true, turn);
        }
        if (probeAt(sa).isDue(turn.now())) {
            sa.enqueue(new Liveness(List.of()), turn);
        }
    }

    static Monotonic due(IkeSa sa) {
        Monotonic at = sa.requests().pending().map(Requests.Pending::nextAt).orElse(Monotonic.NEVER);
        at = at.earlier(giveUpAt(sa)).earlier(sa.times().fragmentsUntil());
        if (sa.isEstablished()) {
            at = at.earlier(sa.times().expireAt())
                    .earlier(sa.times().rekeyAt())
                    .earlier(sa.times().renewAt())
                    .earlier(sa.times().proofsEndAt())
                    .earlier(sa.children().due())
                    .earlier(sa.times().keepaliveAt())
                    .earlier(probeAt(sa));
        }
        return at;
    }

    private static Monotonic giveUpAt(IkeSa sa) {
        return switch (sa.state()) {
            case SaState.AwaitResponderKeys(SaState.Heard _, Monotonic at) -> at;
            case SaState.AwaitAuthorities s -> s.giveUpAt();
            case SaState.AwaitAuthRequest(AuthResponder auth) -> auth.giveUpAt();
            case SaState.Replaced(Monotonic at) -> at;
            case SaState.Gone(Monotonic at) -> at;
            case SaState.AwaitKeyPair _,
                    SaState.AwaitInitResponse _,
                    SaState.AwaitSharedSecret _,
                    SaState.AwaitAuthResponse _,
                    SaState.Established _,
                    SaState.Closing _,
                    SaState.Dead _ -> Monotonic.NEVER;
        };
    }

    private static void giveUp(IkeSa sa, Turn turn) {
        if (!giveUpAt(sa).isDue(turn.now())) {
            return;
        }
        switch (sa.state()) {
            case SaState.Replaced _ -> sa.close(new IkeFact.Failure.Replaced(), turn);
            case SaState.AwaitAuthRequest(AuthResponder auth) -> {
                auth.giveUp(turn);
                sa.enter(new SaState.Dead());
                turn.sas().remove(sa);
            }
            case SaState.AwaitResponderKeys _, SaState.AwaitAuthorities _, SaState.Gone _ -> {
                sa.enter(new SaState.Dead());
                turn.sas().remove(sa);
            }
            case SaState.AwaitKeyPair _,
                    SaState.AwaitInitResponse _,
                    SaState.AwaitSharedSecret _,
                    SaState.AwaitAuthResponse _,
                    SaState.Established _,
                    SaState.Closing _,
                    SaState.Dead _ -> {}
        }
    }

    /** When to ask whether the peer lives: RFC 7296 section 2.4, only when nothing else would tell. */
    private static Monotonic probeAt(IkeSa sa) {
        Duration timeout = sa.peer().dpdTimeout();
        return timeout.isZero() || !sa.isIdle()
                ? Monotonic.NEVER
                : sa.times().lastHeard().plus(timeout.dividedBy(3));
    }

    private static void retransmit(IkeSa sa, Turn turn) {
        Optional<Requests.Pending> pending = sa.requests().pending();
        if (pending.isEmpty() || !pending.get().nextAt().isDue(turn.now())) {
            return;
        }
        Requests.Pending request = pending.get();
        Duration silence = sa.times().silence(turn);
        Duration timeout = sa.peer().dpdTimeout();
        if (sa.state() instanceof SaState.Closing) {
            if (request.attempts() >= Limits.DELETE_ATTEMPTS_MAX) {
                sa.end(new IkeFact.Failure.ClosedByUs("no answer to our delete"), turn);
                return;
            }
        } else if (isHandshake(request)) {
            if (request.attempts() >= Limits.HANDSHAKE_ATTEMPTS_MAX) {
                boolean everHeard = request.exchange().equals(ExchangeType.IKE_AUTH);
                sa.end(
                        new IkeFact.Failure.NoAnswer(request.exchange().toString(), request.attempts(), everHeard),
                        turn);
                return;
            }
        } else if (!timeout.isZero()
                && silence.compareTo(timeout) >= 0
                && request.attempts() >= Limits.DEAD_AFTER_ATTEMPTS) {
            sa.end(new IkeFact.Failure.PeerDead(silence.toSeconds()), turn);
            return;
        } else if (request.attempts() >= Limits.REQUEST_ATTEMPTS_MAX) {
            sa.end(new IkeFact.Failure.NoAnswer(request.exchange().toString(), request.attempts(), true), turn);
            return;
        }
        // RFC 7296 section 2.1: a retransmission is "bitwise identical".
        sa.requests()
                .again(turn.now())
                .ifPresent(r -> turn.send(sa.local(), Mobility.whereTo(sa, r.attempts() - 1), r.datagrams()));
    }

    private static boolean isHandshake(Requests.Pending request) {
        return request.exchange().equals(ExchangeType.IKE_SA_INIT)
                || request.exchange().equals(ExchangeType.IKE_AUTH);
    }
}
