package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** strongSwan as a client in Cisco's manner: a group's key, XAuth, and an address by ModeCfg. */
class Ikev1ClientsTest {
    @ParameterizedTest
    @ValueSource(strings = {"no", "yes"})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv1, XAuth and ModeCfg pull in main mode and aggressive mode; a wrong password is refused",
            role = "responder")
    void aUserGetsAnAddressAndAnotherIsRefused(String aggressive) {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(
                    "", """
                    users: [{ name: alice, password: correct horse }]
                    sharedKey: %s
                    %s""".formatted(TwoSites.KEY, aggressive.equals("yes") ? "aggressiveMode: true" : ""), "azure");
            StrongSwan swan = start(lab);
            swan.load(swanctl(aggressive, "wrong"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "5");
            gateway.daemon()
                    .await(
                            "refused",
                            Duration.ofSeconds(20),
                            () -> gateway.log().contains("XAuth of alice refused"));
            swan.load(swanctl(aggressive, "correct horse"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            assertThat(lab.client.ping(address, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(lab.hub.ping("10.1.0.4", address, 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(swan.swanctl("--list-sas")).contains("IKEv1");
            assertThat(swan.log()).contains("10.1.0.53");
            swan.swanctl("--terminate", "--ike", "vpn", "--timeout", "5");
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            assertThat(lab.awaitAddress(lab.client, swan, gateway))
                    .as("the same once more")
                    .isEqualTo(address);
        }
    }

    private static StrongSwan start(RoadWarriors lab) {
        return StrongSwan.start(lab.lab, lab.client, "i_dont_care_about_security_and_use_aggressive_mode_psk = yes");
    }

    private static String swanctl(String aggressive, String password) {
        return """
                connections {
                  vpn {
                    version = 1
                    aggressive = %s
                    local_addrs = 192.0.2.10
                    remote_addrs = 192.0.2.1
                    vips = 0.0.0.0
                    encap = yes
                    proposals = aes256-sha256-modp2048,aes256-sha256-modp1024
                    local-1 {
                      auth = psk
                      id = group
                    }
                    local-2 {
                      auth = xauth-generic
                      xauth_id = alice
                    }
                    remote {
                      auth = psk
                      id = vpn.example
                    }
                    children {
                      all {
                        remote_ts = 10.1.0.0/16
                        esp_proposals = aes256-sha1
                      }
                    }
                  }
                }
                secrets {
                  ike-group {
                    secret = "%s"
                  }
                  xauth-alice {
                    id = alice
                    secret = "%s"
                  }
                }
                """.formatted(aggressive, TwoSites.KEY, password);
    }
}
