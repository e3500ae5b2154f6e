package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.ResourceType;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What can be asked of resources besides reading and writing them. */
class ActionsTest {
    private final Desk desk = new Desk().lends("192.0.2.1", "192.0.2.2");

    @BeforeEach
    void setUp() {
        SiteToSiteTest.setUp(desk);
    }

    private Operation.Outcome ask(String method, String id, String pattern, Map<String, String> query, String body)
            throws Refused {
        ArmResource resource = desk.find(Desk.id(id)).orElseThrow();
        ResourceType type = Network.catalog().find(resource.id()).orElseThrow();
        Operation operation = type.operations().stream()
                .filter(o -> o.method().equals(method))
                .filter(o -> o.pattern().toLowerCase(Locale.ROOT).equals(pattern.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " " + pattern));
        JsonNode sent = body.isEmpty() ? MissingNode.getInstance() : Desk.json(body);
        return operation.run().answer(new Operation.Call(resource, Map.of(), query, sent, desk));
    }

    private JsonNode answer(String method, String id, String pattern) throws Refused {
        return ((Operation.Outcome.Answer) ask(method, id, pattern, Map.of(), "")).body();
    }

    @Test
    void aSharedKeyIsReadSetAndMadeAnew() throws Refused {
        assertThat(answer("GET", "connections/c1", "sharedkey").path("value").asString(""))
                .isEqualTo("Abc123Def456Ghi789");
        var set = (Operation.Outcome.Replace)
                ask("PUT", "connections/c1", "sharedkey", Map.of(), "{'value':'Other0123456789abc'}");
        assertThat(SharedKeys.text(
                        java.util.Objects.requireNonNull(set.next().secrets().get(Connections.KEY))))
                .isEqualTo("Other0123456789abc");
        var reset = (Operation.Outcome.Replace)
                ask("POST", "connections/c1", "sharedkey/reset", Map.of(), "{'keyLength':64}");
        assertThat(java.util.Objects.requireNonNull(reset.next().secrets().get(Connections.KEY))
                        .size())
                .isEqualTo(64);
        assertThatThrownBy(() -> ask("POST", "connections/c1", "sharedkey/reset", Map.of(), "{'keyLength':129}"))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> ask("PUT", "connections/c1", "sharedkey", Map.of(), "{'value':'with blank'}"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aKeyIsMadeWhenNoneWasGivenAndKeptWhenItIsLeftOut() {
        desk.put("localNetworkGateways/second", """
                {'properties':{'gatewayIpAddress':'198.51.100.20',
                 'localNetworkAddressSpace':{'addressPrefixes':['172.16.0.0/16']}}}""");
        desk.put(
                "connections/c2",
                SiteToSiteTest.CONNECTION
                        .replace("'sharedKey':'Abc123Def456Ghi789'", "'routingWeight':10")
                        .replace("localNetworkGateways/branch", "localNetworkGateways/second")
                        .replace("'routingWeight':10,'use", "'use"));
        var made = java.util.Objects.requireNonNull(
                desk.find(Desk.id("connections/c2")).orElseThrow().secrets().get(Connections.KEY));
        assertThat(made.size()).isEqualTo(SharedKeys.LENGTH_DEFAULT);
        desk.put("connections/c2", desk.show("connections/c2").toString());
        assertThat(desk.find(Desk.id("connections/c2")).orElseThrow().secrets()).containsValue(made);
    }

    @Test
    void aGatewayIsResetAtOneOfItsOwnAddresses() throws Refused {
        var reset = (Operation.Outcome.Command)
                ask("POST", "virtualNetworkGateways/gw", "reset", Map.of("gatewayvip", "None"), "");
        assertThat(reset.verb()).isEqualTo("resetGateway");
        assertThat(reset.arguments().isEmpty()).isTrue();
        assertThat(reset.shape().apply(MissingNode.getInstance()).path("name").asString(""))
                .isEqualTo("gw");
        var one = (Operation.Outcome.Command)
                ask("POST", "virtualNetworkGateways/gw", "reset", Map.of("gatewayvip", "192.0.2.1"), "");
        assertThat(one.arguments().path("gatewayVip").asString("")).isEqualTo("192.0.2.1");
        assertThatThrownBy(
                        () -> ask("POST", "virtualNetworkGateways/gw", "reset", Map.of("gatewayvip", "192.0.2.2"), ""))
                .isInstanceOf(Refused.class);
    }

    @Test
    void routesOfTheVnetAndOfTheSitesAreListed() throws Refused {
        assertThat(answer("POST", "virtualNetworkGateways/gw", "getLearnedRoutes")
                        .toString())
                .contains("10.1.0.0/16", "192.168.0.0/16", "\"origin\":\"Network\"");
        assertThat(answer("POST", "virtualNetworkGateways/gw", "getBgpPeerStatus")
                        .path("value")
                        .size())
                .isZero();
        assertThatThrownBy(() -> ask("POST", "virtualNetworkGateways/gw", "getAdvertisedRoutes", Map.of(), ""))
                .isInstanceOf(Refused.class);
        desk.status("virtualNetworkGateways/gw", "{'azure':{'bgpPeers':[{'neighbor':'10.2.0.1'}]}}");
        assertThat(answer("POST", "virtualNetworkGateways/gw", "getBgpPeerStatus")
                        .at("/value/0/neighbor")
                        .asString(""))
                .isEqualTo("10.2.0.1");
    }

    @Test
    void aCaptureTakesAzuresFilter() throws Refused {
        var start = (Operation.Outcome.Command) ask(
                "POST",
                "connections/c1",
                "startPacketCapture",
                Map.of(),
                "{'filterData':'{\\u0022TracingFlags\\u0022:11}'}");
        assertThat(start.arguments().at("/filterData/TracingFlags").asInt(0)).isEqualTo(11);
        assertThatThrownBy(() ->
                        ask("POST", "connections/c1", "startPacketCapture", Map.of(), "{'filterData':'nonsense'}"))
                .isInstanceOf(Refused.class);
        var stop = (Operation.Outcome.Command)
                ask("POST", "connections/c1", "stopPacketCapture", Map.of(), "{'sasUrl':'x'}");
        assertThat(stop.shape().apply(Desk.json("{'name':'a.pcapng'}")).asString(""))
                .endsWith("/captures/a.pcapng");
    }

    @Test
    void securityAssociationsAreATextThatHoldsJson() throws Refused {
        var sas = (Operation.Outcome.Command) ask("POST", "connections/c1", "getikesas", Map.of(), "");
        JsonNode text = sas.shape().apply(Desk.JSON.readTree("[{\"remote\":\"198.51.100.7\"}]"));
        assertThat(text.isString()).isTrue();
        assertThat(Desk.JSON.readTree(text.stringValue()).at("/Data/0/remote").asString(""))
                .isEqualTo("198.51.100.7");
    }

    @Test
    void aClientsPolicyIsStoredAndChecked() throws Refused {
        String policy = """
                {'saLifeTimeSeconds':27000,'saDataSizeKilobytes':102400000,'ipsecEncryption':'GCMAES256',
                 'ipsecIntegrity':'GCMAES256','ikeEncryption':'AES256','ikeIntegrity':'SHA384','dhGroup':'DHGROUP24',
                 'pfsGroup':'PFS24'}""";
        var set = (Operation.Outcome.Replace)
                ask("POST", "virtualNetworkGateways/gw", "setvpnclientipsecparameters", Map.of(), policy);
        assertThat(set.body().path("dhGroup").asString("")).isEqualTo("DHGroup24");
        assertThatThrownBy(() -> ask(
                        "POST",
                        "virtualNetworkGateways/gw",
                        "setvpnclientipsecparameters",
                        Map.of(),
                        policy.replace("'ipsecIntegrity':'GCMAES256'", "'ipsecIntegrity':'SHA256'")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void whatCannotBeDoneSaysSo() {
        assertThatThrownBy(() -> ask("POST", "virtualNetworkGateways/gw", "generatevpnprofile", Map.of(), ""))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.error().code()).isEqualTo("NotSupported"));
    }

    @Test
    void statusOfTheEngineIsShown() {
        assertThat(desk.show("connections/c1")
                        .at("/properties/connectionStatus")
                        .asString(""))
                .isEqualTo("Unknown");
        desk.status("connections/c1", "{'azure':{'connectionStatus':'Connected','egressBytesTransferred':7}}");
        assertThat(desk.show("connections/c1")
                        .at("/properties/connectionStatus")
                        .asString(""))
                .isEqualTo("Connected");
        assertThat(desk.show("connections/c1")
                        .at("/properties/egressBytesTransferred")
                        .asInt(0))
                .isEqualTo(7);
    }

    @Test
    void anAddressOfASubnetIsFreeOrTaken() throws Refused {
        JsonNode taken = ((Operation.Outcome.Answer) ask(
                        "GET",
                        "virtualNetworks/hub",
                        "checkIPAddressAvailability",
                        Map.of("ipaddress", "10.1.255.30"),
                        ""))
                .body();
        assertThat(taken.path("available").asBoolean(true)).isFalse();
        assertThat(taken.path("availableIPAddresses").size()).isEqualTo(5);
        JsonNode free = ((Operation.Outcome.Answer) ask(
                        "GET",
                        "virtualNetworks/hub",
                        "checkIPAddressAvailability",
                        Map.of("ipaddress", "10.1.255.9"),
                        ""))
                .body();
        assertThat(free.path("available").asBoolean(false)).isTrue();
        assertThat(answer("GET", "virtualNetworks/hub", "usages")
                        .at("/value/0/limit")
                        .asInt(0))
                .isEqualTo(27);
    }
}
