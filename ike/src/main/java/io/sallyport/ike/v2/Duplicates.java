package io.sallyport.ike.v2;

import io.sallyport.ike.IkeFact;
import java.util.List;

/** Keeps one IKE SA per peer when two come into being. */
final class Duplicates {
    private Duplicates() {}

    /**
     * Looks for other IKE SAs of the peer that {@code fresh} has just been established with.
     *
     * @param initialContact the peer says, authenticated, that it knows no other
     */
    static void onEstablished(IkeSa fresh, boolean initialContact, Turn turn) {
        List<IkeSa> others = turn.sas().ofPeer(fresh.peer().name()).stream()
                .filter(sa -> sa != fresh && sa.isEstablished())
                .filter(sa -> sa.remoteIdentity().equals(fresh.remoteIdentity()))
                .toList();
        for (IkeSa old : others) {
            turn.touch(old);
            boolean crossed =
                    !old.establishedAt().isBefore(fresh.createdAt()) && old.isInitiator() != fresh.isInitiator();
            if (crossed) {
                cross(fresh, old, turn);
            } else if (initialContact) {
                // RFC 7296 section 2.4: an authenticated INITIAL_CONTACT lets us delete the older "without waiting for
                // them
                // to time out".
                old.end(new IkeFact.Failure.Replaced(), turn);
            } else {
                old.close(new IkeFact.Failure.Replaced(), turn);
            }
        }
    }

    /**
     * Both ends began at the same time. As in section 2.8.1, the one with the lowest nonce goes and its initiator
     * deletes it; both ends see the same four nonces.
     */
    private static void cross(IkeSa fresh, IkeSa old, Turn turn) {
        IkeSa redundant = fresh.lowestNonce().compareTo(old.lowestNonce()) < 0 ? fresh : old;
        if (redundant.isInitiator()) {
            redundant.close(new IkeFact.Failure.Replaced(), turn);
        }
    }
}
