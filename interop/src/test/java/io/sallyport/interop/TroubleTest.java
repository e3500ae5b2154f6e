package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between two sites, that it is said in plain words, and that the tunnel comes back by itself. */
class TroubleTest {
    @ParameterizedTest
    @ValueSource(strings = {"InitiatorOnly", "ResponderOnly"})
    void aWrongKeyIsNamedOnBothPathsAndNothingComesUp(String mode) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain().key("another-secret-altogether-42"));
            Sallyport sallyport = sites.sallyport("connectionMode: " + mode);
            if (mode.equals("ResponderOnly")) {
                assertThat(swan.trySwanctl("--initiate", "--child", "net").ok()).isFalse();
            }
            assertThat(awaitWhy(sallyport, "shared key"))
                    .contains("hub-to-branch")
                    .doesNotContain(TwoSites.KEY);
            assertThat(swan.swanctl("--list-sas")).doesNotContain("INSTALLED");
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 2, Duration.ofMillis(200)))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"InitiatorOnly", "ResponderOnly"})
    void noCommonProposalShowsBothOffersSideBySide(String mode) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.with("aes128-sha1-modp1024", "aes128-sha1"));
            Sallyport sallyport = sites.sallyport("connectionMode: " + mode, "sallyport: { cryptoProfile: modern }");
            if (mode.equals("ResponderOnly")) {
                assertThat(swan.trySwanctl("--initiate", "--child", "net").ok()).isFalse();
            }
            String why = awaitWhy(sallyport, "AES-GCM-256");
            assertThat(why).contains("hub-to-branch");
            if (mode.equals("ResponderOnly")) {
                assertThat(why).contains("AES-CBC-128").contains("HMAC-SHA1-96").contains("group 2");
            }
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "a peer of the other IKE version is refused, and why says so")
    void aPeerOfTheOtherIkeVersionIsRefusedAndWhySaysSo() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(
                    Peer.with("aes256-sha256-ecp384", "aes256gcm16").settings("retransmit_tries = 1"));
            swan.load(Peer.with("aes256-sha256-ecp384", "aes256gcm16")
                    .swanctl("192.0.2.2")
                    .replace("version = 2", "version = 1"));
            Sallyport sallyport = sites.sallyport("connectionMode: ResponderOnly");
            swan.trySwanctl("--initiate", "--child", "net", "--timeout", "4");
            assertThat(awaitWhy(sallyport, "speaks IKE version 1")).contains("which speaks IKEv2");
        }
    }

    @Test
    void aChildProposalThatDoesNotFitIsToldFromAnIkeProposalThatDoesNot() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.with("aes256gcm16-prfsha384-ecp384", "3des-sha1"));
            Sallyport sallyport =
                    sites.sallyport("connectionMode: ResponderOnly", "sallyport: { cryptoProfile: modern }");
            assertThat(swan.trySwanctl("--initiate", "--child", "net").ok()).isFalse();
            assertThat(awaitWhy(sallyport, "3DES-CBC")).contains("AES-GCM-256");
        }
    }

    @Test
    void selectorsAreNarrowedToWhatBothWant() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            sites.branch.address("10.9.0.4/32");
            StrongSwan swan = sites.strongSwan(Peer.plain().selectors("10.2.0.0/24", "10.1.0.0/16"));
            sites.sallyport("connectionMode: InitiatorOnly");
            sites.awaitTunnel(swan);
            assertThat(swan.swanctl("--list-sas"))
                    .contains("local  10.2.0.0/24")
                    .contains("remote 10.1.0.0/16");
            sites.assertPingsBothWays();
        }
    }

    @Test
    void selectorsThatShareNothingAreShownSideBySide() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain().selectors("10.77.0.0/16", "10.88.0.0/16"));
            Sallyport sallyport =
                    sites.sallyport("connectionMode: ResponderOnly", policy(), "usePolicyBasedTrafficSelectors: true");
            assertThat(swan.trySwanctl("--initiate", "--child", "net").ok()).isFalse();
            assertThat(awaitWhy(sallyport, "10.77.0.0/16"))
                    .contains("10.88.0.0/16")
                    .contains("10.2.0.0/16")
                    .contains("10.1.0.0/16");
        }
    }

    @Test
    void policyBasedSelectorsAreProposedPairByPair() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            sites.sallyport("connectionMode: InitiatorOnly", policy(), "usePolicyBasedTrafficSelectors: true");
            sites.awaitTunnel(swan);
            assertThat(swan.swanctl("--list-sas"))
                    .contains("local  10.2.0.0/16")
                    .contains("remote 10.1.0.0/16");
            sites.assertPingsBothWays();
        }
    }

    @Test
    void aPeerThatRestartsIsConnectedToAgain() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            sites.sallyport("dpdTimeoutSeconds: 9");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            swan.kill();
            swan.restart();
            swan.load(Peer.plain().swanctl("192.0.2.2"));
            awaitPing(sites, Duration.ofSeconds(40));
        }
    }

    @Test
    void aPeerThatComesBackAndInitiatesReplacesTheOldSa() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport("connectionMode: ResponderOnly");
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            swan.kill();
            swan.restart();
            swan.load(Peer.plain().swanctl("192.0.2.2"));
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(Pattern.compile("hub-to-branch")
                            .matcher(sallyport.command("status").output())
                            .results()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aPeerThatIsSilentlyGoneIsNoticedAndFoundAgain() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport("dpdTimeoutSeconds: 9");
            sites.awaitTunnel(swan);
            sites.branch.ip("link", "set", "eth0", "down");
            assertThat(awaitWhy(sallyport, "silent")).contains("hub-to-branch");
            sites.branch.ip("link", "set", "eth0", "up");
            awaitPing(sites, Duration.ofSeconds(60));
        }
    }

    @Test
    void nothingLeavesInTheClearWhileTheTunnelIsDown() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            // A default route that would take the packets, were they let go.
            sites.hub.ip("route", "add", "default", "via", "192.0.2.2");
            sites.sallyport();
            var capture = sites.lab.start(
                    sites.branch, "tcpdump", List.of("tcpdump", "-n", "-l", "-i", "eth0", "net", "10.0.0.0/8"));
            capture.await(
                    "capturing", Duration.ofSeconds(10), () -> capture.log().contains("listening on"));
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 5, Duration.ofMillis(200)))
                    .isZero();
            assertThat(capture.log()).doesNotContain("10.2.0.4");
            // The capture does see what is let go.
            sites.hub.ping("10.1.0.4", "10.200.0.1", 2, Duration.ofMillis(200));
            capture.await("seeing", Duration.ofSeconds(5), () -> capture.log().contains("10.200.0.1"));
        }
    }

    @Test
    void routesAndDevicesAreGoneAfterTheEndAndAfterAKill() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Sallyport sallyport = sites.sallyport();
            assertThat(sites.hub.ip("route")).contains("10.2.0.0/16");
            sallyport.kill();
            assertThat(sites.hub.ip("route")).doesNotContain("10.2.0.0/16");
            assertThat(sites.hub.ip("link")).doesNotContain("sp-hub");
            sallyport.restart();
            assertThat(sites.hub.ip("route")).contains("10.2.0.0/16");
            sallyport.close();
            assertThat(sites.hub.ip("route")).doesNotContain("10.2.0.0/16");
            assertThat(sites.hub.ip("link")).doesNotContain("sp-hub");
        }
    }

    @Test
    void sallyportComesBackAfterAKill() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport();
            sites.awaitTunnel(swan);
            sallyport.kill();
            sallyport.restart();
            awaitPing(sites, Duration.ofSeconds(20));
        }
    }

    private static String policy() {
        return TwoSites.policy("GCMAES256", "GCMAES256", "SHA384", "ECP384", "None");
    }

    static void awaitPing(TwoSites sites, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (sites.hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(200)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no answer after " + patience.toSeconds() + " s");
            }
        }
        sites.assertPingsBothWays();
    }

    /** Asks why until the answer contains {@code part}. */
    static String awaitWhy(Sallyport sallyport, String part) {
        String last = "";
        for (int i = 0; i < 30; i++) {
            Commands.Finished why = sallyport.command("why", "hub-to-branch");
            last = why.output();
            if (last.contains(part)) {
                return last;
            }
            RekeyTest.sleep(500);
        }
        throw new LabFailure("why never says '" + part + "'; it says:\n" + last + "\nlog:\n" + sallyport.log());
    }
}
