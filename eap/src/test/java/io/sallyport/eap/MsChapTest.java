package io.sallyport.eap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** EAP-MSCHAPv2: the RFC's vectors, both ends together, and ends that misbehave. */
class MsChapTest {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;
    private static final Secret PASSWORD = Secret.utf8("clientPass");

    private static EapServer server() {
        return new EapServer(
                List.of(new MsChapServer(
                        user -> user.equals("alice") ? Optional.of(PASSWORD) : Optional.empty(), ENTROPY)),
                7);
    }

    private static EapClient client(String user, String password) {
        return new EapClient(user, new MsChapClient(user, Secret.utf8(password), ENTROPY));
    }

    @Test
    void theVectorsOfTheRfcsComeOut() {
        // RFC 2759 section 9.2 and RFC 3079 section 3.5.3.
        Bytes authenticator = Bytes.hex("5B5D7C7D7B3F2F3E3C2C602132262628");
        Bytes peer = Bytes.hex("21402324255E262A28295F2B3A337C7E");
        byte[] hash = MsChap.passwordHash(PASSWORD);
        assertThat(Bytes.wrap(hash).hex()).isEqualTo("44ebba8d5312b8d611474411f56989ae");
        assertThat(Bytes.wrap(MsChap.challengeHash(peer, authenticator, "User")).hex())
                .isEqualTo("d02e4386bce91226");
        byte[] response = MsChap.response(authenticator, peer, "User", hash);
        assertThat(Bytes.wrap(response).hex()).isEqualTo("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");
        assertThat(MsChap.authenticator(hash, response, peer, authenticator, "User"))
                .isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
        assertThat(Bytes.wrap(MsChap.msk(hash, response).expose()).hex())
                .isEqualTo("d5f0e9521e3ea9589645e86051c82226" + "8b7cdc149b993a1ba118cb153f56dccb" + "00".repeat(32));
    }

    @Test
    void bothEndsComeToTheSameKey() {
        Talk talk = Talk.of(server(), client("alice", "clientPass"));
        assertThat(talk.serverDone().user()).isEqualTo("alice");
        assertThat(talk.serverDone().msk()).isEqualTo(talk.clientDone().msk());
        assertThat(talk.serverDone().msk().size()).isEqualTo(64);
        assertThat(talk.serverDone().method()).isEqualTo("EAP-MSCHAPv2");
    }

    @Test
    void aDomainBeforeTheNameIsNoObstacle() {
        Talk talk = Talk.of(server(), client("LAB\\alice", "clientPass"));
        assertThat(talk.serverDone().user()).isEqualTo("LAB\\alice");
        assertThat(talk.clientDone().msk()).isEqualTo(talk.serverDone().msk());
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        Talk wrong = Talk.of(server(), client("alice", "other"));
        assertThat(wrong.serverRefusal()).isEqualTo("the password is wrong");
        assertThat(wrong.clientRefusal()).contains("error 691");
        assertThat(((Outcome.Failed) wrong.client).byPeer()).isTrue();
        Talk nobody = Talk.of(server(), client("bob", "clientPass"));
        assertThat(nobody.serverRefusal()).isEqualTo("there is no such user");
        assertThat(nobody.packets.get(4).size()).isEqualTo(wrong.packets.get(4).size());
        assertThat(nobody.packets.get(4).slice(5, 7))
                .isEqualTo(Bytes.ofInts(4, nobody.packets.get(4).at(6)));
    }

    @Test
    void theFailureAllowsNoSecondAttempt() {
        Talk wrong = Talk.of(server(), client("alice", "other"));
        assertThat(wrong.packets.get(4).printable()).contains("R=0");
    }

    /** CVE-2021-45079. */
    @Test
    void aSuccessBeforeTheProofIsRefused() {
        for (int rounds = 0; rounds < 2; rounds++) {
            EapServer server = server();
            EapClient client = client("alice", "clientPass");
            Bytes request = server.begin();
            for (int i = 0; i <= rounds; i++) {
                Bytes answer = ((Outcome.Next) client.on(request)).packet();
                request = ((Outcome.Next) server.on(answer)).packet();
            }
            Outcome end = client.on(Bytes.ofInts(3, 9, 0, 4));
            assertThat(((Outcome.Failed) end).detail()).contains("claims success");
        }
        Outcome first = client("alice", "clientPass").on(Bytes.ofInts(3, 0, 0, 4));
        assertThat(((Outcome.Failed) first).detail()).contains("claims success");
    }

