package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Complaints;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every rule refuses what breaks it, with code and place, and lets its neighbour pass. The rules are in rules.json. */
class RulesTest {
    private final Desk desk =
            new Desk().lends("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.9", "192.0.2.10", "192.0.2.11");

    /** One line of rules.json. */
    record Case(JsonNode rule) {
        @Override
        public String toString() {
            return rule.path("rule").asString("");
        }
    }

    static List<Case> rules() throws IOException {
        try (InputStream in = Objects.requireNonNull(RulesTest.class.getResourceAsStream("rules.json"))) {
            List<Case> out = new ArrayList<>();
            Desk.JSON.readTree(in).forEach(rule -> out.add(new Case(rule)));
            return out;
        }
    }

    @BeforeEach
    void setUp() {
        SiteToSiteTest.setUp(desk);
        network("spoke", "10.2");
        network("third", "10.3");
        desk.put("publicIPAddresses/p2", "{}");
        desk.put("publicIPAddresses/p3", "{}");
        desk.put("virtualNetworkGateways/gw2", """
                {'properties':{'gatewayType':'Vpn','sku':{'name':'VpnGw2'},'natRules':[{'name':'n','properties':{
                 'internalMappings':[{'addressSpace':'10.2.0.0/24'}],'externalMappings':[{'addressSpace':'10.88.0.0/24'}]}}],
                 'ipConfigurations':[{'name':'a','properties':{'publicIPAddress':{'id':'publicIPAddresses/p2'},
                 'subnet':{'id':'virtualNetworks/spoke/subnets/GatewaySubnet'}}}]}}""");
        network("private", "10.4");
        desk.put("virtualNetworkGateways/er-gw", """
                {'properties':{'gatewayType':'ExpressRoute','ipConfigurations':[{'name':'a','properties':{
                 'subnet':{'id':'virtualNetworks/private/subnets/GatewaySubnet'}}}]}}""");
        desk.put("expressRouteCircuits/er", """
                {'properties':{'serviceProviderProperties':{'serviceProviderName':'Sallyport','peeringLocation':'Lab',
                 'bandwidthInMbps':200}}}""");
        site("second", "198.51.100.20", "172.16.0.0/16");
        site("overlapping", "198.51.100.21", "192.168.9.0/24");
        desk.put("networkSecurityGroups/nsg", "{}");
        desk.put("routeTables/rt", """
                {'properties':{'routes':[{'name':'r','properties':{'addressPrefix':'10.9.0.0/16','nextHopType':'None'}}]}}""");
        desk.put("routeTables/default", """
                {'properties':{'routes':[{'name':'r','properties':{'addressPrefix':'0.0.0.0/0','nextHopType':'None'}}]}}""");
    }

    private void network(String name, String start) {
        desk.put(
                "virtualNetworks/" + name,
                "{'properties':{'addressSpace':{'addressPrefixes':['" + start + ".0.0/16']},"
                        + "'subnets':[{'name':'GatewaySubnet','properties':{'addressPrefix':'" + start
                        + ".255.0/27'}}]}}");
    }

    private void site(String name, String address, String prefix) {
        desk.put(
                "localNetworkGateways/" + name,
                "{'properties':{'gatewayIpAddress':'" + address + "','localNetworkAddressSpace':{'addressPrefixes':['"
                        + prefix + "']}}}");
    }

