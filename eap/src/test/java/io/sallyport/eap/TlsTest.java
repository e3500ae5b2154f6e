package io.sallyport.eap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EAP-TLS between our two ends, and between ends that misbehave. */
class TlsTest {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;

    private static TlsIdentity gateway;
    private static TlsIdentity alice;

    @BeforeAll
    static void makeKeys() throws Exception {
        gateway = Certs.of("gateway", "RSA");
        alice = Certs.of("alice", "EC");
    }

    private static Judge trusting(String name) {
        return chain -> {
            try {
                X509Certificate end = (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(chain.getFirst().toArray()));
                String found = end.getSubjectX500Principal().getName();
                if (!found.equals("CN=" + name)) {
                    throw new Judge.Refused("'" + found + "' is not trusted");
                }
                return name;
            } catch (java.security.cert.CertificateException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static EapServer server(ServerMethod... methods) {
        return new EapServer(List.of(methods), 0);
    }

    private static TlsServer tlsServer() {
        return new TlsServer(gateway, trusting("alice"));
    }

    private static EapClient client(String user) {
        return new EapClient(user, new TlsClient(user, alice, trusting("gateway")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void bothEndsComeToTheSameKeyInTls13(String kind) throws Exception {
        TlsIdentity own = Certs.of("alice", kind);
        Talk talk =
                Talk.of(server(tlsServer()), new EapClient("alice", new TlsClient("alice", own, trusting("gateway"))));
        assertThat(talk.server).isInstanceOf(Outcome.Done.class);
        assertThat(talk.client).as(talk.client.toString()).isInstanceOf(Outcome.Done.class);
        assertThat(talk.serverDone().msk()).isEqualTo(talk.clientDone().msk());
        assertThat(talk.serverDone().msk().size()).isEqualTo(64);
        assertThat(talk.serverDone().user()).isEqualTo("alice");
    }

    @Test
    void noPacketIsLargerThanAPieceAndNoTicketIsSent() {
        Talk talk = Talk.of(server(tlsServer()), client("alice"));
        assertThat(talk.packets).allMatch(p -> p.size() <= 1_020);
        // The last request holds one record of application data, padded by the JDK to 16 octets, and nothing else.
        Bytes last = talk.packets.get(talk.packets.size() - 3);
        assertThat(last.slice(10, 15)).isEqualTo(Bytes.hex("1703030022"));
        assertThat(last.size()).isEqualTo(15 + 0x22);
    }

    /** CVE-2022-4967: a good certificate proves its own name, not the one that was claimed. */
    @Test
    void theUserIsWhomTheCertificateNames() {
        Talk talk = Talk.of(server(tlsServer()), client("administrator"));
        assertThat(talk.serverDone().user()).isEqualTo("alice");
    }

    @Test
    void aClientWhomNobodyTrustsIsRefusedWithTheReason() {
        Talk talk = Talk.of(server(new TlsServer(gateway, trusting("bob"))), client("alice"));
        assertThat(talk.serverRefusal()).isEqualTo("'CN=alice' is not trusted");
        assertThat(talk.client).isInstanceOf(Outcome.Failed.class);
    }

    /** Many a client goes away when it sees the alert, and does not acknowledge it as RFC 5216 section 2.1.3 wants. */
    @Test
    void theReasonOfARefusalIsKnownWithTheAlert() {
        EapServer server = server(new TlsServer(gateway, trusting("bob")));
        EapClient client = client("alice");
        Outcome last = Outcome.Next.of(server.begin());
        for (int i = 0; i < 20 && last instanceof Outcome.Next(Bytes packet, var already) && already.isEmpty(); i++) {
            last = server.on(((Outcome.Next) client.on(packet)).packet());
        }
        assertThat(last)
                .isInstanceOfSatisfying(
                        Outcome.Next.class,
                        next -> assertThat(next.already())
                                .hasValueSatisfying(
                                        why -> assertThat(why.detail()).isEqualTo("'CN=alice' is not trusted")));
    }

    /** CVE-2023-26463. */
    @Test
    void aServerWhomNobodyTrustsIsRefusedByTheClient() {
        EapClient suspicious = new EapClient("alice", new TlsClient("alice", alice, trusting("other")));
        Talk talk = Talk.of(server(tlsServer()), suspicious);
        assertThat(talk.clientRefusal()).isEqualTo("'CN=gateway' is not trusted");
        assertThat(((Outcome.Failed) talk.client).byPeer()).isFalse();
        assertThat(talk.server).isInstanceOf(Outcome.Failed.class);
    }

    /** CVE-2021-45079. */
    @Test
    void successBeforeTheProtectedIndicationIsRefused() {
        EapServer server = server(tlsServer());
        EapClient client = client("alice");
        Bytes request = server.begin();
        for (int round = 0; round < 4; round++) {
            Outcome early = client("alice").on(Bytes.ofInts(3, round, 0, 4));
            assertThat(early).isInstanceOf(Outcome.Failed.class);
            Bytes answer = ((Outcome.Next) client.on(request)).packet();
            request = ((Outcome.Next) server.on(answer)).packet();
        }
        assertThat(client.on(Bytes.ofInts(3, 1, 0, 4)))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class, f -> assertThat(f.detail()).contains("claims success"));
    }

    @Test
    void aClientThatWantsAnotherMethodGetsItWhenItIsOffered() {
        Secret password = Secret.utf8("p");
        EapServer both = server(tlsServer(), new MsChapServer(_ -> Optional.of(password), ENTROPY));
        EapClient simple = new EapClient("bob", new MsChapClient("bob", password, ENTROPY));
        Talk talk = Talk.of(both, simple);
        assertThat(talk.serverDone().method()).isEqualTo("EAP-MSCHAPv2");
        Talk refused = Talk.of(server(tlsServer()), new EapClient("bob", new MsChapClient("bob", password, ENTROPY)));
        assertThat(refused.serverRefusal()).contains("26").contains("not offered");
    }

    @Test
    void fragmentsThatLieAreMalformed() throws Exception {
        TlsFragments fragments = new TlsFragments();
        for (String lie : List.of("", "80", "80000100", "8000010001", "c0ffffffff", "40", "80000000020000000000")) {
            assertThatThrownBy(() -> new TlsFragments().receive(Bytes.hex(lie)))
                    .as(lie)
                    .isInstanceOf(Malformed.class);
        }
        Bytes piece = Bytes.concat(Bytes.ofInts(0x40), Bytes.wrap(new byte[1_000]));
        for (int i = 0; i < 65; i++) {
            fragments.receive(piece);
        }
        assertThatThrownBy(() -> fragments.receive(piece)).hasMessageContaining("more octets");
    }

    @Test
    void aMessageOfManyPiecesArrivesWhole() throws Exception {
        Bytes message = ENTROPY.bytes(5_555);
        TlsFragments sender = new TlsFragments();
        TlsFragments receiver = new TlsFragments();
        TlsFragments.Came came = receiver.receive(sender.send(message));
        while (came instanceof TlsFragments.Came.Piece) {
            came = receiver.receive(sender.next().orElseThrow());
        }
        assertThat(came).isEqualTo(new TlsFragments.Came.Whole(message));
        assertThat(sender.hasMore()).isFalse();
    }

    @Test
    void aConversationOfTooManyRoundsEnds() {
        EapServer server = server(tlsServer());
        EapClient client = client("alice");
        Bytes request = server.begin();
        request = ((Outcome.Next) server.on(((Outcome.Next) client.on(request)).packet())).packet();
        Outcome outcome = Outcome.Next.of(request);
        for (int i = 0; i < 60 && outcome instanceof Outcome.Next(Bytes packet, var _); i++) {
            Bytes piece = new EapPacket(2, packet.at(1), 13, Bytes.ofInts(0x40, 1)).write();
            outcome = server.on(piece);
        }
        assertThat(((Outcome.Failed) outcome).detail()).contains("too many rounds");
    }

    @Test
    void octetsThatAreNoTlsEndTheConversation() {
        EapServer server = server(tlsServer());
        EapClient client = client("alice");
        Bytes request = ((Outcome.Next) server.on(((Outcome.Next) client.on(server.begin())).packet())).packet();
        Outcome end = server.on(new EapPacket(2, request.at(1), 13, Bytes.ofInts(0, 1, 2, 3, 4, 5, 6, 7)).write());
        for (int i = 0; i < 3 && end instanceof Outcome.Next(Bytes alert, var _); i++) {
            end = server.on(new EapPacket(2, alert.at(1), 13, Bytes.ofInts(0)).write());
        }
        assertThat(end).isInstanceOf(Outcome.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsGiveBothEndsOneKey(String version) throws Exception {
        TlsEngine server = TlsEngine.server(gateway, trusting("alice"));
        TlsEngine client = TlsEngine.client(alice, trusting("gateway")).only(version);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Bytes toServer = client.exchange(Bytes.EMPTY, plain);
        for (int i = 0; i < 5 && !(server.isFinished() && client.isFinished()); i++) {
            toServer = client.exchange(server.exchange(toServer, plain), plain);
        }
        assertThat(server.isTls13()).isEqualTo(version.equals("TLSv1.3"));
        assertThat(server.isOfTheOldKind()).isFalse();
        assertThat(server.msk()).isEqualTo(client.msk());
        assertThat(plain.size()).isZero();
    }

    @Test
    void olderVersionsAreRefused() throws Exception {
        TlsEngine server = TlsEngine.server(gateway, trusting("alice")).only("TLSv1.3");
        TlsEngine client = TlsEngine.client(alice, trusting("gateway")).only("TLSv1.2");
        Bytes hello = client.exchange(Bytes.EMPTY, new ByteArrayOutputStream());
        assertThatThrownBy(() -> server.exchange(hello, new ByteArrayOutputStream()))
                .isInstanceOf(SSLException.class);
    }

    /** CVE-2026-35328: a list of versions that is empty, of an odd length, or longer than its extension. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "03", "ff"})
    void aListOfVersionsThatLiesEndsTheHandshake(String length) throws Exception {
        TlsEngine client = TlsEngine.client(alice, trusting("gateway"));
        String hello = client.exchange(Bytes.EMPTY, new ByteArrayOutputStream()).hex();
        // supported_versions, five octets: four octets of list, TLS 1.3 and 1.2.
        String versions = "002b00050403040303";
        assertThat(hello).contains(versions);
        Bytes wrong = Bytes.hex(hello.replace(versions, "002b0005" + length + "03040303"));
        TlsEngine server = TlsEngine.server(gateway, trusting("alice"));
        assertThatThrownBy(() -> server.exchange(wrong, new ByteArrayOutputStream()))
                .isInstanceOf(SSLException.class);
    }

    /** CVE-2026-35332: a public value of no octets, and the one that makes every secret zero. */
    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000000000000000000000000000000000000000000000000000000000000000"})
    void aPublicValueThatIsNoneEndsTheHandshake(String value) throws Exception {
        TlsEngine server = TlsEngine.server(gateway, trusting("alice"));
        TlsEngine client = TlsEngine.client(alice, trusting("gateway")).only("TLSv1.2");
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Bytes flight = client.exchange(server.exchange(client.exchange(Bytes.EMPTY, plain), plain), plain);
        Bytes wrong = withPublicValue(flight, Bytes.hex(value));
        // Refused for itself, and not only because the transcript has changed.
        assertThatThrownBy(() -> server.exchange(wrong, plain))
                .isInstanceOf(SSLException.class)
                .hasMessageNotContaining("CertificateVerify");
        assertThat(server.isFinished()).isFalse();
    }

    /** In a client's second flight of TLS 1.2, in whichever records its messages travel. */
    private static Bytes withPublicValue(Bytes flight, Bytes value) {
        Bytes out = Bytes.EMPTY;
        boolean replaced = false;
        for (int at = 0; at < flight.size(); ) {
            int end = at + 5 + (flight.at(at + 3) << 8 | flight.at(at + 4));
            Bytes messages = Bytes.EMPTY;
            boolean handshake = flight.at(at) == 22;
            for (int in = at + 5; handshake && in + 4 <= end; ) {
                int next = in + 4 + (flight.at(in + 1) << 16 | flight.at(in + 2) << 8 | flight.at(in + 3));
                if (flight.at(in) == 16) {
                    messages = Bytes.concat(messages, Bytes.ofInts(16, 0, 0, value.size() + 1, value.size()), value);
                    replaced = true;
                } else if (next <= end) {
                    messages = Bytes.concat(messages, flight.slice(in, next));
                } else {
                    // What is encrypted has no length that can be read.
                    messages = Bytes.concat(messages, flight.slice(in, end));
                }
                in = next;
            }
            Bytes body = handshake ? messages : flight.slice(at + 5, end);
            out = Bytes.concat(out, flight.slice(at, at + 3), Bytes.ofInts(body.size() >> 8, body.size() & 0xff), body);
            at = end;
        }
        assertThat(replaced).isTrue();
        return out;
    }

    /** CVE-2026-35334 and every Bleichenbacher before it: nothing is ever decrypted with the certificate's key. */
    @Test
    void noSuiteWithoutEphemeralKeysIsSpoken() throws Exception {
        Bytes hello = TlsEngine.client(alice, trusting("gateway")).exchange(Bytes.EMPTY, new ByteArrayOutputStream());
        int at = 5 + 4 + 2 + 32;
        at += 1 + hello.at(at);
        int end = at + 2 + (hello.at(at) << 8 | hello.at(at + 1));
        assertThat(end).isGreaterThan(at + 2);
        for (int suite = at + 2; suite < end; suite += 2) {
            int number = hello.at(suite) << 8 | hello.at(suite + 1);
            // TLS 1.3, ECDHE with AES or ChaCha20, and the mark of RFC 5746 section 3.3.
            assertThat(number >> 8).as(Integer.toHexString(number)).isIn(0x13, 0xc0, 0xcc, 0x00);
            assertThat(number >> 8 != 0 || number == 0x00ff)
                    .as(Integer.toHexString(number))
                    .isTrue();
        }
    }

    /** Triple handshakes (RFC 7627 section 1) need a second one: after the end of the first nothing is heard. */
    @Test
    void afterTheEndOfTheHandshakeNoOtherBegins() throws Exception {
        TlsServer server = tlsServer();
        server.begin("alice");
        TlsEngine client = TlsEngine.client(alice, trusting("gateway")).only("TLSv1.2");
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Bytes said = client.exchange(Bytes.EMPTY, plain);
        for (int i = 0; i < 5 && !client.isFinished(); i++) {
            said = client.exchange(swap(server, said), plain);
        }
        assertThat(client.isFinished()).isTrue();
        Bytes another = TlsEngine.client(alice, trusting("gateway")).exchange(Bytes.EMPTY, plain);
        assertThat(server.on(new TlsFragments().send(another))).isInstanceOf(Step.Refuse.class);
    }

    /** Sends a message in its pieces, and puts the answer's together. */
    private static Bytes swap(TlsServer server, Bytes message) throws Malformed {
        TlsFragments out = new TlsFragments();
        Step step = server.on(out.send(message));
        while (out.hasMore()) {
            step = server.on(out.next().orElseThrow());
        }
        TlsFragments in = new TlsFragments();
        while (true) {
            if (in.receive(((Step.Say) step).data()) instanceof TlsFragments.Came.Whole(Bytes whole)) {
                return whole;
            }
            step = server.on(TlsFragments.EMPTY);
        }
    }
}
