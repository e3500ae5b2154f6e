package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.World;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The world, asked in the words of networks. */
record Neighbours(World world) {
    static final String NETWORKS = "virtualNetworks";
    static final String GATEWAYS = "virtualNetworkGateways";
    static final String SITES = "localNetworkGateways";
    static final String CONNECTIONS = "connections";
    static final String ADDRESSES = "publicIPAddresses";
    static final String PREFIXES = "publicIPPrefixes";
    static final String ROUTE_TABLES = "routeTables";
    static final String SECURITY_GROUPS = "networkSecurityGroups";
    static final String CIRCUITS = "expressRouteCircuits";
    static final String WATCHERS = "networkWatchers";
    static final String INTERFACES = "networkInterfaces";

    List<ArmResource> all(String type) {
        return world.ofType("Microsoft.Network/" + type);
    }

    /** Those of a type that point to a resource or to an element of it. */
    List<ArmResource> pointing(String type, ArmId target) {
        return world.pointing("Microsoft.Network/" + type, target);
    }

    Optional<ArmResource> find(String id) {
        return ArmId.parse(id).flatMap(world::find);
    }

    /** Whether there is a resource, or an element of one. */
    boolean exists(ArmId id) {
        Optional<ArmResource> root = world.find(id.root());
        return root.isPresent() && (!id.isChild() || element(root.get(), id).isPresent());
    }

    /** The element of a resource that {@code id} names. */
    static Optional<ObjectNode> element(ArmResource root, ArmId id) {
        JsonNode here = root.body();
        for (ArmId.Segment segment : id.segments().subList(1, id.segments().size())) {
            JsonNode list = list(here.path("properties"), segment.type());
            Optional<JsonNode> next = Optional.empty();
            for (JsonNode item : list) {
                if (item.path("name").asString("").equalsIgnoreCase(segment.name())) {
                    next = Optional.of(item);
                }
            }
            if (next.isEmpty()) {
                return Optional.empty();
            }
            here = next.get();
        }
        return here instanceof ObjectNode o ? Optional.of(o) : Optional.empty();
    }

    private static JsonNode list(JsonNode properties, String type) {
        // Elements below the client configuration have ids directly below the gateway.
        for (JsonNode group : List.of(properties, properties.path("vpnClientConfiguration"))) {
            for (var field : group.properties()) {
                if (field.getKey().equalsIgnoreCase(type) && field.getValue().isArray()) {
                    return field.getValue();
                }
            }
        }
        return tools.jackson.databind.node.MissingNode.getInstance();
    }

    List<ArmResource> connectionsOf(ArmId gateway) {
        return pointing(CONNECTIONS, gateway).stream()
                .filter(c ->
                        refers(c, "virtualNetworkGateway1", gateway) || refers(c, "virtualNetworkGateway2", gateway))
                .toList();
    }

    /** The gateways that stand in a VNet. */
    List<ArmResource> gatewaysIn(ArmId network) {
        return all(GATEWAYS).stream()
                .filter(g -> networkOf(g).filter(network::matches).isPresent())
                .toList();
    }

    /** The id of the VNet in which a gateway stands. */
    static Optional<ArmId> networkOf(ArmResource gateway) {
        return ArmId.parse(gateway.body()
                        .at("/properties/ipConfigurations/0/properties/subnet/id")
                        .asString(""))
                .map(ArmId::root);
    }

    static boolean refers(ArmResource from, String property, ArmId to) {
        return text(from, property + "/id").equalsIgnoreCase(to.toString());
    }

    /** The text at {@code properties/POINTER}; empty when there is none. */
    static String text(ArmResource of, String pointer) {
        return of.body().at("/properties/" + pointer).asString("");
    }

    static boolean flag(ArmResource of, String pointer) {
        return of.body().at("/properties/" + pointer).asBoolean(false);
    }

    /** The prefixes of an address space at {@code properties/POINTER/addressPrefixes}. */
    static List<Prefix> space(ArmResource of, String pointer) {
        return prefixes(of.body().at("/properties/" + pointer + "/addressPrefixes"));
    }

    static List<Prefix> prefixes(JsonNode list) {
        List<Prefix> out = new ArrayList<>();
        for (JsonNode item : list) {
            prefix(item.asString("")).ifPresent(out::add);
        }
        return out;
    }

    static Optional<Prefix> prefix(String text) {
        try {
            return Optional.of(Prefix.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Address> address(String text) {
        try {
            return Optional.of(Address.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The prefixes of one subnet: {@code addressPrefixes}, or {@code addressPrefix} alone. */
    static List<Prefix> subnetPrefixes(JsonNode subnet) {
        JsonNode p = subnet.path("properties");
        List<Prefix> many = prefixes(p.path("addressPrefixes"));
        return many.isEmpty()
                ? prefix(p.path("addressPrefix").asString("")).stream().toList()
                : many;
    }
}
