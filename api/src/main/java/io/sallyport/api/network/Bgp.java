package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code bgpSettings} of gateways and of sites. */
final class Bgp {
    static final int ASN_DEFAULT = 65_515;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CUSTOM_MAX = 32;
    private static final Prefix APIPA = Prefix.parse("169.254.0.0/16");
    private static final List<Prefix> APIPA_ALLOWED =
            List.of(Prefix.parse("169.254.21.0/24"), Prefix.parse("169.254.22.0/24"));

    private Bgp() {}

    /** Numbers that Azure or IANA keep for themselves. */
    static boolean isReserved(long asn) {
        return asn == 0
                || asn == 8_074
                || asn == 8_075
                || asn == 12_076
                || asn == 23_456
                || asn >= 64_496 && asn <= 64_511
                || asn == 65_515
                || asn >= 65_517 && asn <= 65_520
                || asn >= 65_535 && asn <= 65_551
                || asn == 4_294_967_295L;
    }

    static long asn(ArmResource resource) {
        return resource.body().at("/properties/bgpSettings/asn").asLong(-1);
    }

    static void completePeer(ObjectNode site) {
        JsonNode found = site.path("bgpSettings");
        if (found instanceof ObjectNode settings) {
            if (!settings.has("peerWeight")) {
                settings.put("peerWeight", 0);
            }
            if (!settings.has("asn") && !settings.has("bgpPeeringAddress")) {
                site.remove("bgpSettings");
            }
        }
    }

    static void checkPeer(ArmResource site, Findings findings) {
        JsonNode settings = site.properties().path("bgpSettings");
        if (!settings.isObject()) {
            return;
        }
        long asn = asn(site);
        if (asn < 0 || isReserved(asn)) {
            findings.wrong(
                    "InvalidBgpAsn",
                    "properties.bgpSettings.asn",
                    (asn < 0 ? "missing" : "found '" + asn + "', which is reserved")
                            + "; allowed: the device's number, such as 65010 (64512-65514 and 65521-65534 are free)");
        }
        String peer = settings.path("bgpPeeringAddress").asString("");
        Optional<Address> address = Neighbours.address(peer);
        if (address.isEmpty() || !LocalGateways.isUnicast(address.get())) {
            findings.wrong(
                    "InvalidBgpPeeringAddress",
                    "properties.bgpSettings.bgpPeeringAddress",
                    (peer.isEmpty() ? "missing" : "found " + Findings.quoted(peer))
                            + "; allowed: the unicast address of the device's BGP speaker");
        } else if (peer.equals(Neighbours.text(site, "gatewayIpAddress"))) {
            findings.wrong(
                    "InvalidBgpPeeringAddress",
                    "properties.bgpSettings.bgpPeeringAddress",
                    "found '" + peer + "', which is gatewayIpAddress; allowed: an address inside the tunnel");
        }
    }

    /** The stored form holds only what a client chose: defaults are worked out when shown. */
    static void completeGateway(ArmResource gateway, Optional<ArmResource> before, Neighbours neighbours) {
        ObjectNode p = gateway.properties();
        ObjectNode settings = p.withObject("/bgpSettings");
        if (!settings.has("asn")) {
            settings.put("asn", ASN_DEFAULT);
        }
        if (!settings.has("peerWeight")) {
            settings.put("peerWeight", 0);
        }
        String given = settings.path("bgpPeeringAddress").asString("");
        // A client that puts back what it was shown did not choose it.
        String shown =
                before.map(b -> String.join(",", defaults(b, neighbours))).orElse("");
        if (given.isEmpty() || given.equals(shown) || given.equals(String.join(",", defaults(gateway, neighbours)))) {
            settings.remove("bgpPeeringAddress");
        }
        ArrayNode kept = JSON.createArrayNode();
        for (JsonNode each : settings.path("bgpPeeringAddresses")) {
            if (!each.path("customBgpIpAddresses").isEmpty()) {
                kept.add(each);
            }
        }
        if (kept.isEmpty()) {
            settings.remove("bgpPeeringAddresses");
        } else {
            settings.set("bgpPeeringAddresses", kept);
        }
    }

