package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.KernelPeer;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.interop.TwoSites.Peer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel's IPsec at the other side, ESP straight over IP (protocol 50):
 *
 * <pre>
 *   hub  10.1.0.4                      wire              a Linux in user mode
 *   Sallyport  192.0.2.1 ──────── bridge, TAP ──────── 192.0.2.2  strongSwan, kernel ESP, 10.2.0.4
 * </pre>
 */
class KernelPeerTest {
    @ParameterizedTest
    @ValueSource(strings = {"aes256gcm16-esn", "aes256-sha256", "aes128-sha256-esn"})
    void packetsPassOverIpProtocol50(String esp) {
        try (Lab lab = new Lab()) {
            Host hub = lab.host("hub");
            Host wire = lab.host("wire");
            hub.address("10.1.0.4/32");
            lab.bridge(wire, "br0");
            lab.plug(hub, "eth0", "192.0.2.1/24", wire, "br0");
            String conf = Peer.with("aes256-sha256-modp2048", esp)
                    .connection("send_cert = never")
                    .swanctl("192.0.2.2")
                    .replace("encap = yes", "");
            KernelPeer peer = KernelPeer.boot(lab, wire, "tap0", "192.0.2.2/24", "10.2.0.4/32", conf, "");
            wire.ip("link", "set", "tap0", "master", "br0");
            Sallyport sallyport = Sallyport.start(
                    lab,
                    hub,
                    lab.write("hub.yaml", TwoSites.hubResources("192.0.2.2", TwoSites.KEY, "10.2.0.0/16")),
                    Optional.empty(),
                    java.util.List.of());
            peer.daemon()
                    .await(
                            "a child SA",
                            Duration.ofSeconds(30),
                            () -> peer.console().contains("INSTALLED, TUNNEL"));
            TwoSallyportsTest.awaitPing(hub, "10.1.0.4", "10.2.0.4", sallyport);
            assertThat(hub.ping("10.1.0.4", "10.2.0.4", 5, Duration.ofMillis(200)))
                    .isEqualTo(5);
            // 1400 octets of payload, and more than one packet of the path takes.
            assertThat(hub.run(
                                    Duration.ofSeconds(10),
                                    "ping",
                                    "-n",
                                    "-c",
                                    "3",
                                    "-s",
                                    "1300",
                                    "-W",
                                    "1",
                                    "-I",
                                    "10.1.0.4",
                                    "10.2.0.4")
                            .output())
                    .contains("3 received");
            peer.daemon()
                    .await(
                            "counting",
                            Duration.ofSeconds(5),
                            () -> peer.console().contains("proto esp"));
            assertThat(peer.console()).doesNotContain("encap type espinudp");
            assertThat(sallyport.command("status").output()).contains("hub-to-branch");
        }
    }
}
