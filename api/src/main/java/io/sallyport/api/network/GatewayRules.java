package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What must be true of a gateway's place, addresses and size. */
record GatewayRules(ArmResource gateway, Neighbours neighbours, Findings findings) {
    private static final int COEXISTENCE_LENGTH_MAX = 27;
    private static final int NETWORK_PREFIXES_MAX = 600;
    private static final String CONFIGURATIONS = "properties.ipConfigurations";
    /** Properties that say what a gateway is; their codes. */
    private static final List<List<String>> IMMUTABLE = List.of(
            List.of("gatewayType", "GatewayTypeCannotBeChanged"),
            List.of("vpnType", "VpnTypeCannotBeChanged"),
            List.of("vpnGatewayGeneration", "VpnGatewayGenerationCannotBeChanged"));

    void check(Optional<ArmResource> before) {
        before.ifPresent(this::unchanged);
        size();
        configurations();
        List<ArmId> networks = networks();
        if (!networks.isEmpty()) {
            place(networks.getFirst());
        }
        for (Reach.Clash clash : new Reach(neighbours, gateway).withNetwork()) {
            findings.wrong(clash.code(), CONFIGURATIONS, clash.text());
        }
    }

    private boolean isVpn() {
        return isVpn(gateway);
    }

    static boolean isVpn(ArmResource gateway) {
        return Neighbours.text(gateway, "gatewayType").equals("Vpn");
    }

    static boolean isPolicyBased(ArmResource gateway) {
        return Neighbours.text(gateway, "vpnType").equals("PolicyBased");
    }

    static String sku(ArmResource gateway) {
        return Neighbours.text(gateway, "sku/name");
    }

    static boolean isBasic(ArmResource gateway) {
        return isVpn(gateway) && sku(gateway).equals("Basic");
    }

    private void unchanged(ArmResource before) {
        for (List<String> rule : IMMUTABLE) {
            String was = Neighbours.text(before, rule.get(0));
            String is = Neighbours.text(gateway, rule.get(0));
            if (!was.isEmpty() && !was.equals(is)) {
                findings.wrong(
                        rule.get(1),
                        "properties." + rule.get(0),
                        "found '" + is + "', but the gateway was made as " + was
                                + "; allowed: to delete it and make it anew");
            }
        }
        Optional<ArmId> was = Neighbours.networkOf(before);
        Optional<ArmId> is = Neighbours.networkOf(gateway);
        if (was.isPresent() && is.isPresent() && !was.get().matches(is.get())) {
            findings.wrong(
                    "VirtualNetworkGatewaySubnetCannotBeChanged",
                    CONFIGURATIONS + "[0].properties.subnet",
                    "found a subnet of " + is.get() + ", but the gateway stands in " + was.get()
                            + "; allowed: to delete it and make it anew");
        }
    }

