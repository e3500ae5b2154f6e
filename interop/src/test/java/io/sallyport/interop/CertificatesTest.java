package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
    @ValueSource(strings = {"expired", "stranger", "revoked", "name", "usage"})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature =
                    "IKEv2, certificates that are expired, foreign, revoked, somebody else's or for another use are refused,"
                            + " and why says so",
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
                case "name" -> root.issue("other.example", "p256", "DNS:other.example");
                case "usage" ->
                    root.issue("branch.example", "p256", "DNS:branch.example", "extendedKeyUsage=codeSigning");
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

    /** The branch believes nobody of whom it cannot learn that he was not revoked. */
    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, certificates of sallyport pki: an authority below a root, CRLs asked strictly; revoked by"
                    + " sallyport pki revoke, refused at once",
            role = "responder")
    void ourOwnAuthorityIsBelievedByOthersAndTakesBackWhatItIssued() throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path safe = sites.lab.directory().resolve("safe");
            Path published = Files.createDirectories(sites.lab.directory().resolve("published"));
            pki(sites, safe, "init", "--root", "--name", "Root", "--crl-url", "http://192.0.2.1:8080/root.crl");
            pki(
                    sites,
                    sites.hubData(),
                    "init",
                    "--parent",
                    safe.toString(),
                    "--name",
                    "vpn",
                    "--crl-url",
                    "http://192.0.2.1:8080/vpn.crl");
            pki(sites, sites.hubData(), "issue", "hub", "--san", "hub.example");
            pki(sites, sites.hubData(), "issue", "branch.example", "--san", "branch.example");
            Files.copy(safe.resolve("pki/ca.crl"), published.resolve("root.crl"));
            Files.copy(sites.hubData().resolve("pki/ca.crl"), published.resolve("vpn.crl"));
            sites.lab.start(
                    sites.hub,
                    "http",
                    List.of("python3", "-m", "http.server", "8080", "--directory", published.toString()));
            Path root = safe.resolve("pki/ca.pem");
            Sallyport sallyport = sites.sallyport(connection(Authority.base64(root), "ResponderOnly", "hub.example"));
            String strict =
                    swanctl("pubkey", "2").replace("id = hub.example", "id = hub.example\n      revocation = strict");
            StrongSwan swan = sites.strongSwan(
                    strict,
                    layOutOwn(
                            sites.lab.directory(),
                            root,
                            sites.hubData().resolve("pki/credentials/branch.example.pem")));
            swan.trySwanctl("--initiate", "--child", "net", "--timeout", "10");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(swan.log()).contains("certificate status is good");
            pki(sites, sites.hubData(), "revoke", "branch.example", "--reason", "keyCompromise");
            swan.trySwanctl("--terminate", "--ike", "hub", "--timeout", "5");
            swan.trySwanctl("--initiate", "--child", "net", "--timeout", "5");
            assertThat(sallyport.command("why", "hub-to-branch").output()).containsIgnoringCase(words("revoked"));
        }
    }

    private static void pki(TwoSites sites, Path data, String... words) {
        List<String> all = new ArrayList<>(List.of("pki"));
        all.addAll(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        Commands.Finished finished = Sallyport.run(sites.hub, List.of(), all.toArray(String[]::new));
        assertThat(finished.ok()).as(finished.output()).isTrue();
    }

    /** {@link #layOut} for what our own authority made: key and chain stand in one file. */
    private static Path layOutOwn(Path kit, Path root, Path credential) throws IOException {
        Path directory = kit.resolve("swanctl");
        List<String> blocks = new ArrayList<>();
        Matcher block =
                Pattern.compile("(?s)-----BEGIN .*?-----END [A-Z ]+-----\n").matcher(Files.readString(credential));
        while (block.find()) {
            blocks.add(block.group());
        }
        List<String> files = List.of("private/own.key", "x509/own.pem", "x509ca/between.pem");
        for (int i = 0; i < files.size(); i++) {
            Path file = directory.resolve(files.get(i));
            Files.createDirectories(file.getParent());
            Files.writeString(file, blocks.get(i));
        }
        Files.copy(root, directory.resolve("x509ca/root.pem"));
        return directory;
    }

    private static String words(String what) {
        return switch (what) {
            case "expired" -> "its time has passed";
            case "stranger" -> "does not lead to an authority";
            case "name" -> "made out to somebody else";
            case "usage" -> "may not be used for this";
            default -> "its issuer has revoked it";
        };
    }

    static String connection(Authority root, String mode, String identity) {
        return connection(root.base64(), mode, identity);
    }

    private static String connection(String root, String mode, String identity) {
        return """
                connectionMode: %s
                authenticationType: Certificate
                certificateAuthentication:
                  outboundAuthCertificate: hub
                  inboundAuthCertificateSubjectName: branch.example
                  inboundAuthCertificateChain: ["%s"]
                sallyport: { cryptoProfile: modern, localIdentity: %s }""".formatted(mode, root, identity);
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
