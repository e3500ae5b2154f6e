package io.sallyport.ike.v1;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeFact;
import java.util.List;

/** Keeps one ISAKMP SA per peer when another comes into being, which is also how phase 1 is rekeyed. */
final class Duplicates {
    private Duplicates() {}

    /** @param initialContact the peer said, authenticated, that it knows no other */
    static void onEstablished(IkeSa fresh, boolean initialContact, Turn turn) {
        if (initialContact) {
            onInitialContact(fresh, turn);
            return;
        }
        for (IkeSa old : others(fresh, turn)) {
            if (old.state() != SaState.ESTABLISHED) {
                continue;
            }
            boolean crossed =
                    !old.establishedAt().isBefore(fresh.createdAt()) && old.isInitiator() != fresh.isInitiator();
            // Both ends began at once: both see the same four nonces, and the SA with the lowest goes.
            boolean freshGoes = crossed && fresh.lowestNonce().compareTo(old.lowestNonce()) < 0;
            IkeSa goes = freshGoes ? fresh : old;
            IkeSa stays = freshGoes ? old : fresh;
            boolean weDelete = crossed ? goes.isInitiator() : stays.isInitiator();
            Monotonic at = turn.now().in(weDelete ? Limits.REPLACED_OWN : Limits.REPLACED_BY_PEER);
            goes.replaced(at, turn);
            goes.exchanges().bequeath(stays, turn);
        }
    }

    /** RFC 2407 section 4.6.3.3: the peer has nothing else with us, whatever we believe. */
    static void onInitialContact(IkeSa fresh, Turn turn) {
        for (IkeSa old : others(fresh, turn)) {
            if (old.establishedAt().isBefore(fresh.createdAt())) {
                old.exchanges().bequeath(fresh, turn);
                old.end(new IkeFact.Failure.Replaced(), turn);
            }
        }
        fresh.shared(turn).removeOlderThan(fresh.createdAt(), turn);
    }

    private static List<IkeSa> others(IkeSa fresh, Turn turn) {
        return turn.sas().ofPeer(fresh.name()).stream()
                .filter(sa -> sa != fresh && sa.name().equals(fresh.name()))
                .filter(sa -> sa.remoteIdentity().equals(fresh.remoteIdentity()))
                .filter(sa -> sa.state() == SaState.ESTABLISHED || sa.state() == SaState.REPLACED)
                .toList();
    }
}
