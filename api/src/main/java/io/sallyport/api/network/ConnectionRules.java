package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What must be true of a connection. */
record ConnectionRules(ArmResource connection, Neighbours neighbours, Findings findings) {
    private static final int DPD_MIN = 9;
    private static final int SELECTORS_MAX = 100;
    private static final int BASIC_TUNNELS_MAX = 10;
    private static final String INVALID_TYPE = "InvalidConnectionType";

    void check(Optional<ArmResource> before) {
        before.ifPresent(this::unchanged);
        Optional<ArmResource> gateway = neighbours.find(text("virtualNetworkGateway1/id"));
        ends();
        gateway.ifPresent(this::kinds);
        authentication();
        timing();
        selectors();
        IpsecPolicies.check(connection.properties().path("ipsecPolicies"), "properties.ipsecPolicies", findings);
        gateway.ifPresent(g -> {
            abilities(g);
            new ConnectionBgp(connection, g, neighbours, findings).check();
            translation(g);
            if (isTunnel()) {
                reach(g);
            }
        });
        circuit();
    }

    private String text(String pointer) {
        return Neighbours.text(connection, pointer);
    }

    private boolean has(String name) {
        return connection.properties().has(name);
    }

    private String type() {
        return text("connectionType");
    }

    private boolean isTunnel() {
        return !type().equals("ExpressRoute");
    }

    private void unchanged(ArmResource before) {
        for (String name : List.of("connectionType", "connectionProtocol")) {
            String was = Neighbours.text(before, name);
            String is = text(name);
            if (!was.isEmpty() && !was.equals(is)) {
                findings.wrong(
                        name.equals("connectionType")
                                ? "ConnectionTypeCannotBeChanged"
                                : "ConnectionProtocolCannotBeChanged",
                        "properties." + name,
                        "found '" + is + "', but the connection was made as " + was
                                + "; allowed: to delete it and make it anew");
            }
        }
    }

    private void ends() {
        switch (type()) {
            case "IPsec" -> needs("localNetworkGateway2", List.of("virtualNetworkGateway2", "peer"));
            case "Vnet2Vnet" -> needs("virtualNetworkGateway2", List.of("localNetworkGateway2", "peer"));
            case "ExpressRoute" -> {
                needs("peer", List.of("localNetworkGateway2", "virtualNetworkGateway2"));
                if (connection.secrets().containsKey(Connections.KEY)) {
                    findings.wrong(
                            INVALID_TYPE,
                            "properties.sharedKey",
                            "found a shared key with connectionType ExpressRoute; allowed: none");
                }
            }
            default ->
                findings.wrong(
                        INVALID_TYPE,
                        "properties.connectionType",
                        "found '" + type() + "'; allowed: IPsec, Vnet2Vnet, ExpressRoute");
        }
    }

    private void needs(String wanted, List<String> unwanted) {
        if (!has(wanted)) {
            findings.wrong(
                    "ConnectionEndMissing", "properties." + wanted, "missing; connectionType " + type() + " needs it");
        }
        for (String name : unwanted) {
            if (has(name)) {
                findings.wrong(
                        INVALID_TYPE,
                        "properties." + name,
                        "found with connectionType " + type() + "; allowed: " + wanted + " alone");
            }
        }
    }

    private void kinds(ArmResource gateway) {
        if (GatewayRules.isVpn(gateway) != isTunnel()) {
            findings.wrong(
                    "InvalidGatewayTypeForConnection",
                    "properties.virtualNetworkGateway1",
                    "found " + gateway.id() + " of gatewayType " + Neighbours.text(gateway, "gatewayType")
                            + " with connectionType " + type() + "; allowed: gatewayType "
                            + (isTunnel() ? "Vpn" : "ExpressRoute"));
        }
        if (!type().equals("Vnet2Vnet")) {
            return;
        }
        Optional<ArmResource> other = neighbours.find(text("virtualNetworkGateway2/id"));
        List<ArmResource> both = new ArrayList<>(List.of(gateway));
        other.ifPresent(both::add);
        for (ArmResource each : both) {
            if (!GatewayRules.isVpn(each) || GatewayRules.isPolicyBased(each)) {
                findings.wrong(
                        "InvalidGatewayTypeForConnection",
                        each.id().matches(gateway.id())
                                ? "properties.virtualNetworkGateway1"
                                : "properties.virtualNetworkGateway2",
                        "found " + each.id() + " of gatewayType " + Neighbours.text(each, "gatewayType")
                                + " and vpnType " + Neighbours.text(each, "vpnType")
                                + "; allowed with Vnet2Vnet: Vpn, RouteBased");
            }
        }
        other.filter(o -> o.id().matches(gateway.id()))
                .ifPresent(o -> findings.wrong(
                        "ConnectionToItself",
                        "properties.virtualNetworkGateway2",
                        "found '" + o.id() + "' at both ends; allowed: two gateways"));
    }

