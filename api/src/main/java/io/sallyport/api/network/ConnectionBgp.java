package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a connection that speaks BGP needs at both ends. */
record ConnectionBgp(ArmResource connection, ArmResource gateway, Neighbours neighbours, Findings findings) {
    void check() {
        custom();
        if (!Neighbours.flag(connection, "enableBgp")
                || Neighbours.text(connection, "connectionType").equals("ExpressRoute")) {
            return;
        }
        String path = "properties.enableBgp";
        if (GatewayRules.isBasic(gateway) || GatewayRules.isPolicyBased(gateway)) {
            findings.wrong(
                    "BgpNotSupportedOnGateway",
                    path,
                    "found 'true', but " + gateway.id() + " is of SKU Basic; allowed: false");
        } else if (!Neighbours.flag(gateway, "enableBgp")) {
            findings.wrong(
                    "BgpNotEnabledOnGateway",
                    path,
                    "found 'true', but " + gateway.id() + " has enableBgp false; allowed: false, or enableBgp on both");
        }
        Optional<ArmResource> peer = neighbours
                .find(Neighbours.text(connection, "localNetworkGateway2/id"))
                .or(() -> neighbours.find(Neighbours.text(connection, "virtualNetworkGateway2/id")));
        peer.ifPresent(other -> {
            long asn = Bgp.asn(other);
            if (asn < 0) {
                findings.wrong(
                        "BgpSettingsMissing",
                        path,
                        "found 'true', but " + other.id() + " has no bgpSettings; allowed: asn and bgpPeeringAddress"
                                + " there");
            } else if (asn == Bgp.asn(gateway)) {
                findings.wrong(
                        "BgpAsnConflict",
                        path,
                        "found 'true', but " + gateway.id() + " and " + other.id() + " have the same asn " + asn
                                + "; allowed: numbers that differ");
            }
        });
    }

    private void custom() {
        JsonNode list = connection.properties().path("gatewayCustomBgpIpAddresses");
        for (int i = 0; i < list.size(); i++) {
            String at = "properties.gatewayCustomBgpIpAddresses[" + i + "].customBgpIpAddress";
            String id = list.get(i).path("ipConfigurationId").asString("");
            String address = list.get(i).path("customBgpIpAddress").asString("");
            List<String> there = addresses(id);
            if (!there.contains(address)) {
                findings.wrong(
                        "InvalidCustomBgpIpAddress",
                        at,
                        "found '" + address + "'; allowed: one of the customBgpIpAddresses of " + Findings.quoted(id)
                                + ": " + (there.isEmpty() ? "none" : String.join(", ", there)));
            }
        }
    }

    private List<String> addresses(String configuration) {
        List<String> out = new ArrayList<>();
        for (JsonNode each : gateway.body().at("/properties/bgpSettings/bgpPeeringAddresses")) {
            if (each.path("ipconfigurationId").asString("").equalsIgnoreCase(configuration)) {
                each.path("customBgpIpAddresses").forEach(a -> out.add(a.asString("")));
            }
        }
        return out;
    }
}
