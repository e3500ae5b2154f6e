package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The bodies that az sends for a site-to-site set-up, in its order. */
class SiteToSiteTest {
    private final Desk desk = new Desk().lends("192.0.2.1", "192.0.2.2");

    static final String VNET = """
            {'location':'local','tags':{},'properties':{'addressSpace':{'addressPrefixes':['10.1.0.0/16']},
             'dhcpOptions':{'dnsServers':[]},'enableDdosProtection':false,'enableVmProtection':false,
             'subnets':[{'name':'GatewaySubnet','properties':{'addressPrefix':'10.1.255.0/27'}}]}}""";
    static final String ADDRESS = """
            {'location':'local','sku':{'name':'Standard'},'properties':{'idleTimeoutInMinutes':4,
             'publicIPAddressVersion':'IPv4','publicIPAllocationMethod':'Static'}}""";
    static final String GATEWAY = """
            {'location':'local','properties':{'activeActive':false,'gatewayType':'Vpn','vpnType':'RouteBased',
             'sku':{'name':'VpnGw1','tier':'VpnGw1'},'ipConfigurations':[{'name':'vnetGatewayConfig0','properties':{
             'privateIPAllocationMethod':'Dynamic','publicIPAddress':{'id':'{G}publicIPAddresses/p1'},
             'subnet':{'id':'{G}virtualNetworks/hub/subnets/GatewaySubnet'}}}]}}""";
    static final String SITE = """
            {'location':'local','properties':{'gatewayIpAddress':'198.51.100.7',
             'localNetworkAddressSpace':{'addressPrefixes':['192.168.0.0/16']}}}""";
    static final String CONNECTION = """
            {'location':'local','tags':{},'properties':{'virtualNetworkGateway1':{'id':'{G}virtualNetworkGateways/gw'},
             'localNetworkGateway2':{'id':'{G}localNetworkGateways/branch'},'connectionType':'IPSec','enableBgp':false,
             'routingWeight':10,'usePolicyBasedTrafficSelectors':false,'expressRouteGatewayBypass':null,
             'sharedKey':'Abc123Def456Ghi789'}}""";

    static void setUp(Desk desk) {
        desk.put("virtualNetworks/hub", VNET);
        desk.put("publicIPAddresses/p1", ADDRESS);
        desk.put("virtualNetworkGateways/gw", GATEWAY);
        desk.put("localNetworkGateways/branch", SITE);
        desk.put("connections/c1", CONNECTION);
    }

    @Test
    void everyBodyIsTaken() {
        setUp(desk);
        ObjectNode connection = desk.show("connections/c1");
        assertThat(connection.at("/properties/connectionType").asString()).isEqualTo("IPsec");
        assertThat(connection.toString()).doesNotContain("Abc123");
        assertThat(desk.show("publicIPAddresses/p1").at("/properties/ipAddress").asString())
                .isEqualTo("192.0.2.1");
        ObjectNode gateway = desk.show("virtualNetworkGateways/gw");
        assertThat(gateway.at("/properties/bgpSettings/bgpPeeringAddress").asString())
                .isEqualTo("10.1.255.30");
        assertThat(gateway.at("/properties/natRules").isArray()).isTrue();
    }

    @Test
    void whatWasShownCanBePutBackAndChangesNothing() {
        setUp(desk);
        for (String id : java.util.List.of(
                "virtualNetworks/hub",
                "publicIPAddresses/p1",
                "virtualNetworkGateways/gw",
                "localNetworkGateways/branch",
                "connections/c1")) {
            ObjectNode shown = desk.show(id);
            var stored = desk.find(Desk.id(id)).orElseThrow();
            assertThat(desk.complaints(id, shown.deepCopy()).all()).isEmpty();
            assertThat(desk.find(Desk.id(id)).orElseThrow().body()).as(id).isEqualTo(stored.body());
            assertThat(desk.find(Desk.id(id)).orElseThrow().secrets()).isEqualTo(stored.secrets());
            assertThat(desk.show(id)).isEqualTo(shown);
        }
    }
}
