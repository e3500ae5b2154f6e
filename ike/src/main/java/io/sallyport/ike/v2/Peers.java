package io.sallyport.ike.v2;

import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** The configured peers. */
final class Peers {
    private final SequencedMap<String, PeerConfig> byName = new LinkedHashMap<>();

    Optional<PeerConfig> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Takes the configuration over; tells which of the old ones are no longer as they were. */
    List<PeerConfig> replace(List<PeerConfig> peers) {
        SequencedMap<String, PeerConfig> next = new LinkedHashMap<>();
        peers.forEach(p -> next.put(p.name(), p));
        List<PeerConfig> changed = new ArrayList<>();
        for (PeerConfig old : byName.values()) {
            if (!old.equals(next.get(old.name()))) {
                changed.add(old);
            }
        }
        byName.clear();
        byName.putAll(next);
        return changed;
    }

    /** Those that are not where they are configured to be, but moved there while they were proven. */
    List<PeerConfig> moved(Address local, Predicate<PeerConfig> isThere) {
        return byName.values().stream()
                .filter(p -> p.mayRespond() && p.mobility().mobike())
                .filter(p -> p.local().equals(local) || p.local().isUnspecified())
                .filter(isThere)
                .toList();
    }

    /** Those that may answer on this pair of addresses; peers known by their address come first. */
    List<PeerConfig> responders(Address local, Address remote) {
        List<PeerConfig> exact = new ArrayList<>();
        List<PeerConfig> open = new ArrayList<>();
        for (PeerConfig peer : byName.values()) {
            if (peer.mayRespond() && (peer.local().equals(local) || peer.local().isUnspecified())) {
                if (peer.remote().isEmpty()) {
                    open.add(peer);
                } else if (peer.remote().get().equals(remote)) {
                    exact.add(peer);
                }
            }
        }
        exact.addAll(open);
        return exact;
    }
}
