package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Road warriors: strongSwan as client of a Sallyport gateway. */
class ClientsTest {
    private static final String ALICE = "eap-alice {\n id = alice\n secret = \"correct horse\"\n}";

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv2, EAP-MSCHAPv2, virtual IPv4 address, DNS", role = "responder")
    void aUserWithAPasswordGetsAnAddressAndReachesTheNetwork() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway("", "users: [{ name: alice, password: correct horse }]");
            StrongSwan swan = lab.strongSwan(
                    lab.client,
                    lab.swanctl("192.0.2.10", "auth = eap-mschapv2\neap_id = alice", "", ALICE),
                    layOut(lab, "alice"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            assertThat(lab.client.ping(address, "10.1.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(lab.hub.ping("10.1.0.4", address, 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(swan.log()).contains("10.1.0.53");
        }
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, EAP-MSCHAPv2 with a wrong password is refused, and why names the method",
            role = "responder")
    void aWrongPasswordIsRefusedAndWhyNamesTheMethod() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway("", "users: [{ name: alice, password: something else }]");
            StrongSwan swan = lab.strongSwan(
                    lab.client,
                    lab.swanctl("192.0.2.10", "auth = eap-mschapv2\neap_id = alice", "", ALICE),
                    layOut(lab, "alice"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "6");
            gateway.daemon()
                    .await(
                            "refused",
                            Duration.ofSeconds(10),
                            () -> gateway.log().contains("EAP-MSCHAPv2 of alice refused"));
        }
    }

    /** strongSwan's TLS 1.2 has no extended master secret; its TLS 1.3 is older than RFC 9190 and ends in a crash. */
    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, EAP-TLS over TLS 1.2 without extended master secret, virtual IPv4 address; a foreign"
                    + " certificate is refused, and why says so",
            role = "responder")
    void aUserWithACertificateGetsAnAddressByEapTls() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(roots(lab), "");
            String local = "auth = eap-tls\ncerts = own.pem\nid = ";
            StrongSwan swan = lab.strongSwan(
                    lab.client, lab.swanctl("192.0.2.10", local + "alice", "", ""), layOut(lab, "alice"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            assertThat(lab.hub.ping("10.1.0.4", address, 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            StrongSwan stranger = lab.strongSwan(
                    lab.other, lab.swanctl("192.0.2.11", local + "mallory", "", ""), layOutStranger(lab, "mallory"));
            stranger.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            gateway.daemon()
                    .await(
                            "refused",
                            Duration.ofSeconds(20),
                            () -> gateway.log().contains("EAP-TLS of mallory refused"));
            assertThat(gateway.command("why", "hub-gw").output()).contains("EAP-TLS", "CN=elsewhere");
        }
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, EAP-TLS alone proves both ends (RFC 5998), virtual IPv4 address, pings",
            role = "responder")
    void eapTlsAloneProvesTheGatewayToo() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(roots(lab), "eap: [EAP-TLS]\neapOnly: true");
            String conf = lab.swanctl("192.0.2.10", "auth = eap-tls\ncerts = own.pem\nid = alice", "", "")
                    .replace("auth = pubkey", "auth = eap-tls");
            StrongSwan swan = lab.strongSwan(lab.client, conf, layOut(lab, "alice"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            assertThat(lab.hub.ping("10.1.0.4", address, 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(swan.log()).contains("allow mutual EAP-only authentication");
        }
    }

    @Test
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv2, machine certificate, virtual IPv4 address", role = "responder")
    void aMachineWithACertificateGetsTheSameAddressAgainAndAnotherMachineAnother() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(roots(lab), "");
            String machine = "auth = pubkey\ncerts = own.pem\nid = laptop";
            StrongSwan swan =
                    lab.strongSwan(lab.client, lab.swanctl("192.0.2.10", machine, "", ""), layOut(lab, "laptop"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            String first = lab.awaitAddress(lab.client, swan, gateway);
            StrongSwan second = lab.strongSwan(
                    lab.other,
                    lab.swanctl("192.0.2.11", machine.replace("laptop", "tablet"), "", ""),
                    layOut(lab, "tablet"));
            second.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            assertThat(lab.awaitAddress(lab.other, second, gateway)).isNotEqualTo(first);
            swan.trySwanctl("--terminate", "--ike", "vpn", "--timeout", "5");
            gateway.kill();
            gateway.restart();
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            assertThat(lab.awaitAddress(lab.client, swan, gateway))
                    .as("after a restart of the gateway")
                    .isEqualTo(first);
        }
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, certificate and then EAP-MSCHAPv2 (RFC 4739), virtual IPv4 address",
            role = "responder")
    void aMachineAndThenItsUserProveThemselves() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway =
                    lab.gateway(roots(lab), "machineFirst: true\nusers: [{ name: alice, password: correct horse }]");
            String both = """
                    round = 1
                    auth = pubkey
                    certs = own.pem
                    id = laptop
                    }
                    local-user {
                    round = 2
                    auth = eap-mschapv2
                    eap_id = alice""";
            StrongSwan swan =
                    lab.strongSwan(lab.client, lab.swanctl("192.0.2.10", both, "", ALICE), layOut(lab, "laptop"));
            swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
            lab.awaitAddress(lab.client, swan, gateway);
            assertThat(gateway.log()).contains("then EAP-MSCHAPv2 as alice");
        }
    }

    static String roots(RoadWarriors lab) {
        return "vpnClientRootCertificates: [{ name: root, properties: { publicCertData: \"" + lab.root.base64()
                + "\" } }]";
    }

    /** Its own authority vouches for it, and for nobody else. */
    private static Path layOutStranger(RoadWarriors lab, String name) throws IOException {
        Path kit = lab.kit.resolve(name);
        java.nio.file.Files.createDirectories(kit);
        Authority other = Authority.root(kit, "elsewhere", "p256");
        Path directory = CertificatesTest.layOut(
                kit, other, other.issue(name, "p256", "DNS:" + name, "extendedKeyUsage=clientAuth"));
        java.nio.file.Files.copy(lab.root.certificate(), directory.resolve("x509ca/gateway.pem"));
        return directory;
    }

    static Path layOut(RoadWarriors lab, String name) throws IOException {
        Path kit = lab.kit.resolve(name);
        java.nio.file.Files.createDirectories(kit);
        return CertificatesTest.layOut(
                kit,
                lab.root,
                lab.root.issue(
                        name, "p256", "DNS:" + name + ",email:" + name + "@example", "extendedKeyUsage=clientAuth"));
    }
}
