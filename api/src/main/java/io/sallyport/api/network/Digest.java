package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What rules ask of a resource again and again, read from its body once. Kept for as long as somebody holds the
 * resource, which never changes.
 *
 * @param first key of a connection's {@code virtualNetworkGateway1}; like the others empty when there is none
 * @param second key of a connection's {@code virtualNetworkGateway2}
 * @param site key of a connection's {@code localNetworkGateway2}
 * @param network key of the VNet in which a gateway stands
 * @param device address of the device in front of a site
 * @param space prefixes of a site or of a VNet
 */
record Digest(String first, String second, String site, String network, Optional<Address> device, List<Prefix> space) {
    private static final ConcurrentMap<Object, Digest> KNOWN = new ConcurrentHashMap<>();
    private static final ReferenceQueue<ArmResource> GONE = new ReferenceQueue<>();

    /** A resource as this very object: equal bodies are costly to compare. */
    private static final class Same extends WeakReference<ArmResource> {
        private final int hash;

        Same(ArmResource resource) {
            super(resource, GONE);
            this.hash = System.identityHashCode(resource);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** To look for a {@link Same}. */
    private record This(ArmResource resource) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.refersTo(resource);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(resource);
        }
    }

    static Digest of(ArmResource resource) {
        Digest known = KNOWN.get(new This(resource));
        if (known != null) {
            return known;
        }
        for (Reference<? extends ArmResource> gone = GONE.poll(); gone != null; gone = GONE.poll()) {
            KNOWN.remove(gone);
        }
        Digest read = read(resource);
        KNOWN.put(new Same(resource), read);
        return read;
    }

    private static Digest read(ArmResource resource) {
        return new Digest(
                key(resource, "virtualNetworkGateway1"),
                key(resource, "virtualNetworkGateway2"),
                key(resource, "localNetworkGateway2"),
                Neighbours.networkOf(resource).map(ArmId::key).orElse(""),
                Neighbours.address(Neighbours.text(resource, "gatewayIpAddress")),
                List.copyOf(Neighbours.space(
                        resource,
                        resource.properties().has("localNetworkAddressSpace")
                                ? "localNetworkAddressSpace"
                                : "addressSpace")));
    }

    private static String key(ArmResource connection, String end) {
        return Neighbours.text(connection, end + "/id").toLowerCase(Locale.ROOT);
    }
}
