package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What clients are given: addresses of both families while there are any, and a clear no when there are none. */
class AddressesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature =
                    "IKEv2, IPv4 and IPv6 addresses from two pools; a client for whom none is left, or who asks for none,"
                            + " is told so",
            role = "responder")
    void clientsGetAddressesOfBothFamiliesUntilNoneIsLeft() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.dualStackGateway(
                    "users: [{ name: alice, password: correct horse }]", "172.16.0.0/29, 'fd00:16::/64'");
            StrongSwan first =
                    lab.strongSwan(lab.client, conf(lab, "vips = 0.0.0.0, ::"), ClientsTest.layOut(lab, "first"));
            first.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String four = lab.awaitAddress(lab.client, first, gateway);
            String six = first.swanctl("--list-sas").replaceAll("(?s).*(fd00:16::[0-9a-f]+).*", "$1");
            assertThat(lab.client.ping(four, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(lab.client.ping(six, "fd00:1::4", 3, Duration.ofMillis(200)))
                    .as(six)
                    .isEqualTo(3);
            assertThat(lab.hub.ping("fd00:1::4", six, 3, Duration.ofMillis(200)))
                    .as(six)
                    .isEqualTo(3);

            // Each device of a user has an address of its own; the pool has six.
            StrongSwan second = StrongSwan.start(lab.lab, lab.other, "reuse_ikesa = no");
            second.load(devices(lab, 6), ClientsTest.layOut(lab, "second"));
            for (int device = 1; device <= 6; device++) {
                second.trySwanctl("--initiate", "--child", "all" + device, "--timeout", "5");
            }
            second.daemon().await("told", SOON, () -> second.log().contains("INTERNAL_ADDRESS_FAILURE"));
            gateway.daemon()
                    .await(
                            "noted",
                            SOON,
                            () -> gateway.log().contains("all IPv4 addresses of 172.16.0.0/29 are given"));
            assertThat(gateway.command("why", "hub-gw").output()).contains("got no address");
            assertThat(Pattern.compile("\\[172\\.16\\.0\\.[0-9]+\\]")
                            .matcher(second.swanctl("--list-sas"))
                            .results()
                            .map(MatchResult::group)
                            .distinct())
                    .hasSize(5);

            second.load(conf(lab, ""), lab.kit.resolve("second/swanctl"));
            second.trySwanctl("--initiate", "--child", "all", "--timeout", "5");
            second.daemon().await("told", SOON, () -> second.log().contains("FAILED_CP_REQUIRED"));
            assertThat(lab.client.ping(four, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        }
    }

    private static String devices(RoadWarriors lab, int count) {
        String one = conf(lab, "vips = 0.0.0.0");
        String connection = one.substring(one.indexOf("  vpn {"), one.indexOf("secrets {") - 2);
        StringBuilder all = new StringBuilder();
        for (int device = 1; device <= count; device++) {
            all.append(connection.replace("  vpn {", "  vpn" + device + " {").replace("all {", "all" + device + " {"));
        }
        return one.replace(connection, all);
    }

    private static String conf(RoadWarriors lab, String addresses) {
        return lab.swanctl(
                        "%any",
                        "auth = eap-mschapv2\neap_id = alice",
                        "",
                        "eap-alice {\n id = alice\n secret = \"correct horse\"\n}")
                .replace("vips = 0.0.0.0", addresses)
                .replace("remote_ts = 10.1.0.0/16", "remote_ts = 10.1.0.0/16, fd00:1::/48");
    }
}