    private void size() {
        String sku = sku(gateway);
        String tier = Neighbours.text(gateway, "sku/tier");
        if (!sku.equals(tier)) {
            findings.wrong(
                    "InvalidGatewaySku",
                    "properties.sku.tier",
                    "found '" + tier + "'; allowed: the same as sku.name, " + sku);
        }
        boolean isPrivateSku = sku.startsWith("ErGw") || sku.equals("UltraPerformance");
        if (isVpn() && isPrivateSku || !isVpn() && (sku.startsWith("VpnGw") || sku.equals("Basic"))) {
            findings.wrong(
                    "InvalidGatewaySkuSpecifiedForGatewayDeploymentType",
                    "properties.sku.name",
                    "found '" + sku + "' for gatewayType " + Neighbours.text(gateway, "gatewayType") + "; allowed: "
                            + (isVpn()
                                    ? "Basic, Standard, HighPerformance, VpnGw1 to VpnGw5, VpnGw1AZ to VpnGw5AZ"
                                    : "Standard, HighPerformance, UltraPerformance, ErGw1AZ, ErGw2AZ, ErGw3AZ,"
                                            + " ErGwScale"));
        }
        if (Neighbours.text(gateway, "gatewayType").equals("LocalGateway")) {
            findings.wrong(
                    "InvalidGatewayType", "properties.gatewayType", "found 'LocalGateway'; allowed: Vpn, ExpressRoute");
        }
        if (isPolicyBased(gateway) && isVpn()) {
            if (!sku.equals("Basic")) {
                findings.wrong(
                        "InvalidGatewaySkuForPolicyBasedVpn",
                        "properties.sku.name",
                        "found '" + sku + "' with vpnType PolicyBased; allowed: Basic");
            }
            never("enableBgp", "PolicyBasedGatewayCannotUseBgp", "vpnType PolicyBased");
            never("activeActive", "PolicyBasedGatewayCannotBeActiveActive", "vpnType PolicyBased");
        }
        if (isBasic(gateway)) {
            never("enableBgp", "BasicGatewayCannotUseBgp", "SKU Basic");
            never("activeActive", "BasicGatewayCannotBeActiveActive", "SKU Basic");
        }
        if (Neighbours.flag(gateway, "enableHighBandwidthVpnGateway") && !sku.equals("VpnGw5AZ")) {
            findings.wrong(
                    "InvalidGatewaySkuForHighBandwidth",
                    "properties.enableHighBandwidthVpnGateway",
                    "found 'true' with SKU " + sku + "; allowed: with VpnGw5AZ");
        }
        int min = gateway.body()
                .at("/properties/autoScaleConfiguration/bounds/min")
                .asInt(1);
        int max = gateway.body()
                .at("/properties/autoScaleConfiguration/bounds/max")
                .asInt(40);
        if (min > max) {
            findings.wrong(
                    "InvalidAutoScaleBounds",
                    "properties.autoScaleConfiguration.bounds.min",
                    "found '" + min + "' with max " + max + "; allowed: not more than max");
        }
    }

    private void never(String flag, String code, String with) {
        if (Neighbours.flag(gateway, flag)) {
            findings.wrong(code, "properties." + flag, "found 'true' with " + with + "; allowed: false");
        }
    }

