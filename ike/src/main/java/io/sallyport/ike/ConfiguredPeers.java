package io.sallyport.ike;

import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** The configured peers of one version, found by name or by where they are: there may be ten thousand. */
public final class ConfiguredPeers {
    private final SequencedMap<String, PeerConfig> byName = new LinkedHashMap<>();
    private final SequencedMap<Address, List<PeerConfig>> respondersByRemote = new LinkedHashMap<>();
    private final List<PeerConfig> respondersToAnyone = new ArrayList<>();
    private final List<PeerConfig> mobile = new ArrayList<>();

    public Optional<PeerConfig> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Takes the configuration over; tells which of the old ones are no longer as they were. */
    public List<PeerConfig> replace(List<PeerConfig> peers) {
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
        respondersByRemote.clear();
        respondersToAnyone.clear();
        mobile.clear();
        for (PeerConfig peer : byName.values()) {
            if (peer.mayRespond()) {
                peer.remote()
                        .map(remote -> respondersByRemote.computeIfAbsent(remote, _ -> new ArrayList<>()))
                        .orElse(respondersToAnyone)
                        .add(peer);
                if (peer.mobility().mobike()) {
                    mobile.add(peer);
                }
            }
        }
        return changed;
    }

    /** Those that are not where they are configured to be, but moved there while they were proven. */
    public List<PeerConfig> moved(Address local, Predicate<PeerConfig> isThere) {
        return mobile.stream().filter(p -> isAt(p, local)).filter(isThere).toList();
    }

    /** Those that may answer on this pair of addresses; peers known by their address come first. */
    public List<PeerConfig> responders(Address local, Address remote) {
        List<PeerConfig> out = new ArrayList<>();
        for (PeerConfig peer : respondersByRemote.getOrDefault(remote, List.of())) {
            if (isAt(peer, local)) {
                out.add(peer);
            }
        }
        for (PeerConfig peer : respondersToAnyone) {
            if (isAt(peer, local)) {
                out.add(peer);
            }
        }
        return out;
    }

    private static boolean isAt(PeerConfig peer, Address local) {
        return peer.local().equals(local) || peer.local().isUnspecified();
    }
}