    private void authentication() {
        boolean byCertificate = text("authenticationType").equals("Certificate");
        if (byCertificate != has("certificateAuthentication")) {
            findings.wrong(
                    "InvalidAuthenticationType",
                    "properties.certificateAuthentication",
                    byCertificate
                            ? "missing; authenticationType Certificate needs it"
                            : "found without authenticationType Certificate; allowed: the two together");
        }
    }

    private void timing() {
        int dpd = connection.properties().path("dpdTimeoutSeconds").asInt(0);
        if (dpd != 0 && dpd < DPD_MIN) {
            findings.wrong(
                    "InvalidDpdTimeout",
                    "properties.dpdTimeoutSeconds",
                    "found '" + dpd + "'; allowed: 0 for the default, or a whole number in 9..3600");
        }
    }

    private void selectors() {
        JsonNode policies = connection.properties().path("trafficSelectorPolicies");
        if (policies.size() > SELECTORS_MAX) {
            findings.wrong(
                    "TrafficSelectorPolicyLimitReached",
                    "properties.trafficSelectorPolicies",
                    "found " + policies.size() + " elements; allowed: " + SELECTORS_MAX);
            return;
        }
        for (int i = 0; i < policies.size(); i++) {
            for (String side : List.of("localAddressRanges", "remoteAddressRanges")) {
                String at = "properties.trafficSelectorPolicies[" + i + "]." + side;
                JsonNode ranges = policies.get(i).path(side);
                if (ranges.isEmpty()) {
                    findings.wrong(
                            "InvalidTrafficSelectorPolicy",
                            at,
                            "holds no range; allowed: a list of prefixes or FIRST-LAST ranges");
                }
                for (JsonNode range : ranges) {
                    if (!isRange(range.asString(""))) {
                        findings.wrong(
                                "InvalidTrafficSelectorPolicy",
                                at,
                                "found " + Findings.quoted(range.asString(""))
                                        + "; allowed: a prefix such as 10.1.0.0/16, or a range such as"
                                        + " 10.1.0.1-10.1.0.9");
                    }
                }
            }
        }
        if (Neighbours.flag(connection, "usePolicyBasedTrafficSelectors")) {
            if (connection.properties().path("ipsecPolicies").isEmpty()) {
                findings.wrong(
                        "PolicyBasedTrafficSelectorsNeedIpsecPolicy",
                        "properties.usePolicyBasedTrafficSelectors",
                        "found 'true'; allowed: false, unless ipsecPolicies is given");
            }
            if (text("connectionProtocol").equals("IKEv1")) {
                findings.wrong(
                        "PolicyBasedTrafficSelectorsNeedIkev2",
                        "properties.usePolicyBasedTrafficSelectors",
                        "found 'true' with connectionProtocol IKEv1; allowed: with IKEv2");
            }
        }
    }

