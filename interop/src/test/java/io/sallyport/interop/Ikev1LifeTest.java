package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.SiteFile;
import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IKEv1 with strongSwan beyond its first minute: silence, several quick modes, aggressive mode, NATs that forget, fragments. */
class Ikev1LifeTest {
    private static final String IKEV1 = "connectionProtocol: IKEv1";
    private static final String DPD = "version = 1\ndpd_delay = 1s";

    private static Peer peer(String connection) {
        return Peer.with("aes256-sha256-modp1024", "aes256-sha1").connection(connection);
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv1, dead peer detection: asked, answered, and the peer that is gone comes back")
    void aPeerThatIsSilentlyGoneIsNoticedAndComesBack() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(peer(DPD));
            Sallyport sallyport = sites.sallyport(IKEV1, "dpdTimeoutSeconds: 9");
            sites.awaitTunnel(swan);
            swan.daemon()
                    .await(
                            "our answer",
                            Duration.ofSeconds(30),
                            () -> swan.log().contains("N(DPD_ACK)"));
            swan.kill();
            sallyport
                    .daemon()
                    .await(
                            "noticed",
                            Duration.ofSeconds(60),
                            () -> sallyport.log().contains("silent for"));
            swan.restart();
            swan.load(peer(DPD).swanctl("192.0.2.2"));
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv1, a PolicyBased gateway: one quick mode for each pair of prefixes, each rekeyed")
    void everyPairOfPrefixesHasAChildOfItsOwn(boolean sallyportBegins) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            sites.branch.address("10.12.0.4/32");
            StrongSwan swan = sites.strongSwan(peer("version = 1").child("""
                            }
                            net2 {
                              local_ts = 10.12.0.0/16
                              remote_ts = 10.1.0.0/16
                              esp_proposals = aes256-sha1"""));
            String resources = new SiteFile(
                            "hub",
                            "10.1.0.0/16",
                            "10.1.255.0/27",
                            "192.0.2.1",
                            "branch",
                            "192.0.2.2",
                            List.of("10.2.0.0/16", "10.12.0.0/16"),
                            TwoSites.KEY,
                            List.of(IKEV1, "connectionMode: " + (sallyportBegins ? "InitiatorOnly" : "ResponderOnly")))
                    .yaml()
                    .replace("RouteBased", "PolicyBased")
                    .replace("{ name: VpnGw5AZ, tier: VpnGw5AZ }", "{ name: Basic, tier: Basic }");
            Sallyport sallyport = Sallyport.start(
                    sites.lab, sites.hub, sites.lab.write("hub.yaml", resources), Optional.empty(), List.of());
            if (!sallyportBegins) {
                swan.swanctl("--initiate", "--child", "net");
                swan.swanctl("--initiate", "--child", "net2");
            }
            sites.awaitTunnel(swan);
            awaitPing(sites, "10.12.0.4", sallyport, swan);
            assertThat(sallyport.command("rekey", "hub-to-branch", "--child").ok())
                    .isTrue();
            RekeyTest.sleep(1000);
            sites.assertPingsBothWays();
            assertThat(sites.branch.ping("10.12.0.4", "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(sallyport.log()).doesNotContain("internal error");
        }
    }

    private static void awaitPing(TwoSites sites, String to, Sallyport sallyport, StrongSwan swan) {
        swan.daemon()
                .await(
                        "an answer from " + to + "\n" + sallyport.log(),
                        Duration.ofSeconds(30),
                        () -> sites.hub.ping("10.1.0.4", to, 1, Duration.ofMillis(100)) == 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, aggressive mode with a shared key, which warns")
    void aggressiveModeIsDoneWhereBothEndsAskForIt(boolean sallyportBegins) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.with("aes256-sha256-modp1024", "aes256-sha256")
                    .connection("version = 1\naggressive = yes")
                    .settings("i_dont_care_about_security_and_use_aggressive_mode_psk = yes"));
            Sallyport sallyport = sites.sallyport(
                    IKEV1,
                    "connectionMode: " + (sallyportBegins ? "InitiatorOnly" : "ResponderOnly"),
                    // RFC 2409 section 5.4: the group cannot be negotiated.
                    TwoSites.policy("AES256", "AES256", "SHA256", "DHGroup2", "None"),
                    "sallyport: { ikev1: { aggressiveMode: true } }");
            if (!sallyportBegins) {
                swan.swanctl("--initiate", "--child", "net");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(sallyport.log()).contains("in aggressive mode");
            assertThat(sallyport.command("status", "-o", "json").output()).contains("guess its shared key");
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, a NAT that forgets its mapping is followed", role = "responder")
    void aNatThatForgetsItsMappingIsFollowed() {
        try (TwoSites sites = TwoSites.withNatBeforeBranch()) {
            StrongSwan swan = sites.strongSwan(peer("version = 1"));
            sites.sallyport(IKEV1, "connectionMode: ResponderOnly");
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            sites.remap();
            assertThat(sites.branch.ping("10.2.0.4", "10.1.0.4", 5, Duration.ofMillis(300)))
                    .isGreaterThanOrEqualTo(4);
            assertThat(sites.isRemapped()).as("another port").isTrue();
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            swan.swanctl("--rekey", "--ike", "hub");
            // A second of silence, and the NAT lets nothing in.
            assertThat(sites.branch.ping("10.2.0.4", "10.1.0.4", 5, Duration.ofMillis(300)))
                    .isGreaterThanOrEqualTo(4);
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv1, messages in fragments, both ways: chains of long RSA certificates")
    void whatIsTooLargeForOnePacketTravelsInParts(boolean sallyportBegins) throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path kit = sites.lab.directory().resolve("pki");
            Authority root = Authority.root(kit, "root", "rsa3072");
            Authority between = root.below("between", "rsa3072");
            between.issue("hub.example", "rsa3072", "DNS:hub.example")
                    .installFor(sites.hubData(), "hub", between.certificate());
            Authority.Issued branch = between.issue("branch.example", "rsa3072", "DNS:branch.example");
            sites.sallyport(
                    IKEV1,
                    CertificatesTest.connection(
                            root, sallyportBegins ? "InitiatorOnly" : "ResponderOnly", "hub.example"));
            StrongSwan swan = StrongSwan.start(sites.lab, sites.branch, "fragment_size = 600");
            Path directory = CertificatesTest.layOut(kit, root, branch);
            java.nio.file.Files.copy(between.certificate(), directory.resolve("x509ca/between.pem"));
            swan.load(
                    CertificatesTest.swanctl("pubkey", "1")
                            .replace("= aes256gcm16\n", "= aes256gcm16-ecp384\n")
                            .replace("encap = yes", "encap = yes\nfragmentation = force"),
                    directory);
            if (!sallyportBegins) {
                swan.trySwanctl("--initiate", "--child", "net", "--timeout", "10");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(swan.log()).contains("splitting IKE message").contains("received fragment");
        }
    }
}
