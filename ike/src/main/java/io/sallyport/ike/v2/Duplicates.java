package io.sallyport.ike.v2;

import io.sallyport.ike.Clients;
import io.sallyport.ike.IkeFact;
import java.util.List;
import java.util.Optional;

/** Keeps one IKE SA per peer when two come into being. */
final class Duplicates {
    private Duplicates() {}

    /**
     * Looks for other IKE SAs of the peer that {@code fresh} has just been established with.
     *
     * @param initialContact the peer says, authenticated, that it knows no other
     * @param takesOver it has the addresses of another one, which must go
     */
    static void onEstablished(IkeSa fresh, boolean initialContact, boolean takesOver, Turn turn) {
        List<IkeSa> others = turn.sas().ofPeer(fresh.name()).stream()
                .filter(sa -> sa != fresh && sa.isEstablished())
                .filter(sa -> sa.remoteIdentity().equals(fresh.remoteIdentity()))
                .toList();
        Optional<Clients> clients = fresh.peer().clients();
        for (IkeSa old : others) {
            turn.touch(old);
            if (clients.isPresent()) {
                meetClient(fresh, old, clients.get(), initialContact, takesOver, turn);
                continue;
            }
            boolean crossed = !old.times().provenAt().isBefore(fresh.times().createdAt())
                    && old.isOriginalInitiator() != fresh.isOriginalInitiator();
            if (crossed) {
                cross(fresh, old, turn);
            } else if (initialContact) {
                // RFC 7296 section 2.4: an authenticated INITIAL_CONTACT lets us delete the older "without waiting for
                // them
                // to time out".
                old.end(new IkeFact.Failure.Replaced(), turn);
            } else if (old != others.getLast()) {
                old.close(new IkeFact.Failure.Replaced(), turn);
            } else {
                // Make before break: whoever made the fresh one deletes this one when all has moved.
                old.expireSoon(turn);
            }
        }
    }

    /** Devices of one identity live beside each other; IKE SAs of one device, which share its addresses, do for a while. */
    private static void meetClient(
            IkeSa fresh, IkeSa old, Clients clients, boolean initialContact, boolean takesOver, Turn turn) {
        boolean sameDevice = fresh.addresses().lease().isPresent()
                && fresh.addresses().lease().equals(old.addresses().lease());
        if (initialContact && (sameDevice || clients.perIdentity() == 1)) {
            old.end(new IkeFact.Failure.Replaced(), turn);
        } else if (sameDevice && takesOver) {
            old.close(new IkeFact.Failure.Replaced(), turn);
        } else if (sameDevice) {
            old.expireSoon(turn);
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
