package io.sallyport.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.Site;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.path.Lab;
import io.sallyport.engine.path.LinuxPacketPath;
import io.sallyport.store.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * One process, two VNets in two network namespaces, and real packets. Needs root, /dev/net/tun and tshark.
 *
 * <pre>
 *   10.1.0.1 ── sp-hub ── hub-gw 192.0.2.1 ═══ veth ═══ 192.0.2.2 spoke-gw ── sp-spoke ── 10.3.0.1
 * </pre>
 */
@Timeout(120)
class StoredTunnelTest {
    private static final String NODE = """
            node: n1
            publicAddresses:
              - { address: 192.0.2.1, netns: LEFT }
              - { address: 192.0.2.2, netns: RIGHT }
            networks:
              - { vnet: hub, device: sp-hub, netns: LEFT }
              - { vnet: spoke, device: sp-spoke, netns: RIGHT }
            """;

    private static final String HUB_TO_SPOKE = StoredSite.id("connections", "hub-to-spoke");
    private static final String HUB_GATEWAY = StoredSite.id("virtualNetworkGateways", "hub-gw");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void whatIsStoredCarriesPingsAndIsCaptured() throws Exception {
        try (Lab lab = new Lab();
                SqliteStore store = SqliteStore.open(temp.resolve("data"));
                Control control = new Control(
                        Site.node(NODE.replace("LEFT", lab.left()).replace("RIGHT", lab.right())),
                        LinuxPacketPath::new,
                        new JdkKeyExchanges(new OsEntropy()),
                        new OsEntropy());
                Follower _ = new Follower(store, control, temp.resolve("captures"))) {
            StoredSite site = new StoredSite(store, false);
            site.putNetwork();
            site.putSpoke();
            site.put("connections", "hub-to-spoke", StoredSite.FORTH, Site.SECRET);
            site.put("connections", "spoke-to-hub", StoredSite.BACK, Site.SECRET);
            Awaiting awaiting = new Awaiting(store);
            awaiting.until(
                    "status",
                    HUB_TO_SPOKE,
                    s -> s.at("/azure/connectionStatus").asString().equals("Connected"));
            Lab.run("ip", "-n", lab.left(), "addr", "add", "10.1.0.1/32", "dev", "lo");
            Lab.run("ip", "-n", lab.right(), "addr", "add", "10.3.0.1/32", "dev", "lo");

            String filter = "{\"filterData\":{\"TracingFlags\":3,\"MaxPacketBufferSize\":2000,\"MaxFileSize\":1}}";
            JsonNode started = awaiting.command(site, "startCapture", HUB_GATEWAY, filter);
            assertThat(started.path("ok").asBoolean()).as(started.toString()).isTrue();
            String only = "{\"filterData\":{\"Filters\":[{\"Protocol\":[6]}]}}";
            assertThat(awaiting.command(site, "startCapture", HUB_TO_SPOKE, only)
                            .path("ok")
                            .asBoolean())
                    .isTrue();
            awaiting.until(
                    "status",
                    HUB_GATEWAY,
                    s -> s.at("/azure/packetCaptureDiagnosticState").asString().equals("Started"));
            awaiting.until(
                    "status",
                    HUB_TO_SPOKE,
                    s -> s.at("/azure/packetCaptureDiagnosticState").asString().equals("Started"));
            assertThat(lab.succeeds(
                            lab.left(), "ping", "-c", "5", "-i0.2", "-W1", "-s", "333", "-I", "10.1.0.1", "10.3.0.1"))
                    .isTrue();
            awaiting.command(site, "rekey", HUB_TO_SPOKE, "{\"keys\":\"child\"}");
            awaiting.until(
                    "status",
                    HUB_TO_SPOKE,
                    s -> s.at("/azure/ingressBytesTransferred").asLong() >= 5 * 361);

            Path file = Path.of(awaiting.command(site, "stopCapture", HUB_GATEWAY, "{}")
                    .at("/result/file")
                    .asString());
            holdsThePings(file);
            Path tcp = Path.of(awaiting.command(site, "stopCapture", HUB_TO_SPOKE, "{}")
                    .at("/result/file")
                    .asString());
            assertThat(tshark(tcp, "frame").lines()).as("only TCP was wanted").isEmpty();
            assertThat(awaiting.command(site, "stopCapture", HUB_GATEWAY, "{}")
                            .path("message")
                            .asString())
                    .isEqualTo("no packet capture of hub-gw runs");
        }
    }

    private static void holdsThePings(Path file) throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Lab.run("capinfos", file.toString())).contains("pcapng").contains("Number of interfaces in file: 2");
        assertThat(tshark(file, "icmp.type == 8 && ip.src == 10.1.0.1 && ip.dst == 10.3.0.1 && frame.len == 375")
                        .lines())
                .as("requests inside")
                .hasSize(5);
        assertThat(tshark(file, "icmp.type == 0 && frame.interface_name == inner && frame.packet_flags == 0x1")
                        .lines())
                .as("answers inside, inbound")
                .hasSize(5);
        assertThat(tshark(file, "udpencap && esp && ip.src == 192.0.2.1 && frame.packet_flags == 0x2")
                        .lines())
                .as("ESP outside, outbound")
                .hasSizeGreaterThanOrEqualTo(5);
        assertThat(tshark(file, "isakmp && ip.src == 192.0.2.2 && frame.packet_flags == 0x1")
                        .lines())
                .as("IKE outside, inbound")
                .isNotEmpty();
        assertThat(tshark(file, "frame.comment contains \"hub-to-spoke\"").lines())
                .as("each packet inside names its connection")
                .hasSizeGreaterThanOrEqualTo(10);
        assertThat(tshark(file, "_ws.malformed && !icmp").lines()).isEmpty();
    }

    private static String tshark(Path file, String filter) throws Exception {
        Process process = new ProcessBuilder("tshark", "-n", "-r", file.toString(), "-Y", filter)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(filter).isZero();
        return said;
    }
}