    private void configurations() {
        JsonNode list = gateway.properties().path("ipConfigurations");
        boolean both = Neighbours.flag(gateway, "activeActive");
        boolean people = !gateway.body()
                .at("/properties/vpnClientConfiguration/vpnClientAddressPool/addressPrefixes")
                .isEmpty();
        boolean fits = both ? list.size() == 2 || people && list.size() == 3 : list.size() == 1;
        if (!fits) {
            findings.wrong(
                    both ? "ActiveActiveGatewayMustHaveExactlyTwoIpConfigurations" : "InvalidIpConfigurationCount",
                    CONFIGURATIONS,
                    "found " + list.size() + " elements; allowed: "
                            + (both
                                    ? "exactly two with activeActive" + (people ? ", or three with point-to-site" : "")
                                    : "exactly one, or two with activeActive"));
        }
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = CONFIGURATIONS + "[" + i + "].properties.";
            String address = list.get(i).at("/properties/publicIPAddress/id").asString("");
            subnet(list.get(i), at);
            if (address.isEmpty() && isVpn()) {
                findings.wrong("VpnGatewayPublicIpMissing", at + "publicIPAddress", "missing; a VPN gateway needs one");
            } else if (seen.stream().anyMatch(address::equalsIgnoreCase)) {
                findings.wrong(
                        "PublicIPAddressInUse",
                        at + "publicIPAddress",
                        "found '" + address + "' a second time; allowed: one address for each configuration");
            }
            if (!address.isEmpty()) {
                seen.add(address);
                address(address, at);
            }
        }
    }

    private void subnet(JsonNode configuration, String at) {
        String id = configuration.at("/properties/subnet/id").asString("");
        boolean named = ArmId.parse(id)
                .filter(s -> s.name().equalsIgnoreCase(VirtualNetworks.GATEWAY_SUBNET))
                .isPresent();
        if (!id.isEmpty() && !named) {
            findings.wrong(
                    "InvalidGatewaySubnetName",
                    at + "subnet.id",
                    "found " + Findings.quoted(id) + "; allowed: virtualNetworks/NAME/subnets/"
                            + VirtualNetworks.GATEWAY_SUBNET);
        }
    }

    private void address(String id, String at) {
        for (ArmResource other : neighbours.all(Neighbours.GATEWAYS)) {
            if (!other.id().matches(gateway.id())) {
                for (JsonNode each : other.properties().path("ipConfigurations")) {
                    if (each.at("/properties/publicIPAddress/id").asString("").equalsIgnoreCase(id)) {
                        findings.wrong(
                                "PublicIPAddressInUse",
                                at + "publicIPAddress",
                                "found '" + id + "', which " + other.id() + " has already");
                    }
                }
            }
        }
        neighbours.find(id).ifPresent(found -> {
            boolean zoned = found.body().path("zones").isArray();
            if (sku(gateway).endsWith("AZ") && !zoned) {
                findings.warn(
                        at + "publicIPAddress",
                        "Azure wants zones on the address of an AZ gateway; here they" + " mean nothing");
            }
            if (found.body().at("/sku/name").asString("").equals("Basic") && !isBasic(gateway)) {
                findings.warn(
                        at + "publicIPAddress", "Azure wants a Standard address for a " + sku(gateway) + " gateway");
            }
        });
    }

    /** The VNets of the configurations; more than one is a mistake of its own. */
    private List<ArmId> networks() {
        List<ArmId> out = new ArrayList<>();
        for (JsonNode each : gateway.properties().path("ipConfigurations")) {
            ArmId.parse(each.at("/properties/subnet/id").asString(""))
                    .map(ArmId::root)
                    .filter(n -> out.stream().noneMatch(n::matches))
                    .ifPresent(out::add);
        }
        if (out.size() > 1) {
            findings.wrong(
                    "IpConfigurationsInDifferentVnets",
                    CONFIGURATIONS,
                    "found subnets of " + out.get(0) + " and " + out.get(1) + "; allowed: of one VNet");
        }
        return out;
    }

    private void place(ArmId network) {
        String path = CONFIGURATIONS + "[0].properties.subnet";
        for (ArmResource other : neighbours.gatewaysIn(network)) {
            if (other.id().matches(gateway.id())) {
                continue;
            }
            if (isVpn(other) == isVpn()) {
                findings.wrong(
                        "VnetAlreadyHasGatewayOfType",
                        path,
                        "found '" + network + "', in which " + other.id() + " stands already; allowed: one "
                                + (isVpn() ? "VPN" : "ExpressRoute") + " gateway in a VNet");
            } else {
                coexistence(isVpn() ? gateway : other, network, path);
            }
        }
        neighbours.world().find(network).ifPresent(found -> {
            int prefixes = Neighbours.space(found, "addressSpace").size();
            if (prefixes > NETWORK_PREFIXES_MAX) {
                findings.wrong(
                        "VnetAddressPrefixLimitReached",
                        path,
                        "found " + prefixes + " prefixes in " + network + "; allowed for a gateway: "
                                + NETWORK_PREFIXES_MAX);
            }
            for (JsonNode peering : found.properties().path("virtualNetworkPeerings")) {
                if (peering.at("/properties/useRemoteGateways").asBoolean(false)) {
                    findings.wrong(
                            "VnetWithGatewayCannotUseRemoteGateways",
                            path,
                            "found '" + network + "', which uses the gateway of another VNet (its peering '"
                                    + peering.path("name").asString("") + "' has useRemoteGateways); allowed: one of"
                                    + " the two");
                }
            }
        });
    }

    private void coexistence(ArmResource vpn, ArmId network, String path) {
        if (isBasic(vpn) || isPolicyBased(vpn)) {
            findings.wrong(
                    "GatewayCoexistenceNotSupported",
                    path,
                    "found " + vpn.id() + " of SKU " + sku(vpn) + " and vpnType "
                            + Neighbours.text(vpn, "vpnType")
                            + " beside an ExpressRoute gateway; allowed: RouteBased, and not Basic");
        }
        List<Prefix> subnet = neighbours
                .world()
                .find(network)
                .flatMap(n -> Neighbours.element(n, n.id().child("subnets", VirtualNetworks.GATEWAY_SUBNET)))
                .map(Neighbours::subnetPrefixes)
                .orElse(List.of());
        for (Prefix prefix : subnet) {
            if (prefix.address().isIpv4() && prefix.length() > COEXISTENCE_LENGTH_MAX) {
                findings.wrong(
                        "GatewaySubnetTooSmall",
                        path,
                        "found '" + prefix + "' for two gateways; allowed: /" + COEXISTENCE_LENGTH_MAX + " or larger");
            }
        }
    }
}
