package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sallyport as the client of a strongSwan gateway: it proves a user and gets an address. */
class ClientOfOthersTest {
    private static final Pattern LEASED = Pattern.compile("172\\.20\\.0\\.[0-9]+");

    @ParameterizedTest
    @ValueSource(strings = {"EAP-MSCHAPv2", "EAP-TLS"})
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, EAP-MSCHAPv2 and EAP-TLS (TLS 1.2) as client, virtual IPv4 address, pings",
            role = "initiator")
    void aUserOfOursGetsAnAddressFromStrongSwan(String method) throws IOException {
        connects("eap: %s, user: hub, password: correct horse, certificate: hub".formatted(method), swanctl(method));
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, certificate and then EAP-MSCHAPv2 (RFC 4739), virtual IPv4 address, pings",
            role = "initiator")
    void ourMachineAndThenItsUserProveThemselvesToStrongSwan() throws IOException {
        connects(
                "machineFirst: true, eap: EAP-MSCHAPv2, user: hub, password: correct horse",
                swanctl("EAP-MSCHAPv2").replace("remote {", """
                        remote-machine {
                              round = 1
                              auth = pubkey
                            }
                            remote-user {
                              round = 2"""));
    }

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, EAP-TLS alone proves both ends (RFC 5998), virtual IPv4 address, pings",
            role = "initiator")
    void eapTlsAloneProvesBothEnds() throws IOException {
        connects(
                "eapOnly: true, eap: EAP-TLS, user: hub, certificate: hub",
                swanctl("EAP-TLS").replace("auth = pubkey", "auth = eap-tls"));
    }

    /**
     * RFC 4478: strongSwan says so to clients, who alone can prove a user again. It sends on the new child as soon as it has
     * it, before its last message can have reached us: what it sends in that moment, an answer or two, nobody can open yet.
     */
    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, AUTH_LIFETIME that the responder sends: proven again, make before break",
            role = "initiator")
    void weProveOurselvesAgainWhenTheResponderSaysSo() throws IOException {
        connects(
                "eap: EAP-MSCHAPv2, user: hub, password: correct horse",
                swanctl("EAP-MSCHAPv2")
                        .replace("encap = yes", "encap = yes\nreauth_time = 40s\nover_time = 30s\nrand_time = 0s"),
                (sites, sallyport, address) -> {
                    CompletableFuture<Integer> answers = CompletableFuture.supplyAsync(
                            () -> sites.hub.ping(address, "10.2.0.4", 450, Duration.ofMillis(100)));
                    sallyport
                            .daemon()
                            .await("proven again", Duration.ofSeconds(50), () -> RoamingTest.timesUp(sallyport) >= 2);
                    assertThat(answers.join()).as(sallyport.log()).isBetween(448, 450);
                    assertThat(sallyport.log()).doesNotContain("the peer closed it");
                });
    }

    private interface Connected {
        void check(TwoSites sites, Sallyport sallyport, String address);
    }

    private static void connects(String user, String swanctl) throws IOException {
        connects(user, swanctl, (sites, _, address) -> {
            assertThat(sites.hub.ping(address, "10.2.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
            assertThat(sites.branch.ping("10.2.0.4", address, 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        });
    }

    private static void connects(String user, String swanctl, Connected then) throws IOException {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Path kit = sites.lab.directory().resolve("pki");
            Authority root = Authority.root(kit, "root", "rsa2048");
            root.issue("hub", "rsa2048", "DNS:hub", "extendedKeyUsage=clientAuth")
                    .installFor(sites.hubData(), "hub");
            Authority.Issued own =
                    root.issue("branch.example", "rsa2048", "DNS:branch.example", "extendedKeyUsage=serverAuth");
            StrongSwan swan = sites.strongSwan(swanctl, CertificatesTest.layOut(kit, root, own));
            Sallyport sallyport = sites.sallyport("""
                    connectionMode: InitiatorOnly
                    authenticationType: Certificate
                    certificateAuthentication:
                      outboundAuthCertificate: hub
                      inboundAuthCertificateSubjectName: branch.example
                      inboundAuthCertificateChain: ["%s"]
                    sallyport:
                      cryptoProfile: modern
                      localIdentity: hub
                      remoteIdentity: branch.example
                      client: { addresses: [IPv4], %s }""".formatted(root.base64(), user));
            String address = awaitLease(swan, sallyport);
            sallyport
                    .daemon()
                    .await(
                            "a child",
                            Duration.ofSeconds(20),
                            () -> sallyport.log().contains("; " + address + "/32 to 10.2.0.0/16"));
            assertThat(swan.swanctl("--list-sas")).contains(address);
            sites.awaitPing(address, "10.2.0.4");
            then.check(sites, sallyport, address);
        }
    }

    private static String awaitLease(StrongSwan swan, Sallyport sallyport) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < until) {
            Matcher lease = LEASED.matcher(sallyport.log());
            if (lease.find()) {
                return lease.group();
            }
            RekeyTest.sleep(300);
        }
        throw new LabFailure("no address after 30 s\n" + swan.daemon().tail() + "\n" + sallyport.log());
    }

    private static String swanctl(String method) {
        return """
                connections {
                  users {
                    version = 2
                    local_addrs = 192.0.2.2
                    encap = yes
                    pools = users
                    proposals = aes256gcm16-prfsha384-ecp384,aes256-sha256-ecp384
                    local {
                      auth = pubkey
                      certs = own.pem
                      id = branch.example
                    }
                    remote {
                      auth = %s
                      eap_id = %%any
                    }
                    children {
                      net {
                        local_ts = 10.2.0.0/16
                        esp_proposals = aes256gcm16
                      }
                    }
                  }
                }
                pools {
                  users {
                    addrs = 172.20.0.0/24
                    dns = 10.2.0.53
                  }
                }
                secrets {
                  eap-hub {
                    id = hub
                    secret = "correct horse"
                  }
                }
                """.formatted(method.toLowerCase(java.util.Locale.ROOT));
    }
}
