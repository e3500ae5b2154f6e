package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.Sallyport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person or a machine gets wrong: one clear line, exit code 1, and nothing half applied. */
class BadInputTest {
    private final Lab lab = new Lab();
    private final Host hub = lab.host("hub");
    private final Host far = lab.host("far");

    @BeforeEach
    void cable() {
        lab.link(hub, "eth0", "192.0.2.1/24", far, "eth0", "192.0.2.2/24");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connectionType: IPsec | connectionType: IPsek | properties.connectionType | IPsek",
                "addressPrefixes: [10.1.0.0/16] | addressPrefixes: [10.1.0.0/33] | addressPrefixes | 10.1.0.0/33",
                "addressPrefixes: [10.2.0.0/16] | addressPrefixes: [10.1.0.0/16] | localNetworkGateways/branch | 10.1.0.0/16",
                "gatewayIpAddress: \"192.0.2.2\" | gatewayIpAddress: nowhere | gatewayIpAddress | nowhere",
                "id: localNetworkGateways/branch | id: localNetworkGateways/brunch | localNetworkGateway2 | brunch",
                "vpnType: RouteBased | vpnType: RuteBased | vpnType | RuteBased",
                "sharedKey: | sharedKye: | sharedKye | sharedKey",
                "name: GatewaySubnet | name: GateSubnet | GatewaySubnet | GateSubnet",
                "connectionProtocol: IKEv2 | dpdTimeoutSeconds: 5 | dpdTimeoutSeconds | 5",
                "- name: default | - name: [default | hub.yaml | ]",
                "type: Microsoft.Network/connections | type: Microsoft.Network/conections | conections | Microsoft.Network/connections",
            })
    void aWrongFileIsRefusedWithPlaceFieldAndFinding(String good, String bad, String field, String found) {
        String yaml = TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16");
        assertThat(yaml).contains(good);
        Commands.Finished finished = serve(List.of(), yaml.replace(good, bad), Optional.empty());
        assertThat(finished.exit()).as(finished.output()).isEqualTo(1);
        assertThat(finished.output())
                .containsPattern("hub\\.yaml:\\d+")
                .contains(field)
                .contains(found);
        assertThat(finished.output().strip().lines()).as("lines").hasSizeLessThanOrEqualTo(2);
        assertThat(finished.output()).doesNotContain("Exception").doesNotContain(TwoSites.KEY);
        assertNothingWasMade();
    }

    @Test
    void anAddressThatIsNotOnThisMachineIsNamed() {
        refused(serve(
                        List.of(),
                        TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16")
                                .replace("192.0.2.1", "192.0.2.99"),
                        Optional.empty()))
                .contains("192.0.2.99");
        refused(serve(
                        List.of(),
                        TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16")
                                .replace("192.0.2.1", "192.0.2.99"),
                        Optional.of(node("192.0.2.99", "eth0"))))
                .contains("192.0.2.99");
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        refused(serve(
                        List.of(),
                        TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16"),
                        Optional.of(node("192.0.2.1", "eth9"))))
                .contains("eth9");
    }

    @Test
    void aPortInUseIsNamed() {
        lab.start(
                        hub,
                        "squatter",
                        List.of(
                                "python3",
                                "-c",
                                "import socket,time;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.bind(('192.0.2.1',4500));print('bound',flush=True);time.sleep(60)"))
                .await(
                        "bound",
                        java.time.Duration.ofSeconds(5),
                        () -> hub.run(java.time.Duration.ofSeconds(2), "sh", "-c", "ss -lun | grep -q :4500")
                                .ok());
        refused(serve(List.of(), TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16"), Optional.empty()))
                .contains("4500");
    }

    @Test
    void whoeverMayNotMakeDevicesIsTold() {
        refused(serve(
                        List.of(
                                "setpriv",
                                "--bounding-set=-net_admin,-net_raw,-sys_admin",
                                "--inh-caps=-net_admin,-net_raw,-sys_admin"),
                        TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16"),
                        Optional.empty()))
                .containsIgnoringCase("permi");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Commands.Finished finished =
                Sallyport.run(hub, List.of(), "serve", "--data", data(), "-f", "/nowhere/hub.yaml");
        refused(finished).contains("/nowhere/hub.yaml");
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertThat(Sallyport.run(hub, List.of(), "frobnicate").exit()).isEqualTo(2);
        assertThat(Sallyport.run(hub, List.of(), "serve", "--frobnicate").exit())
                .isEqualTo(2);
    }

    @Test
    void askingWhatDoesNotRunSaysSo() {
        refused(Sallyport.run(hub, List.of(), "status", "--data", data())).contains("serve");
    }

    @Test
    void aWrongApplyLeavesWhatRuns() {
        Sallyport sallyport = Sallyport.start(
                lab,
                hub,
                lab.write("hub.yaml", TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16")),
                Optional.empty(),
                List.of());
        String before = sallyport.command("get", "-o", "json").output();
        // The first document is right, the second is not: neither may be applied.
        Path wrong = lab.write("wrong.yaml", """
                type: Microsoft.Network/localNetworkGateways
                name: other
                properties:
                  gatewayIpAddress: 192.0.2.3
                  localNetworkAddressSpace: { addressPrefixes: [10.3.0.0/16] }
                ---
                type: Microsoft.Network/connections
                name: hub-to-other
                properties:
                  connectionType: IPsec
                  sharedKey: 0123456789
                  virtualNetworkGateway1: { id: virtualNetworkGateways/nobody }
                  localNetworkGateway2: { id: localNetworkGateways/other }
                """);
        refused(sallyport.command("apply", "-f", wrong.toString()))
                .contains("wrong.yaml:")
                .contains("nobody");
        assertThat(sallyport.command("get", "-o", "json").output()).isEqualTo(before);
        assertThat(hub.ip("route")).doesNotContain("10.3.0.0/16");
    }

    private Commands.Finished serve(List<String> prefix, String yaml, Optional<Path> node) {
        java.util.ArrayList<String> arguments = new java.util.ArrayList<>(List.of(
                "serve", "--data", data(), "-f", lab.write("hub.yaml", yaml).toString()));
        node.ifPresent(file -> arguments.addAll(List.of("--node", file.toString())));
        // What people are told, without the log of what was done.
        java.util.ArrayList<String> quiet = new java.util.ArrayList<>(List.of("env", "SALLYPORT_LOG=ERROR"));
        quiet.addAll(prefix);
        return Sallyport.run(hub, quiet, arguments.toArray(String[]::new));
    }

    private Path node(String address, String device) {
        return lab.write("node.yaml", """
                node: n1
                publicAddresses:
                  - { address: %s, device: %s }
                networks:
                  - { vnet: hub, device: sp-hub }
                """.formatted(address, device));
    }

    private String data() {
        return lab.directory().resolve("data").toString();
    }

    private org.assertj.core.api.AbstractStringAssert<?> refused(Commands.Finished finished) {
        assertThat(finished.exit()).as(finished.output()).isEqualTo(1);
        assertThat(finished.output().strip().lines()).as(finished.output()).hasSize(1);
        return assertThat(finished.output()).doesNotContain("Exception").doesNotContain(TwoSites.KEY);
    }

    private void assertNothingWasMade() {
        assertThat(hub.ip("link")).doesNotContain("sp-hub");
        assertThat(hub.ip("route")).doesNotContain("10.2.0.0/16");
    }
}
