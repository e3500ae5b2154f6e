package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.Attribute;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadType;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Proposal;
import io.sallyport.ike.v1.message.Transform;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer that misbehaves, or a stranger, gets: nothing. Each is an attack that somebody has fallen to. */
class RefusalTest {
    private static final Endpoint LEFT = new Endpoint(Configs.LEFT, 500);
    private static final Endpoint RIGHT = new Endpoint(Configs.RIGHT, 500);

    private static Pair fresh() {
        return new Pair(Configs.left(), Configs.right());
    }

    private static Pair up() {
        return HandshakeTest.connected(Configs.left(), Configs.right());
    }

    private static Bytes clear(long initiator, long responder, ExchangeType type, int id, List<Payload> payloads) {
        return new Header(initiator, responder, PayloadWriter.firstType(payloads), type, 0, id, 0)
                .with(PayloadWriter.chain(payloads));
    }

    private static void toRight(Pair pair, Bytes message) {
        pair.right.on(new IkeEvent.Datagram(RIGHT, LEFT, message));
    }

    private static Bytes first(Attribute... attributes) {
        Proposal proposal = new Proposal(
                1, Proposal.Protocol.ISAKMP, Bytes.EMPTY, List.of(new Transform(1, 1, List.of(attributes))));
        return clear(4711, 0, ExchangeType.MAIN, 0, List.of(Payload.Sa.of(List.of(proposal))));
    }

    private static Attribute[] attributes(int method, int group) {
        List<Attribute> all = new ArrayList<>(List.of(
                Attribute.number(1, 7),
                Attribute.number(14, 256),
                Attribute.number(2, 4),
                Attribute.number(3, method)));
        if (group != 0) {
            all.add(Attribute.number(4, group));
        }
        return all.toArray(Attribute[]::new);
    }

