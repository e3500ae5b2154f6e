package io.sallyport.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked, whom, and which answers are believed. */
@Timeout(60)
class RadiusClientTest {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;
    private static final Endpoint REMOTE = new Endpoint(Address.parse("198.51.100.7"), 4500);
    private static final RadiusClient.Caller CALLER = new RadiusClient.Caller("s1", REMOTE);
    private static final Bytes IDENTITY = Bytes.concat(Bytes.hex("0201000a01"), Bytes.utf8("alice"));
    private static final Bytes EAP_REQUEST = Bytes.hex("010200061a01");

    private static RadiusClient client(int tries, RadiusServer... servers) {
        List<Duration> patience = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            patience.add(Duration.ofMillis(i == tries - 1 && tries > 1 ? 5_000 : 300));
        }
        return new RadiusClient(
                List.of(servers),
                "gw1",
                ENTROPY,
                new UdpTransport(_ -> new java.net.DatagramSocket(null)),
                Clock.systemUTC(),
                patience);
    }

    private static Attribute eap(Bytes packet) {
        return new Attribute(Attribute.EAP_MESSAGE, packet);
    }

    @Test
    void everyRequestCarriesAMessageAuthenticatorFirstAndSaysWhoAsks() throws Exception {
        try (Answering radius =
                new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_CHALLENGE, eap(EAP_REQUEST))))) {
            Verdict verdict = client(2, radius.server(1)).converse(CALLER).on(IDENTITY);
            assertThat(verdict).isEqualTo(new Verdict.Challenge(EAP_REQUEST));
            RadiusPacket request = radius.heard.getFirst();
            Attribute first = request.attributes().getFirst();
            assertThat(first.type()).isEqualTo(Attribute.MESSAGE_AUTHENTICATOR);
            List<Attribute> zeroed = new ArrayList<>(request.attributes());
            zeroed.set(0, new Attribute(first.type(), Bytes.wrap(new byte[16])));
            RadiusPacket unsigned =
                    new RadiusPacket(request.code(), request.identifier(), request.authenticator(), zeroed);
            assertThat(Authenticity.hmac(unsigned.write(), Answering.SECRET)).isEqualTo(first.value());
            assertThat(request.first(Attribute.USER_NAME)).contains(Bytes.utf8("alice"));
            assertThat(request.first(Attribute.NAS_IDENTIFIER)).contains(Bytes.utf8("gw1"));
            assertThat(request.first(Attribute.CALLING_STATION)).contains(Bytes.utf8("198.51.100.7[4500]"));
            assertThat(request.first(Attribute.ACCT_SESSION_ID)).contains(Bytes.utf8("s1"));
            assertThat(request.eap()).isEqualTo(IDENTITY);
        }
    }

    @Test
    void longEapMessagesTravelInPiecesAndStateIsEchoed() throws Exception {
        Bytes state = ENTROPY.bytes(40);
        Bytes challenge = ENTROPY.bytes(600);
        try (Answering radius = new Answering(r -> List.of(Answering.signed(
                r,
                RadiusPacket.ACCESS_CHALLENGE,
                eap(challenge.slice(0, 253)),
                eap(challenge.slice(253, 506)),
                eap(challenge.slice(506, 600)),
                new Attribute(Attribute.STATE, state))))) {
            RadiusClient.Conversation talk = client(2, radius.server(1)).converse(CALLER);
            assertThat(talk.on(IDENTITY)).isEqualTo(new Verdict.Challenge(challenge));
            Bytes answer = ENTROPY.bytes(1_000);
            talk.on(answer);
            RadiusPacket second = radius.heard.get(1);
            assertThat(second.eap()).isEqualTo(answer);
            assertThat(second.all(Attribute.EAP_MESSAGE)).hasSize(4);
            assertThat(second.all(Attribute.STATE)).containsExactly(state);
            assertThat(second.first(Attribute.USER_NAME)).contains(Bytes.utf8("alice"));
        }
    }

    /** BlastRADIUS, CVE-2024-3596, and whatever else is not from the server. */
    @Test
    void answersThatAreNotAuthenticAreNotHeard() throws Exception {
        Secret other = Secret.utf8("other");
        try (Answering radius = new Answering(r -> {
            Bytes good = Answering.signed(r, RadiusPacket.ACCESS_ACCEPT);
            byte[] flipped = good.toArray();
            flipped[0] = RadiusPacket.ACCESS_REJECT;
            byte[] changed = good.toArray();
            changed[30] ^= 1;
            RadiusPacket another = new RadiusPacket(1, r.identifier() + 1 & 0xff, r.authenticator(), List.of());
            return List.of(
                    Answering.signed(r, RadiusPacket.ACCESS_ACCEPT, Answering.SECRET, false),
                    Answering.signed(r, RadiusPacket.ACCESS_ACCEPT, other, true),
                    Bytes.wrap(flipped),
                    Bytes.wrap(changed),
                    Answering.signed(another, RadiusPacket.ACCESS_ACCEPT),
                    Answering.signed(r, RadiusPacket.ACCOUNTING_RESPONSE),
                    Bytes.EMPTY,
                    Bytes.hex("0201"));
        })) {
            Verdict verdict = client(1, radius.server(1)).converse(CALLER).on(IDENTITY);
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Silent.class,
                            s -> assertThat(s.servers().getFirst()).contains("not heard"));
        }
    }

    /** Old servers answer passwords without a Message-Authenticator; for EAP none is old enough (RFC 3579 section 3.2). */
    @Test
    void aServerMayLeaveTheMessageAuthenticatorOutOnlyWhereThatIsAllowedAndNeverForEap() throws Exception {
        try (Answering old =
                new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT, Answering.SECRET, false)))) {
            assertThat(client(1, old.server(1, false)).password(CALLER, "u", Secret.utf8("p")))
                    .isInstanceOf(Verdict.Accept.class);
            assertThat(client(1, old.server(1, true)).password(CALLER, "u", Secret.utf8("p")))
                    .isInstanceOfSatisfying(
                            Verdict.Silent.class,
                            s -> assertThat(s.servers().getFirst()).contains("CVE-2024-3596"));
            assertThat(client(1, old.server(1, false)).converse(CALLER).on(IDENTITY))
                    .isInstanceOf(Verdict.Silent.class);
        }
    }

    @Test
    void anAnswerAmongForgeriesIsFound() throws Exception {
        try (Answering radius = new Answering(r -> List.of(
                Answering.signed(r, RadiusPacket.ACCESS_ACCEPT, Secret.utf8("x"), true),
                Answering.signed(
                        r, RadiusPacket.ACCESS_REJECT, Attribute.text(Attribute.REPLY_MESSAGE, "no\nentry"))))) {
            assertThat(client(2, radius.server(1)).password(CALLER, "u", Secret.utf8("p")))
                    .isEqualTo(new Verdict.Reject(Bytes.EMPTY, "no.entry"));
        }
    }

    @Test
    void lossIsMadeGoodByAskingAgain() throws Exception {
        int[] count = {0};
        try (Answering radius = new Answering(
                r -> ++count[0] < 3 ? List.of() : List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT)))) {
            assertThat(client(4, radius.server(1)).password(CALLER, "u", Secret.utf8("p")))
                    .isInstanceOf(Verdict.Accept.class);
            assertThat(radius.heard).hasSize(3);
            assertThat(radius.heard.get(2)).isEqualTo(radius.heard.get(0));
        }
    }

    @Test
    void theHigherScoreIsAskedFirstAndTheSilentOneLast() throws Exception {
        try (Answering silent = new Answering(_ -> List.of());
                Answering talking = new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT)))) {
            RadiusClient client = client(1, talking.server(5), silent.server(30));
            assertThat(client.password(CALLER, "u", Secret.utf8("p"))).isInstanceOf(Verdict.Accept.class);
            assertThat(silent.heard).hasSize(1);
            assertThat(client.password(CALLER, "u", Secret.utf8("p"))).isInstanceOf(Verdict.Accept.class);
            assertThat(silent.heard).hasSize(1);
            assertThat(talking.heard).hasSize(2);
        }
    }

    @Test
    void serversOfTheSameScoreTakeTurns() throws Exception {
        try (Answering one = new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT)));
                Answering other = new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT)))) {
            RadiusClient client = client(2, one.server(1), other.server(1));
            for (int i = 0; i < 4; i++) {
                client.password(CALLER, "u", Secret.utf8("p"));
            }
            assertThat(one.heard).hasSize(2);
            assertThat(other.heard).hasSize(2);
        }
    }

    @Test
    void aConversationStaysWithItsServer() throws Exception {
        try (Answering one = new Answering(
                        r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_CHALLENGE, eap(EAP_REQUEST))));
                Answering other = new Answering(
                        r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_CHALLENGE, eap(EAP_REQUEST))))) {
            RadiusClient.Conversation talk =
                    client(2, one.server(1), other.server(1)).converse(CALLER);
            for (int i = 0; i < 5; i++) {
                talk.on(IDENTITY);
            }
            assertThat(List.of(one.heard.size(), other.heard.size())).containsExactlyInAnyOrder(5, 0);
        }
    }

    @Test
    void whatAnAcceptBringsIsKept() throws Exception {
        Secret first = Secret.of(ENTROPY.bytes(32).toArray());
        Secret second = Secret.of(ENTROPY.bytes(32).toArray());
        try (Answering radius = new Answering(r -> List.of(Answering.signed(
                r,
                RadiusPacket.ACCESS_ACCEPT,
                eap(Bytes.hex("03020004")),
                Attribute.text(Attribute.USER_NAME, "Alice"),
                new Attribute(Attribute.FRAMED_IP_ADDRESS, Bytes.ofInts(10, 9, 8, 7)),
                new Attribute(
                        Attribute.FRAMED_IPV6_ADDRESS,
                        Address.parse("2001:db8::7").toBytes()),
                Attribute.number(Attribute.SESSION_TIMEOUT, 3_600),
                Attribute.number(Attribute.ACCT_INTERIM_INTERVAL, 120),
                new Attribute(Attribute.CLASS, Bytes.ofInts(1, 2, 3)),
                new Attribute(Attribute.CLASS, Bytes.ofInts(4)),
                Attribute.text(Attribute.FILTER_ID, "staff"),
                microsoft(65, Bytes.hex("6ad1bd09")),
                microsoft(17, sealed(first, 0x8001, r)),
                microsoft(16, sealed(second, 0x8002, r)))))) {
            Verdict.Accept accept = (Verdict.Accept)
                    client(2, radius.server(1)).converse(CALLER).on(IDENTITY);
            assertThat(accept.eap()).isEqualTo(Bytes.hex("03020004"));
            assertThat(accept.user()).isEqualTo("Alice");
            assertThat(accept.msk().orElseThrow().slice(0, 32)).isEqualTo(first);
            assertThat(accept.msk().orElseThrow().slice(32, 64)).isEqualTo(second);
            assertThat(accept.framed()).containsExactly(Address.parse("10.9.8.7"), Address.parse("2001:db8::7"));
            assertThat(accept.sessionTimeout()).contains(Duration.ofHours(1));
            assertThat(accept.marks())
                    .isEqualTo(new Verdict.Marks(
                            List.of(Bytes.ofInts(1, 2, 3), Bytes.ofInts(4)),
                            List.of("staff"),
                            List.of(Bytes.hex("6ad1bd09")),
                            Optional.of(Duration.ofMinutes(2))));
        }
    }

    private static Attribute microsoft(int kind, Bytes value) {
        return new Attribute(
                Attribute.VENDOR, Bytes.concat(Bytes.hex("00000137"), Bytes.ofInts(kind, 2 + value.size()), value));
    }

    /** RFC 2548 section 2.4.2, from the server's side. */
    private static Bytes sealed(Secret key, int salt, RadiusPacket request) {
        Bytes salted = Bytes.ofInts(salt >> 8, salt & 0xff);
        byte[] plain = new byte[48];
        plain[0] = (byte) key.size();
        System.arraycopy(key.expose(), 0, plain, 1, key.size());
        Bytes chain = Bytes.concat(request.authenticator(), salted);
        Bytes out = salted;
        try {
            for (int at = 0; at < 48; at += 16) {
                java.security.MessageDigest md5 = java.security.MessageDigest.getInstance("MD5");
                md5.update(Answering.SECRET.expose());
                md5.update(chain.toArray());
                byte[] block = md5.digest();
                for (int i = 0; i < 16; i++) {
                    block[i] ^= plain[at + i];
                }
                chain = Bytes.wrap(block);
                out = Bytes.concat(out, chain);
            }
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return out;
    }

    @Test
    void addressesThatLeaveTheChoiceToUsAreNone() throws Exception {
        for (String choice : List.of("fffffffe", "ffffffff", "00000000", "0a0908")) {
            try (Answering radius = new Answering(r -> List.of(Answering.signed(
                    r, RadiusPacket.ACCESS_ACCEPT, new Attribute(Attribute.FRAMED_IP_ADDRESS, Bytes.hex(choice)))))) {
                assertThat(((Verdict.Accept) client(2, radius.server(1)).password(CALLER, "u", Secret.utf8("p")))
                                .framed())
                        .isEmpty();
            }
        }
    }

    @Test
    void aPasswordIsHiddenAsTheRfcSays() {
        // RFC 2865 section 7.1: user nemo, password arctangent, secret xyzzy5461.
        Optional<Bytes> hidden = Authenticity.password(
                Secret.utf8("arctangent"), Bytes.hex("0f403f9473978057bd83d5cb98f4227a"), Secret.utf8("xyzzy5461"));
        assertThat(hidden).contains(Bytes.hex("0dbe708d93d413ce3196e43f782a0aee"));
    }

    @Test
    void accountingTellsWhatWentThrough() throws Exception {
        try (Answering radius = new Answering(
                r -> List.of(Answering.signed(r, RadiusPacket.ACCOUNTING_RESPONSE, Answering.SECRET, false)))) {
            Clock clock = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), java.time.ZoneOffset.UTC);
            Accounting accounting = new Accounting(client(2, radius.server(1)), clock);
            Verdict.Marks marks =
                    new Verdict.Marks(List.of(Bytes.ofInts(9, 9)), List.of(), List.of(), Optional.empty());
            Accounting.Session session = new Accounting.Session(
                    CALLER, "alice", marks, clock.instant().minusSeconds(90), List.of(Address.parse("10.9.0.1")));
            assertThat(accounting.on()).isTrue();
            assertThat(accounting.start(session)).isTrue();
            Accounting.Usage usage = new Accounting.Usage(5L << 32 | 7, 11, 3, 2);
            assertThat(accounting.interim(session, usage)).isTrue();
            assertThat(accounting.stop(session, usage, Accounting.Cause.USER_REQUEST))
                    .isTrue();
            assertThat(accounting.off()).isTrue();
            assertThat(radius.heard)
                    .extracting(p -> p.number(Attribute.ACCT_STATUS).orElseThrow())
                    .containsExactly(7L, 1L, 3L, 2L, 8L);
            RadiusPacket stop = radius.heard.get(3);
            assertThat(stop.number(Attribute.ACCT_INPUT_OCTETS)).contains(7L);
            assertThat(stop.number(Attribute.ACCT_INPUT_GIGAWORDS)).contains(5L);
            assertThat(stop.number(Attribute.ACCT_SESSION_TIME)).contains(90L);
            assertThat(stop.number(Attribute.ACCT_TERMINATE_CAUSE)).contains(1L);
            assertThat(stop.first(Attribute.CLASS)).contains(Bytes.ofInts(9, 9));
            assertThat(stop.first(Attribute.ACCT_SESSION_ID)).contains(Bytes.utf8("s1"));
            assertThat(stop.first(Attribute.FRAMED_IP_ADDRESS)).contains(Bytes.ofInts(10, 9, 0, 1));
        }
    }

    /** CVE-2026-35333: attributes shorter than their header. */
    @Test
    void lengthsThatLieAreMalformed() {
        String head = "%02x01%04x" + "00".repeat(16);
        for (String lie : List.of(
                head.formatted(2, 19),
                head.formatted(2, 21),
                head.formatted(2, 22) + "0100",
                head.formatted(2, 22) + "0101",
                head.formatted(2, 22) + "0103",
                head.formatted(2, 21) + "01",
                head.formatted(2, 65_535),
                "02010014")) {
            assertThatThrownBy(() -> RadiusPacket.read(Bytes.hex(lie))).as(lie).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void noSecretIsInWhatIsPrinted() throws Exception {
        try (Answering radius = new Answering(r -> List.of(Answering.signed(r, RadiusPacket.ACCESS_ACCEPT)))) {
            client(2, radius.server(1)).password(CALLER, "u", Secret.utf8("hidden-password"));
            assertThat(radius.heard.toString() + radius.server(1))
                    .doesNotContain("hidden-password")
                    .doesNotContain("testing123");
        }
    }
}
