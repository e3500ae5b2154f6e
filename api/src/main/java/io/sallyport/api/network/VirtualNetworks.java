package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/virtualNetworks with its subnets and peerings. */
final class VirtualNetworks implements Behaviour {
    static final String GATEWAY_SUBNET = "GatewaySubnet";
    /** Azure's smallest GatewaySubnet. */
    private static final int GATEWAY_SUBNET_LENGTH_MAX = 29;

    private static final int SUBNETS_MAX = 3000;

    private final Peerings peerings = new Peerings();

    @Override
    public String type() {
        return Neighbours.NETWORKS;
    }

    @Override
    public List<ResourceType.Child> children() {
        return List.of(
                new ResourceType.Child("subnets", "/properties/subnets", List.of()),
                new ResourceType.Child("virtualNetworkPeerings", "/properties/virtualNetworkPeerings", List.of()));
    }

    @Override
    public ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        for (JsonNode subnet : made.properties().path("subnets")) {
            onePrefix(((ObjectNode) subnet).withObject("/properties"));
        }
        peerings.complete(made, before, neighbours);
        return made;
    }

    /** One prefix stands alone under {@code addressPrefix}; several under {@code addressPrefixes}. */
    private static void onePrefix(ObjectNode subnet) {
        JsonNode many = subnet.path("addressPrefixes");
        if (many.size() == 1) {
            subnet.set("addressPrefix", many.get(0));
        }
        if (many.size() > 1) {
            subnet.remove("addressPrefix");
        } else {
            subnet.remove("addressPrefixes");
        }
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        List<Prefix> space = Neighbours.space(wanted, "addressSpace");
        JsonNode pools = wanted.properties().path("addressSpace").path("ipamPoolPrefixAllocations");
        if (space.isEmpty()) {
            findings.wrong(
                    "VnetAddressSpaceMissing",
                    "properties.addressSpace.addressPrefixes",
                    pools.isEmpty()
                            ? "holds no prefix; allowed: at least one, such as 10.1.0.0/16"
                            : "holds no prefix; Sallyport has no address pools, so that prefixes must be given");
        }
        apart(space, "properties.addressSpace.addressPrefixes", "VnetAddressSpacesOverlap", findings);
        subnets(wanted, space, findings);
        before.ifPresent(old -> used(old, wanted, neighbours, findings));
        routes(wanted, neighbours, findings);
        peerings.check(wanted, before, neighbours, findings);
        for (ArmResource gateway : neighbours.gatewaysIn(wanted.id())) {
            new Reach(neighbours, gateway)
                    .withNetwork()
                    .forEach(c -> findings.wrong(c.code(), "properties.addressSpace.addressPrefixes", c.text()));
        }
    }

    private static void apart(List<Prefix> prefixes, String path, String code, Findings findings) {
        for (int i = 0; i < prefixes.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (prefixes.get(i).overlaps(prefixes.get(j))) {
                    findings.wrong(
                            code,
                            path + "[" + i + "]",
                            "found '" + prefixes.get(i) + "', which overlaps " + prefixes.get(j) + "; allowed: prefixes"
                                    + " that have nothing in common");
                }
            }
        }
    }

    private static void subnets(ArmResource wanted, List<Prefix> space, Findings findings) {
        JsonNode subnets = wanted.properties().path("subnets");
        if (subnets.size() > SUBNETS_MAX) {
            findings.wrong(
                    "SubnetCountLimitReached",
                    "properties.subnets",
                    "found " + subnets.size() + " subnets; allowed: " + SUBNETS_MAX);
        }
        List<Prefix> seen = new ArrayList<>();
        List<String> whose = new ArrayList<>();
        for (int i = 0; i < subnets.size(); i++) {
            JsonNode subnet = subnets.get(i);
            String name = subnet.path("name").asString("");
            String at = "properties.subnets[" + i + "].properties.";
            List<Prefix> prefixes = Neighbours.subnetPrefixes(subnet);
            String path = at + (prefixes.size() > 1 ? "addressPrefixes" : "addressPrefix");
            if (prefixes.isEmpty()) {
                findings.wrong("NetcfgInvalidSubnet", path, "missing; subnet '" + name + "' needs an address prefix");
            }
            for (Prefix prefix : prefixes) {
                if (!space.isEmpty() && space.stream().noneMatch(s -> s.contains(prefix))) {
                    findings.wrong(
                            "NetcfgInvalidSubnet",
                            path,
                            "found '" + prefix + "' for subnet '" + name + "'; allowed: a part of the address space "
                                    + list(space));
                }
                for (int j = 0; j < seen.size(); j++) {
                    if (seen.get(j).overlaps(prefix)) {
                        findings.wrong(
                                "NetcfgSubnetRangesOverlap",
                                path,
                                "found '" + prefix + "' for subnet '" + name + "', which overlaps " + seen.get(j)
                                        + " of subnet '" + whose.get(j) + "'");
                    }
                }
                seen.add(prefix);
                whose.add(name);
            }
            if (name.equalsIgnoreCase(GATEWAY_SUBNET)) {
                gatewaySubnet(subnet, prefixes, at, path, findings);
            }
        }
    }

    private static void gatewaySubnet(
            JsonNode subnet, List<Prefix> prefixes, String at, String path, Findings findings) {
        for (Prefix prefix : prefixes) {
            if (prefix.address().isIpv4() && prefix.length() > GATEWAY_SUBNET_LENGTH_MAX) {
                findings.wrong(
                        "GatewaySubnetTooSmall",
                        path,
                        "found '" + prefix + "' for " + GATEWAY_SUBNET + "; allowed: /" + GATEWAY_SUBNET_LENGTH_MAX
                                + " or larger, /27 is advised");
            }
        }
        if (subnet.path("properties").has("networkSecurityGroup")) {
            findings.wrong(
                    "NetworkSecurityGroupNotAllowedOnGatewaySubnet",
                    at + "networkSecurityGroup",
                    "found a network security group on " + GATEWAY_SUBNET + "; allowed: none there");
        }
        if (!subnet.path("properties").path("delegations").isEmpty()) {
            findings.wrong(
                    "DelegationNotAllowedOnGatewaySubnet",
                    at + "delegations",
                    "found a delegation on " + GATEWAY_SUBNET + "; allowed: none there");
        }
    }

    /** A prefix from which a gateway has addresses stays. */
    private static void used(ArmResource before, ArmResource wanted, Neighbours neighbours, Findings findings) {
        List<ArmResource> gateways = neighbours.gatewaysIn(wanted.id());
        Optional<ObjectNode> old = Neighbours.element(before, wanted.id().child("subnets", GATEWAY_SUBNET));
        Optional<ObjectNode> now = Neighbours.element(wanted, wanted.id().child("subnets", GATEWAY_SUBNET));
        if (gateways.isEmpty() || old.isEmpty() || now.isEmpty()) {
            return;
        }
        for (Prefix prefix : Neighbours.subnetPrefixes(old.get())) {
            if (!Neighbours.subnetPrefixes(now.get()).contains(prefix)) {
                findings.wrong(
                        "InUsePrefixCannotBeDeleted",
                        "properties.subnets[" + GATEWAY_SUBNET + "].properties.addressPrefix",
                        "the prefix " + prefix + " is in use by "
                                + gateways.getFirst().id()
                                + "; allowed: to add prefixes, or to delete the gateway first");
            }
        }
    }

    private static void routes(ArmResource wanted, Neighbours neighbours, Findings findings) {
        Neighbours.element(wanted, wanted.id().child("subnets", GATEWAY_SUBNET))
                .map(s -> s.at("/properties/routeTable/id").asString(""))
                .flatMap(neighbours::find)
                .ifPresent(table -> RouteTables.gatewaySubnet(table)
                        .ifPresent(text -> findings.wrong(
                                "InvalidRouteTableOnGatewaySubnet",
                                "properties.subnets[" + GATEWAY_SUBNET + "].properties.routeTable",
                                text)));
    }

    static String list(List<Prefix> prefixes) {
        return String.join(", ", prefixes.stream().map(Prefix::toString).toList());
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        for (ArmResource gateway : neighbours.gatewaysIn(stored.id())) {
            for (JsonNode configuration : gateway.properties().path("ipConfigurations")) {
                ArmId.parse(configuration.at("/properties/subnet/id").asString(""))
                        .ifPresent(id -> backReference(
                                shown, id, configuration.path("id").asString("")));
            }
        }
        peerings.show(shown, stored, neighbours);
    }

    private static void backReference(ObjectNode shown, ArmId subnet, String configuration) {
        for (JsonNode each : shown.at("/properties/subnets")) {
            if (each.path("name").asString("").equalsIgnoreCase(subnet.name())) {
                ObjectNode properties = ((ObjectNode) each).withObject("/properties");
                ArrayNode list = properties.has("ipConfigurations")
                        ? properties.withArray("ipConfigurations")
                        : properties.putArray("ipConfigurations");
                list.addObject().put("id", configuration);
            }
        }
    }

    @Override
    public List<Operation> operations() {
        return NetworkQueries.operations();
    }
}