    @Test
    void aSiteWhosePrefixHoldsItsDeviceIsTakenWithAWarningAboutTheLoop() {
        String body = """
                {"properties":{"gatewayIpAddress":"203.0.113.9","localNetworkAddressSpace":{"addressPrefixes":["%s"]}}}""";
        Complaints inside = desk.complaints("localNetworkGateways/looped", Desk.json(body.formatted("203.0.113.0/24")));
        assertThat(inside.all()).isEmpty();
        assertThat(inside.warnings())
                .anyMatch(w -> w.contains("'203.0.113.0/24' holds the device's own address 203.0.113.9"));
        assertThat(desk.complaints("localNetworkGateways/all", Desk.json(body.formatted("0.0.0.0/0")))
                        .warnings())
                .noneMatch(w -> w.contains("own address"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleRefusesWhatBreaksItAndNothingElse(Case each) {
        JsonNode rule = each.rule();
        String id = rule.path("id").asString("");
        if (rule.has("parent")) {
            desk.put(
                    id.substring(0, id.indexOf("/virtualNetworkPeerings")),
                    rule.get("parent").toString());
        }
        ObjectNode base = base(rule, id);
        List<ArmError> errors =
                desk.complaints(id, patched(base, rule.path("wrong"))).all();
        assertThat(errors)
                .extracting(e -> e.code() + " " + e.target())
                .contains(rule.path("code").asString("") + " "
                        + rule.path("target").asString("").replace("{G}", Desk.GROUP));
        assertThat(errors).allSatisfy(e -> assertThat(e.message()).isNotBlank().doesNotContain("\n"));
        String right = rule.path("rightId").asString(id);
        assertThat(desk.complaints(right, patched(base, rule.path("right"))).all())
                .isEmpty();
    }

    private ObjectNode base(JsonNode rule, String id) {
        String from = rule.path("base").asString(id);
        ObjectNode base = desk.show(Desk.id(from)).orElseGet(Desk.JSON::createObjectNode);
        base.remove(List.of("id", "name", "etag"));
        return base;
    }

    /** RFC 7396. */
    private static ObjectNode patched(ObjectNode base, JsonNode patch) {
        ObjectNode out = base.deepCopy();
        for (Map.Entry<String, JsonNode> field :
                Desk.JSON.readTree(patch.toString().replace("{G}", Desk.GROUP)).properties()) {
            JsonNode old = out.get(field.getKey());
            if (field.getValue().isNull()) {
                out.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode inner) {
                out.set(field.getKey(), patched(old instanceof ObjectNode o ? o : Desk.JSON.createObjectNode(), inner));
            } else {
                out.set(field.getKey(), field.getValue());
            }
        }
        return out;
    }

    @Test
    void whatIsInUseIsNotDeletedAndSaysByWhom() {
        assertThat(desk.refusedDelete("virtualNetworks/hub").getFirst())
                .satisfies(e -> assertThat(e.code()).isEqualTo("InUseSubnetCannotBeDeleted"))
                .satisfies(e -> assertThat(e.message()).contains("virtualNetworkGateways/gw"));
        assertThat(desk.refusedDelete("publicIPAddresses/p1").getFirst().code())
                .isEqualTo("PublicIPAddressCannotBeDeleted");
        assertThat(desk.refusedDelete("localNetworkGateways/branch").getFirst().message())
                .contains("connections/c1");
        assertThat(desk.refusedDelete("virtualNetworkGateways/gw").getFirst().code())
                .isEqualTo("CannotDeleteGatewayWithConnections");
        assertThat(desk.refusedDelete("connections/c1")).isEmpty();
        assertThat(desk.refusedDelete("virtualNetworkGateways/gw")).isEmpty();
        assertThat(desk.refusedDelete("publicIPAddresses/p1")).isEmpty();
        assertThat(desk.refusedDelete("virtualNetworks/hub")).isEmpty();
        assertThat(desk.refusedDelete("localNetworkGateways/branch")).isEmpty();
    }

    @Test
    void aPeeringIsInitiatedThenConnectedThenDisconnectedUntilItIsMadeAnew() {
        String here = "virtualNetworks/hub/virtualNetworkPeerings/to-spoke";
        String there = "virtualNetworks/spoke/virtualNetworkPeerings/to-hub";
        desk.put(here, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/spoke'}}}");
        assertThat(state(here)).isEqualTo("Initiated");
        desk.put(there, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/hub'}}}");
        assertThat(state(here)).isEqualTo("Connected");
        assertThat(state(there)).isEqualTo("Connected");
        assertThat(desk.refusedDelete(there)).isEmpty();
        assertThat(state(here)).isEqualTo("Disconnected");
        assertThat(desk.refused(there, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/hub'}}}"))
                .extracting(ArmError::code)
                .containsExactly("RemotePeeringIsDisconnected");
        assertThat(desk.refusedDelete(here)).isEmpty();
        desk.put(there, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/hub'}}}");
        desk.put(here, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/spoke'}}}");
        assertThat(state(here)).isEqualTo("Connected");
    }

    @Test
    void aVnetWhosePeerIsGoneCanStillBeChanged() {
        desk.put("virtualNetworks/far", "{'properties':{'addressSpace':{'addressPrefixes':['10.70.0.0/16']}}}");
        String here = "virtualNetworks/hub/virtualNetworkPeerings/to-far";
        desk.put(here, "{'properties':{'remoteVirtualNetwork':{'id':'virtualNetworks/far'}}}");
        assertThat(desk.refusedDelete("virtualNetworks/far")).isEmpty();
        assertThat(state(here)).isEqualTo("Disconnected");
        assertThat(desk.complaints("virtualNetworks/hub", desk.show("virtualNetworks/hub"))
                        .all())
                .isEmpty();
    }

    private String state(String peering) {
        return desk.show(peering).at("/properties/peeringState").asString("");
    }
}
