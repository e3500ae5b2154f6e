package io.sallyport.ike.v1;

import io.sallyport.ike.IkeFact;
import java.util.List;

/** Keeps one ISAKMP SA per peer when another comes into being, which is also how phase 1 is rekeyed. */
final class Duplicates {
    private Duplicates() {}

    /** @param initialContact the peer said, authenticated, that it knew no other when it said so */
    static void onEstablished(IkeSa fresh, boolean initialContact, Turn turn) {
        for (IkeSa old : others(fresh, turn)) {
            boolean crossed =
                    !old.establishedAt().isBefore(fresh.createdAt()) && old.isInitiator() != fresh.isInitiator();
            if (crossed) {
                if (old.state() == SaState.ESTABLISHED) {
                    cross(fresh, old, turn);
                }
            } else if (initialContact) {
                forget(old, fresh, turn);
            } else if (old.state() == SaState.ESTABLISHED) {
                replace(old, fresh, fresh.isInitiator(), turn);
            }
        }
        if (initialContact) {
            fresh.shared(turn).removeOlderThan(fresh.createdAt(), turn);
        }
    }

    /** Both ends began at once: both see the same four nonces, and the SA with the lowest goes. */
    private static void cross(IkeSa fresh, IkeSa old, Turn turn) {
        boolean freshGoes = fresh.lowestNonce().compareTo(old.lowestNonce()) < 0;
        IkeSa goes = freshGoes ? fresh : old;
        replace(goes, freshGoes ? old : fresh, goes.isInitiator(), turn);
    }

    private static void replace(IkeSa goes, IkeSa stays, boolean weDelete, Turn turn) {
        goes.replaced(turn.now().in(weDelete ? Limits.REPLACED_OWN : Limits.REPLACED_BY_PEER), turn);
        goes.exchanges().bequeath(stays, turn);
    }

    private static void forget(IkeSa old, IkeSa fresh, Turn turn) {
        old.exchanges().bequeath(fresh, turn);
        old.end(new IkeFact.Failure.Replaced(), turn);
    }

    /** RFC 2407 section 4.6.3.3, in a message of its own: the peer has nothing else with us, whatever we believe. */
    static void onInitialContact(IkeSa fresh, Turn turn) {
        for (IkeSa old : others(fresh, turn)) {
            if (!fresh.createdAt().isBefore(old.establishedAt())) {
                forget(old, fresh, turn);
            }
        }
        fresh.shared(turn).removeOlderThan(fresh.createdAt(), turn);
    }

    private static List<IkeSa> others(IkeSa fresh, Turn turn) {
        return turn.sas().ofPeer(fresh.name()).stream()
                .filter(sa -> sa != fresh)
                .filter(sa -> sa.remoteIdentity().equals(fresh.remoteIdentity()))
                .filter(sa -> sa.state() == SaState.ESTABLISHED || sa.state() == SaState.REPLACED)
                .toList();
    }
}
