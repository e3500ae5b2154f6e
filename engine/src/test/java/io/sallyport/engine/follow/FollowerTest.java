package io.sallyport.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.engine.Site;
import io.sallyport.engine.follow.Machines.Machine;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.MemoryStore;
import io.sallyport.store.SqliteStore;
import io.sallyport.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is put into the store runs, and what came of it stands there again. */
@Timeout(60)
class FollowerTest {
    private static final String CONNECTION = StoredSite.id("connections", "hub-to-branch");
    private static final String GATEWAY = StoredSite.id("virtualNetworkGateways", "hub-gw");

    private final Machines machines = new Machines();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @AfterEach
    void close() {
        machines.close();
    }

    @Test
    void aStoredConnectionIsATunnel() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putNetwork();
        long revision = hub.site().putConnection();

        hub.awaitConnected(CONNECTION);
        branch.awaitConnected(CONNECTION);

        JsonNode provision =
                hub.await("provision", CONNECTION, p -> p.path("revision").asLong() == revision);
        assertThat(provision.path("state").asString()).isEqualTo("Succeeded");
        JsonNode status = hub.await(
                "status",
                CONNECTION,
                s -> s.at("/azure/ingressBytesTransferred").asLong() == 1000);
        assertThat(status.at("/azure/egressBytesTransferred").asLong()).isEqualTo(500);
        JsonNode tunnel = status.at("/azure/tunnelConnectionStatus/0");
        assertThat(tunnel.path("connectionStatus").asString()).isEqualTo("Connected");
        assertThat(tunnel.path("lastConnectionEstablishedUtcTime").asString()).endsWith("Z");
        assertThat(status.at("/sallyport/ike/suite").asString()).startsWith("AES-GCM-256");
        assertThat(hub.text()).doesNotContain("not-a-real");
    }

    @Test
    void whatAGatewayCannotDoYetIsNotedAndItsTunnelRuns() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        hub.site().putAll();

        JsonNode provision = hub.await("provision", GATEWAY, p -> true);

        assertThat(provision.path("state").asString()).isEqualTo("Succeeded");
        assertThat(provision.path("notes").toString())
                .contains("enableBgp: has no effect")
                .doesNotContain("natRule");
        assertThat(hub.await("status", GATEWAY, s -> true)
                        .at("/azure/packetCaptureDiagnosticState")
                        .asString())
                .isEqualTo("None");
        assertThat(hub.await("provision", CONNECTION, p -> true).path("state").asString())
                .isEqualTo("Succeeded");
    }

    @Test
    void whatCannotBeCarriedIsLeftOutAloneAndSaysWhy() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putAll();
        hub.awaitConnected(CONNECTION);
        hub.site()
                .put(
                        "localNetworkGateways",
                        "old",
                        StoredSite.BRANCH.replace("192.0.2.2", "192.0.2.9").replace("10.2.", "10.9."));
        String toOld = StoredSite.CONNECTION.replace("/branch", "/old");
        hub.site().put("connections", "ikev3", toOld.replace("IKEv2", "IKEv3"), Site.SECRET);
        hub.site().put("connections", "keyless", toOld);
        hub.site().put("connections", "lost", toOld.replace("/old", "/nowhere"), Site.SECRET);
        hub.site().put("connections", "again", StoredSite.CONNECTION, Site.SECRET);
        hub.site().put("virtualNetworkGateways", "er", StoredSite.GATEWAY.replace("\"Vpn\"", "\"ExpressRoute\""));

        fails(hub, "connections", "ikev3", "NotSupported", "found 'IKEv3'; allowed: IKEv1, IKEv2");
        fails(hub, "connections", "keyless", "NotSupported", "sharedKey: missing");
        fails(hub, "connections", "lost", "InvalidResourceReference", "nowhere', which is not there");
        fails(hub, "connections", "again", "AlreadyInUse", "to which connections/hub-to-branch leads already");
        fails(hub, "virtualNetworkGateways", "er", "NotSupported", "gatewayType: found 'ExpressRoute'");
        JsonNode status = hub.await("status", StoredSite.id("connections", "ikev3"), s -> true);
        assertThat(status.at("/azure/connectionStatus").asString()).isEqualTo("NotConnected");
        assertThat(status.at("/sallyport/lastFailure").asString()).contains("IKEv3");
        assertThat(hub.path().removed).as("the connection that ran goes on").isEmpty();
    }

    private static void fails(Machine machine, String type, String name, String code, String words) throws Exception {
        JsonNode provision = machine.await("provision", StoredSite.id(type, name), p -> true);
        assertThat(provision.path("state").asString()).isEqualTo("Failed");
        assertThat(provision.path("code").asString()).isEqualTo(code);
        assertThat(provision.path("message").asString()).contains(words);
    }

    @Test
    void anAddressThatTheMachineDoesNotLendStopsItsGatewayOnly() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        hub.site().putAll();
        hub.await("provision", CONNECTION, p -> p.path("state").asString().equals("Succeeded"));
        hub.site().put("publicIPAddresses", "hub-ip", StoredSite.ADDRESS.replace("192.0.2.1", "198.51.100.1"));

        JsonNode gateway =
                hub.await("provision", GATEWAY, p -> p.path("state").asString().equals("Failed"));
        assertThat(gateway.path("code").asString()).isEqualTo("AddressNotLent");
        assertThat(gateway.path("message").asString()).contains("does not lend; lent: 192.0.2.1");
        JsonNode connection = hub.await(
                "provision", CONNECTION, p -> p.path("state").asString().equals("Failed"));
        assertThat(connection.path("message").asString()).contains("hub-gw', which is not carried");

        hub.site().put("publicIPAddresses", "hub-ip", StoredSite.ADDRESS);
        hub.await("provision", CONNECTION, p -> p.path("state").asString().equals("Succeeded"));
    }

    @Test
    void aMachineThatRefusesIsAskedAgain() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        hub.path().refuse("device sp-hub: permission denied");
        hub.site().putAll();

        JsonNode gateway =
                hub.await("provision", GATEWAY, p -> p.path("state").asString().equals("Failed"));
        assertThat(gateway.path("code").asString()).isEqualTo("MachineRefused");
        assertThat(gateway.path("message").asString()).isEqualTo("device sp-hub: permission denied");

        hub.path().refuse("");
        hub.site().put("localNetworkGateways", "branch", StoredSite.BRANCH);
        hub.await("provision", GATEWAY, p -> p.path("state").asString().equals("Succeeded"));
    }

    @Test
    void aNewConnectionTouchesNoOther() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putAll();
        hub.awaitConnected(CONNECTION);
        int installed = hub.path().installed.size();

        String second = StoredSite.id("connections", "second");
        hub.site()
                .put(
                        "localNetworkGateways",
                        "far",
                        StoredSite.BRANCH.replace("192.0.2.2", "192.0.2.9").replace("10.2.", "10.9."));
        hub.site().put("connections", "second", StoredSite.CONNECTION.replace("/branch", "/far"), Site.SECRET);
        hub.await("provision", second, p -> p.path("state").asString().equals("Succeeded"));
        assertThat(hub.path().configs.getLast().tunnels()).hasSize(2);
        hub.site().delete("connections", "second");
        hub.awaitGone("provision", second);
        hub.awaitGone("status", second);
        assertThat(hub.path().configs.getLast().tunnels()).hasSize(1);

        assertThat(hub.path().removed).isEmpty();
        assertThat(hub.path().installed).hasSize(installed);
        assertThat(hub.path().configs)
                .allSatisfy(c ->
                        assertThat(c.surfaces().size() + c.listeners().size()).isIn(0, 2));
    }

    @Test
    void anotherPrefixMovesRoutesAndNotTheTunnel() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putAll();
        hub.awaitConnected(CONNECTION);

        hub.site().put("localNetworkGateways", "branch", StoredSite.BRANCH.replace("10.2.0.0/16", "10.2.0.0/17"));
        hub.site().put("connections", "hub-to-branch", StoredSite.CONNECTION.replace(": 10,", ": 20,"), Site.SECRET);
        hub.until(() -> hub.path().configs.getLast().tunnels().toString().contains("10.2.0.0/17"));
        hub.command("why", CONNECTION, "{}");

        assertThat(hub.path().removed).isEmpty();
        assertThat(hub.store()
                        .get(io.sallyport.store.Keys.of("status", CONNECTION))
                        .orElseThrow()
                        .body())
                .contains("\"connectionStatus\":\"Connected\"");
    }

    @Test
    void aNewKeyRenewsTheTunnel() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putAll();
        hub.awaitConnected(CONNECTION);

        hub.site().put("connections", "hub-to-branch", StoredSite.CONNECTION, "another-secret-0123456789");
        hub.await(
                "status",
                CONNECTION,
                s -> s.at("/sallyport/lastFailure").asString("").contains("proof")
                        || s.at("/sallyport/lastFailure").asString("").contains("key"));
        branch.site().put("connections", "hub-to-branch", StoredSite.CONNECTION, "another-secret-0123456789");
        hub.awaitConnected(CONNECTION);
        assertThat(hub.path().removed).isNotEmpty();
    }

    @Test
    void aRestartBringsEverythingBack() throws Exception {
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        try (Store store = SqliteStore.open(temp.resolve("data"))) {
            Machine hub = machines.hub(store);
            hub.site().putAll();
            hub.awaitConnected(CONNECTION);
            hub.close();
        }
        try (Store store = SqliteStore.open(temp.resolve("data"))) {
            Machine hub = machines.hub(store);
            hub.awaitConnected(CONNECTION);
            hub.close();
        }
    }

    @Test
    void theNodeSaysWhatItLends() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        JsonNode node = hub.await("node/n1", n -> true);
        assertThat(node.at("/publicAddresses/0/address").asString()).isEqualTo("192.0.2.1");
        assertThat(node.at("/networks/0/vnet").asString()).isEqualTo("hub");
        assertThat(node.at("/capabilities/0").asString()).isEqualTo("memory");
        assertThat(node.at("/counts/drops_no_route").asLong()).isEqualTo(3);
    }

    @Test
    void commandsAreCarriedOutAndAnswered() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        Machine branch = machines.branch(new MemoryStore());
        branch.site().putAll();
        hub.site().putAll();
        hub.awaitConnected(CONNECTION);

        assertThat(hub.command("why", CONNECTION, "{}").at("/result/sentence").asString())
                .isNotEmpty();
        JsonNode sas = hub.command("ikeSas", CONNECTION.toUpperCase(java.util.Locale.ROOT), "{}");
        assertThat(sas.at("/result/0/remoteEndpoint").asString()).isEqualTo("192.0.2.2");
        assertThat(sas.at("/result/0/quickModeSa/0/encryption").asString()).isNotEmpty();
        assertThat(sas.at("/result/0/quickModeSa/0/inboundSpi").asString()).matches("0x[0-9a-f]{8}");
        assertThat(hub.command("rekey", CONNECTION, "{\"keys\":\"child\"}")
                        .path("ok")
                        .asBoolean())
                .isTrue();
        assertThat(hub.command("rekey", CONNECTION, "{\"keys\":\"all\"}")
                        .path("message")
                        .asString())
                .isEqualTo("keys: found 'all'; allowed: ike, child");
        assertThat(hub.command("why", CONNECTION + "x", "{}").path("code").asString())
                .isEqualTo("NotFound");
        assertThat(hub.command("dance", CONNECTION, "{}").path("code").asString())
                .isEqualTo("NotSupported");

        int installed = hub.path().installed.size();
        JsonNode reset = hub.command("resetGateway", GATEWAY, "{}");
        assertThat(reset.at("/result/connections").asInt()).isEqualTo(1);
        hub.until(() -> hub.path().installed.size() > installed);
        hub.awaitConnected(CONNECTION);
        int again = hub.path().installed.size();
        assertThat(hub.command("resetConnection", CONNECTION, "{}").path("ok").asBoolean())
                .isTrue();
        hub.until(() -> hub.path().installed.size() > again);
        assertThat(hub.store().list("command/")).isEmpty();
    }

    @Test
    void aBodyThatNobodyCanReadIsLeftOutAndItsNeighboursRun() throws Exception {
        Machine hub = machines.hub(new MemoryStore());
        hub.site()
                .commit(new Change.Put(
                        "resource" + CONNECTION.toLowerCase(java.util.Locale.ROOT) + "x",
                        Change.Expectation.ANY,
                        "[not json",
                        Map.of(),
                        Document.Lifetime.DURABLE));
        hub.site().put("routeTables", "rt", "{}");
        hub.site().putAll();
        hub.await("provision", CONNECTION, p -> p.path("state").asString().equals("Succeeded"));
        assertThat(hub.store().list("provision/")).extracting(Document::key).hasSize(2);
        assertThat(List.of(hub.path().configs.getLast().tunnels().size())).containsExactly(1);
    }
}
