package io.sallyport.eap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
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
        java.io.ByteArrayOutputStream plain = new java.io.ByteArrayOutputStream();
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
        Bytes hello = client.exchange(Bytes.EMPTY, new java.io.ByteArrayOutputStream());
        assertThatThrownBy(() -> server.exchange(hello, new java.io.ByteArrayOutputStream()))
                .isInstanceOf(javax.net.ssl.SSLException.class);
    }
}
