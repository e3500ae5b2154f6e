package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Sallyport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** vpnc: an IKEv1 client in Cisco's manner, with aggressive mode, XAuth, ModeCfg, and ESP in user space. */
class VpncTest {
    @Test
    @Shows(peer = Shows.VPNC, feature = "IKEv1, aggressive mode, XAuth, ModeCfg pull, NAT-T", role = "responder")
    void aUserGetsAnAddressAndReachesTheNetwork() {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = gateway(lab);
            Daemon vpnc = vpnc(lab, "correct horse");
            vpnc.await("an address", Duration.ofSeconds(20), () -> vpnc.log().contains("ADDRESS="));
            String address = vpnc.log().replaceAll("(?s).*ADDRESS=([0-9.]+).*", "$1");
            assertThat(address).startsWith("172.16.0.");
            assertThat(lab.client.ping(address, "10.1.0.4", 5, Duration.ofMillis(300)))
                    .as(gateway.log())
                    .isGreaterThanOrEqualTo(4);
            assertThat(gateway.log()).contains("alice");
        }
    }

    @Test
    @Shows(peer = Shows.VPNC, feature = "IKEv1, XAuth with a wrong password is refused", role = "responder")
    void aWrongPasswordIsRefused() {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = gateway(lab);
            Daemon vpnc = vpnc(lab, "wrong");
            // vpnc may be gone before the line is written.
            gateway.daemon()
                    .await(
                            "refused",
                            Duration.ofSeconds(30),
                            () -> gateway.log().contains("XAuth of alice refused"));
            assertThat(vpnc.log()).doesNotContain("ADDRESS=");
        }
    }

    private static Sallyport gateway(RoadWarriors lab) {
        return lab.gateway("", """
                users: [{ name: alice, password: correct horse }]
                sharedKey: %s
                aggressiveMode: true""".formatted(TwoSites.KEY), "azure");
    }

    private static Daemon vpnc(RoadWarriors lab, String password) {
        Path script = lab.lab.write("vpnc/script", """
                #!/bin/sh
                if [ "$reason" = connect ]; then
                  ip link set "$TUNDEV" up mtu 1390
                  ip addr add "$INTERNAL_IP4_ADDRESS/32" dev "$TUNDEV"
                  ip route add 10.1.0.0/16 dev "$TUNDEV"
                  echo "ADDRESS=$INTERNAL_IP4_ADDRESS"
                fi
                exit 0
                """);
        Commands.must("chmod", "+x", script.toString());
        Path conf = lab.lab.write("vpnc/vpnc.conf", """
                IPSec gateway 192.0.2.1
                IPSec ID group
                IPSec secret %s
                Xauth username alice
                Xauth password %s
                IKE DH Group dh14
                Perfect Forward Secrecy nopfs
                NAT Traversal Mode force-natt
                Local Port 0
                Script %s
                """.formatted(TwoSites.KEY, password, script));
        return lab.lab.start(
                lab.client,
                "vpnc",
                List.of("vpnc", "--no-detach", "--debug", "1", "--pid-file", conf + ".pid", conf.toString()));
    }
}
