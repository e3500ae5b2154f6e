package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.UserModeLinux;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Libreswan, whose ESP is the kernel's, as IP protocol 50:
 *
 * <pre>
 *   hub  10.1.0.4                                          user-mode Linux
 *   Sallyport  192.0.2.1 ──────── bridge, TAP ──────── 192.0.2.2  Libreswan, 10.2.0.4
 * </pre>
 */
class LibreswanTest {
    @ParameterizedTest
    @CsvSource({
        "IKEv2, aes_gcm256-sha2_384;dh20, aes_gcm256, InitiatorOnly",
        "IKEv2, aes256-sha2_256;dh14, aes256-sha2_256, ResponderOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "IKEv2, shared key")
    void sitesAreJoinedOverIkev2(String version, String ike, String esp, String mode) {
        join(version, ike, esp, mode);
    }

    @ParameterizedTest
    @CsvSource({
        "IKEv1, aes256-sha2_256;dh20, aes_gcm256, InitiatorOnly",
        "IKEv1, aes256-sha2_256;dh20, aes_gcm256, ResponderOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "IKEv1, main mode, shared key and PFS")
    void sitesAreJoinedOverIkev1(String version, String ike, String esp, String mode) {
        join(version, ike, esp, mode);
    }

    @ParameterizedTest
    @CsvSource({
        "IKEv1, rsa3072, rsasig, InitiatorOnly",
        "IKEv2, rsa3072, rsasig, ResponderOnly",
        "IKEv2, p384, ecdsa, InitiatorOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "certificates: RSA in IKEv1, RSA and ECDSA P-384 in IKEv2")
    void sitesProveThemselvesByCertificates(String version, String algorithm, String authby, String mode) {
        try (Lab lab = new Lab()) {
            Authority root = Authority.root(lab.directory().resolve("pki"), "root", "rsa3072");
            root.issue("hub.example", algorithm, "DNS:hub.example")
                    .installFor(lab.directory().resolve("hub-data"), "hub");
            Authority.Issued own = root.issue("branch.example", algorithm, "DNS:branch.example");
            join(
                    lab,
                    "connectionProtocol: " + version + "\n"
                            + CertificatesTest.connection(root, mode, "hub.example")
                                    .replace("{ cryptoProfile", "{ encapsulation: raw, cryptoProfile"),
                    ends(version, "aes256-sha2_256;dh20", "aes_gcm256") + "\nauthby=" + authby
                            + "\nleftid=@branch.example\nleftcert=own\nleftsendcert=always\nrightid=@hub.example",
                    "",
                    Libreswan.certificates(lab, root, own),
                    mode);
        }
    }

    /** RFC 8598: it asks for the domains that the DNS servers are for. */
    @Test
    @Shows(
            peer = Shows.LIBRESWAN,
            feature = "IKEv2, machine certificate, virtual IPv4 address, DNS servers and their domains (split DNS)",
            role = "responder")
    void aRoadWarriorGetsAnAddressAndTheDomainsOfItsDns() {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(ClientsTest.roots(lab), "dnsDomains: [corp.example, lab.example]");
            Authority.Issued own = lab.root.issue("laptop", "p256", "DNS:laptop", "extendedKeyUsage=clientAuth");
            UserModeLinux peer = Libreswan.bootClient(
                    lab.lab,
                    lab.wire,
                    ends("IKEv2", "aes_gcm256-sha2_384;dh20", "aes_gcm256")
                            + "\nauthby=ecdsa\nleftid=@laptop\nleftcert=own\nleftsendcert=always\nrightid=@vpn.example",
                    Libreswan.certificates(lab.lab, lab.root, own));
            lab.wire.ip("link", "set", "tap0", "master", "br0");
            MachineSites.awaitPing(lab.hub, "172.16.0.1", peer, gateway);
            assertThat(lab.hub.ping("10.1.0.4", "172.16.0.1", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(peer.daemon().log())
                    .containsPattern(
                            "given address=172\\.16\\.0\\.1 dns=10\\.1\\.0\\.53 domains=corp\\.example lab\\.example");
        }
    }

    private static void join(String version, String ike, String esp, String mode) {
        try (Lab lab = new Lab()) {
            join(
                    lab,
                    "connectionProtocol: " + version + "\nconnectionMode: " + mode
                            + "\nsallyport: { cryptoProfile: modern, encapsulation: raw }",
                    ends(version, ike, esp) + "\nauthby=secret",
                    "192.0.2.2 192.0.2.1 : PSK \"" + TwoSites.KEY + "\"",
                    "",
                    mode);
        }
    }

    private static String ends(String version, String ike, String esp) {
        return "ikev2=" + (version.equals("IKEv2") ? "insist" : "no") + "\nike=" + ike + "\nesp=" + esp;
    }

    private static void join(
            Lab lab, String connection, String peersConnection, String secrets, String setUp, String mode) {
        MachineSites.join(
                lab,
                connection,
                wire -> Libreswan.boot(lab, wire, peersConnection, secrets, setUp, mode.equals("ResponderOnly")));
    }
}
