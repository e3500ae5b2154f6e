package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.engine.identity.Identities;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import io.sallyport.ike.IkeFact;
import io.sallyport.pki.Authority;
import io.sallyport.pki.Fetcher;
import io.sallyport.pki.KeyKind;
import io.sallyport.pki.Role;
import io.sallyport.store.MemoryStore;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * FreeRADIUS decides, our gateway passes on, and our own EAP client knocks:
 *
 * <pre>
 *   EAP client (ours) --EAP--> gateway's answers --RADIUS on loopback--> FreeRADIUS
 * </pre>
 */
@Timeout(120)
class RadiusTest {
    @TempDir
    Path directory;

    private int port;
    private Process freeradius;
    private Identities identities;

    @BeforeEach
    void start() throws Exception {
        Path data = directory.resolve("data");
        Authority authority = Authority.init(data.resolve("pki"), "Lab", KeyKind.RSA, Clock.systemUTC());
        for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
            String name = role == Role.SERVER ? "radius.example" : "carol";
            authority.issue(new Authority.Request(name, role, List.of(), 30, KeyKind.RSA));
        }
        port = freePort();
        Path raddb = Files.createDirectories(directory.resolve("raddb"));
        Path credentials = data.resolve("pki/credentials");
        Files.writeString(raddb.resolve("dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
        Files.writeString(raddb.resolve("users"), """
                bob Cleartext-Password := "builder"
                    Framed-IP-Address = 10.9.0.77, Class = 0x0102, Session-Timeout = 600
                """);
        Files.writeString(raddb.resolve("radiusd.conf"), """
                prefix = /usr
                logdir = %1$s
                run_dir = %1$s
                libdir = /usr/lib/freeradius
                security { allow_vulnerable_openssl = yes
                  reject_delay = 0 }
                modules {
                  files { filename = %1$s/users }
                  pap { }
                  mschap { use_mppe = yes }
                  detail { filename = %1$s/detail }
                  eap {
                    default_eap_type = mschapv2
                    tls-config common {
                      private_key_file = %2$s/radius.example.pem
                      certificate_file = %2$s/radius.example.pem
                      ca_file = %3$s
                      tls_min_version = "1.2"
                      tls_max_version = "1.3"
                    }
                    tls { tls = common }
                    mschapv2 { }
                  }
                }
                client loopback { ipaddr = 127.0.0.1
                  secret = testing123
                  require_message_authenticator = yes }
                server default {
                  listen { type = auth
                    ipaddr = 127.0.0.1
                    port = %4$d }
                  listen { type = acct
                    ipaddr = 127.0.0.1
                    port = %5$d }
                  authorize {
                    files
                    eap {
                      ok = return
                    }
                    pap
                  }
                  authenticate {
                    Auth-Type PAP {
                      pap
                    }
                    Auth-Type MS-CHAP {
                      mschap
                    }
                    eap
                  }
                  post-auth {
                    update reply {
                      &Message-Authenticator := 0x00
                    }
                    Post-Auth-Type REJECT {
                      update reply {
                        &Message-Authenticator := 0x00
                      }
                    }
                  }
                  accounting {
                    detail
                  }
                }
                """.formatted(
                        raddb, credentials, data.resolve("pki/ca.pem"), port, port + 1));
        freeradius = new ProcessBuilder("freeradius", "-f", "-X", "-d", raddb.toString())
                .redirectErrorStream(true)
                .redirectOutput(raddb.resolve("log").toFile())
                .start();
        await(raddb.resolve("log"), "Ready to process requests");
        identities = new Identities(data, new MemoryStore(), Clock.systemUTC(), Fetcher.NONE);
        identities.configure(plan(authority, "testing123"));
    }

    @AfterEach
    void stop() throws Exception {
        if (identities != null) {
            identities.close();
        }
        if (freeradius != null) {
            freeradius.destroy();
            freeradius.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void await(Path file, String text) throws Exception {
        for (int i = 0; i < 300; i++) {
            if (Files.exists(file)
                    && Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                            .contains(text)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException(file + " does not say '" + text + "':\n"
                + (Files.exists(file) ? Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1) : ""));
    }

    private IdentityPlan plan(Authority authority, String secret) throws Exception {
        Endpoint server = new Endpoint(Address.parse("127.0.0.1"), port);
        return new IdentityPlan(
                List.of(new IdentityPlan.Trust(
                        "lab",
                        List.of(Bytes.wrap(authority.certificate().getEncoded())),
                        Optional.empty(),
                        List.of(),
                        IdentityPlan.Revocation.OFF)),
                List.of(new IdentityPlan.Directory(
                        "staff",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new IdentityPlan.Radius(
                                List.of(new IdentityPlan.RadiusServer(
                                        server, port + 1, Secret.utf8(secret), 30, Optional.empty(), Optional.empty())),
                                "gw1",
                                true)))),
                List.of(
                        client("bob", "EAP-MSCHAPv2", "bob", Optional.of("builder")),
                        client("wrong", "EAP-MSCHAPv2", "bob", Optional.of("other")),
                        client("carol", "EAP-TLS", "carol", Optional.empty())),
                List.of());
    }

    private static IdentityPlan.EapClient client(String name, String method, String user, Optional<String> password) {
        return new IdentityPlan.EapClient(
                name, method, user, password.map(Secret::utf8), Optional.of("carol"), Optional.of("lab"));
    }

    private static EapStep step(String name, Optional<EapConversation> conversation, Optional<Bytes> received) {
        return new EapStep(name, Identity.fqdn("client"), remote(), conversation, received);
    }

    private static Endpoint remote() {
        return new Endpoint(Address.parse("198.51.100.7"), 4500);
    }

    private Answer ask(Question.OfIdentity question) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        identities.ask(question, answer::complete);
        return answer.get(60, TimeUnit.SECONDS);
    }

    /** What the gateway and the client came to. */
    private List<Answer> knock(String client) throws Exception {
        Answer server = ask(new Question.EapServer(step("staff", Optional.empty(), Optional.empty())));
        Optional<EapConversation> ours = Optional.empty();
        for (int round = 0; round < 60; round++) {
            Bytes packet = packet(server);
            Answer answer = ask(new Question.EapClient(step(client, ours, Optional.of(packet))));
            if (!(answer instanceof Answer.EapNext next)) {
                return List.of(server, answer);
            }
            ours = Optional.of(next.conversation());
            server = ask(new Question.EapServer(
                    step("staff", Optional.of(((Answer.EapNext) server).conversation()), Optional.of(next.packet()))));
        }
        throw new IllegalStateException("they talk for ever");
    }

    @Test
    void mschapv2PassesThroughAndBothEndsHaveTheSameKey() throws Exception {
        List<Answer> ends = knock("bob");
        assertThat(ends.getFirst()).as(ends.toString()).isInstanceOf(Answer.EapDone.class);
        Answer.EapDone gateway = (Answer.EapDone) ends.getFirst();
        assertThat(gateway.result().method()).isEqualTo("EAP-MSCHAPv2 by RADIUS");
        assertThat(gateway.result().user()).isEqualTo("bob");
        assertThat(gateway.result().framed()).containsExactly(Address.parse("10.9.0.77"));
        assertThat(gateway.result().sessionTimeout()).contains(Duration.ofMinutes(10));
        assertThat(gateway.result().msk())
                .isPresent()
                .isEqualTo(((Answer.EapDone) ends.getLast()).result().msk());
    }

    @Test
    void tlsPassesThroughAndBothEndsHaveTheSameKey() throws Exception {
        List<Answer> ends = knock("carol");
        assertThat(ends.getFirst()).as(ends.toString()).isInstanceOf(Answer.EapDone.class);
        assertThat(((Answer.EapDone) ends.getFirst()).result().method()).isEqualTo("EAP-TLS by RADIUS");
        assertThat(((Answer.EapDone) ends.getFirst()).result().msk())
                .isPresent()
                .isEqualTo(((Answer.EapDone) ends.getLast()).result().msk());
    }

    @Test
    void aWrongPasswordIsRejectedByTheServer() throws Exception {
        List<Answer> ends = knock("wrong");
        assertThat(((Answer.EapFailed) ends.getFirst()).why())
                .isInstanceOfSatisfying(
                        IkeFact.Failure.EapRefused.class,
                        why -> assertThat(why.detail()).contains("the RADIUS server rejects it"));
    }

    /** This old FreeRADIUS answers passwords without a Message-Authenticator unless it is told to add one. */
    @Test
    void xauthAsksByPassword() throws Exception {
        assertThat(ask(new Question.CheckPassword("staff", "bob", Secret.utf8("builder"), remote())))
                .isInstanceOf(Answer.PasswordFits.class);
        assertThat(ask(new Question.CheckPassword("staff", "bob", Secret.utf8("wrong"), remote())))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void theBeginOfServiceIsTakenDown() throws Exception {
        await(directory.resolve("raddb/detail"), "Acct-Status-Type = Accounting-On");
        assertThat(Files.readString(directory.resolve("raddb/detail"))).contains("NAS-Identifier = \"gw1\"");
    }

    private static Bytes packet(Answer answer) {
        if (answer instanceof Answer.EapNext next) {
            return next.packet();
        }
        return answer instanceof Answer.EapDone done ? done.packet() : ((Answer.EapFailed) answer).packet();
    }
}
