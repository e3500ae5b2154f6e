package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What clients are given: addresses of both families while there are any, and a clear no when there are none. */
class AddressesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, IPv4 and IPv6 addresses from two pools; a client for whom none is left, or who asks for none,"
                    + " is told so",
            role = "responder")
    void clientsGetAddressesOfBothFamiliesUntilNoneIsLeft() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.dualStackGateway("""
                    users:
                      - { name: alice, password: correct horse }
                      - { name: bob, password: correct horse }
                      - { name: carol, password: correct horse }""", "172.16.0.0/30, 'fd00:16::/64'");
            StrongSwan first = start(lab, lab.client, "alice");
            String alice = lab.awaitAddress(lab.client, first, gateway);
            String six = first.swanctl("--list-sas").replaceAll("(?s).*(fd00:16::[0-9a-f]+).*", "$1");
            assertThat(lab.client.ping(alice, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(lab.client.ping(six, "fd00:1::4", 3, Duration.ofMillis(200)))
                    .as(six)
                    .isEqualTo(3);
            assertThat(lab.hub.ping("fd00:1::4", six, 3, Duration.ofMillis(200)))
                    .as(six)
                    .isEqualTo(3);
            StrongSwan second = start(lab, lab.other, "bob");
            assertThat(lab.awaitAddress(lab.other, second, gateway)).isNotEqualTo(alice);

            // Nobody is given what a client that is gone only for a while will want again.
            second.trySwanctl("--terminate", "--ike", "vpn", "--timeout", "5");
            second.load(conf(lab, "carol", "vips = 0.0.0.0"), ClientsTest.layOut(lab, "carol"));
            second.trySwanctl("--initiate", "--child", "all", "--timeout", "5");
            second.daemon().await("told", SOON, () -> second.log().contains("INTERNAL_ADDRESS_FAILURE"));
            gateway.daemon().await("noted", SOON, () -> gateway.log()
                    .contains("all IPv4 addresses of 172.16.0.0/30 are given"));

            second.trySwanctl("--terminate", "--ike", "vpn", "--timeout", "5");
            second.load(conf(lab, "bob", ""), ClientsTest.layOut(lab, "nothing"));
            second.trySwanctl("--initiate", "--child", "all", "--timeout", "5");
            second.daemon().await("told", SOON, () -> second.log().contains("FAILED_CP_REQUIRED"));
            assertThat(lab.client.ping(alice, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        }
    }

    private static StrongSwan start(RoadWarriors lab, Host host, String user) throws IOException {
        StrongSwan swan =
                lab.strongSwan(host, conf(lab, user, "vips = 0.0.0.0, ::"), ClientsTest.layOut(lab, user));
        swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
        return swan;
    }

    private static String conf(RoadWarriors lab, String user, String addresses) {
        return lab.swanctl(
                        "%any",
                        "auth = eap-mschapv2\neap_id = " + user,
                        "",
                        "eap-" + user + " {\n id = " + user + "\n secret = \"correct horse\"\n}")
                .replace("vips = 0.0.0.0", addresses)
                .replace("remote_ts = 10.1.0.0/16", "remote_ts = 10.1.0.0/16, fd00:1::/48");
    }
}