    private static boolean isRange(String text) {
        try {
            int dash = text.indexOf('-');
            AddressRange range = dash > 0
                    ? new AddressRange(
                            Address.parse(text.substring(0, dash).strip()),
                            Address.parse(text.substring(dash + 1).strip()))
                    : Prefix.parse(text).range();
            return range.first().compareTo(range.last()) <= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What the gateway's size and type let a connection do. */
    private void abilities(ArmResource gateway) {
        boolean policyBased = GatewayRules.isPolicyBased(gateway) && GatewayRules.isVpn(gateway);
        boolean basic = GatewayRules.isBasic(gateway);
        boolean ikev1 = text("connectionProtocol").equals("IKEv1");
        if (policyBased && text("connectionProtocol").equals("IKEv2")) {
            findings.wrong(
                    "InvalidConnectionProtocol",
                    "properties.connectionProtocol",
                    "found 'IKEv2', but " + gateway.id() + " is PolicyBased; allowed: IKEv1");
        }
        if (basic && !policyBased && ikev1) {
            findings.wrong(
                    "InvalidConnectionProtocol",
                    "properties.connectionProtocol",
                    "found 'IKEv1', but " + gateway.id() + " is a RouteBased gateway of SKU Basic; allowed: IKEv2");
        }
        if (basic && !connection.properties().path("ipsecPolicies").isEmpty()) {
            findings.wrong(
                    "IpsecPolicyNotSupportedOnGatewaySku",
                    "properties.ipsecPolicies",
                    "found a policy, but " + gateway.id() + " is of SKU Basic; allowed: none there");
        }
        if (basic && text("authenticationType").equals("Certificate")) {
            findings.wrong(
                    "InvalidAuthenticationType",
                    "properties.authenticationType",
                    "found 'Certificate', but " + gateway.id() + " is of SKU Basic; allowed: PSK");
        }
        if (Neighbours.flag(connection, "useLocalAzureIpAddress")
                && !Neighbours.flag(gateway, "enablePrivateIpAddress")) {
            findings.wrong(
                    "PrivateIpAddressNotEnabledOnGateway",
                    "properties.useLocalAzureIpAddress",
                    "found 'true', but " + gateway.id() + " has enablePrivateIpAddress false");
        }
        if (has("tunnelProperties")
                && !connection.properties().path("tunnelProperties").isEmpty()
                && !Neighbours.flag(gateway, "enableHighBandwidthVpnGateway")) {
            findings.wrong(
                    "TunnelPropertiesNotSupported",
                    "properties.tunnelProperties",
                    "found, but " + gateway.id() + " has enableHighBandwidthVpnGateway false; allowed: none");
        }
        if (!policyBased && !basic) {
            return;
        }
        String key = gateway.id().key();
        long others = neighbours.all(Neighbours.CONNECTIONS).stream()
                .filter(c -> Digest.of(c).first().equals(key))
                .filter(c -> !c.id().matches(connection.id()))
                .count();
        long max = policyBased ? 1 : BASIC_TUNNELS_MAX;
        if (others >= max) {
            findings.wrong(
                    "ConnectionLimitReached",
                    "properties.virtualNetworkGateway1",
                    "found " + gateway.id() + ", which has " + others + " connections already; allowed: " + max
                            + (policyBased ? " on a PolicyBased gateway" : " with SKU Basic"));
        }
    }

    private void translation(ArmResource gateway) {
        for (String side : List.of("ingressNatRules", "egressNatRules")) {
            JsonNode rules = connection.properties().path(side);
            String mode = side.equals("ingressNatRules") ? "IngressSnat" : "EgressSnat";
            if (!rules.isEmpty() && !type().equals("IPsec")) {
                findings.wrong(
                        "NatNotSupportedOnConnectionType",
                        "properties." + side,
                        "found with connectionType " + type() + "; allowed: with IPsec");
            }
            for (int i = 0; i < rules.size(); i++) {
                String at = "properties." + side + "[" + i + "].id";
                String id = rules.get(i).path("id").asString("");
                if (ArmId.parse(id).filter(r -> !r.root().matches(gateway.id())).isPresent()) {
                    findings.wrong(
                            "InvalidNatRuleReference", at, "found '" + id + "'; allowed: a rule of " + gateway.id());
                    continue;
                }
                JsonNode rule = ArmId.parse(id)
                        .flatMap(r -> Neighbours.element(gateway, r))
                        .map(r -> r.path("properties"))
                        .orElse(connection.body().path("none"));
                String found = rule.path("mode").asString(mode);
                if (!found.equals(mode)) {
                    findings.wrong(
                            "InvalidNatRuleReference",
                            at,
                            "found '" + id + "' of mode " + found + "; allowed in " + side + ": " + mode);
                }
                if (rule.path("type").asString("").equals("Dynamic")) {
                    dynamic(id, side, at);
                }
            }
        }
    }

    private void dynamic(String id, String side, String at) {
        for (ArmResource other : neighbours.all(Neighbours.CONNECTIONS)) {
            for (JsonNode rule : other.properties().path(side)) {
                if (!other.id().matches(connection.id())
                        && rule.path("id").asString("").equalsIgnoreCase(id)) {
                    findings.wrong(
                            "DynamicNatRuleInUse",
                            at,
                            "found '" + id + "', which " + other.id()
                                    + " uses already; allowed: a Dynamic rule on one connection");
                }
            }
        }
    }

    private void reach(ArmResource gateway) {
        String end = type().equals("Vnet2Vnet") ? "virtualNetworkGateway2" : "localNetworkGateway2";
        new Reach(neighbours, gateway)
                .connection(connection)
                .forEach(clash -> findings.wrong(clash.code(), "properties." + end, clash.text()));
    }

    /** A circuit of somebody else needs a key that its owner gave away. */
    private void circuit() {
        Optional<ArmResource> circuit = neighbours.find(text("peer/id"));
        if (isTunnel() || circuit.isEmpty()) {
            return;
        }
        String state = Neighbours.text(circuit.get(), "serviceProviderProvisioningState");
        if (!state.equals("Provisioned")) {
            findings.warn(
                    "properties.peer",
                    circuit.get().id() + " is " + state + "; it carries nothing until its provider has provisioned it");
        }
        var key = connection.secrets().get("/properties/authorizationKey");
        if (key == null) {
            boolean foreign = !circuit.get()
                    .id()
                    .subscription()
                    .equalsIgnoreCase(connection.id().subscription());
            if (foreign) {
                findings.wrong(
                        "AuthorizationKeyMissing",
                        "properties.authorizationKey",
                        "missing; the circuit is in another subscription, so that its owner must authorize it");
            }
        } else if (!Circuits.keys(circuit.get()).contains(key)) {
            findings.wrong(
                    "InvalidAuthorizationKey",
                    "properties.authorizationKey",
                    "found a key that is none of the authorizations of "
                            + circuit.get().id());
        }
    }
}
