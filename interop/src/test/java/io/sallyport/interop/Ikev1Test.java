package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IKEv1 with strongSwan, main mode and shared keys, in both roles. */
class Ikev1Test {
    private static final String IKEV1 = "connectionProtocol: IKEv1";
    private static final int PINGS = 800;

    private static Peer peer(String ike, String esp) {
        return Peer.with(ike, esp).connection("version = 1");
    }

    private static Peer plain() {
        return peer("aes256-sha256-modp1024", "aes256-sha1");
    }

    @ParameterizedTest
    @CsvSource({
        "aes256-sha256-modp1024, aes256-sha1, Default",
        "aes256-sha256-modp1024, aes256gcm16, Default",
        "aes256-sha256-modp1024, aes256-sha1, ResponderOnly",
        "aes256-sha1-modp1024, aes256-sha1, InitiatorOnly"
    })
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, main mode and shared keys")
    void sitesAreJoined(String ike, String esp, String mode) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(peer(ike, esp));
            Sallyport sallyport = sites.sallyport(IKEV1, "connectionMode: " + mode);
            if (mode.equals("ResponderOnly")) {
                swan.swanctl("--initiate", "--child", "net");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(swan.swanctl("--list-sas")).contains("IKEv1");
            assertThat(sallyport.log()).doesNotContain("internal error");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DHGroup2, modp1024, PFS2, modp1024, InitiatorOnly",
        "DHGroup14, modp2048, PFS2048, modp2048, ResponderOnly",
        "ECP384, ecp384, ECP384, ecp384, InitiatorOnly",
        "ECP256, ecp256, ECP256, ecp256, ResponderOnly"
    })
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, quick mode with PFS: MODP and ECP")
    void quickModeHasAKeyExchangeOfItsOwn(String group, String swanGroup, String pfs, String swanPfs, String mode) {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(peer("aes256-sha256-" + swanGroup, "aes256-sha256-" + swanPfs));
            sites.sallyport(
                    IKEV1, "connectionMode: " + mode, TwoSites.policy("AES256", "AES256", "SHA256", group, pfs));
            if (mode.equals("ResponderOnly")) {
                swan.swanctl("--initiate", "--child", "net");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, a NAT before the peer", role = "responder")
    void theBranchIsBehindANat() {
        try (TwoSites sites = TwoSites.withNatBeforeBranch()) {
            StrongSwan swan = sites.strongSwan(plain());
            sites.sallyport(IKEV1, "connectionMode: ResponderOnly");
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, rekeys of children by either end under traffic, no packet lost")
    void theChildIsRekeyedByStrongSwanUnderTraffic() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(plain());
            sites.sallyport(IKEV1);
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> {
                swan.swanctl("--rekey", "--child", "net");
                RekeyTest.sleep(2500);
                swan.swanctl("--rekey", "--child", "net");
            });
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, rekeys of children by either end under traffic, no packet lost")
    void theChildIsRekeyedBySallyportUnderTraffic() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(plain());
            Sallyport sallyport = sites.sallyport(IKEV1);
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> {
                rekey(sallyport, "--child");
                RekeyTest.sleep(2500);
                rekey(sallyport, "--child");
            });
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, rekeys of phase 1 by either end under traffic, no packet lost")
    void theIkeSaIsRekeyedBySallyportUnderTraffic() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(plain());
            Sallyport sallyport = sites.sallyport(IKEV1);
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> {
                rekey(sallyport, "--ike");
                RekeyTest.sleep(2500);
                rekey(sallyport, "--ike");
            });
            RekeyTest.sleep(12_000);
            sites.assertPingsBothWays();
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, rekeys of phase 1 by either end under traffic, no packet lost")
    void theIkeSaIsRekeyedByStrongSwanUnderTraffic() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(plain());
            sites.sallyport(IKEV1);
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> swan.swanctl("--rekey", "--ike", "hub"));
            RekeyTest.sleep(12_000);
            sites.assertPingsBothWays();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rsa2048, InitiatorOnly",
        "rsa2048, ResponderOnly",
        "p256, InitiatorOnly",
        "p384, ResponderOnly",
        "p521, InitiatorOnly",
        "p256, ResponderOnly"
    })
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv1, certificates: RSA, ECDSA P-256/384/521")
    void sitesProveThemselvesByCertificates(String algorithm, String mode) throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path kit = sites.lab.directory().resolve("pki");
            Authority root = Authority.root(kit, "root", "rsa2048");
            root.issue("hub.example", algorithm, "DNS:hub.example").installFor(sites.hubData(), "hub");
            Authority.Issued branch = root.issue("branch.example", algorithm, "DNS:branch.example");
            sites.sallyport(IKEV1, CertificatesTest.connection(root, mode, "hub.example"));
            StrongSwan swan = sites.strongSwan(
                    CertificatesTest.swanctl("pubkey", "1").replace("= aes256gcm16\n", "= aes256gcm16-ecp384\n"),
                    CertificatesTest.layOut(kit, root, branch));
            if (mode.equals("ResponderOnly")) {
                swan.trySwanctl("--initiate", "--child", "net", "--timeout", "10");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    private static void rekey(Sallyport sallyport, String what) {
        assertThat(sallyport.command("rekey", "hub-to-branch", what).ok()).isTrue();
    }

    private static void underTraffic(TwoSites sites, Runnable rekeys) {
        CompletableFuture<Integer> out = CompletableFuture.supplyAsync(
                () -> sites.hub.ping("10.1.0.4", "10.2.0.4", PINGS, Duration.ofMillis(10)));
        CompletableFuture<Integer> in = CompletableFuture.supplyAsync(
                () -> sites.branch.ping("10.2.0.4", "10.1.0.4", PINGS, Duration.ofMillis(10)));
        RekeyTest.sleep(500);
        rekeys.run();
        assertThat(out.join()).as("answers to the hub").isEqualTo(PINGS);
        assertThat(in.join()).as("answers to the branch").isEqualTo(PINGS);
    }
}
