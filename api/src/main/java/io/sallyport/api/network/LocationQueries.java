package io.sallyport.api.network;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.Service;
import io.sallyport.api.arm.World;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked of Microsoft.Network in a location: usages, names, services that a subnet could be joined to. */
final class LocationQueries implements Service {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Name of a usage, its meaning, the type that is counted. There is no limit but the machine's. */
    private static final List<List<String>> COUNTED = List.of(
            List.of("VirtualNetworks", "Virtual Networks", Neighbours.NETWORKS),
            List.of("PublicIPAddresses", "Public IP Addresses", Neighbours.ADDRESSES),
            List.of("PublicIPPrefixes", "Public IP Prefixes", Neighbours.PREFIXES),
            List.of("NetworkSecurityGroups", "Network Security Groups", Neighbours.SECURITY_GROUPS),
            List.of("RouteTables", "Route Tables", Neighbours.ROUTE_TABLES),
            List.of("VirtualNetworkGateways", "Virtual Network Gateways", Neighbours.GATEWAYS),
            List.of("LocalNetworkGateways", "Local Network Gateways", Neighbours.SITES),
            List.of("Connections", "Connections", Neighbours.CONNECTIONS),
            List.of("ExpressRouteCircuits", "ExpressRoute Circuits", Neighbours.CIRCUITS),
            List.of("NetworkInterfaces", "Network Interfaces", Neighbours.INTERFACES));

    @Override
    public String name() {
        return "Microsoft.Network/locations";
    }

    @Override
    public Reply answer(Asked asked) throws Refused {
        List<String> path = asked.path();
        if (!asked.method().equals("GET") || path.size() != 2) {
            throw Actions.notFound(name() + "/" + String.join("/", path));
        }
        return new Reply.Ok(
                switch (path.get(1).toLowerCase(Locale.ROOT)) {
                    case "usages" -> usages(asked);
                    case "checkdnsnameavailability" -> dnsName(asked);
                    // Nothing of Azure's own can be joined here.
                    case "virtualnetworkavailableendpointservices", "availabledelegations" -> Actions.page();
                    default -> throw Actions.notFound(name() + "/" + String.join("/", path));
                });
    }

    private static ObjectNode usages(Asked asked) {
        World world = asked.drafts().begin();
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        for (List<String> row : COUNTED) {
            long count = new Neighbours(world)
                    .all(row.get(2)).stream()
                            .filter(r -> r.id().subscription().equalsIgnoreCase(asked.subscription()))
                            .count();
            ObjectNode usage = value.addObject();
            usage.put(
                    "id",
                    "/subscriptions/" + asked.subscription() + "/providers/Microsoft.Network/locations/"
                            + asked.path().getFirst() + "/usages/" + row.get(0));
            usage.put("unit", "Count");
            usage.put("currentValue", count);
            usage.put("limit", Integer.MAX_VALUE);
            usage.putObject("name").put("value", row.get(0)).put("localizedValue", row.get(1));
        }
        return out;
    }

    private static JsonNode dnsName(Asked asked) throws Refused {
        String label = asked.query().getOrDefault("domainnamelabel", "");
        if (!label.matches("[a-z]([a-z0-9-]{1,61}[a-z0-9])")) {
            throw Actions.refused(
                    "InvalidDomainNameLabel",
                    "domainNameLabel",
                    "found " + Findings.quoted(label) + "; allowed: 3 to 63 small letters, digits and '-', beginning"
                            + " with a letter and not ending with '-'");
        }
        boolean taken = new Neighbours(asked.drafts().begin())
                .all(Neighbours.ADDRESSES).stream()
                        .anyMatch(a -> Neighbours.text(a, "dnsSettings/domainNameLabel")
                                .equalsIgnoreCase(label));
        return JSON.createObjectNode().put("available", !taken);
    }
}
