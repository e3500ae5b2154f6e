package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Sallyport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** charon-cmd: a road warrior in one command line. */
class CharonCmdTest {
    @Test
    @Shows(peer = Shows.CHARON_CMD, feature = "IKEv2, RSA certificate, virtual IPv4 address", role = "responder")
    void aCommandLineBecomesAClient() {
        try (RoadWarriors lab = new RoadWarriors()) {
            Authority.Issued own = lab.root.issue("laptop", "rsa2048", "DNS:laptop", "extendedKeyUsage=clientAuth");
            Sallyport gateway = lab.gateway(ClientsTest.roots(lab), "");
            Path settings = lab.lab.write("charon-cmd/strongswan.conf", """
                    charon-cmd {
                      load_modular = yes
                      plugins {
                        include /etc/strongswan.d/charon/*.conf
                        kernel-libipsec {
                          load = yes
                          allow_peer_ts = yes
                        }
                      }
                    }
                    """);
            Daemon client = lab.lab.start(
                    lab.client,
                    "charon-cmd",
                    List.of(
                            "unshare",
                            "-m",
                            "--propagation",
                            "private",
                            "sh",
                            "-c",
                            "mount -t tmpfs tmpfs /run && mount --bind " + settings + " /etc/strongswan.conf && exec"
                                    + " charon-cmd --host 192.0.2.1 --identity laptop --remote-identity vpn.example --cert "
                                    + lab.root.certificate() + " --cert " + own.certificate() + " --rsa " + own.key()
                                    + " --remote-ts 10.1.0.0/16 --profile ikev2-pub"));
            client.await(
                    "an address", Duration.ofSeconds(20), () -> client.log().contains("installing new virtual IP"));
            String address = client.log().replaceAll("(?s).*installing new virtual IP ([0-9.]+).*", "$1");
            assertThat(lab.client.ping(address, "10.1.0.4", 5, Duration.ofMillis(300)))
                    .as(gateway.log())
                    .isGreaterThanOrEqualTo(4);
        }
    }
}