    private static void assertUnmoved(Pair pair) {
        assertThat(pair.left.children).hasSize(1);
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.wire).isEmpty();
    }

    // Phase 1.

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 3, 64221, 65001, 65003})
    void proofsThatNobodyConfiguredAreRefusedRsaEncryptionAboveAll(int method) {
        Pair pair = fresh();
        toRight(pair, first(attributes(method, 14)));
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.NoProposalChosen.class);
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void theSameProposalWithASharedKeyIsTaken() {
        Pair pair = fresh();
        toRight(pair, first(attributes(1, 14)));
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 31, 9999})
    void aProposalWithoutAGroupOrWithAnUnknownOneIsRefused(int group) {
        Pair pair = fresh();
        toRight(pair, first(attributes(1, group)));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void aProposalWithoutTransformsOrWithUnknownAttributesIsRefused() {
        Pair pair = fresh();
        toRight(
                pair,
                clear(
                        4711,
                        0,
                        ExchangeType.MAIN,
                        0,
                        List.of(Payload.Sa.of(List.of(new Proposal(1, 1, Bytes.EMPTY, List.of()))))));
        List<Attribute> odd = new ArrayList<>(List.of(attributes(1, 14)));
        odd.add(Attribute.number(13, 1));
        toRight(pair, first(odd.toArray(Attribute[]::new)));
        List<Attribute> twice = new ArrayList<>(List.of(attributes(1, 14)));
        twice.add(Attribute.number(4, 2));
        toRight(pair, first(twice.toArray(Attribute[]::new)));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 129, 255, 257})
    void aPublicValueOfAnotherLengthThanTheGroupsIsRefused(int octets) {
        Pair pair = fresh();
        toRight(pair, first(attributes(1, 14)));
        IkeSa sa = Forge.only(pair.right);
        List<Payload> keys =
                List.of(new Payload.Ke(Bytes.wrap(new byte[octets])), new Payload.Nonce(Bytes.wrap(new byte[16])));
        toRight(pair, clear(4711, sa.ourCookie(), ExchangeType.MAIN, 0, keys));
        assertThat(pair.right.asks).isEmpty();
        assertThat(sa.phase1().step).isEqualTo(Phase1.Step.KEYS);
    }

    @Test
    void aPublicValueOfZeroEndsTheAttempt() {
        Pair pair = fresh();
        toRight(pair, first(attributes(1, 14)));
        long cookie = Forge.only(pair.right).ourCookie();
        List<Payload> keys =
                List.of(new Payload.Ke(Bytes.wrap(new byte[256])), new Payload.Nonce(Bytes.wrap(new byte[16])));
        toRight(pair, clear(4711, cookie, ExchangeType.MAIN, 0, keys));
        pair.think();
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.Misbehaved.class);
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void whereOnlyIkev2IsExpectedNothingIsAnswered() {
        Pair pair = fresh();
        pair.right.on(new IkeEvent.Configure(List.of()));
        toRight(pair, first(attributes(1, 14)));
        assertThat(pair.wire).isEmpty();
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isEqualTo(new IkeFact.Failure.WrongVersion(1));
    }

    @Test
    void theAnswerToAStrangerIsNotLargerThanWhatItAnswers() {
        Pair pair = fresh();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight request = pair.take(pair.left);
        pair.deliver(request);
        assertThat(pair.take(pair.right).send().message().size())
                .isLessThanOrEqualTo(request.send().message().size());
        Bytes small = first(attributes(1, 14));
        pair.right.on(new IkeEvent.Datagram(RIGHT, new Endpoint(Configs.LEFT, 501), small));
        assertThat(pair.take(pair.right).send().message().size()).isLessThanOrEqualTo(small.size());
    }

    @Test
    void aStrangerIsNotSentTheSameAgainUnaskedAndNotForEver() {
        Pair pair = fresh();
        Bytes message = first(attributes(1, 14));
        toRight(pair, message);
        pair.wire.clear();
        pair.pass(Duration.ofSeconds(20));
        assertThat(pair.right.actions.stream().filter(io.sallyport.ike.IkeAction.Send.class::isInstance))
                .hasSize(1);
        for (int i = 0; i < 100; i++) {
            toRight(pair, message);
        }
        assertThat(pair.wire).hasSize(Limits.REPEATS_MAX);
        pair.wire.clear();
        pair.pass(Duration.ofSeconds(60));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void halfOpenSasAreBoundedPerSourceAndInAll() {
        PeerConfig open = Configs.right().but().remote(Optional.empty()).build();
        Pair pair = new Pair(Configs.left(), open);
        Proposal proposal = new Proposal(1, 1, Bytes.EMPTY, List.of(new Transform(1, 1, List.of(attributes(1, 14)))));
        for (int i = 1; i <= 100; i++) {
            toRight(pair, clear(i, 0, ExchangeType.MAIN, 0, List.of(Payload.Sa.of(List.of(proposal)))));
        }
        assertThat(pair.right.machine.sasForTest()).hasSize(Limits.HALF_OPEN_PER_SOURCE_MAX);
        for (int i = 1; i <= 3000; i++) {
            Endpoint source = new Endpoint(Address.ipv4(0x0a000000 + i), 500);
            Bytes message = clear(1000 + i, 0, ExchangeType.MAIN, 0, List.of(Payload.Sa.of(List.of(proposal))));
            pair.right.on(new IkeEvent.Datagram(RIGHT, source, message));
        }
        assertThat(pair.right.machine.sasForTest()).hasSize(Limits.HALF_OPEN_MAX);
    }

    @Test
    void ourOwnMessagesComingBackAreNotAnswered() {
        Pair pair = fresh();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight request = pair.take(pair.left);
        pair.left.on(new IkeEvent.Datagram(LEFT, RIGHT, request.send().message()));
        assertThat(pair.wire).isEmpty();
        assertThat(pair.left.machine.sasForTest()).hasSize(1);
    }

    // CVE-2023-30570: an aggressive mode that is repeated with the responder's cookie.
    @Test
    void aggressiveModeWithACookieOfOursBeginsNothing() {
        Pair pair = fresh();
        toRight(pair, first(attributes(1, 14)));
        long cookie = Forge.only(pair.right).ourCookie();
        pair.wire.clear();
        toRight(pair, clear(4711, cookie, ExchangeType.AGGRESSIVE, 0, List.of(new Payload.Ke(Bytes.ofInts(1)))));
        toRight(pair, clear(cookie, 0, ExchangeType.AGGRESSIVE, 0, List.of(new Payload.Ke(Bytes.ofInts(1)))));
        assertThat(pair.wire).isEmpty();
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
        assertThat(Forge.only(pair.right).phase1().step).isEqualTo(Phase1.Step.KEYS);
    }

    // CVE-2016-5361 and every exchange before its time.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 6, 32, 33, 34, 255})
    void noOtherExchangeBeginsAnythingAndNoneIsAnswered(int exchange) {
        Pair pair = fresh();
        Payload notify = new Payload.Notify(1, Bytes.EMPTY, new NotifyType(14), Bytes.EMPTY);
        toRight(pair, clear(4711, 0, new ExchangeType(exchange), 0, List.of(notify)));
        toRight(pair, clear(4711, 1234, new ExchangeType(exchange), 77, List.of(notify)));
        assertThat(pair.wire).isEmpty();
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 32})
    void noOtherExchangeIsDoneBeforeBothHaveProvenThemselves(int exchange) {
        // With the fifth message the initiator has.
        for (int messages = 1; messages < 5; messages++) {
            Pair pair = fresh();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            for (int i = 0; i < messages; i++) {
                pair.step();
            }
            pair.think();
            int before = pair.wire.size();
            List<Payload> payloads = Forge.quickMode(pair.left);
            IkeSa left = Forge.only(pair.left);
            if (left.hasKeys()) {
                toRight(pair, Forge.message(left, new ExchangeType(exchange), 0, h -> h, payloads));
            }
            toRight(pair, clear(left.ourCookie(), left.spis().responder(), new ExchangeType(exchange), 7, payloads));
            assertThat(pair.wire).hasSize(before);
            assertThat(pair.right.children).isEmpty();
            pair.settle();
            HandshakeTest.assertMatched(pair);
        }
    }

    // After phase 1.

    // CVE-2019-10155: an informational message whose integrity nobody checked.
    @Test
    void aDeleteThatIsNotAuthenticDeletesNothing() {
        Pair pair = up();
        IkeSa left = Forge.only(pair.left);
        List<Payload> delete = List.of(
                new Payload.Delete(Proposal.Protocol.ISAKMP, List.of(left.spis().both())));
        Forge.deliver(
                pair,
                pair.left,
                Forge.message(left, ExchangeType.INFORMATIONAL, 0, h -> Bytes.wrap(new byte[h.size()]), delete));
        Forge.deliver(pair, pair.left, Forge.sealed(left, ExchangeType.INFORMATIONAL, 0, 99, delete));
        toRight(pair, clear(left.spis().initiator(), left.spis().responder(), ExchangeType.INFORMATIONAL, 7, delete));
        pair.settle();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.children).hasSize(1);
        Forge.inform(pair, pair.left, delete.getFirst());
        assertThat(pair.right.last(IkeFact.IkeDown.class).why())
                .as("the same, authentic")
                .isInstanceOf(IkeFact.Failure.DeletedByPeer.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 4", "1, 0", "1, 1", "1, 255", "3, 0", "3, 1", "3, 4", "3, 255", "255, 4"})
    void notifiesOfEveryProtocolAndSpiSizeMoveNothing(int protocol, int size) {
        for (int type : new int[] {0, 11, 14, 18, 24576, 24577, 36136, 36137, 65535}) {
            Pair pair = up();
            Forge.inform(
                    pair,
                    pair.left,
                    new Payload.Notify(protocol, Bytes.wrap(new byte[size]), new NotifyType(type), Bytes.EMPTY));
            pair.settle();
            assertUnmoved(pair);
        }
    }

    // CVE-2023-38712: the same deleted twice.
    @Test
    void aChildDeletedTwiceIsDeletedOnce() {
        Pair pair = up();
        Bytes spi = Offers.spiOctets(pair.left.onlyChild().sa.inboundSpi());
        Forge.inform(
                pair,
                pair.left,
                new Payload.Delete(Proposal.Protocol.ESP, List.of(spi, spi)),
                new Payload.Delete(Proposal.Protocol.ESP, List.of(spi)));
        assertThat(pair.right.facts(IkeFact.ChildDown.class)).hasSize(1);
    }

    @Test
    void aDeleteOfWhatIsNotThereIsNoHarm() {
        Pair pair = up();
        Forge.inform(
                pair,
                pair.left,
                new Payload.Delete(Proposal.Protocol.ESP, List.of(Bytes.hex("00000000"), Bytes.hex("ffffffff"))),
                new Payload.Delete(Proposal.Protocol.ISAKMP, List.of(Bytes.wrap(new byte[16]))),
                new Payload.Delete(Proposal.Protocol.AH, List.of(Bytes.hex("12345678"))));
        pair.settle();
        assertUnmoved(pair);
    }

    // CVE-2023-38711: an identity that is no address.
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 9, 10, 11, 255})
    void aQuickModeForANameIsRefused(int idType) {
        Pair pair = up();
        List<Payload> quick = new ArrayList<>(Forge.quickMode(pair.left));
        quick.set(3, new Payload.Id(idType, 0, 0, Bytes.utf8("host.example")));
        Forge.begin(pair, pair.left, q -> q, quick);
        pair.settle();
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.TrafficSelectorsUnacceptable.class);
        assertUnmoved(pair);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aQuickModeThatLacksAnythingIsRefused(int missing) {
        Pair pair = up();
        List<Payload> quick = new ArrayList<>(Forge.quickMode(pair.left));
        quick.remove(missing);
        Forge.begin(pair, pair.left, q -> q, quick);
        pair.settle();
        assertUnmoved(pair);
    }

    @ParameterizedTest
    @CsvSource({"4, 2", "4, 3", "4, 0", "5, 1", "6, 64"})
    void anEspProposalThatIsNotOursIsRefused(int attribute, int value) {
        Pair pair = up();
        List<Payload> quick = new ArrayList<>(Forge.quickMode(pair.left));
        List<Attribute> attributes = new ArrayList<>(List.of(Attribute.number(4, 1), Attribute.number(6, 256)));
        attributes.removeIf(a -> a.type() == attribute);
        attributes.add(Attribute.number(attribute, value));
        quick.set(
                0,
                Payload.Sa.of(
                        List.of(new Proposal(1, 3, Bytes.hex("12345678"), List.of(new Transform(1, 20, attributes))))));
        Forge.begin(pair, pair.left, q -> q, quick);
        pair.settle();
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.NoProposalChosen.class);
        assertUnmoved(pair);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00000000", "000000ff", "1234", "1234567812345678"})
    void aChildWithoutAProperSpiIsRefused(String spi) {
        Pair pair = up();
        List<Payload> quick = new ArrayList<>(Forge.quickMode(pair.left));
        quick.set(
                0,
                Payload.Sa.of(List.of(new Proposal(
                        1,
                        3,
                        Bytes.hex(spi),
                        List.of(new Transform(1, 20, List.of(Attribute.number(4, 1), Attribute.number(6, 256))))))));
        Forge.begin(pair, pair.left, q -> q, quick);
        pair.settle();
        assertUnmoved(pair);
    }

    @Test
    void aRecordedQuickModeMakesNothingNew() {
        Pair pair = up();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        Pair.InFlight recorded = pair.take(pair.left);
        pair.deliver(recorded);
        pair.settle();
        pair.pass(Duration.ofMinutes(5));
        int before = pair.right.actions.size();
        pair.deliver(recorded);
        assertThat(pair.right.actions.subList(before, pair.right.actions.size()))
                .noneMatch(io.sallyport.ike.IkeAction.InstallChild.class::isInstance);
    }

    @Test
    void aQuickModeWhoseLastMessageNeverComesLeavesNothing() {
        Pair pair = up();
        Forge.begin(pair, pair.left, q -> q, Forge.quickMode(pair.left));
        assertThat(pair.right.children).hasSize(2);
        pair.wire.clear();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.right.facts(IkeFact.ChildUp.class)).hasSize(1);
    }

    // CVE-2022-34721: malformed fragments.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 7, 8})
    void aMalformedFragmentIsNotRead(int octets) {
        Pair pair = up();
        IkeSa left = Forge.only(pair.left);
        Bytes body = Bytes.wrap(new byte[octets]);
        toRight(
                pair,
                new Header(
                                left.spis().initiator(),
                                left.spis().responder(),
                                PayloadType.FRAGMENT,
                                ExchangeType.QUICK,
                                0,
                                5,
                                0)
                        .with(body));
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.Misbehaved.class);
        assertUnmoved(pair);
    }

    @Test
    void anyBitFlippedOnTheWayIsNeitherAnsweredNorBelieved() {
        Pair pair = up();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        Pair.InFlight request = pair.take(pair.left);
        for (int at = 28; at < request.send().message().size(); at++) {
            byte[] flipped = request.send().message().toArray();
            flipped[at] ^= 4;
            toRight(pair, Bytes.of(flipped));
        }
        // Padding behind the last payload is all that RFC 2409 leaves unprotected; it says nothing.
        assertThat(pair.right.children.size()).isLessThanOrEqualTo(2);
        pair.wire.clear();
        pair.pass(Duration.ofMinutes(3));
        HandshakeTest.assertMatched(pair);
    }
}
