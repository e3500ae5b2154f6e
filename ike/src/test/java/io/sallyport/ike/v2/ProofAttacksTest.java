package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.v2.message.Attribute;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other gateways fell for while a peer proves itself, tried on ours by a peer that has the keys of IKE_SA_INIT. */
class ProofAttacksTest {
    private static final Predicate<ProtectedMessage> PROOF = FaultyPeer.requests(ExchangeType.IKE_AUTH);

    private static PeerConfig config(PeerConfig base, List<Authentication> own, List<Authentication> peers) {
        return base.but().proofs(new Proofs(own, peers)).build();
    }

    private static Pair certified() {
        List<Authentication> own = List.of(new Authentication.Certificate("own"));
        List<Authentication> trust = List.of(new Authentication.Certificate("trust"));
        return ready(new Pair(config(Configs.left(), own, trust), config(Configs.right(), own, trust)));
    }

    private static Pair byEap() {
        List<Authentication> key = List.of(new Authentication.PreSharedKey(Configs.KEY));
        return ready(new Pair(
                config(Configs.left(), List.of(new Authentication.Eap("login")), key),
                config(Configs.right(), key, List.of(new Authentication.Eap("users")))));
    }

    private static Pair ready(Pair pair) {
        pair.left
                .answers
                .credential("own", Configs.left().localIdentity(), "authority")
                .trust("trust", "authority")
                .eap()
                .login("login", "alice", "sesame");
        pair.right
                .answers
                .credential("own", Configs.right().localIdentity(), "authority")
                .trust("trust", "authority")
                .eap()
                .user("users", "alice", "sesame");
        return pair;
    }

    private static void connect(Pair pair) {
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
    }

