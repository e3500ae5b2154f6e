package io.sallyport.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.network.Desk;
import io.sallyport.api.web.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Networks and deployments through the whole API: what is stored, what is answered, what is refused. */
class NetworkOverTheApiTest {
    private static final String NETWORK = Rig.GROUP + "/providers/Microsoft.Network/";
    private static final String DEPLOYMENTS = Rig.GROUP + "/providers/Microsoft.Resources/deployments/";
    private static final String KEY = "NotARealSecret0123456789";

    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(data, Providers.catalog(), Providers.services());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static String siteToSite(String key) throws IOException {
        try (InputStream in = Objects.requireNonNull(NetworkOverTheApiTest.class.getResourceAsStream(
                "/io/sallyport/api/deployment/site-to-site.template.json"))) {
            ObjectNode body = Desk.json("{'properties':{'mode':'Incremental','parameters':{'sites':{'value':[{'name':"
                    + "'branch','address':'192.0.2.2','prefixes':['10.2.0.0/16']}]},'sharedKey':{'value':'" + key
                    + "'}}}}");
            body.withObject("/properties").set("template", Desk.JSON.readTree(in));
            // No machine lends an address in this test.
            body.withObject("/properties/template").remove("outputs");
            return body.toString();
        }
    }

    @Test
    void aSubnetIsAChildOfItsVnet() {
        Answer made = rig.put(
                NETWORK + "virtualNetworks/hub",
                "{\"location\":\"local\",\"properties\":{\"addressSpace\":{\"addressPrefixes\":[\"10.1.0.0/16\"]}}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(Rig.json(made).at("/properties/provisioningState").asString(""))
                .isEqualTo("Succeeded");
        Answer subnet = rig.put(
                NETWORK + "virtualnetworks/HUB/subnets/a", "{\"properties\":{\"addressPrefix\":\"10.1.0.0/24\"}}");
        assertThat(subnet.status()).isEqualTo(201);
        assertThat(Rig.json(subnet).path("id").asString("")).isEqualTo(NETWORK + "virtualNetworks/hub/subnets/a");
        assertThat(Rig.json(subnet).path("type").asString("")).isEqualTo("Microsoft.Network/virtualNetworks/subnets");
        Answer outside = rig.put(
                NETWORK + "virtualNetworks/hub/subnets/b", "{\"properties\":{\"addressPrefix\":\"10.8.0.0/24\"}}");
        assertThat(outside.status()).isEqualTo(400);
        assertThat(Rig.code(outside)).isEqualTo("NetcfgInvalidSubnet");
        Answer again = rig.put(NETWORK + "virtualNetworks/hub", Rig.text(rig.get(NETWORK + "virtualNetworks/hub")));
        assertThat(again.status()).isEqualTo(200);
        assertThat(Rig.json(again).path("etag"))
                .isEqualTo(Rig.json(rig.get(NETWORK + "virtualNetworks/hub")).path("etag"));
    }

    @Test
    void aTemplateIsStoredAsAWholeWithItsSecretsSealed() throws IOException {
        Answer made = rig.put(DEPLOYMENTS + "whole", siteToSite(KEY));
        assertThat(made.status()).as(Rig.text(made)).isEqualTo(201);
        assertThat(Rig.text(made)).doesNotContain(KEY);
        assertThat(rig.get(NETWORK + "connections/hub-to-branch").status()).isEqualTo(200);
        rig.store.list("").forEach(d -> assertThat(d.body()).as(d.key()).doesNotContain(KEY));
        JsonNode shown = Rig.json(rig.get(DEPLOYMENTS + "whole"));
        assertThat(shown.at("/properties/outputResources").size()).isEqualTo(5);
        assertThat(shown.at("/properties/provisioningState").asString("")).isEqualTo("Running");
        assertThat(Rig.json(rig.get(DEPLOYMENTS.substring(0, DEPLOYMENTS.length() - 1)))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(Rig.json(rig.get(NETWORK + "connections/hub-to-branch/sharedkey"))
                        .path("value")
                        .asString(""))
                .isEqualTo(KEY);
    }

    @Test
    void aTemplateWithAMistakeChangesNothing() throws IOException {
        String wrong = siteToSite(KEY).replace("10.2.0.0/16", "10.1.3.0/24");
        Answer refused = rig.put(DEPLOYMENTS + "whole", wrong);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Rig.code(refused)).isEqualTo("InvalidTemplateDeployment");
        assertThat(Rig.json(refused).at("/error/details/0/target").asString("")).contains("#properties.");
        assertThat(rig.get(NETWORK + "virtualNetworks/hub").status()).isEqualTo(404);
        assertThat(rig.get(DEPLOYMENTS + "whole").status()).isEqualTo(404);
    }

    @Test
    void aGroupsLocationIsKnownToTemplates() {
        rig.put(Rig.SUBSCRIPTION + "/resourceGroups/far", "{\"location\":\"westus\"}");
        String body = "{\"properties\":{\"template\":{\"resources\":[{\"type\":\"Microsoft.Network/routeTables\","
                + "\"apiVersion\":\"2024-05-01\",\"name\":\"rt\",\"location\":\"[resourceGroup().location]\"}]}}}";
        Answer made =
                rig.put(Rig.SUBSCRIPTION + "/resourceGroups/far/providers/Microsoft.Resources/deployments/d", body);
        assertThat(made.status()).as(Rig.text(made)).isEqualTo(201);
        assertThat(Rig.json(made).at("/properties/provisioningState").asString(""))
                .isEqualTo("Succeeded");
        assertThat(Rig.text(
                        rig.get(Rig.SUBSCRIPTION + "/resourceGroups/far/providers/Microsoft.Network/routeTables/rt")))
                .contains("westus");
    }

    @Test
    void usagesAndProvidersOfCircuitsAreListed() {
        assertThat(Rig.json(rig.get(Rig.SUBSCRIPTION + "/providers/Microsoft.Network/locations/local/usages"))
                        .path("value")
                        .size())
                .isPositive();
        assertThat(Rig.text(rig.get(Rig.SUBSCRIPTION + "/providers/Microsoft.Network/expressRouteServiceProviders")))
                .contains("Sallyport");
    }

    private Answer site(String name, String address, String prefix) {
        return rig.put(
                NETWORK + "localNetworkGateways/" + name,
                Desk.json("{'properties':{'gatewayIpAddress':'" + address
                                + "','localNetworkAddressSpace':{'addressPrefixes':['" + prefix + "']}}}")
                        .toString());
    }

    private Answer connection(String name, String site) {
        return rig.put(
                NETWORK + "connections/" + name,
                Desk.json("{'properties':{'connectionType':'IPsec','sharedKey':'" + KEY
                                + "','virtualNetworkGateway1':{'id':'" + NETWORK
                                + "virtualNetworkGateways/gw'},'localNetworkGateway2':{'id':'" + NETWORK
                                + "localNetworkGateways/" + site + "'}}}")
                        .toString());
    }

    @Test
    void sitesOfOneGatewayMustBeToldApartWhicheverEndIsChanged() {
        rig.put(
                NETWORK + "virtualNetworks/hub",
                Desk.json("{'properties':{'addressSpace':{'addressPrefixes':['10.1.0.0/16']},'subnets':[{'name':"
                                + "'GatewaySubnet','properties':{'addressPrefix':'10.1.255.0/27'}}]}}")
                        .toString());
        rig.put(
                NETWORK + "publicIPAddresses/ip",
                Desk.json("{'sku':{'name':'Standard'},'properties':{'publicIPAllocationMethod':'Static'}}")
                        .toString());
        rig.put(
                NETWORK + "virtualNetworkGateways/gw",
                Desk.json("{'properties':{'gatewayType':'Vpn','vpnType':'RouteBased','sku':{'name':'VpnGw1'},"
                                + "'ipConfigurations':[{'name':'c','properties':{'subnet':{'id':'" + NETWORK
                                + "virtualNetworks/hub/subnets/GatewaySubnet'},'publicIPAddress':{'id':'" + NETWORK
                                + "publicIPAddresses/ip'}}}]}}")
                        .toString());
        site("a", "192.0.2.2", "10.2.0.0/16");
        site("b", "192.0.2.3", "10.3.0.0/16");
        site("c", "192.0.2.2", "10.4.0.0/16");
        assertThat(connection("to-a", "a").status()).isEqualTo(201);
        assertThat(connection("to-b", "b").status()).isEqualTo(201);
        assertThat(Rig.text(connection("to-c", "c"))).contains("ConnectionToSameAddressExists", "connections/to-a");
        assertThat(Rig.text(site("b", "192.0.2.3", "10.2.128.0/17"))).contains("AddressSpacesOverlap", "10.2.0.0/16");
        assertThat(site("a", "192.0.2.4", "10.5.0.0/16").status()).isEqualTo(200);
        assertThat(connection("to-c", "c").status()).isEqualTo(201);
        assertThat(site("b", "192.0.2.3", "10.2.128.0/17").status()).isEqualTo(200);
        assertThat(rig.delete(NETWORK + "connections/to-a").status()).isLessThan(300);
        assertThat(site("b", "192.0.2.3", "10.5.0.0/17").status()).isEqualTo(200);
        assertThat(Rig.text(rig.delete(NETWORK + "localNetworkGateways/b"))).contains("connections/to-b");
        assertThat(rig.delete(NETWORK + "localNetworkGateways/a").status()).isLessThan(300);
    }
}
