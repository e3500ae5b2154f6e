package io.sallyport.engine.control;

import io.sallyport.engine.path.PathConfig;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The addresses that peers gave us as their client. A peer may give what it likes, so what it gives is taken only where it
 * takes nothing from anybody else.
 */
final class OwnAddresses {
    private static final List<Prefix> NOT_FOR_HOSTS = List.of(
            Prefix.parse("0.0.0.0/8"),
            Prefix.parse("127.0.0.0/8"),
            Prefix.parse("169.254.0.0/16"),
            Prefix.parse("224.0.0.0/3"),
            Prefix.parse("::/127"),
            Prefix.parse("fe80::/10"),
            Prefix.parse("ff00::/8"));

    private final SequencedMap<String, List<Address>> byTunnel = new LinkedHashMap<>();

    void set(String tunnel, List<Address> addresses) {
        if (addresses.isEmpty()) {
            byTunnel.remove(tunnel);
        } else {
            byTunnel.put(tunnel, addresses);
        }
    }

    /** {@code config}, with those that may be used. */
    PathConfig in(PathConfig config) {
        if (byTunnel.isEmpty()) {
            return config;
        }
        return new PathConfig(
                config.surfaces(),
                config.listeners(),
                config.tunnels().stream()
                        .map(t -> new PathConfig.Tunnel(
                                t.peer(),
                                t.vnet(),
                                t.remotePrefixes(),
                                byTunnel.getOrDefault(t.peer(), List.of()).stream()
                                        .filter(a ->
                                                refusal(t.peer(), a, config).isEmpty())
                                        .toList()))
                        .toList());
    }

    /** Why {@code tunnel} may not give us {@code address}: who has it already. */
    static Optional<String> refusal(String tunnel, Address address, PathConfig config) {
        if (NOT_FOR_HOSTS.stream().anyMatch(p -> p.contains(address))) {
            return Optional.of("no host can have it");
        }
        if (config.listeners().stream().anyMatch(l -> l.address().equals(address))) {
            return Optional.of("it is a public address of this machine");
        }
        for (PathConfig.Surface surface : config.surfaces()) {
            if (surface.prefixes().stream().anyMatch(p -> p.contains(address))) {
                return Optional.of("it belongs to the network " + surface.vnet());
            }
        }
        for (PathConfig.Tunnel other : config.tunnels()) {
            boolean behind = other.remotePrefixes().stream().anyMatch(p -> p.contains(address) && p.length() > 0);
            if (behind && !other.peer().equals(tunnel)) {
                return Optional.of("it lies behind " + other.peer());
            }
        }
        return Optional.empty();
    }
}
