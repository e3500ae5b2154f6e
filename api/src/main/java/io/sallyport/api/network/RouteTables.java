package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/routeTables. */
final class RouteTables implements Behaviour {
    private static final int ROUTES_MAX = 400;

    @Override
    public String type() {
        return Neighbours.ROUTE_TABLES;
    }

    @Override
    public List<ResourceType.Child> children() {
        return List.of(new ResourceType.Child("routes", "/properties/routes", List.of()));
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        JsonNode routes = wanted.properties().path("routes");
        if (routes.size() > ROUTES_MAX) {
            findings.wrong(
                    "RouteCountLimitReached",
                    "properties.routes",
                    "found " + routes.size() + " routes; allowed: " + ROUTES_MAX);
        }
        SortedMap<String, String> seen = new TreeMap<>();
        for (int i = 0; i < routes.size(); i++) {
            String at = "properties.routes[" + i + "].properties.";
            route(routes.get(i).path("properties"), at, findings);
            String prefix = routes.get(i).at("/properties/addressPrefix").asString("");
            String other = seen.put(prefix, routes.get(i).path("name").asString(""));
            if (other != null && !prefix.isEmpty()) {
                findings.wrong(
                        "RouteConflict",
                        at + "addressPrefix",
                        "found '" + prefix + "', which route '" + other + "' has already; allowed: each prefix once");
            }
        }
        if (subnets(wanted, neighbours).stream().anyMatch(id -> id.endsWith("/" + VirtualNetworks.GATEWAY_SUBNET))) {
            gatewaySubnet(wanted)
                    .ifPresent(text -> findings.wrong("InvalidRouteTableOnGatewaySubnet", "properties.routes", text));
        }
    }

    private static void route(JsonNode p, String at, Findings findings) {
        String prefix = p.path("addressPrefix").asString("");
        // A name such as Storage.WestEurope stands for prefixes that Azure knows.
        boolean isTag = prefix.matches("[A-Za-z][A-Za-z0-9.]*");
        if (!isTag && Neighbours.prefix(prefix).isEmpty()) {
            findings.wrong(
                    "InvalidCIDRNotation",
                    at + "addressPrefix",
                    "found " + (prefix.isEmpty() ? "nothing" : Findings.quoted(prefix))
                            + "; allowed: a prefix such as 10.1.0.0/16, or the name of a service");
        }
        boolean appliance = p.path("nextHopType").asString("").equals("VirtualAppliance");
        if (appliance != p.has("nextHopIpAddress")) {
            findings.wrong(
                    "InvalidNextHopIpAddress",
                    at + "nextHopIpAddress",
                    appliance
                            ? "missing; nextHopType VirtualAppliance needs the appliance's address"
                            : "found '" + p.path("nextHopIpAddress").asString("") + "' with nextHopType "
                                    + p.path("nextHopType").asString("") + "; allowed: with VirtualAppliance only");
        }
    }

    /** Why the table cannot be on GatewaySubnet. */
    static Optional<String> gatewaySubnet(ArmResource table) {
        if (Neighbours.flag(table, "disableBgpRoutePropagation")) {
            return Optional.of(table.id() + " has disableBgpRoutePropagation true; allowed on GatewaySubnet: false");
        }
        for (JsonNode route : table.properties().path("routes")) {
            if (Neighbours.prefix(route.at("/properties/addressPrefix").asString(""))
                    .filter(p -> p.length() == 0)
                    .isPresent()) {
                return Optional.of(table.id() + " has the default route '"
                        + route.path("name").asString("") + "'; allowed on GatewaySubnet: narrower prefixes");
            }
        }
        return Optional.empty();
    }

    /** The subnets that use the table. */
    static List<String> subnets(ArmResource table, Neighbours neighbours) {
        return users(table, "routeTable", neighbours);
    }

    /** The ids of the subnets that refer to {@code resource} by {@code property}. */
    static List<String> users(ArmResource resource, String property, Neighbours neighbours) {
        List<String> out = new java.util.ArrayList<>();
        for (ArmResource network : neighbours.all(Neighbours.NETWORKS)) {
            for (JsonNode subnet : network.properties().path("subnets")) {
                String id = subnet.path("properties").path(property).path("id").asString("");
                if (id.equalsIgnoreCase(resource.id().toString())) {
                    out.add(subnet.path("id").asString(""));
                }
            }
        }
        return out;
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ArrayNode list = shown.withObject("/properties").putArray("subnets");
        subnets(stored, neighbours).forEach(id -> list.addObject().put("id", id));
        for (JsonNode route : shown.at("/properties/routes")) {
            ((ObjectNode) route).withObject("/properties").put("hasBgpOverride", false);
        }
    }
}
