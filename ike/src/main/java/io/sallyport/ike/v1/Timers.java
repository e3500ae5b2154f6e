package io.sallyport.ike.v1;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeFact;
import java.util.Optional;

/** Everything about an ISAKMP SA that happens because time passes. */
final class Timers {
    private Timers() {}

    /** Does what is due. Each step looks at the state anew, for the one before may have ended it. */
    static void onDeadline(IkeSa sa, Turn turn) {
        if (sa.giveUpAt().isDue(turn.now())) {
            giveUp(sa, turn);
        }
        retransmit(sa, turn);
        if (sa.fragmentsUntil().isDue(turn.now())) {
            sa.forgetFragments();
        }
        sa.exchanges().onDeadline(sa, turn);
        if (!sa.isEstablished()) {
            return;
        }
        if (sa.expireAt().isDue(turn.now())) {
            sa.close(new IkeFact.Failure.Expired("IKE SA"), turn);
            return;
        }
        if (sa.rekeyAt().isDue(turn.now())) {
            sa.rekeyNow(turn);
        }
        if (standsForPeer(sa, turn.sas())) {
            sa.shared(turn).onDeadline(sa, turn);
        }
        if (sa.keepaliveAt().isDue(turn.now())) {
            turn.act(new IkeAction.SendKeepalive(sa.local(), sa.remote()));
            sa.keepaliveLater(turn);
        }
        Optional<IkeFact.Failure> dead = sa.deadPeer().onDeadline(sa, turn);
        dead.ifPresent(why -> endAll(sa, why, turn));
    }

    static Monotonic due(IkeSa sa, Sas sas) {
        Monotonic at = sa.pending().map(Outgoing::nextAt).orElse(Monotonic.NEVER);
        at = at.earlier(sa.giveUpAt())
                .earlier(sa.fragmentsUntil())
                .earlier(sa.exchanges().due());
        if (sa.isEstablished()) {
            at = at.earlier(sa.expireAt())
                    .earlier(sa.rekeyAt())
                    .earlier(sa.keepaliveAt())
                    .earlier(sa.deadPeer().due(sa));
            if (standsForPeer(sa, sas)) {
                at = at.earlier(sas.remote(sa.name()).map(Remote::due).orElse(Monotonic.NEVER));
            }
        }
        return at;
    }

    private static boolean standsForPeer(IkeSa sa, Sas sas) {
        return sas.standing(sa.name()).filter(s -> s == sa).isPresent();
    }

    private static void giveUp(IkeSa sa, Turn turn) {
        switch (sa.state()) {
            case REPLACED -> sa.close(new IkeFact.Failure.Replaced(), turn);
            case PROVING -> sa.end(new IkeFact.Failure.NoAnswer(sa.phase1().mode(), 1, true), turn);
            case AUTHENTICATING -> gaveUp(sa, "XAuth", turn);
            case CONFIGURING -> gaveUp(sa, "ModeCfg", turn);
            case ESTABLISHED, DEAD -> sa.giveUpAt(Monotonic.NEVER);
        }
    }

    private static void gaveUp(IkeSa sa, String exchange, Turn turn) {
        IkeFact.Failure why = new IkeFact.Failure.NoAnswer(exchange, 1, true);
        if (!sa.isInitiator()) {
            turn.refuse(sa.local(), sa.remote(), why);
        }
        sa.close(why, turn);
    }

    private static void retransmit(IkeSa sa, Turn turn) {
        Optional<Outgoing> pending = sa.pending();
        if (pending.isEmpty() || !pending.get().nextAt().isDue(turn.now())) {
            return;
        }
        Phase1 p = sa.phase1();
        int attempts = pending.get().attempts();
        boolean over = attempts >= Limits.ATTEMPTS_MAX;
        if (over || p.hint.isPresent() && attempts >= Limits.ATTEMPTS_BEFORE_HINT) {
            boolean everHeard = p.step != Phase1.Step.FIRST_ANSWER;
            sa.end(p.hint.orElse(new IkeFact.Failure.NoAnswer(p.mode(), attempts, everHeard)), turn);
            return;
        }
        sa.pending(pending.get().again(turn.now()));
        turn.send(sa.local(), sa.remote(), pending.get().datagrams());
    }

    /** The peer is gone, and with it every SA there is with it, but for those on which it has spoken since it did on this one. */
    static void endAll(IkeSa sa, IkeFact.Failure why, Turn turn) {
        turn.sas().ofPeer(sa.name()).stream()
                .filter(s -> s.state() != SaState.PROVING && !sa.lastHeard().isBefore(s.lastHeard()))
                .forEach(s -> s.end(why, turn));
    }
}
