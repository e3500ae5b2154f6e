package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.Service;
import io.sallyport.api.arm.World;
import io.sallyport.api.network.schema.Schema;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network. */
public final class Network {
    private static final List<Behaviour> BEHAVIOURS = List.of(
            new VirtualNetworks(),
            new PublicAddresses(),
            new PublicPrefixes(),
            new RouteTables(),
            new SecurityGroups(),
            new LocalGateways(),
            new Gateways(),
            new Connections(),
            new Circuits(),
            new Watchers(),
            new Interfaces());

    private static final Catalog CATALOG =
            new Catalog(BEHAVIOURS.stream().<ResourceType>map(NetworkType::new).toList());

    private Network() {}

    /** All its types. */
    public static Catalog catalog() {
        return CATALOG;
    }

    /** What can be asked of it besides its resources. */
    public static List<Service> services() {
        return List.of(new LocationQueries(), new CircuitProviders());
    }

    /** A resource as a GET answers it. */
    static ObjectNode show(ArmResource resource, World world) {
        return CATALOG.find(resource.id())
                .map(t -> t.show(resource, world))
                .orElseThrow(() -> new IllegalArgumentException(resource.id().type()));
    }

    static ArmResource accept(
            ArmId id, ObjectNode written, Optional<ArmResource> before, World world, Complaints complaints) {
        return CATALOG.find(id)
                .map(t -> t.accept(id, written, before, world, complaints))
                .orElseThrow(() -> new IllegalArgumentException(id.type()));
    }

    /** Whether a resource of this type can exist here. */
    static boolean isKnown(ArmId id) {
        String type = id.segments().getFirst().type();
        return Schema.network().types().stream().anyMatch(type::equalsIgnoreCase);
    }
}
