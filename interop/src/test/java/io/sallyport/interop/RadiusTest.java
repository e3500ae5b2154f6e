package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Path credentials = data.resolve("pki/credentials");
        FreeRadius server = FreeRadius.at(
                directory.resolve("raddb"),
                credentials.resolve("radius.example.pem"),
                data.resolve("pki/ca.pem"),
                "127.0.0.1",
                port,
                """
                bob Cleartext-Password := "builder"
                    Framed-IP-Address = 10.9.0.77, Class = 0x0102, Session-Timeout = 600
                open Auth-Type := Accept
                """);
        List<String> command = new ArrayList<>(FreeRadius.COMMAND);
        command.add(server.directory().toString());
        freeradius = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(server.directory().resolve("log").toFile())
                .start();
        await(server.directory().resolve("log"), "Ready to process requests");
        identities = new Identities(data, new MemoryStore(), Clock.systemUTC(), Fetcher.NONE);
        identities.configure(plan(authority));
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

    private IdentityPlan plan(Authority authority) throws Exception {
        return new IdentityPlan(
                List.of(new IdentityPlan.Trust(
                        "lab",
                        List.of(Bytes.wrap(authority.certificate().getEncoded())),
                        Optional.empty(),
                        List.of(),
                        IdentityPlan.Revocation.OFF)),
                List.of(
                        directory("staff", FreeRadius.SECRET, true),
                        directory("misspelt", "testing124", false),
                        new IdentityPlan.Directory(
                                "own",
                                List.of("EAP-TLS", "EAP-MSCHAPv2"),
                                List.of(new IdentityPlan.User("bob", Secret.utf8("builder"))),
                                Optional.of("radius.example"),
                                Optional.of("lab"),
                                Optional.empty())),
                List.of(
                        client("bob", "EAP-MSCHAPv2", "bob", Optional.of("builder")),
                        client("wrong", "EAP-MSCHAPv2", "bob", Optional.of("other")),
                        client("open", "EAP-MSCHAPv2", "open", Optional.of("anything")),
                        client("carol", "EAP-TLS", "carol", Optional.empty())),
                List.of());
    }

    private IdentityPlan.Directory directory(String name, String secret, boolean accounting) {
        return new IdentityPlan.Directory(
                name,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new IdentityPlan.Radius(
                        List.of(new IdentityPlan.RadiusServer(
                                new Endpoint(Address.parse("127.0.0.1"), port),
                                port + 1,
                                Secret.utf8(secret),
                                30,
                                Optional.empty(),
                                Optional.empty(),
                                true)),
                        "gw1",
                        accounting)));
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

    /** What the gateway and our client came to. */
    private List<Answer> knock(String client) throws Exception {
        return knock("staff", client);
    }

    private List<Answer> knock(String directory, String client) throws Exception {
        Answer server = ask(new Question.EapServer(step(directory, Optional.empty(), Optional.empty())));
        Optional<EapConversation> ours = Optional.empty();
        for (int round = 0; round < 60; round++) {
            Bytes packet = packet(server);
            Answer answer = ask(new Question.EapClient(step(client, ours, Optional.of(packet))));
            if (!(answer instanceof Answer.EapNext next)) {
                return List.of(server, answer);
            }
            ours = Optional.of(next.conversation());
            server = ask(new Question.EapServer(step(
                    directory, Optional.of(((Answer.EapNext) server).conversation()), Optional.of(next.packet()))));
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

    /** A server is silent to those whose Message-Authenticator does not fit. */
    @Test
    @Shows(
            peer = Shows.FREERADIUS,
            feature = "another shared secret: silence, which is told as such",
            role = "RADIUS client")
    void anotherSecretIsMetWithSilence() throws Exception {
        List<Answer> ends = knock("misspelt", "bob");
        assertThat(((Answer.EapFailed) ends.getFirst()).why()).isInstanceOf(IkeFact.Failure.RadiusSilent.class);
    }

    /**
     * wpa_supplicant's EAP client knocks at ours, and compares its keys with those it is told.
     *
     * @param decides whose EAP server decides: our own, or FreeRADIUS behind us
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "own   | EAP-MSCHAPv2  | eap=MSCHAPV2 identity=\"bob\" password=\"builder\"",
                "own   | EAP-TLS, 1.2  | eap=TLS identity=\"carol\" phase1=\"tls_disable_tlsv1_3=1\"",
                "own   | EAP-TLS, 1.3  | eap=TLS identity=\"carol\" phase1=\"tls_disable_tlsv1_3=0\"",
                "staff | EAP-TLS, 1.3  | eap=TLS identity=\"carol\" phase1=\"tls_disable_tlsv1_3=0\"",
                "staff | PEAP          | eap=PEAP identity=\"bob\" password=\"builder\" phase2=\"auth=MSCHAPV2\"",
                "staff | TTLS, PAP     | eap=TTLS identity=\"bob\" password=\"builder\" phase2=\"auth=PAP\"",
                "staff | TTLS, MSCHAP2 | eap=TTLS identity=\"bob\" password=\"builder\" phase2=\"auth=MSCHAPV2\"",
            })
    @Shows(
            peer = Shows.EAPOL_TEST,
            feature =
                    "EAP-MSCHAPv2 and EAP-TLS (1.2, 1.3) with our server; EAP-TLS, PEAP, EAP-TTLS through us to FreeRADIUS",
            role = "EAP server")
    void wpaSupplicantComesToTheSameKey(String decides, String method, String network) throws Exception {
        Path pki = directory.resolve("data/pki");
        Path conf = directory.resolve("eapol.conf");
        Files.writeString(conf, """
                network={
                  key_mgmt=IEEE8021X
                  %s
                  ca_cert="%s"
                  client_cert="%s"
                  private_key="%s"
                }
                """.formatted(
                        network.replace(" ", "\n  "),
                        pki.resolve("ca.pem"),
                        pki.resolve("credentials/carol.pem"),
                        pki.resolve("credentials/carol.pem")));
        try (RadiusFront front = new RadiusFront(
                received -> ask(new Question.EapServer(step(decides, received.conversation(), received.eap()))))) {
            Commands.Finished finished = Commands.run(
                    Duration.ofSeconds(60),
                    List.of(
                            "eapol_test",
                            "-c",
                            conf.toString(),
                            "-a",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(front.port()),
                            "-s",
                            RadiusFront.SECRET,
                            "-t",
                            "30"));
            assertThat(finished.output())
                    .as(method)
                    .contains("MPPE keys OK: 1  mismatch: 0")
                    .endsWith("SUCCESS\n");
        }
    }

    /** RFC 3579 section 2.6.3: a server that was told to let everybody in has not heard of EAP, and no key was made. */
    @Test
    void anAcceptThatNoMethodHasEarnedLetsNobodyIn() throws Exception {
        List<Answer> ends = knock("open");
        assertThat(((Answer.EapFailed) ends.getFirst()).why())
                .isInstanceOfSatisfying(
                        IkeFact.Failure.EapRefused.class,
                        why -> assertThat(why.detail()).contains("without EAP-Success"));
        assertThat(ends.getLast()).isInstanceOf(Answer.EapFailed.class);
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
