package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites that prove themselves by certificates, with strongSwan at the other end and OpenSSL's authority over both. */
class CertificatesTest {
    @ParameterizedTest
    @CsvSource({
        "rsa2048, '', InitiatorOnly",
        "rsa3072, rsa/pss, ResponderOnly",
        "p256, '', ResponderOnly",
        "p384, '', InitiatorOnly",
        "p521, '', ResponderOnly",
        "ed25519, '', InitiatorOnly",
    })
    @Shows(peer = Shows.STRONGSWAN, feature = "IKEv2, certificates: RSA (PKCS#1, PSS), ECDSA P-256/384/521, Ed25519")
    void sitesProveThemselvesByCertificates(String algorithm, String swanAuth, String mode) throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path kit = sites.lab.directory().resolve("pki");
            Authority root = Authority.root(kit, "root", "p256");
            root.issue("hub.example", algorithm, "DNS:hub.example").installFor(sites.hubData(), "hub");
            Authority.Issued branch = root.issue("branch.example", algorithm, "DNS:branch.example");
            sites.sallyport(connection(root, mode, "hub.example"));
            StrongSwan swan =
                    sites.strongSwan(swanctl(swanAuth.isEmpty() ? "pubkey" : swanAuth, "2"), layOut(kit, root, branch));
            if (mode.equals("ResponderOnly")) {
                swan.trySwanctl("--initiate", "--child", "net", "--timeout", "10");
            }
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "stranger", "revoked"})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, certificates that are expired, foreign or revoked are refused, and why says so",
            role = "responder")
    void aBadCertificateIsRefusedAndWhySaysWhichWay(String what) throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path kit = sites.lab.directory().resolve("pki");
            Authority root = Authority.root(kit, "root", "p256");
            Authority stranger = Authority.root(kit, "stranger", "p256");
            root.issue("hub.example", "p256", "DNS:hub.example").installFor(sites.hubData(), "hub");
            Authority.Issued branch = switch (what) {
                case "expired" -> root.expired("branch.example", "p256", "DNS:branch.example");
                case "stranger" -> stranger.issue("branch.example", "p256", "DNS:branch.example");
                default ->
                    root.issue(
                            "branch.example",
                            "p256",
                            "DNS:branch.example",
                            "crlDistributionPoints=URI:http://192.0.2.2:8080/root.crl");
            };
            Path directory = layOut(kit, root, branch);
            if (what.equals("revoked")) {
                root.revoke(branch);
                root.crl();
                sites.lab.start(
                        sites.branch,
                        "http",
                        List.of("python3", "-m", "http.server", "8080", "--directory", kit.toString()));
            }
            Sallyport sallyport = sites.sallyport(connection(root, "ResponderOnly", "hub.example"));
            StrongSwan swan = sites.strongSwan(swanctl("pubkey", "2"), directory);
            swan.trySwanctl("--initiate", "--child", "net", "--timeout", "5");
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(200)))
                    .isZero();
            assertThat(sallyport.command("why", "hub-to-branch").output()).containsIgnoringCase(words(what));
        }
    }

    private static String words(String what) {
        return switch (what) {
            case "expired" -> "its time has passed";
            case "stranger" -> "does not lead to an authority";
            default -> "its issuer has revoked it";
        };
    }

    static String connection(Authority root, String mode, String identity) {
        return """
                connectionMode: %s
                authenticationType: Certificate
                certificateAuthentication:
                  outboundAuthCertificate: hub
                  inboundAuthCertificateSubjectName: branch.example
                  inboundAuthCertificateChain: ["%s"]
                sallyport: { cryptoProfile: modern, localIdentity: %s }""".formatted(mode, root.base64(), identity);
    }

    /** {@code /etc/swanctl} as a directory. */
    static Path layOut(Path kit, Authority root, Authority.Issued own) throws IOException {
        Path directory = kit.resolve("swanctl");
        for (String each : new String[] {"x509", "x509ca", "private"}) {
            Files.createDirectories(directory.resolve(each));
        }
        Files.copy(root.certificate(), directory.resolve("x509ca/root.pem"));
        Files.copy(own.certificate(), directory.resolve("x509/own.pem"));
        Files.copy(own.key(), directory.resolve("private/own.key"));
        return directory;
    }

    static String swanctl(String auth, String version) {
        return """
                connections {
                  hub {
                    version = %s
                    local_addrs = 192.0.2.2
                    remote_addrs = 192.0.2.1
                    encap = yes
                    proposals = aes256-sha256-ecp384,aes256gcm16-prfsha384-ecp384
                    local {
                      auth = %s
                      certs = own.pem
                      id = branch.example
                    }
                    remote {
                      auth = pubkey
                      id = hub.example
                    }
                    children {
                      net {
                        local_ts = 10.2.0.0/16
                        remote_ts = 10.1.0.0/16
                        esp_proposals = aes256gcm16
                      }
                    }
                  }
                }
                """.formatted(version, auth);
    }
}
