package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.SiteFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sallyport at both ends, over either family, carrying either. */
class TwoSallyportsTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2, 24, 10.1, auto",
        "192.0.2.1, 192.0.2.2, 24, 10.1, raw",
        "2001:db8::1, 2001:db8::2, 64, 10.1, auto",
        "2001:db8::1, 2001:db8::2, 64, 10.1, raw",
        "192.0.2.1, 192.0.2.2, 24, fd00, auto",
        "2001:db8::1, 2001:db8::2, 64, fd00, auto",
    })
    void packetsPass(String hubPublic, String branchPublic, int length, String inner, String encapsulation) {
        boolean v6 = inner.equals("fd00");
        String hubNet = v6 ? "fd00:1::/32" : "10.1.0.0/16";
        String branchNet = v6 ? "fd00:2::/32" : "10.2.0.0/16";
        String hubHost = v6 ? "fd00:1::4" : "10.1.0.4";
        String branchHost = v6 ? "fd00:2::4" : "10.2.0.4";
        List<String> more = List.of("sallyport: { encapsulation: " + encapsulation + " }");
        try (Lab lab = new Lab()) {
            Host hub = lab.host("hub");
            Host branch = lab.host("branch");
            lab.link(hub, "eth0", hubPublic + "/" + length, branch, "eth0", branchPublic + "/" + length);
            hub.address(hubHost + (v6 ? "/128" : "/32"));
            branch.address(branchHost + (v6 ? "/128" : "/32"));
            Sallyport a = start(
                    lab,
                    hub,
                    new SiteFile(
                            "hub",
                            hubNet,
                            v6 ? "fd00:1:ff::/64" : "10.1.255.0/27",
                            hubPublic,
                            "branch",
                            branchPublic,
                            List.of(branchNet),
                            TwoSites.KEY,
                            more));
            start(
                    lab,
                    branch,
                    new SiteFile(
                            "branch",
                            branchNet,
                            v6 ? "fd00:2:ff::/64" : "10.2.255.0/27",
                            branchPublic,
                            "hub",
                            hubPublic,
                            List.of(hubNet),
                            TwoSites.KEY,
                            more));
            awaitPing(hub, hubHost, branchHost, a);
            assertThat(hub.ping(hubHost, branchHost, 5, Duration.ofMillis(100))).isEqualTo(5);
            assertThat(branch.ping(branchHost, hubHost, 5, Duration.ofMillis(100)))
                    .isEqualTo(5);
        }
    }

    @Test
    void bothInitiateAtOnceAndOneTunnelRemains() {
        try (Lab lab = new Lab()) {
            Host hub = lab.host("hub");
            Host branch = lab.host("branch");
            lab.link(hub, "eth0", "192.0.2.1/24", branch, "eth0", "192.0.2.2/24");
            hub.address("10.1.0.4/32");
            branch.address("10.2.0.4/32");
            branch.ip("link", "set", "eth0", "down");
            Sallyport a = start(
                    lab,
                    hub,
                    new SiteFile(
                            "hub",
                            "10.1.0.0/16",
                            "10.1.255.0/27",
                            "192.0.2.1",
                            "branch",
                            "192.0.2.2",
                            List.of("10.2.0.0/16"),
                            TwoSites.KEY,
                            List.of()));
            Sallyport b = start(
                    lab,
                    branch,
                    new SiteFile(
                            "branch",
                            "10.2.0.0/16",
                            "10.2.255.0/27",
                            "192.0.2.2",
                            "hub",
                            "192.0.2.1",
                            List.of("10.1.0.0/16"),
                            TwoSites.KEY,
                            List.of()));
            branch.ip("link", "set", "eth0", "up");
            awaitPing(hub, "10.1.0.4", "10.2.0.4", a);
            assertThat(hub.ping("10.1.0.4", "10.2.0.4", 100, Duration.ofMillis(20)))
                    .isEqualTo(100);
            assertThat(a.command("status").output()).contains("hub-to-branch").contains("Connected");
            assertThat(b.command("status").output()).contains("branch-to-hub").contains("Connected");
            a.kill();
            a.restart();
            awaitPing(hub, "10.1.0.4", "10.2.0.4", a);
        }
    }

    /** RFC 4806: only the client can reach the responder that its certificate names. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientShowsWhatItsIssuerSaysOfItsCertificate(boolean responderRuns) {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway(ClientsTest.roots(lab), "revocation: required");
            lab.root
                    .issue(
                            "laptop",
                            "p256",
                            "DNS:laptop",
                            "extendedKeyUsage=clientAuth",
                            "authorityInfoAccess=OCSP;URI:http://10.9.9.9:8888")
                    .installFor(lab.lab.directory().resolve("client-data"), "laptop");
            lab.client.address("10.9.9.9/32");
            if (responderRuns) {
                lab.lab.start(
                        lab.client,
                        "ocsp",
                        List.of(
                                "openssl",
                                "ocsp",
                                "-port",
                                "8888",
                                "-index",
                                lab.kit.resolve("root.index").toString(),
                                "-CA",
                                lab.root.certificate().toString(),
                                "-rsigner",
                                lab.root.certificate().toString(),
                                "-rkey",
                                lab.kit.resolve("root.key").toString()));
            }
            Sallyport client = start(
                    lab.lab,
                    lab.client,
                    new SiteFile(
                            "client",
                            "10.2.0.0/16",
                            "10.2.255.0/27",
                            "192.0.2.10",
                            "hub",
                            "192.0.2.1",
                            List.of("10.1.0.0/16"),
                            TwoSites.KEY,
                            List.of("""
                                    connectionMode: InitiatorOnly
                                    authenticationType: Certificate
                                    certificateAuthentication:
                                      outboundAuthCertificate: laptop
                                      inboundAuthCertificateSubjectName: vpn.example
                                      inboundAuthCertificateChain: ["%s"]
                                    sallyport:
                                      cryptoProfile: modern
                                      localIdentity: laptop
                                      remoteIdentity: vpn.example
                                      client: { addresses: [IPv4] }""".formatted(lab.root.base64()))));
            if (responderRuns) {
                awaitPing(lab.client, "172.16.0.1", "10.1.0.4", client);
                assertThat(lab.hub.ping("10.1.0.4", "172.16.0.1", 3, Duration.ofMillis(100)))
                        .isEqualTo(3);
            } else {
                gateway.daemon()
                        .await(
                                "refused",
                                Duration.ofSeconds(20),
                                () -> gateway.log().contains("nobody says whether the certificate"));
            }
        }
    }

    private static Sallyport start(Lab lab, Host host, SiteFile file) {
        return Sallyport.start(lab, host, lab.write(host.name() + ".yaml", file.yaml()), Optional.empty(), List.of());
    }

    /** Waits for the first answer. */
    static void awaitPing(Host from, String source, String destination, Sallyport sallyport) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (from.ping(source, destination, 1, Duration.ofMillis(200)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no answer; " + sallyport.command("status").output() + sallyport.log());
            }
        }
    }
}
