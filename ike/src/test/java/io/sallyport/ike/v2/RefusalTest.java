package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Monotonic;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Opened;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.ike.v2.message.UnprotectedMessage;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors inside of an IKE SA, sent and received: RFC 7296 sections 1.2, 1.3, 2.21 and 3.10.1. */
class RefusalTest {
    private static final EspSuite ECP = pfs(KeyExchangeMethod.ECP_256);
    private static final EspSuite MODP = pfs(KeyExchangeMethod.MODP_2048);
    private static final IkeSuite CURVE = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16_128,
            IntegrityAlgorithm.NONE,
            PrfAlgorithm.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE25519);

    private static EspSuite pfs(KeyExchangeMethod group) {
        return new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.of(group), false);
    }

    private static Pair connect(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    private static PeerConfig withEsp(PeerConfig peer, List<EspSuite> offers, List<EspSuite> accepts) {
        ChildConfig child = peer.children().getFirst();
        return Configs.withChildren(
                peer,
                List.of(new ChildConfig(
                        child.name(),
                        child.local(),
                        child.remote(),
                        offers,
                        accepts,
                        child.lifetime(),
                        child.lifetimeBytes(),
                        child.replayWindow())));
    }

    /** What {@code to} would read in {@code message}. */
    private static ProtectedMessage read(Pair.End to, Bytes message) throws Exception {
        Opened opened = sa(to).secured().protection().open(message);
        assertThat(opened).isInstanceOf(Opened.Whole.class);
        return ((Opened.Whole) opened).message();
    }

    private static IkeSa sa(Pair.End end) {
        return end.machine.sasForTest().getFirst();
    }

    private static IkeSa newest(Pair.End end) {
        return end.machine.sasForTest().getLast();
    }

    /** Delivers {@code message} to {@code to}; what it sends in answer. */
    private static List<Bytes> receive(Pair pair, Pair.End to, Bytes message) {
        Endpoint left = new Endpoint(Configs.LEFT, 500);
        Endpoint right = new Endpoint(Configs.RIGHT, 500);
        int before = to.actions.size();
        to.on(
                to == pair.left
                        ? new IkeEvent.Datagram(left, right, message)
                        : new IkeEvent.Datagram(right, left, message));
        return to.actions.subList(before, to.actions.size()).stream()
                .filter(IkeAction.Send.class::isInstance)
                .map(a -> ((IkeAction.Send) a).message())
                .toList();
    }

    private static Payload.Notify invalidKe(KeyExchangeMethod group) {
        return Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, IkeSaInit.groupBytes(group));
    }

    // INVALID_KE_PAYLOAD

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildRekeyInTheWrongGroupIsRepeatedInTheRightOne(boolean swapped) throws Exception {
        List<EspSuite> both = List.of(ECP, MODP);
        List<EspSuite> one = List.of(MODP);
        Pair pair = swapped
                ? connect(withEsp(Configs.left(), one, one), withEsp(Configs.right(), both, both))
                : connect(withEsp(Configs.left(), both, both), withEsp(Configs.right(), one, one));
        Pair.End a = swapped ? pair.right : pair.left;
        Pair.End b = pair.other(a);
        long old = a.onlyChild().sa.id();
        a.on(new IkeEvent.RekeyChild(old));
        // CREATE_CHILD_SA { N(REKEY_SA), SA, Ni, KEi (ECP-256), TSi, TSr } -->
        Pair.InFlight request = pair.take(a);
        assertThat(ke(read(b, request.send().message()))).isEqualTo(KeyExchangeMethod.ECP_256.transformId());
        pair.deliver(request);
        // <-- CREATE_CHILD_SA { N(INVALID_KE_PAYLOAD: MODP-2048) }
        Pair.InFlight refusal = pair.take(b);
        ProtectedMessage refused = read(a, refusal.send().message());
        assertThat(refused.payloads()).containsExactly(invalidKe(KeyExchangeMethod.MODP_2048));
        pair.deliver(refusal);
        // CREATE_CHILD_SA { N(REKEY_SA), SA, Ni, KEi (MODP-2048), TSi, TSr } -->
        Pair.InFlight again = pair.take(a);
        assertThat(ke(read(b, again.send().message()))).isEqualTo(KeyExchangeMethod.MODP_2048.transformId());
        pair.deliver(again);
        pair.settle();
        HandshakeTest.assertMatching(pair);
        assertThat(a.onlyChild().sa.id()).isNotEqualTo(old);
        assertThat(a.last(IkeFact.ChildUp.class).suite()).isEqualTo(MODP);
        assertThat(a.facts(IkeFact.ChildRefused.class)).isEmpty();
    }

    private static int ke(ProtectedMessage message) {
        return Payloads.find(message.payloads(), Payload.Ke.class).orElseThrow().group();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIkeRekeyInTheWrongGroupIsRepeatedInTheRightOne(boolean swapped) throws Exception {
        // The group in use is none that the rekeying end offers, so its first offer is a guess, and wrong.
        PeerConfig guesses = Configs.withSuites(
                swapped ? Configs.right() : Configs.left(), List.of(Configs.GCM, Configs.CBC), List.of(CURVE));
        PeerConfig knows =
                Configs.withSuites(swapped ? Configs.left() : Configs.right(), List.of(CURVE), List.of(Configs.CBC));
        Pair pair = swapped ? new Pair(knows, guesses) : new Pair(guesses, knows);
        Pair.End a = swapped ? pair.right : pair.left;
        Pair.End b = pair.other(a);
        b.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        // CREATE_CHILD_SA { SA, Ni, KEi (ECP-384) } -->
        pair.deliver(pair.take(a));
        // <-- CREATE_CHILD_SA { N(INVALID_KE_PAYLOAD: MODP-2048) }
        Pair.InFlight refusal = pair.take(b);
        assertThat(read(a, refusal.send().message()).payloads())
                .containsExactly(invalidKe(KeyExchangeMethod.MODP_2048));
        pair.deliver(refusal);
        // CREATE_CHILD_SA { SA, Ni, KEi (MODP-2048) } -->
        pair.settle();
        assertThat(a.last(IkeFact.IkeRekeyed.class).suite()).isEqualTo(Configs.CBC);
        assertThat(b.last(IkeFact.IkeRekeyed.class)).isEqualTo(a.last(IkeFact.IkeRekeyed.class));
        HandshakeTest.assertMatching(pair);
        assertThat(newest(a).secured().keys().d())
                .isEqualTo(newest(b).secured().keys().d());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGroupThatWeNeverOfferedEndsTheRekeyAndNothingElse(boolean ike) {
        Pair pair = connect(
                withEsp(Configs.left(), List.of(ECP), List.of(ECP)),
                withEsp(Configs.right(), List.of(ECP), List.of(ECP)));
        long old = pair.left.onlyChild().sa.id();
        pair.left.on(ike ? new IkeEvent.RekeyIke(Configs.PEER) : new IkeEvent.RekeyChild(old));
        pair.take(pair.left);
        // <-- CREATE_CHILD_SA { N(INVALID_KE_PAYLOAD: MODP-1024) }
        List<Payload> weak = List.of(invalidKe(KeyExchangeMethod.MODP_1024));
        receive(pair, pair.left, Forge.response(pair.right, pair.left, ExchangeType.CREATE_CHILD_SA, weak));
        assertThat(pair.wire).isEmpty();
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why()).isInstanceOf(IkeFact.Failure.WrongGroup.class);
        assertThat(pair.left.onlyChild().sa.id()).isEqualTo(old);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGroupThatWasTriedAlreadyIsNotTriedForever(boolean ike) {
        Pair pair = connect(
                withEsp(Configs.left(), List.of(ECP, MODP), List.of(ECP)),
                withEsp(Configs.right(), List.of(ECP), List.of(ECP)));
        long old = pair.left.onlyChild().sa.id();
        pair.left.on(ike ? new IkeEvent.RekeyIke(Configs.PEER) : new IkeEvent.RekeyChild(old));
        int requests = 0;
        KeyExchangeMethod first = ike ? KeyExchangeMethod.ECP_384 : KeyExchangeMethod.ECP_256;
        while (pair.left.facts(IkeFact.ChildRefused.class).isEmpty()) {
            pair.take(pair.left);
            requests++;
            // The peer wants the other one each time.
            List<Payload> other = List.of(invalidKe(requests % 2 == 1 ? KeyExchangeMethod.MODP_2048 : first));
            receive(pair, pair.left, Forge.response(pair.right, pair.left, ExchangeType.CREATE_CHILD_SA, other));
        }
        assertThat(requests).isEqualTo(2);
    }

    // NO_ADDITIONAL_SAS

    private static Pair withAsManyChildrenAsMayBe() {
        List<ChildConfig> many = new ArrayList<>();
        for (int i = 0; i <= Limits.CHILDREN_MAX; i++) {
            many.add(Configs.child("child" + i, "10.1." + i + ".0/24", "10.2." + i + ".0/24"));
        }
        return connect(
                Configs.withChildren(Configs.left(), many),
                Configs.withChildren(Configs.right(), List.of(Configs.child("all", "10.2.0.0/16", "10.1.0.0/16"))));
    }

    @Test
    void oneChildTooManyIsRefusedAndTheOthersStay() {
        Pair pair = withAsManyChildrenAsMayBe();
        assertThat(pair.right.children).hasSize(Limits.CHILDREN_MAX);
        assertThat(pair.left.children).hasSize(Limits.CHILDREN_MAX);
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(35, "NO_ADDITIONAL_SAS"));
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void aFullIkeSaStillRekeysItsChildren() {
        Pair pair = withAsManyChildrenAsMayBe();
        long old = pair.left.children.firstEntry().getKey();
        pair.left.on(new IkeEvent.RekeyChild(old));
        pair.settle();
        assertThat(pair.left.children).hasSize(Limits.CHILDREN_MAX).doesNotContainKey(old);
        assertThat(pair.right.children).hasSize(Limits.CHILDREN_MAX);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatTakesNoMoreSasKeepsThoseItHasAndIsAskedAgain(boolean ike) {
        Pair pair = Pair.connected();
        long old = pair.left.onlyChild().sa.id();
        pair.left.on(ike ? new IkeEvent.RekeyIke(Configs.PEER) : new IkeEvent.RekeyChild(old));
        pair.take(pair.left);
        // <-- CREATE_CHILD_SA { N(NO_ADDITIONAL_SAS) }
        receive(pair, pair.left, noAdditionalSas(pair));
        assertThat(pair.left.onlyChild().sa.id()).isEqualTo(old);
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(35, "NO_ADDITIONAL_SAS"));
        assertThat(sa(pair.left).isEstablished()).isTrue();
        Monotonic again = ike
                ? sa(pair.left).times().rekeyAt()
                : sa(pair.left).children().all().getFirst().rekeyAt();
        assertThat(again.since(pair.now.at())).isBetween(Limits.REKEY_RETRY, Limits.REKEY_RETRY.multipliedBy(2));
    }

    @Test
    void anIkeSaThatCanHaveNoChildIsClosedSoThatANewOneMayBring() {
        Pair pair = Pair.connected();
        pair.left.on(new IkeEvent.ExpireChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        while (pair.left.asks.isEmpty() && pair.wire.isEmpty()) {
            pair.now = pair.now.plus(Duration.ofMillis(100));
            pair.left.on(new IkeEvent.Deadline());
        }
        pair.take(pair.left);
        // <-- CREATE_CHILD_SA { N(NO_ADDITIONAL_SAS) }
        // INFORMATIONAL { D } -->
        receive(pair, pair.left, noAdditionalSas(pair));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(35, "NO_ADDITIONAL_SAS"));
        // The forged answer took the place of one the peer never gave: it is told so and answers once more.
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.machine.sasForTest()).isEmpty();
    }

    private static Bytes noAdditionalSas(Pair pair) {
        return Forge.response(
                pair.right,
                pair.left,
                ExchangeType.CREATE_CHILD_SA,
                List.of(Payload.Notify.of(NotifyType.NO_ADDITIONAL_SAS)));
    }

    // INVALID_SYNTAX

    /** A nonce that says that it is longer than what follows. */
    private static final Bytes GARBLED = Bytes.hex("00000040" + "aa".repeat(16));

    @ParameterizedTest
    @ValueSource(ints = {36, 37})
    void anAuthenticRequestThatIsGarbledIsAnsweredWithInvalidSyntaxAndEndsTheIkeSa(int exchange) throws Exception {
        Pair pair = Pair.connected();
        Bytes request =
                Forge.garbledRequest(pair.left, pair.right, new ExchangeType(exchange), PayloadType.NONCE, GARBLED);
        List<Bytes> answers = receive(pair, pair.right, request);
        assertThat(answers).hasSize(1);
        assertThat(read(pair.left, answers.getFirst()).payloads())
                .containsExactly(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
        assertThat(pair.right.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.Misbehaved.class);
        assertThat(pair.right.children).isEmpty();
        // RFC 7296 section 2.21.3: the answer may be asked for again.
        assertThat(receive(pair, pair.right, request)).isEqualTo(answers);
    }

    @Test
    void anAuthenticRequestWithoutARequiredPayloadIsGarbledToo() throws Exception {
        Pair pair = Pair.connected();
        Bytes nonceOnly = Bytes.hex("00000024" + "aa".repeat(32));
        List<Bytes> answers = receive(
                pair,
                pair.right,
                Forge.garbledRequest(
                        pair.left, pair.right, ExchangeType.CREATE_CHILD_SA, PayloadType.NONCE, nonceOnly));
        assertThat(read(pair.left, answers.getFirst()).payloads())
                .containsExactly(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
    }

    @Test
    void anAuthenticResponseThatIsGarbledEndsTheIkeSaInSilence() {
        Pair pair = Pair.connected();
        pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.take(pair.left);
        Bytes response =
                Forge.garbledResponse(pair.right, pair.left, ExchangeType.CREATE_CHILD_SA, PayloadType.NONCE, GARBLED);
        assertThat(receive(pair, pair.left, response)).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.Misbehaved.class);
        assertThat(pair.left.machine.sasForTest()).isEmpty();
    }

    @Test
    void aGarbledRequestThatIsNotAuthenticIsNeverAnswered() {
        Pair pair = Pair.connected();
        Bytes request =
                Forge.garbledRequest(pair.left, pair.right, ExchangeType.INFORMATIONAL, PayloadType.NONCE, GARBLED);
        for (int bit = 0; bit < request.size() * 8; bit++) {
            byte[] octets = request.toArray();
            octets[bit / 8] ^= (byte) (1 << bit % 8);
            for (Bytes answer : receive(pair, pair.right, Bytes.wrap(octets))) {
                // A changed SPI or version makes it a stranger's, who learns only that nobody knows it.
                assertThat(notifiedInClear(answer)).doesNotContain(NotifyType.INVALID_SYNTAX);
            }
        }
        pair.settle();
        HandshakeTest.assertMatching(pair);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    private static List<NotifyType> notifiedInClear(Bytes message) {
        try {
            return Payloads.all(UnprotectedMessage.read(message).payloads(), Payload.Notify.class).stream()
                    .map(Payload.Notify::notifyType)
                    .toList();
        } catch (Malformed e) {
            throw new AssertionError("we sent something that nobody can read", e);
        }
    }

    @Test
    void aGarbledIkeSaInitIsNotAnswered() {
        Pair pair = Pair.ordinary();
        for (int next : new int[] {0, 33, 34, 40, 41, 46, 53, 255}) {
            Header header = Header.of(77 + next, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
            Bytes message = new Writer()
                    .i64(header.initiatorSpi())
                    .i64(0)
                    .u8(next)
                    .u8(0x20)
                    .u8(34)
                    .u8(8)
                    .u32(0)
                    .u32(Header.OCTETS + GARBLED.size())
                    .bytes(GARBLED)
                    .toBytes();
            assertThat(receive(pair, pair.right, message)).isEmpty();
        }
        assertThat(pair.right.machine.sasForTest()).isEmpty();
        assertThat(pair.right.facts(IkeFact.Refused.class)).hasSize(8);
    }

    // A fault of ours

    /** Two IKE SAs between the same two endpoints, on two pairs of addresses. */
    private static Pair twoPeers() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Configure(List.of(Configs.left(), Configs.second(Configs.left()))));
        pair.right.on(new IkeEvent.Configure(List.of(Configs.right(), Configs.second(Configs.right()))));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.left.on(new IkeEvent.Connect(Configs.SECOND));
        pair.settle();
        assertThat(pair.right.children).hasSize(2);
        return pair;
    }

    private static long childOf(Pair.End end, String peer) {
        return end.children.values().stream()
                .filter(c -> c.sa.peer().equals(peer))
                .findFirst()
                .orElseThrow()
                .sa
                .id();
    }

    @Test
    void aFaultOfOursEndsTheIkeSaItHappenedToAndNoOther() {
        Pair pair = twoPeers();
        pair.left.on(new IkeEvent.RekeyChild(childOf(pair.left, Configs.PEER)));
        Pair.InFlight request = pair.take(pair.left);
        pair.right.entropy.dry = true;
        pair.deliver(request);
        pair.right.entropy.dry = false;
        assertThat(pair.right.last(IkeFact.IkeDown.class))
                .isEqualTo(new IkeFact.IkeDown(
                        Configs.PEER,
                        new IkeFact.Failure.ClosedByUs("internal error: java.lang.IllegalStateException: no entropy")));
        assertThat(pair.right.onlyChild().sa.peer()).isEqualTo(Configs.SECOND);
        pair.left.on(new IkeEvent.RekeyChild(childOf(pair.left, Configs.SECOND)));
        pair.settle();
        assertThat(pair.right.last(IkeFact.ChildUp.class).peer()).isEqualTo(Configs.SECOND);
        // The peer notices that it talks to nobody, and both begin anew.
        pair.pass(Duration.ofMinutes(2));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.children).hasSize(2);
        assertThat(pair.left.children).hasSize(2);
    }

    @Test
    void aFaultOfOursAtADeadlineLeavesTheOthersTheirDeadlines() {
        Pair pair = twoPeers();
        pair.settle();
        pair.right.entropy.dry = true;
        pair.now = pair.now.plus(Duration.ofSeconds(20));
        // Both are to ask whether the peer lives, which needs an IV.
        pair.right.on(new IkeEvent.Deadline());
        pair.right.entropy.dry = false;
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).hasSize(2);
        assertThat(pair.right.machine.sasForTest()).isEmpty();
        assertThat(pair.right.children).isEmpty();
    }

    @Test
    void aFaultOfOursBeforeThereIsAnIkeSaIsNotedAndNothingIsKept() {
        Pair pair = Pair.ordinary();
        pair.left.entropy.dry = true;
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.left.entropy.dry = false;
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.ClosedByUs.class);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight request = pair.take(pair.left);
        pair.right.entropy.dry = true;
        pair.deliver(request);
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.ClosedByUs.class);
        assertThat(pair.right.machine.sasForTest()).isEmpty();
        pair.right.entropy.dry = false;
        pair.pass(Duration.ofSeconds(2));
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void aFaultOfOursWhileAStrangerShakesHandsIsNoted() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight request = pair.take(pair.left);
        pair.right.holdAsks = true;
        pair.deliver(request);
        pair.right.entropy.dry = true;
        pair.right.answerAsks();
        pair.right.entropy.dry = false;
        pair.right.holdAsks = false;
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.ClosedByUs.class);
        pair.pass(Duration.ofSeconds(2));
        HandshakeTest.assertMatching(pair);
    }
}
