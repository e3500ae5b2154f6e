package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Sallyport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * az alone builds a site-to-site gateway, and then uses every command that it has for such things:
 *
 * <pre>
 *   hub  10.1.0.4                                          branch  10.2.0.4
 *   Sallyport  192.0.2.1 ────────────────────────── 192.0.2.2  strongSwan
 *   az
 * </pre>
 *
 * The tests build on each other, as the commands of a person would.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AzureCliTest {
    private static final String KEY = "NotARealSecret0123456789";

    private final AzureLab lab = new AzureLab();
    private final Host hub = lab.hub();
    private final Sallyport sallyport = lab.sallyport();

    @SuppressWarnings("NullAway.Init")
    private Az az;

    @BeforeAll
    void logIn() {
        az = Az.loggedIn(hub, sallyport);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @Test
    @Order(1)
    void theAccountIsTheLocalSubscription() {
        assertThat(az.must("account show").path("name").asString("")).isEqualTo("local");
        assertThat(az.must("account list-locations").size()).isPositive();
        assertThat(az.must("provider show -n Microsoft.Network")
                        .path("registrationState")
                        .asString(""))
                .isEqualTo("Registered");
        assertThat(az.must("network list-usages -l local").size()).isPositive();
    }

    @Test
    @Order(2)
    void groupsAreMadeShownAndDeleted() {
        az.must("group create -n net -l local --tags a=b");
        assertThat(az.must("group show -n net").at("/tags/a").asString("")).isEqualTo("b");
        assertThat(az.must("group exists -n net").asBoolean()).isTrue();
        assertThat(az.must("group exists -n nowhere").asBoolean()).isFalse();
        az.must("group create -n doomed -l local");
        az.must("group delete -n doomed --yes");
        assertThat(az.must("group list --query [].name").toString())
                .contains("net")
                .doesNotContain("doomed");
        assertThat(az.refused("network vnet create -g doomed -n x -l local")).contains("ResourceGroupNotFound");
    }

    @Test
    @Order(3)
    void networksHaveSubnetsAndPeerings() {
        JsonNode made = az.must("network vnet create -g net -n hub --address-prefixes 10.1.0.0/16"
                        + " --subnet-name default --subnet-prefixes 10.1.0.0/24")
                .path("newVNet");
        assertThat(made.path("provisioningState").asString("")).isEqualTo("Succeeded");
        az.must("network vnet subnet create -g net --vnet-name hub -n GatewaySubnet --address-prefixes 10.1.255.0/27");
        az.must("network vnet subnet update -g net --vnet-name hub -n default --address-prefixes 10.1.1.0/24");
        az.must("network vnet update -g net -n hub --dns-servers 10.1.0.10");
        JsonNode hubNetwork = az.must("network vnet show -g net -n hub");
        assertThat(hubNetwork.at("/dhcpOptions/dnsServers/0").asString("")).isEqualTo("10.1.0.10");
        assertThat(hubNetwork.path("subnets").size()).isEqualTo(2);
        assertThat(az.must("network vnet subnet list -g net --vnet-name hub --query [].name")
                        .toString())
                .contains("default", "GatewaySubnet");
        az.must("network vnet create -g net -n spoke --address-prefixes 10.9.0.0/16");
        az.must("network vnet peering create -g net -n to-spoke --vnet-name hub --remote-vnet spoke"
                + " --allow-vnet-access --allow-gateway-transit");
        assertThat(az.must("network vnet peering show -g net -n to-spoke --vnet-name hub")
                        .path("peeringState")
                        .asString(""))
                .isEqualTo("Initiated");
        az.must("network vnet peering create -g net -n to-hub --vnet-name spoke --remote-vnet hub --allow-vnet-access");
        assertThat(az.must("network vnet peering list -g net --vnet-name hub")
                        .at("/0/peeringState")
                        .asString(""))
                .isEqualTo("Connected");
        assertThat(az.refused(
                        "network vnet subnet create -g net --vnet-name hub -n wrong --address-prefixes 10.8.0.0/24"))
                .contains("10.8.0.0/24");
        assertThat(az.must("network vnet list -o json").size()).isEqualTo(2);
    }

    @Test
    @Order(4)
    void aTunnelThatAzMadeCarriesAPing() {
        lab.strongSwan(KEY);
        JsonNode address = az.must("network public-ip create -g net -n hub-ip --sku Standard")
                .path("publicIp");
        assertThat(address.path("ipAddress").asString("")).isEqualTo("192.0.2.1");
        az.must("network local-gateway create -g net -n branch --gateway-ip-address 192.0.2.2"
                + " --local-address-prefixes 10.2.0.0/16");
        JsonNode gateway = az.must(
                        "network vnet-gateway create -g net -n hub-gw --vnet hub --public-ip-addresses hub-ip"
                                + " --gateway-type Vpn --vpn-type RouteBased --sku VpnGw2")
                .path("vnetGateway");
        assertThat(gateway.path("provisioningState").asString("")).isEqualTo("Succeeded");
        Instant begin = Instant.now();
        JsonNode connection = az.must("network vpn-connection create -g net -n hub-to-branch --vnet-gateway1 hub-gw"
                        + " --local-gateway2 branch --shared-key " + KEY)
                .path("resource");
        assertThat(connection.path("connectionType").asString("")).isEqualTo("IPsec");
        assertThat(connection.toString()).doesNotContain(KEY);
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(200))).isPositive();
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 5, Duration.ofMillis(50))).isEqualTo(5);
        JsonNode shown = az.must("network vpn-connection show -g net -n hub-to-branch");
        assertThat(shown.path("connectionStatus").asString("")).isEqualTo("Connected");
        assertThat(shown.path("egressBytesTransferred").asLong(0)).isPositive();
        assertThat(Duration.between(begin, Instant.now())).isPositive();
    }

    @Test
    @Order(5)
    void gatewaysAreUpdatedResetAndAskedForTheirRoutes() {
        az.must("network vnet-gateway update -g net -n hub-gw --tags a=b");
        assertThat(az.must("network vnet-gateway show -g net -n hub-gw")
                        .at("/tags/a")
                        .asString(""))
                .isEqualTo("b");
        assertThat(az.must("network vnet-gateway list -g net").size()).isEqualTo(1);
        assertThat(az.must("network vnet-gateway list-learned-routes -g net -n hub-gw")
                        .toString())
                .contains("10.2.0.0/16");
        az.must("network vnet-gateway list-advertised-routes -g net -n hub-gw --peer 10.2.255.1");
        az.must("network vnet-gateway list-bgp-peer-status -g net -n hub-gw");
        assertThat(az.must("network vnet-gateway reset -g net -n hub-gw")
                        .path("name")
                        .asString(""))
                .isEqualTo("hub-gw");
        // az shows nothing of the answer; SdkForJava looks at it.
        az.must("network vnet-gateway show-supported-devices -g net -n hub-gw");
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(200))).isPositive();
    }

    @Test
    @Order(6)
    void connectionsHaveKeysPoliciesSasAndScripts() {
        assertThat(az.must("network vpn-connection list -g net").size()).isEqualTo(1);
        assertThat(az.must("network vpn-connection list -g net --vnet-gateway hub-gw")
                        .size())
                .isEqualTo(1);
        assertThat(az.must("network vpn-connection shared-key show -g net --connection-name hub-to-branch")
                        .path("value")
                        .asString(""))
                .isEqualTo(KEY);
        assertThat(az.must("network vpn-connection list-ike-sas -g net -n hub-to-branch")
                        .toString())
                .contains("192.0.2.2");
        az.must("network vpn-connection update -g net -n hub-to-branch --routing-weight 25");
        assertThat(az.must("network vpn-connection show -g net -n hub-to-branch")
                        .path("routingWeight")
                        .asInt(0))
                .isEqualTo(25);
        az.must("network vpn-connection ipsec-policy add -g net --connection-name hub-to-branch"
                + " --ike-encryption AES256 --ike-integrity SHA384 --dh-group ECP384 --ipsec-encryption GCMAES256"
                + " --ipsec-integrity GCMAES256 --pfs-group ECP384 --sa-lifetime 27000 --sa-max-size 102400000");
        assertThat(az.must("network vpn-connection ipsec-policy list -g net --connection-name hub-to-branch")
                        .size())
                .isEqualTo(1);
        az.must("network vpn-connection ipsec-policy clear -g net --connection-name hub-to-branch");
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(200))).isPositive();
        assertThat(az.must("network vpn-connection show-device-config-script -g net -n hub-to-branch"
                                + " --vendor strongSwan --device-family swanctl --firmware-version 5.9")
                        .asString(""))
                .contains("192.0.2.1");
        az.must("network vpn-connection shared-key update -g net --connection-name hub-to-branch --value Other" + KEY);
        assertThat(az.must("network vpn-connection shared-key show -g net --connection-name hub-to-branch")
                        .path("value")
                        .asString(""))
                .isEqualTo("Other" + KEY);
        az.must("network vpn-connection shared-key reset -g net --connection-name hub-to-branch --key-length 32");
        az.must("network vpn-connection shared-key update -g net --connection-name hub-to-branch --value " + KEY);
    }

    @Test
    @Order(7)
    void packetsAreCapturedAndTheFileIsDownloaded() {
        az.must("network vpn-connection packet-capture start -g net -n hub-to-branch");
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(200))).isPositive();
        String link = az.must("network vpn-connection packet-capture stop -g net -n hub-to-branch --sas-url unused")
                .asString("");
        assertThat(link).startsWith("https://localhost:8443/");
        Path file = sallyport.data().resolveSibling("capture.pcapng");
        Commands.Finished got =
                az.shell("curl -sf --cacert " + sallyport.data() + "/ca.crt -H \"Authorization: Bearer $(cat "
                        + sallyport.data() + "/local-token)\" -o " + file + " '" + link + "'");
        assertThat(got.exit()).as(link + got.output()).isZero();
        String packets = Commands.must("tcpdump", "-nr", file.toString());
        assertThat(packets).contains("10.1.0.4 > 10.2.0.4: ICMP echo request").contains("192.0.2.1", "192.0.2.2");
        az.must("network vnet-gateway packet-capture start -g net -n hub-gw --filter {\"TracingFlags\":11}");
        az.must("network vnet-gateway packet-capture stop -g net -n hub-gw --sas-url unused");
    }

    @Test
    @Order(11)
    void featuresOfAGatewayAreAddedAndTakenAway() {
        az.must(
                "network vnet-gateway update -g net -n hub-gw --address-prefixes 172.20.0.0/24 --client-protocol IkeV2");
        Path certificate = certificate();
        az.must("network vnet-gateway root-cert create -g net --gateway-name hub-gw -n root --public-cert-data "
                + certificate);
        assertThat(az.must("network vnet-gateway show -g net -n hub-gw")
                        .at("/vpnClientConfiguration/vpnClientRootCertificates")
                        .size())
                .isEqualTo(1);
        az.must("network vnet-gateway revoked-cert create -g net --gateway-name hub-gw -n lost"
                + " --thumbprint 0123456789ABCDEF0123456789ABCDEF01234567");
        az.must("network vnet-gateway revoked-cert delete -g net --gateway-name hub-gw -n lost");
        az.must("network vnet-gateway vpn-client ipsec-policy set -g net -n hub-gw --ike-encryption AES256"
                + " --ike-integrity SHA384 --dh-group DHGroup24 --ipsec-encryption GCMAES256"
                + " --ipsec-integrity GCMAES256 --pfs-group PFS24 --sa-lifetime 27000 --sa-max-size 102400000");
        assertThat(az.must("network vnet-gateway vpn-client ipsec-policy show -g net -n hub-gw")
                        .path("dhGroup")
                        .asString(""))
                .isEqualTo("DHGroup24");
        az.must("network vnet-gateway vpn-client show-health -g net -n hub-gw");
        az.must("network vnet-gateway root-cert delete -g net --gateway-name hub-gw -n root");
        az.must("network vnet-gateway nat-rule add -g net --gateway-name hub-gw --name snat --type Static"
                + " --mode EgressSnat --internal-mappings 10.1.0.0/24 --external-mappings 10.77.0.0/24");
        assertThat(az.must("network vnet-gateway nat-rule list -g net --gateway-name hub-gw")
                        .size())
                .isEqualTo(1);
        az.must("network vnet-gateway nat-rule remove -g net --gateway-name hub-gw --name snat");
        assertThat(az.must("network vnet-gateway nat-rule list -g net --gateway-name hub-gw")
                        .size())
                .isZero();
        az.must("network vnet-gateway ipsec-policy clear -g net --gateway-name hub-gw");
        az.must("network vnet-gateway ipsec-policy add -g net --gateway-name hub-gw --ike-encryption AES256"
                + " --ike-integrity SHA384 --dh-group DHGroup24 --ipsec-encryption GCMAES256"
                + " --ipsec-integrity GCMAES256 --pfs-group PFS24 --sa-lifetime 27000 --sa-max-size 102400000");
        az.must("network vnet-gateway ipsec-policy clear -g net --gateway-name hub-gw");
        az.must(
                "network vnet-gateway aad assign -g net --gateway-name hub-gw --audience a --issuer https://issuer.example/"
                        + " --tenant https://login.example/t");
        az.must("network vnet-gateway aad remove -g net --gateway-name hub-gw");
        az.must("network vnet-gateway disconnect-vpn-connections -g net -n hub-gw --vpn-connections none");
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(200))).isPositive();
    }

    @Test
    @Order(9)
    void circuitsHavePeeringsAndAuthorizations() {
        az.must("network express-route create -g net -n er --bandwidth 200 --peering-location Lab --provider Sallyport"
                + " -l local");
        az.must("network express-route peering create -g net --circuit-name er --peer-asn 65010"
                + " --peering-type AzurePrivatePeering --primary-peer-subnet 10.100.0.0/30"
                + " --secondary-peer-subnet 10.100.0.4/30 --vlan-id 100");
        assertThat(az.must("network express-route peering list -g net --circuit-name er")
                        .size())
                .isEqualTo(1);
        JsonNode authorization = az.must("network express-route auth create -g net --circuit-name er -n friend");
        assertThat(authorization.path("authorizationKey").asString("")).isNotEmpty();
        assertThat(authorization.path("authorizationUseStatus").asString("")).isEqualTo("Available");
        assertThat(az.must("network express-route list").size()).isEqualTo(1);
        az.must("network express-route list-service-providers");
        assertThat(az.must("network express-route get-stats -g net -n er")
                        .path("primarybytesIn")
                        .asLong(-1))
                .isZero();
        az.must("network express-route list-arp-tables -g net -n er --path primary --peering-name AzurePrivatePeering");
        az.must(
                "network express-route list-route-tables -g net -n er --path primary --peering-name AzurePrivatePeering");
        az.must("network express-route list-route-tables-summary -g net -n er --path primary"
                + " --peering-name AzurePrivatePeering");
        az.must("network express-route update -g net -n er --bandwidth 500");
        az.must("network express-route delete -g net -n er");
    }

    @Test
    @Order(10)
    void tablesAndSecurityGroupsAreKept() {
        az.must("network route-table create -g net -n rt");
        az.must("network route-table route create -g net --route-table-name rt -n home --address-prefix 10.2.0.0/16"
                + " --next-hop-type VirtualNetworkGateway");
        assertThat(az.must("network route-table route list -g net --route-table-name rt")
                        .size())
                .isEqualTo(1);
        az.must("network nsg create -g net -n nsg");
        az.must("network nsg rule create -g net --nsg-name nsg -n ssh --priority 100 --access Allow --protocol Tcp"
                + " --direction Inbound --destination-port-ranges 22");
        assertThat(az.must("network nsg show -g net -n nsg")
                        .path("defaultSecurityRules")
                        .size())
                .isEqualTo(6);
        az.must("network vnet subnet update -g net --vnet-name hub -n default --route-table rt"
                + " --network-security-group nsg");
        assertThat(az.refused("network route-table delete -g net -n rt")).contains("default");
        az.must("network vnet subnet update -g net --vnet-name hub -n default --remove routeTable"
                + " --remove networkSecurityGroup");
        az.must("network route-table delete -g net -n rt");
        az.must("network nsg delete -g net -n nsg");
    }

    @Test
    // Before clients are configured: az's vnet-gateway update wipes their address pool, as it does in Azure.
    @Order(8)
    void anUpdateThatChangesOneThingChangesNothingElse() {
        for (String command : new String[] {
            "vnet {} -g net -n hub",
            "public-ip {} -g net -n hub-ip",
            "local-gateway {} -g net -n branch",
            "vnet-gateway {} -g net -n hub-gw",
            "vpn-connection {} -g net -n hub-to-branch"
        }) {
            JsonNode before = az.must("network " + command.replace("{}", "show"));
            az.must("network " + command.replace("{}", "update") + " --set tags.touched=yes");
            JsonNode after = az.must("network " + command.replace("{}", "show"));
            assertThat(difference(before, after)).as(command).isEmpty();
            assertThat(after.at("/tags/touched").asString("")).as(command).isEqualTo("yes");
        }
        assertThat(az.must("network vpn-connection shared-key show -g net --connection-name hub-to-branch")
                        .path("value")
                        .asString(""))
                .isEqualTo(KEY);
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 5, Duration.ofMillis(100))).isEqualTo(5);
    }

    /** Lines of one that the other lacks, without those that every change or every second changes. */
    private static List<String> difference(JsonNode before, JsonNode after) {
        List<String> lines = lines(after);
        List<String> out = new ArrayList<>();
        for (String line : lines(before)) {
            if (!lines.remove(line)) {
                out.add("- " + line.strip());
            }
        }
        lines.forEach(line -> out.add("+ " + line.strip()));
        return out;
    }

    private static List<String> lines(JsonNode node) {
        return new ArrayList<>(node.toPrettyString()
                .lines()
                .map(line -> line.replaceFirst(",$", ""))
                .filter(line -> !line.matches(".*\"(etag|(in|e)gressBytesTransferred|lastConnectionEstablishedUtcTime"
                        + "|tags|touched|a)\" : .*|\\s*}\\s*"))
                .toList());
    }

    @Test
    @Order(12)
    void thingsAreDeletedInTheirOrderAndNotBefore() {
        assertThat(az.refused("network vnet-gateway delete -g net -n hub-gw")).contains("hub-to-branch");
        assertThat(az.refused("network public-ip delete -g net -n hub-ip")).contains("hub-gw");
        assertThat(az.refused("network vnet delete -g net -n hub")).contains("hub-gw");
        az.must("network vpn-connection delete -g net -n hub-to-branch");
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(100))).isZero();
        az.must("network vnet-gateway delete -g net -n hub-gw");
        az.must("network local-gateway delete -g net -n branch");
        az.must("network public-ip delete -g net -n hub-ip");
        az.must("network vnet peering delete -g net -n to-spoke --vnet-name hub");
        assertThat(az.must("network vnet peering show -g net -n to-hub --vnet-name spoke")
                        .path("peeringState")
                        .asString(""))
                .isEqualTo("Disconnected");
        az.must("group delete -n net --yes");
        assertThat(az.must("network vnet list").size()).isZero();
        assertThat(az.refused("network vnet show -g net -n hub")).contains("NotFound");
    }

    private Path certificate() {
        Path file = sallyport.data().resolveSibling("root.crt");
        Commands.must(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                file.resolveSibling("root.key").toString(),
                "-out",
                file.toString(),
                "-subj",
                "/CN=root",
                "-days",
                "30");
        return file;
    }
}