    static void checkGateway(ArmResource gateway, Neighbours neighbours, Findings findings) {
        long asn = asn(gateway);
        if (asn != ASN_DEFAULT && isReserved(asn)) {
            findings.wrong(
                    "InvalidBgpAsn",
                    "properties.bgpSettings.asn",
                    "found '" + asn + "', which is reserved; allowed: 65515, 64512-65514, 65521-65534, or a number of"
                            + " your own");
        }
        peeringAddress(gateway, neighbours, findings);
        JsonNode list = gateway.body().at("/properties/bgpSettings/bgpPeeringAddresses");
        int count = 0;
        for (int i = 0; i < list.size(); i++) {
            String at = "properties.bgpSettings.bgpPeeringAddresses[" + i + "].";
            String id = list.get(i).path("ipconfigurationId").asString("");
            if (configurations(gateway).stream().noneMatch(id::equalsIgnoreCase)) {
                findings.wrong(
                        "InvalidIpConfigurationId",
                        at + "ipconfigurationId",
                        "found " + Findings.quoted(id) + "; allowed: " + String.join(", ", configurations(gateway)));
            }
            for (JsonNode custom : list.get(i).path("customBgpIpAddresses")) {
                count++;
                Optional<Address> address = Neighbours.address(custom.asString(""));
                if (address.filter(a -> APIPA_ALLOWED.stream().anyMatch(p -> p.contains(a)))
                        .isEmpty()) {
                    findings.wrong(
                            "InvalidCustomBgpIpAddress",
                            at + "customBgpIpAddresses",
                            "found " + Findings.quoted(custom.asString(""))
                                    + "; allowed: 169.254.21.0 to 169.254.22.255");
                }
            }
        }
        if (count > CUSTOM_MAX) {
            findings.wrong(
                    "CustomBgpIpAddressLimitReached",
                    "properties.bgpSettings.bgpPeeringAddresses",
                    "found " + count + " custom addresses; allowed: " + CUSTOM_MAX);
        }
    }

    private static void peeringAddress(ArmResource gateway, Neighbours neighbours, Findings findings) {
        String given =
                gateway.body().at("/properties/bgpSettings/bgpPeeringAddress").asString("");
        List<Prefix> subnet = gatewaySubnet(gateway, neighbours);
        if (given.isEmpty() || subnet.isEmpty()) {
            return;
        }
        for (String each : given.split(",", -1)) {
            Optional<Address> address = Neighbours.address(each.strip());
            boolean fits = address.filter(a -> subnet.stream().anyMatch(p -> p.contains(a)) || APIPA.contains(a))
                    .isPresent();
            if (!fits) {
                findings.wrong(
                        "InvalidBgpPeeringAddress",
                        "properties.bgpSettings.bgpPeeringAddress",
                        "found " + Findings.quoted(each) + "; allowed: an address of GatewaySubnet "
                                + VirtualNetworks.list(subnet));
            }
        }
    }

    static void show(ObjectNode shown, ArmResource gateway, Neighbours neighbours) {
        ObjectNode settings = shown.withObject("/properties").withObject("/bgpSettings");
        List<String> defaults = defaults(gateway, neighbours);
        if (!settings.has("bgpPeeringAddress") && !defaults.isEmpty()) {
            settings.put("bgpPeeringAddress", String.join(",", defaults));
        }
        JsonNode stored = gateway.body().at("/properties/bgpSettings/bgpPeeringAddresses");
        ArrayNode list = settings.putArray("bgpPeeringAddresses");
        int i = 0;
        for (JsonNode configuration : gateway.properties().path("ipConfigurations")) {
            String id = configuration.path("id").asString("");
            ObjectNode out = list.addObject();
            out.put("ipconfigurationId", id);
            ArrayNode own = out.putArray("defaultBgpIpAddresses");
            if (i < defaults.size()) {
                own.add(defaults.get(i));
            }
            ArrayNode custom = out.putArray("customBgpIpAddresses");
            for (JsonNode each : stored) {
                if (each.path("ipconfigurationId").asString("").equalsIgnoreCase(id)) {
                    each.path("customBgpIpAddresses").forEach(custom::add);
                }
            }
            ArrayNode tunnel = out.putArray("tunnelIpAddresses");
            neighbours
                    .find(configuration.at("/properties/publicIPAddress/id").asString(""))
                    .map(p -> Neighbours.text(p, "ipAddress"))
                    .filter(a -> !a.isEmpty())
                    .ifPresent(tunnel::add);
            i++;
        }
    }

    /**
     * One address of GatewaySubnet for each instance. Azure takes the last usable one for a single instance, and the
     * first ones behind the three that it keeps for itself for several.
     */
    static List<String> defaults(ArmResource gateway, Neighbours neighbours) {
        int instances = gateway.properties().path("ipConfigurations").size();
        Optional<Prefix> subnet = gatewaySubnet(gateway, neighbours).stream()
                .filter(p -> p.address().isIpv4())
                .findFirst();
        if (subnet.isEmpty()) {
            return List.of();
        }
        List<String> out = new ArrayList<>();
        if (instances < 2) {
            Address last = subnet.get().last();
            out.add(Address.ipv4((int) (last.low() - 1)).toString());
            return out;
        }
        Address next = Address.ipv4((int) (subnet.get().address().low() + 4));
        for (int i = 0; i < instances; i++) {
            out.add(next.toString());
            next = next.next();
        }
        return out;
    }

    private static List<Prefix> gatewaySubnet(ArmResource gateway, Neighbours neighbours) {
        return Neighbours.networkOf(gateway)
                .flatMap(neighbours.world()::find)
                .flatMap(n -> Neighbours.element(n, n.id().child("subnets", VirtualNetworks.GATEWAY_SUBNET)))
                .map(Neighbours::subnetPrefixes)
                .orElse(List.of());
    }

    static List<String> configurations(ArmResource gateway) {
        List<String> out = new ArrayList<>();
        gateway.properties()
                .path("ipConfigurations")
                .forEach(c -> out.add(c.path("id").asString("")));
        return out;
    }
}