    private static void assertRefused(Pair pair) {
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.Refused.class)).isNotEmpty();
        pair.pass(Duration.ofMinutes(3));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    private static Failure refused(Pair pair) {
        return pair.right.last(IkeFact.Refused.class).why();
    }

    /** OpenIKED's CVE-2020-16088: nothing but success of the question that was asked is success. */
    static Stream<Answer.OfIdentity> everythingButVerified() {
        IkeEvent.EapResult result = new IkeEvent.EapResult(
                "EAP-TOY", "alice", Optional.of(Secret.wrap(new byte[64])), List.of(), Optional.empty());
        return Stream.of(
                new Answer.Signed(14, Bytes.EMPTY, List.of()),
                new Answer.Refused(new Failure.DeletedByPeer()),
                new Answer.Authorities(List.of(), List.of()),
                Answer.EapNext.of(new IkeEvent.EapConversation() {}, Bytes.EMPTY),
                new Answer.EapDone(Bytes.EMPTY, result),
                new Answer.EapFailed(Bytes.EMPTY, new Failure.DeletedByPeer()),
                new Answer.PasswordFits(result),
                new Answer.Leased(new IkeEvent.ClientSettings(List.of(), List.of(), List.of(), List.of())));
    }

    @ParameterizedTest
    @MethodSource("everythingButVerified")
    void onlyTheAnswerThatWasAskedForOpensTheDoor(Answer.OfIdentity answer) {
        Pair pair = certified();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        answerInstead(pair, pair.right, answer);
        assertRefused(pair);
        Pair other = certified();
        other.left.on(new IkeEvent.Connect(Configs.PEER));
        answerInstead(other, other.left, answer);
        assertThat(other.left.children).isEmpty();
        assertThat(other.left.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    /** Plays on until {@code end} asks for a judgement, which is {@code answer}. */
    private static void answerInstead(Pair pair, Pair.End end, Answer.OfIdentity answer) {
        end.holdAsks = true;
        for (int i = 0; i < 50; i++) {
            if (end.asks.isEmpty()) {
                pair.step();
            } else if (end.asks.getFirst().question() instanceof Question.Verify) {
                end.on(new IkeEvent.Answered(end.asks.removeFirst().ask(), answer));
            } else {
                end.answerAsk();
            }
        }
        end.holdAsks = false;
        pair.settle();
    }

    /** CVE-2014-2338 (an exchange before its time is taken for authenticated), CVE-2019-12312 (INFORMATIONAL before AUTH). */
    @ParameterizedTest
    @ValueSource(ints = {36, 37, 38, 99})
    void noOtherExchangeBeforeTheProofAndNoneInTheMiddleOfIt(int exchange) {
        for (int messageId : List.of(1, 2)) {
            Pair pair = byEap();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            for (int i = 0; i < 2 * messageId; i++) {
                pair.deliver(pair.take(i % 2 == 0 ? pair.left : pair.right));
            }
            Pair.InFlight request = pair.take(pair.left);
            IkeSa left = pair.left.machine.sasForTest().getFirst();
            Bytes forged = Forge.garbledRequest(
                    pair.left, pair.right, new ExchangeType(exchange), PayloadType.NONE, Bytes.EMPTY);
            int before = pair.right.actions.size();
            pair.right.on(new IkeEvent.Datagram(/* local= */ left.remote(), /* remote= */ left.local(), forged));
            assertThat(pair.right.actions.subList(before, pair.right.actions.size()))
                    .noneMatch(IkeAction.Send.class::isInstance);
            assertThat(pair.right.children).isEmpty();
            // And it leaves no trace.
            pair.deliver(request);
            pair.settle();
            assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(1);
        }
    }

    static Stream<List<Payload>> tooMany() {
        Payload.Id id = new Payload.Id(true, 2, Bytes.utf8("twice"));
        Payload.Auth auth = new Payload.Auth(2, Bytes.wrap(new byte[48]));
        Payload.Configuration cp = new Payload.Configuration(
                Payload.Configuration.REQUEST, List.of(new Attribute(Attribute.INTERNAL_IP4_ADDRESS, Bytes.EMPTY)));
        Payload.Certificate certificate = new Payload.Certificate(4, Bytes.hex("3000"));
        return Stream.of(
                List.of(id),
                List.of(auth),
                List.of(cp, cp),
                List.of(new Payload.Eap(Bytes.hex("0201000501"))),
                List.of(new Payload.Delete(Proposal.Protocol.IKE, List.of())),
                Collections.nCopies(17, certificate),
                List.of(new Payload.Nonce(Bytes.wrap(new byte[32]))));
    }

    @ParameterizedTest
    @MethodSource("tooMany")
    void payloadsTooManyOrOutOfPlaceAreRefused(List<Payload> extra) {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left).changes(PROOF, payloads -> {
            List<Payload> more = new ArrayList<>(payloads);
            more.addAll(extra);
            return more;
        });
        connect(pair);
        assertThat(refused(pair)).isInstanceOf(Failure.Misbehaved.class);
        assertRefused(pair);
    }

    /** WatchGuard's CVE-2025-9242: an identity of any length, before anybody is proven. */
    @ParameterizedTest
    @ValueSource(ints = {2049, 30_000, 60_000})
    void anIdentityIsNoLongerThanANameCanBe(int octets) {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left).replaces(PROOF, new Payload.Id(true, 11, Bytes.wrap(new byte[octets])));
        connect(pair);
        assertRefused(pair);
    }

    @Test
    void certificatesAreNoLongerThanCertificatesAre() {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left).replaces(PROOF, new Payload.Certificate(4, Bytes.wrap(new byte[50_000])));
        connect(pair);
        assertThat(asked(pair.right, Question.Verify.class)).isZero();
        assertRefused(pair);
    }

    @Test
    void aProofIsNoLongerThanASignatureIs() {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left).replaces(PROOF, new Payload.Auth(14, Bytes.wrap(new byte[5000])));
        connect(pair);
        assertThat(asked(pair.right, Question.Verify.class)).isZero();
        assertRefused(pair);
    }

    /** CVE-2022-40617's kin: nothing is fetched from where a stranger tells us. */
    @ParameterizedTest
    @ValueSource(ints = {12, 13})
    void hashAndUrlIsRefused(int encoding) {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left)
                .replaces(
                        PROOF,
                        new Payload.Certificate(
                                encoding, Bytes.concat(Bytes.wrap(new byte[20]), Bytes.utf8("http://evil.example/"))));
        connect(pair);
        assertThat(asked(pair.right, Question.Verify.class)).isZero();
        assertRefused(pair);
    }

    private static long asked(Pair.End end, Class<? extends Question> kind) {
        return end.actions.stream()
                .filter(a -> a instanceof IkeAction.Ask ask && kind.isInstance(ask.question()))
                .count();
    }

    /** CVE-2015-3991: payloads of IKEv1's numbers; and Libreswan's CVE-2026-12413: twenty that nobody knows. */
    @Test
    void payloadsThatNobodyKnowsAreReadOver() {
        Pair pair = certified();
        FaultyPeer left = FaultyPeer.on(pair, pair.left);
        for (int type = 1; type <= 20; type++) {
            left.adds(m -> true, new Payload.Skipped(new PayloadType(type), false));
        }
        connect(pair);
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.left.children).hasSize(1);
        assertThat(pair.right.facts(IkeFact.IkeRekeyed.class)).hasSize(1);
    }

    @Test
    void moreThanAMessageHoldsIsRefused() {
        Pair pair = certified();
        FaultyPeer left = FaultyPeer.on(pair, pair.left);
        for (int i = 0; i < 64; i++) {
            left.adds(PROOF, new Payload.Skipped(new PayloadType(200), false));
        }
        connect(pair);
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    @Test
    void aCriticalPayloadThatNobodyKnowsIsRefused() {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left).adds(PROOF, new Payload.Skipped(new PayloadType(200), true));
        connect(pair);
        assertRefused(pair);
    }

    /** CVE-2023-38710 and its kin: every notify with every odd protocol and length of SPI, in every exchange. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 255})
    void notifiesMayCarryOddProtocolsAndSpis(int protocol) {
        for (int octets : List.of(0, 1, 255)) {
            Pair pair = certified();
            FaultyPeer left = FaultyPeer.on(pair, pair.left);
            for (NotifyType type : List.of(
                    NotifyType.INITIAL_CONTACT,
                    NotifyType.MOBIKE_SUPPORTED,
                    NotifyType.AUTH_LIFETIME,
                    NotifyType.EAP_ONLY_AUTHENTICATION,
                    NotifyType.MULTIPLE_AUTH_SUPPORTED,
                    NotifyType.ADDITIONAL_TS_POSSIBLE,
                    NotifyType.COOKIE2,
                    NotifyType.UPDATE_SA_ADDRESSES,
                    new NotifyType(40_000))) {
                left.adds(
                        m -> !m.header().response(),
                        new Payload.Notify(protocol, Bytes.wrap(new byte[octets]), type, Bytes.wrap(new byte[octets])));
            }
            connect(pair);
            pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
            pair.settle();
            pair.pass(Duration.ofMinutes(1));
            assertThat(pair.right.children).hasSize(1);
            assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255})
    void aRekeyOfWhatIsNoChildIsRefusedAndNothingElse(int protocol) {
        Pair pair = certified();
        connect(pair);
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.requests(ExchangeType.CREATE_CHILD_SA),
                        payloads -> payloads.stream()
                                .map(p -> p instanceof Payload.Notify n
                                                && n.notifyType().equals(NotifyType.REKEY_SA)
                                        ? new Payload.Notify(protocol, n.spi(), n.notifyType(), n.data())
                                        : p)
                                .toList());
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.children).hasSize(1);
    }

    /** CVE-2021-41991's kin: a proof by a method that nobody configured. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 12, 13, 255})
    void aMethodThatWasNotAskedForProvesNothing(int method) {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left)
                .changes(
                        PROOF,
                        payloads -> payloads.stream()
                                .map(p -> p instanceof Payload.Auth a ? new Payload.Auth(method, a.data()) : p)
                                .toList());
        connect(pair);
        assertRefused(pair);
    }

    /** The transcript is signed: what IKE_SA_INIT said cannot be another's (RFC 7296 section 2.15). */
    @Test
    void aProofForAnotherIkeSaIsNone() {
        Pair first = certified();
        FaultyPeer recorded = FaultyPeer.on(first, first.left);
        connect(first);
        List<Payload> proof = recorded.sent().getFirst().payloads();
        Pair second = certified();
        second.left.entropy.fill(new byte[7]);
        FaultyPeer.on(second, second.left).changes(PROOF, _ -> proof);
        connect(second);
        assertThat(refused(second)).isInstanceOf(Failure.CertificateRefused.class);
        assertRefused(second);
    }

    /** The responder's own proof, sent back, is not the initiator's. */
    @Test
    void aReflectedProofIsNone() {
        List<Authentication> key = List.of(new Authentication.PreSharedKey(Configs.KEY));
        Pair pair = new Pair(config(Configs.left(), key, key), config(Configs.right(), key, key));
        FaultyPeer.on(pair, pair.left)
                .changes(
                        PROOF,
                        payloads -> payloads.stream()
                                .map(p -> p instanceof Payload.Auth ? responders(pair, key) : p)
                                .toList());
        connect(pair);
        assertRefused(pair);
    }

    private static Payload responders(Pair pair, List<Authentication> key) {
        IkeKeys keys = pair.left.machine.sasForTest().getFirst().secured().keys();
        Payload.Id id = new Payload.Id(false, 1, Configs.RIGHT.toBytes());
        return Proof.byKey(
                keys,
                ((Authentication.PreSharedKey) key.getFirst()).key(),
                new Proof.Claim(Bytes.EMPTY, Bytes.EMPTY, id, keys.pr()));
    }
}