    /** CVE-2015-8023: a success message before, or instead of, the challenge proves nothing. */
    @Test
    void aServersSuccessIsBelievedOnlyAfterItsChallengeAndWithItsProof() throws Exception {
        MsChapClient early = new MsChapClient("alice", PASSWORD, ENTROPY);
        Bytes success = new MsChapMessage.Success(1, Bytes.utf8("S=" + "0".repeat(40))).write();
        assertThat(early.on(success)).isInstanceOf(Step.Refuse.class);
        MsChapClient asked = new MsChapClient("alice", PASSWORD, ENTROPY);
        asked.on(new MsChapMessage.Challenge(1, Bytes.wrap(new byte[16]), Bytes.EMPTY).write());
        assertThat(asked.on(success))
                .isInstanceOfSatisfying(
                        Step.Refuse.class, r -> assertThat(r.detail()).contains("did not prove"));
    }

    @Test
    void aClientsSuccessWithoutAResponseProvesNothing() throws Exception {
        MsChapServer server = new MsChapServer(_ -> Optional.of(PASSWORD), ENTROPY);
        server.begin("alice");
        assertThat(server.on(Bytes.ofInts(3))).isInstanceOf(Step.Refuse.class);
        assertThat(server.on(Bytes.ofInts(4))).isInstanceOf(Step.Refuse.class);
    }

    /** CVE-2025-62291: lengths that lie. */
    @Test
    void lengthsThatLieAreMalformed() {
        for (String lie : List.of(
                "",
                "04",
                "0401",
                "040100",
                "04010000",
                "04010003",
                "01010005ff",
                "0101000510",
                "0101001410" + "00".repeat(15),
                "0301ffff",
                "07010004")) {
            assertThatThrownBy(() -> MsChapMessage.request(Bytes.hex(lie)))
                    .as(lie)
                    .isInstanceOf(Malformed.class);
        }
        for (String lie : List.of("", "02", "0201", "02010004", "0201000531", "0301", "0400", "01010004")) {
            assertThatThrownBy(() -> MsChapMessage.answer(Bytes.hex(lie)))
                    .as(lie)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void packetsWhoseLengthLiesEndTheConversation() {
        for (Bytes lie : List.of(
                Bytes.EMPTY,
                Bytes.ofInts(2),
                Bytes.ofInts(2, 7, 0, 4),
                Bytes.ofInts(2, 7, 0, 6, 1),
                Bytes.ofInts(2, 7, 0, 5, 1, 65),
                Bytes.ofInts(9, 7, 0, 5, 1),
                Bytes.ofInts(1, 7, 0, 5, 1),
                Bytes.ofInts(2, 8, 0, 5, 1),
                Bytes.ofInts(2, 7, 0, 5, 26))) {
            EapServer server = server();
            server.begin();
            assertThat(server.on(lie)).as(lie.hex()).isInstanceOf(Outcome.Failed.class);
            assertThat(server.on(Bytes.ofInts(2, 7, 0, 5, 1))).isInstanceOf(Outcome.Failed.class);
        }
    }

    @Test
    void aServerWithNothingTheClientKnowsSaysWhatItWanted() {
        EapServer server = server();
        server.begin();
        server.on(new EapPacket(2, 7, 1, Bytes.utf8("alice")).write());
        Outcome end = server.on(new EapPacket(2, 8, 3, Bytes.ofInts(13, 25)).write());
        assertThat(((Outcome.Failed) end).detail()).contains("13, 25");
    }

    @Test
    void noSecretIsInWhatIsPrinted() {
        Talk talk = Talk.of(server(), client("alice", "clientPass"));
        assertThat(talk.server.toString() + talk.client)
                .doesNotContain("clientPass")
                .contains("Secret[64 octets]");
    }
}
