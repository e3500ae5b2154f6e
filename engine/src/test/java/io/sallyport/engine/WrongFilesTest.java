package io.sallyport.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.model.NodeFile;
import io.sallyport.model.Resources;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a person reads when a file is wrong, as a golden file: {@code -Dsallyport.write=true} writes it anew. Every line
 * names file, line, resource and property.
 */
class WrongFilesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/wrong-files.txt");
    private static final String POLICY = "ipsecPolicies: [{ saLifeTimeSeconds: 3600, saDataSizeKilobytes: 1024,"
            + " ipsecEncryption: GCMAES256, ipsecIntegrity: GCMAES256, ikeEncryption: AES256, ikeIntegrity: SHA384,"
            + " dhGroup: ECP384, pfsGroup: ECP384 }]";

    private record Wrong(String what, String yaml) {}

    private static List<Wrong> wrongs() {
        List<Wrong> all = new ArrayList<>();
        replaced(all, "GatewaySubnet }", "gatewaySubnets }");
        replaced(all, "name: GatewaySubnet", "name: Gateways");
        replaced(all, "10.1.255.0/27", "10.1.255.0/30");
        replaced(all, "10.1.255.0/27", "10.9.255.0/27");
        replaced(all, "10.1.0.0/24", "10.1.0.1/24");
        replaced(all, "[10.1.0.0/16]", "[10.1.0.0/16, 10.1.128.0/17]");
        replaced(all, "[10.1.0.0/16]", "10.1.0.0/16");
        replaced(all, "[10.2.0.0/16]", "[10.1.4.0/24]");
        replaced(all, "addressSpace:", "adressSpace:");
        replaced(all, "ipAddress: 192.0.2.1", "ipAddress: 192.0.2.256");
        replaced(all, "ipAddress: 192.0.2.1", "ipAddress: 224.0.0.1");
        replaced(all, "gatewayType: Vpn", "gatewayType: ExpressRoute");
        replaced(all, "vpnType: RouteBased", "vpnType: Policy");
        replaced(all, "tier: VpnGw5AZ", "tier: VpnGw1");
        replaced(all, "vpnType: RouteBased", "sallyport: { cryptoProfil: modern }");
        replaced(all, "vpnType: RouteBased", "sallyport: { cryptoProfile: strong, replayWindow: 7, speed: 11 }");
        replaced(all, "publicIPAddresses/hub-ip }", "publicIPAddresses/nowhere }");
        replaced(all, "publicIPAddresses/hub-ip }", "hub-ip }");
        replaced(all, "gatewayIpAddress: 192.0.2.2", "gatewayIpAddress: 192.0.2.1");
        replaced(all, "gatewayIpAddress: 192.0.2.2", "fqdn: branch.example");
        replaced(all, "gatewayIpAddress: 192.0.2.2", "gatewayIpAddress: 192.0.2.2\n  fqdn: branch.example");
        replaced(all, "gatewayIpAddress: 192.0.2.2", "bgpSettings: { asn: 65010 }");
        replaced(all, "connectionType: IPsec", "connectionType: Vnet2Vnet");
        replaced(all, "connectionProtocol: IKEv2", "connectionProtocol: IKEv3");
        replaced(all, "sharedKey: " + Site.SECRET, "sharedKey: 'has a space in it'");
        replaced(all, "sharedKey: " + Site.SECRET, "sharedkey: " + Site.SECRET);
        replaced(all, "sharedKey: " + Site.SECRET, "sharedKey: [" + Site.SECRET + "]");
        replaced(all, "localNetworkGateways/branch", "localNetworkGateways/brunch");
        replaced(all, "Microsoft.Network/connections", "Microsoft.Network/conections");
        replaced(all, "Microsoft.Network/connections", "Microsoft.Compute/virtualMachines");
        replaced(all, "name: hub-to-branch", "name: hub to branch");
        replaced(all, "name: branch", "name: branch\nname: again");
        added(all, "dpdTimeoutSeconds: 5");
        added(all, "dpdTimeoutSeconds: soon");
        added(all, "connectionMode: Sometimes");
        added(all, "authenticationType: Certificate");
        added(all, "usePolicyBasedTrafficSelectors: true");
        added(all, "usePolicyBasedTrafficSelectors: 1");
        added(all, "ipsecPolicies: [{ saLifeTimeSeconds: 3600 }]");
        added(all, POLICY.replace("ipsecIntegrity: GCMAES256", "ipsecIntegrity: SHA256"));
        added(all, POLICY.replace("ikeIntegrity: SHA384", "ikeIntegrity: GCMAES256"));
        added(all, POLICY.replace("saLifeTimeSeconds: 3600", "saLifeTimeSeconds: 172800"));
        added(all, POLICY.replace("saDataSizeKilobytes: 1024", "saDataSizeKilobytes: 2147483648"));
        added(all, POLICY.replace("ikeEncryption: AES256", "ikeEncryption: DES"));
        added(all, POLICY.replace("dhGroup: ECP384", "dhGroup: DHGroup1"));
        added(all, POLICY.replace("pfsGroup: ECP384", "pfsGroup: ECP512"));
        added(all, POLICY.replace("}]", "}, { dhGroup: ECP256 }]"));
        added(all, "trafficSelectorPolicies: [{ localAddressRanges: [10.1.0.9-10.1.0.3], remoteAddressRanges: [] }]");
        added(all, "sallyport: { encapsulation: tcp, localIdentity: 'a b' }");
        added(all, "egressNatRules: [{ id: x }]");
        all.add(new Wrong("a second connection to the same site", Site.YAML + "---\n" + connection("again", "branch")));
        all.add(new Wrong("the same name twice", Site.YAML + "---\n" + connection("hub-to-branch", "branch")));
        all.add(new Wrong("no map at all", "- 1\n- text\n"));
        all.add(new Wrong("no type", "name: x\n"));
        all.add(new Wrong("no YAML", "type: [unclosed\nname: " + Site.SECRET + "\n"));
        all.add(new Wrong("an alias", "a: &x [1]\nb: *x\n"));
        all.add(new Wrong("a tag", "a: !!java.net.URL [x]\n"));
        all.add(new Wrong("nothing but a control character", "name: \"\\u001b[31m\"\ntype: \"\\u001b[31m\"\n"));
        all.add(new Wrong(
                "many at once",
                Site.YAML.replace("192.0.2.2", "x").replace("RouteBased", "y").replace("10.1.0.0/24", "z")));
        return all;
    }

    private static void replaced(List<Wrong> all, String from, String to) {
        all.add(new Wrong(to, Site.with(from, to)));
    }

    private static void added(List<Wrong> all, String property) {
        all.add(new Wrong(property, Site.withConnection(property)));
    }

    private static String connection(String name, String site) {
        return """
               type: Microsoft.Network/connections
               name: %s
               properties:
                 connectionType: IPsec
                 sharedKey: not-a-real-secret-0123456789
                 virtualNetworkGateway1: { id: virtualNetworkGateways/hub-gw }
                 localNetworkGateway2: { id: localNetworkGateways/%s }
               """.formatted(name, site);
    }

    private static final List<String> WRONG_NODES = List.of(
            "publicAddresses: []\n",
            "node: n1\npublicAddresses:\n  - { adress: 192.0.2.1 }\n",
            "node: n1\npublicAddresses:\n  - { address: 192.0.2.1 }\n  - { address: 192.0.2.1 }\n",
            "node: n1\npublicAddresses:\n  - { address: 192.0.2.1, ikePort: 0, natPort: 70000 }\n",
            "node: n1\nnetworks:\n  - { vnet: hub, device: a-name-that-is-too-long, mtu: 100 }\n",
            "node: n1\nnetworks:\n  - { vnet: hub, netns: '../etc' }\n",
            "node: n1\nprivateLines:\n  - { circuit: er1 }\n",
            "node: n1\nnetwork: []\n",
            "");

    @Test
    void everyMistakeIsNamedWithItsPlace() throws IOException {
        StringBuilder made = new StringBuilder();
        for (Wrong wrong : wrongs()) {
            List<String> errors = Site.errors(wrong.yaml);
            assertThat(errors).as(wrong.what).isNotEmpty();
            append(made, wrong.what, errors);
        }
        for (String yaml : WRONG_NODES) {
            Problems problems = new Problems();
            List<String> errors = nodeErrors(yaml, problems);
            assertThat(errors).as(yaml).isNotEmpty();
            append(made, yaml, errors);
        }
        if (Boolean.getBoolean("sallyport.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, made);
        }
        assertThat(made.toString()).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void noErrorShowsASecretOrHarmsATerminal() {
        for (Wrong wrong : wrongs()) {
            for (String line : Site.errors(wrong.yaml)) {
                assertThat(line).doesNotContain(Site.SECRET).matches("site\\.yaml(:\\d+)?: .*");
                assertThat(line.chars().anyMatch(Character::isISOControl))
                        .as(line)
                        .isFalse();
            }
        }
    }

    @Test
    void aRightFileHasNoErrors() {
        assertThat(Site.errors(Site.YAML)).isEmpty();
        assertThat(Site.errors(Site.withConnection(POLICY))).isEmpty();
        assertThat(Site.errors(Site.withConnection("someNewAzureProperty: { a: [1] }")))
                .isEmpty();
        assertThat(Site.errors(Site.with("connectionType: IPsec", "connectionType: ipsec")))
                .isEmpty();
        assertThat(Site.errors(Site.with("[10.1.0.0/16]", "[10.1.0.0/16, '2001:db8:1::/48']")))
                .isEmpty();
        assertThat(Site.errors(Site.with("[10.2.0.0/16]", "[0.0.0.0/0]"))).isEmpty();
    }

    @Test
    void aWeakSharedKeyIsAWarning() {
        Problems problems = new Problems();
        String yaml = Site.with(Site.SECRET, "secret");
        Resources.NONE.with(Documents.read(new Source("site.yaml", yaml), problems), problems);
        assertThat(problems.hasErrors()).isFalse();
        assertThat(problems.warnings().toString())
                .contains("the shared key is weak")
                .doesNotContain("'secret'");
    }

    @Test
    void whatHasNoEffectYetIsAWarning() {
        Problems problems = new Problems();
        String yaml = Site.withConnection("enableBgp: true")
                .replace("vpnType: RouteBased", "activeActive: true\n  natRules: [{ name: x }]");
        Resources.NONE.with(Documents.read(new Source("site.yaml", yaml), problems), problems);
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings().stream().map(Problem::toString))
                .hasSize(3)
                .anyMatch(w -> w.contains("virtualNetworkGateways/hub-gw: properties.activeActive: has no effect"))
                .anyMatch(w -> w.contains("properties.natRules: has no effect"))
                .anyMatch(w -> w.contains("connections/hub-to-branch: properties.enableBgp: has no effect"));
    }

    private static List<String> nodeErrors(String yaml, Problems problems) {
        NodeFile.read(Documents.read(new Source("node.yaml", yaml), problems), "node.yaml", problems);
        return problems.errors().stream().map(Problem::toString).toList();
    }

    private static void append(StringBuilder made, String what, List<String> errors) {
        made.append("== ")
                .append(what.strip().replace("\n", " | ").replace("\u001b", "?"))
                .append('\n');
        errors.forEach(e -> made.append(e).append('\n'));
        made.append('\n');
    }
}
