package io.sallyport.engine.path;

import io.sallyport.os.Routes;
import io.sallyport.os.Tun;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** What the machine was told about one device. */
sealed interface Installed {
    Optional<String> netns();

    String device();

    void add(Tun tun) throws IOException;

    void remove(Tun tun) throws IOException;

    PathFailure refused(PathConfig.Surface surface, IOException cause);

    /** A route that leads there. */
    record Route(Prefix prefix, Optional<String> netns, String device) implements Installed {
        @Override
        public void add(Tun tun) throws IOException {
            try (Routes machine = Routes.open(netns)) {
                machine.add(prefix, tun);
            }
        }

        @Override
        public void remove(Tun tun) throws IOException {
            try (Routes machine = Routes.open(netns)) {
                machine.remove(prefix, tun);
            }
        }

        @Override
        public PathFailure refused(PathConfig.Surface surface, IOException cause) {
            return PathFailure.of(surface, prefix, cause);
        }
    }

    /** An address that a peer gave us. */
    record Own(Address address, Optional<String> netns, String device) implements Installed {
        @Override
        public void add(Tun tun) throws IOException {
            try (Routes machine = Routes.open(netns)) {
                machine.addAddress(address, tun);
            }
        }

        @Override
        public void remove(Tun tun) throws IOException {
            try (Routes machine = Routes.open(netns)) {
                machine.removeAddress(address, tun);
            }
        }

        @Override
        public PathFailure refused(PathConfig.Surface surface, IOException cause) {
            return PathFailure.of(surface, cause);
        }
    }

    /** What {@code surface} needs. */
    static SequencedSet<Installed> of(PathConfig config, PathConfig.Surface surface) {
        SequencedSet<Installed> all = new LinkedHashSet<>();
        for (PathConfig.Tunnel tunnel : config.tunnels()) {
            if (tunnel.vnet().equals(surface.vnet())) {
                tunnel.own().forEach(a -> all.add(new Own(a, surface.netns(), surface.device())));
                tunnel.remotePrefixes().forEach(p -> all.add(new Route(p, surface.netns(), surface.device())));
            }
        }
        return all;
    }

    default boolean isOn(PathConfig.Surface surface) {
        return surface.device().equals(device()) && surface.netns().equals(netns());
    }
}
