package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.Transform;
import io.sallyport.ike.v2.message.UnprotectedMessage;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers try; each case is shaped after a known vulnerability of another gateway. */
class DefenceTest {
    private static final Endpoint HERE = new Endpoint(Configs.RIGHT, 500);
    private static final Endpoint THERE = new Endpoint(Configs.LEFT, 500);

    private static List<IkeAction> receive(Pair pair, Bytes message) {
        return receive(pair, THERE, message);
    }

    private static List<IkeAction> receive(Pair pair, Endpoint from, Bytes message) {
        int before = pair.right.actions.size();
        pair.right.on(new IkeEvent.Datagram(HERE, from, message));
        return pair.right.actions.subList(before, pair.right.actions.size());
    }

    private static Bytes init(long spi, IkeSuite suite, Payload.Ke ke) {
        Header header = Header.of(spi, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        return new UnprotectedMessage(
                        header,
                        List.of(
                                new Payload.Sa(Proposals.ofIke(List.of(suite), Bytes.EMPTY)),
                                ke,
                                new Payload.Nonce(Bytes.wrap(new byte[32]))))
                .write();
    }

    private static Optional<Payload.Notify> notified(List<IkeAction> actions, NotifyType type) throws Exception {
        for (IkeAction action : actions) {
            if (action instanceof IkeAction.Send send) {
                Optional<Payload.Notify> found =
                        Payloads.notify(UnprotectedMessage.read(send.message()).payloads(), type);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean asks(List<IkeAction> actions) {
        return actions.stream().anyMatch(IkeAction.Ask.class::isInstance);
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void aPublicValueOfTheWrongSizeIsRefusedBeforeAnyMathematics(KeyExchangeMethod group) {
        IkeSuite suite = new IkeSuite(Configs.GCM.encryption(), Configs.GCM.integrity(), Configs.GCM.prf(), group);
        Pair pair = new Pair(Configs.left(), Configs.withSuites(Configs.right(), List.of(suite), List.of(suite)));
        for (int size : new int[] {0, 1, group.publicOctets() - 1, group.publicOctets() + 1, 4000}) {
            Payload.Ke ke = new Payload.Ke(group.transformId(), Bytes.wrap(new byte[size]));
            assertThat(asks(receive(pair, init(7 + size, suite, ke)))).isFalse();
        }
    }

    @Test
    void aPublicValueOfZeroYieldsNoIkeSa() {
        Pair pair = Pair.ordinary();
        KeyExchangeMethod group = Configs.GCM.keyExchange();
        Payload.Ke ke = new Payload.Ke(group.transformId(), Bytes.wrap(new byte[group.publicOctets()]));
        receive(pair, init(7, Configs.GCM, ke));
        pair.think();
        assertThat(pair.wire).isEmpty();
        assertThat(pair.right.facts(IkeFact.Refused.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1025, 32768, 65535})
    void aGroupOfThePrivateRangeIsAnsweredWithOneOfOurs(int group) throws Exception {
        Pair pair = Pair.ordinary();
        List<IkeAction> actions = receive(pair, init(7, Configs.GCM, new Payload.Ke(group, Bytes.wrap(new byte[96]))));
        assertThat(asks(actions)).isFalse();
        assertThat(notified(actions, NotifyType.INVALID_KE_PAYLOAD)
                        .orElseThrow()
                        .data())
                .isEqualTo(Bytes.ofInts(0, 20));
    }

    @Test
    void aGroupThatWasOnlyInventedIsNotOfferedAgain() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight request = pair.take(pair.left);
        Bytes octets = request.send().message();
        Header reply = Header.of(longAt(octets), 0, ExchangeType.IKE_SA_INIT, false, true, 0);
        Bytes refusal = new UnprotectedMessage(
                        reply, List.of(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.ofInts(0, 2))))
                .write();
        pair.left.on(new IkeEvent.Datagram(THERE, HERE, refusal));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.WrongGroup.class);
    }

    private static long longAt(Bytes octets) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | octets.at(i);
        }
        return value;
    }

    @ParameterizedTest
    @ValueSource(ints = {36, 37, 38, 0, 255})
    void noOtherExchangeBringsAnythingBeforeIkeAuth(int exchange) {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        Bytes auth = pair.take(pair.left).send().message();
        // The initiator holds the keys of an IKE SA that nobody has proven: it sends another exchange in place of
        // IKE_AUTH.
        IkeSa attacker = pair.left.machine.sasForTest().getFirst();
        Header header = Header.of(
                attacker.spis().initiator(), attacker.spis().responder(), new ExchangeType(exchange), true, false, 1);
        List<Payload> payloads = List.of(
                new Payload.Sa(Proposals.ofEsp(List.of(Configs.ESP_GCM), 4711)),
                new Payload.Nonce(Bytes.wrap(new byte[32])),
                Narrowing.payload(true, Configs.left().children().getFirst().local()),
                Narrowing.payload(false, Configs.left().children().getFirst().remote()),
                new Payload.Delete(Proposal.Protocol.IKE, List.of()));
        for (Bytes datagram : attacker.secured().protection().seal(header, payloads, new SeededEntropy(3))) {
            receive(pair, datagram);
        }
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.wire).isEmpty();
        // And the honest request still works.
        receive(pair, auth);
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void ourOwnRequestReflectedIsNotAnswered() {
        Pair pair = Pair.ordinary();
        pair.right.on(new IkeEvent.Connect(Configs.PEER));
        Bytes own = pair.take(pair.right).send().message();
        assertThat(receive(pair, own).stream().filter(IkeAction.Send.class::isInstance))
                .isEmpty();
    }

    @Test
    void ourOwnProtectedMessageReflectedIsNotAnswered() {
        Pair pair = Pair.connected();
        pair.right.on(new IkeEvent.RekeyChild(pair.right.onlyChild().sa.id()));
        Bytes own = pair.take(pair.right).send().message();
        assertThat(receive(pair, own)).noneMatch(IkeAction.Send.class::isInstance);
        assertThat(pair.right.children).hasSize(1);
    }

    @Test
    void equalSpisAreRefused() {
        Pair pair = Pair.ordinary();
        Header header = Header.of(9, 9, ExchangeType.IKE_SA_INIT, true, false, 0);
        assertThat(receive(pair, new UnprotectedMessage(header, List.of()).write()))
                .noneMatch(IkeAction.Send.class::isInstance);
    }

    @Test
    void aFloodOfSpoofedRequestsIsAnsweredWithCookiesAndAnHonestPeerConnects() throws Exception {
        Pair pair = Pair.ordinary();
        PeerConfig any = Configs.right();
        PeerConfig open = any.but()
                .name("anyone")
                .remote(Optional.empty())
                .remoteIdentity(Optional.empty())
                .mayInitiate(false)
                .build();
        pair.right.on(new IkeEvent.Configure(List.of(any, open)));
        KeyExchangeMethod group = Configs.GCM.keyExchange();
        byte[] value = new byte[group.publicOctets()];
        value[7] = 9;
        Payload.Ke ke = new Payload.Ke(group.transformId(), Bytes.wrap(value));
        int cookies = 0;
        for (int i = 0; i < 5000; i++) {
            Endpoint spoofed = new Endpoint(Address.ipv4(0x0a000000 + i), 500);
            List<IkeAction> actions = receive(pair, spoofed, init(1000 + i, Configs.GCM, ke));
            if (notified(actions, NotifyType.COOKIE).isPresent()) {
                cookies++;
            }
        }
        assertThat(cookies).isEqualTo(5000 - Limits.COOKIES_FROM_HALF_OPEN);
        assertThat(pair.right.machine.sasForTest()).hasSize(Limits.COOKIES_FROM_HALF_OPEN);
        assertThat(pair.right.last(IkeFact.UnderLoad.class).cookies()).isTrue();
        pair.wire.clear();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        // IKE_SA_INIT { ... } -->, <-- IKE_SA_INIT { N(COOKIE) }, IKE_SA_INIT { N(COOKIE), ... } -->
        pair.settle();
        HandshakeTest.assertMatching(pair);
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
        assertThat(pair.right.last(IkeFact.UnderLoad.class).cookies()).isFalse();
    }

    @Test
    void aRequestThatIsAnsweredAfterACookieWasAskedForIsTheOneWithTheCookie() throws Exception {
        Pair pair = Pair.ordinary();
        pair.right.on(new IkeEvent.Configure(List.of(
                Configs.right(),
                Configs.right()
                        .but()
                        .name("anyone")
                        .remote(Optional.empty())
                        .remoteIdentity(Optional.empty())
                        .mayInitiate(false)
                        .build())));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        Pair.InFlight plain = pair.take(pair.left);
        KeyExchangeMethod group = Configs.GCM.keyExchange();
        byte[] value = new byte[group.publicOctets()];
        value[7] = 9;
        for (int i = 0; i < Limits.COOKIES_FROM_HALF_OPEN; i++) {
            Endpoint spoofed = new Endpoint(Address.ipv4(0x0a000000 + i), 500);
            receive(pair, spoofed, init(1000 + i, Configs.GCM, new Payload.Ke(group.transformId(), Bytes.wrap(value))));
        }
        pair.wire.clear();
        // IKE_SA_INIT { ... } -->, <-- IKE_SA_INIT { N(COOKIE) }
        pair.deliver(plain);
        Pair.InFlight demand = pair.take(pair.right);
        pair.faults = _ -> List.of();
        pair.pass(Duration.ofMillis(30_100));
        pair.faults = List::of;
        // The load has gone; the request comes once more, and is answered before the one with the cookie comes.
        pair.deliver(plain);
        Pair.InFlight answer = pair.take(pair.right);
        pair.deliver(demand);
        Pair.InFlight withCookie = pair.take(pair.left);
        pair.deliver(withCookie);
        pair.wire.clear();
        pair.deliver(answer);
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void anIdentityOf65000OctetsIsRefusedBeforeAnyoneIsAuthenticated() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        pair.take(pair.left);
        IkeSa attacker = pair.left.machine.sasForTest().getFirst();
        Header header = Header.of(
                attacker.spis().initiator(), attacker.spis().responder(), ExchangeType.IKE_AUTH, true, false, 1);
        List<Payload> huge = List.of(new Payload.Id(true, 2, Bytes.wrap(new byte[40_000])));
        for (Bytes datagram : attacker.secured().protection().seal(header, huge, new SeededEntropy(3))) {
            receive(pair, datagram);
        }
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.right.children).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aFragmentWithNextToNothingInItIsDropped(int size) {
        Pair pair = Pair.connected();
        IkeSa sa = pair.right.machine.sasForTest().getFirst();
        Bytes message = new Writer()
                .i64(sa.spis().initiator())
                .i64(sa.spis().responder())
                .u8(53)
                .u8(0x20)
                .u8(37)
                .u8(8)
                .u32(2)
                .u32(28 + 4 + size)
                .u8(0)
                .u8(0)
                .u16(4 + size)
                .zeros(size)
                .toBytes();
        assertThat(receive(pair, message)).noneMatch(IkeAction.Send.class::isInstance);
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void thirtyUnknownPayloadsAreReadOver() {
        Pair pair = Pair.connected();
        Bytes message = protectedRequest(pair, ExchangeType.INFORMATIONAL, skipped(30, false));
        assertThat(receive(pair, message)).anyMatch(IkeAction.Send.class::isInstance);
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void anUnknownCriticalPayloadIsRefusedAndTheIkeSaStays() {
        Pair pair = Pair.connected();
        List<Payload> payloads = new ArrayList<>(skipped(1, true));
        payloads.add(new Payload.Delete(Proposal.Protocol.IKE, List.of()));
        // INFORMATIONAL { critical unknown, D } -->
        // <-- INFORMATIONAL { N(UNSUPPORTED_CRITICAL_PAYLOAD) }
        assertThat(receive(pair, protectedRequest(pair, ExchangeType.INFORMATIONAL, payloads)))
                .anyMatch(IkeAction.Send.class::isInstance);
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255})
    void aRekeyThatNamesAStrangeProtocolFindsNoChild(int protocol) {
        Pair pair = Pair.connected();
        for (int spiOctets : new int[] {0, 1, 4, 255}) {
            List<Payload> payloads = List.of(
                    new Payload.Notify(protocol, Bytes.wrap(new byte[spiOctets]), NotifyType.REKEY_SA, Bytes.EMPTY),
                    new Payload.Sa(Proposals.ofEsp(List.of(Configs.ESP_GCM), 4711)),
                    new Payload.Nonce(Bytes.wrap(new byte[32])),
                    Narrowing.payload(true, Configs.left().children().getFirst().local()),
                    Narrowing.payload(
                            false, Configs.left().children().getFirst().remote()));
            receive(pair, protectedRequest(pair, ExchangeType.CREATE_CHILD_SA, payloads));
            HandshakeTest.assertMatching(pair);
        }
    }

    @Test
    void theSameChildDeletedTwiceInOneMessageIsDeletedOnce() {
        Pair pair = Pair.connected();
        Bytes spi = Proposals.spiBytes(pair.left.onlyChild().sa.inboundSpi());
        receive(
                pair,
                protectedRequest(
                        pair,
                        ExchangeType.INFORMATIONAL,
                        List.of(
                                new Payload.Delete(Proposal.Protocol.ESP, List.of(spi, spi)),
                                new Payload.Delete(Proposal.Protocol.ESP, List.of(spi)))));
        assertThat(pair.right.facts(IkeFact.ChildDown.class)).hasSize(1);
    }

    @Test
    void aForgedMessageFromElsewhereMovesNothing() {
        Pair pair = Pair.connected();
        Bytes message = protectedRequest(pair, ExchangeType.INFORMATIONAL, List.of());
        byte[] forged = message.toArray();
        forged[forged.length - 1] ^= 1;
        receive(pair, Endpoint.of("203.0.113.9", 4500), Bytes.wrap(forged));
        assertThat(pair.right.machine.sasForTest().getFirst().remote()).isEqualTo(THERE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 14, 24, 11, 40})
    void anUnprotectedErrorNeverEndsAnIkeSa(int type) {
        Pair pair = Pair.connected();
        IkeSa sa = pair.right.machine.sasForTest().getFirst();
        for (boolean response : new boolean[] {false, true}) {
            Header header = Header.of(
                    sa.spis().initiator(), sa.spis().responder(), ExchangeType.INFORMATIONAL, true, response, 2);
            receive(pair, new UnprotectedMessage(header, List.of(Payload.Notify.of(new NotifyType(type)))).write());
        }
        pair.settle();
        HandshakeTest.assertMatching(pair);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void ikeVersion1IsReportedAndNotAnswered() {
        Pair pair = Pair.ordinary();
        Bytes v1 = new Writer()
                .i64(1)
                .i64(0)
                .u8(1)
                .u8(0x10)
                .u8(2)
                .u8(0)
                .u32(0)
                .u32(28)
                .toBytes();
        assertThat(receive(pair, v1)).noneMatch(IkeAction.Send.class::isInstance);
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isEqualTo(new IkeFact.Failure.WrongVersion(1));
    }

    @Test
    void aHigherMajorVersionIsAnsweredWithOurs() throws Exception {
        Pair pair = Pair.ordinary();
        Bytes v3 = new Writer()
                .i64(1)
                .i64(0)
                .u8(33)
                .u8(0x30)
                .u8(34)
                .u8(8)
                .u32(0)
                .u32(28)
                .toBytes();
        assertThat(notified(receive(pair, v3), NotifyType.INVALID_MAJOR_VERSION))
                .isPresent();
    }

    @Test
    void strangersAreAnsweredAtABoundedRate() {
        Pair pair = Pair.ordinary();
        int answers = 0;
        for (int i = 1; i < 1000; i++) {
            Header header = Header.of(i, 5000 + i, ExchangeType.INFORMATIONAL, true, false, 3);
            answers += (int) receive(pair, new UnprotectedMessage(header, List.of()).write()).stream()
                    .filter(IkeAction.Send.class::isInstance)
                    .count();
        }
        assertThat(answers).isEqualTo(Limits.STRANGERS_PER_SECOND);
    }

    @Test
    void aStrangerIsToldApartFromAPeerWithoutCommonAlgorithms() {
        Pair pair = Pair.ordinary();
        KeyExchangeMethod group = KeyExchangeMethod.MODP_1024;
        IkeSuite weak = new IkeSuite(Configs.CBC.encryption(), Configs.CBC.integrity(), Configs.CBC.prf(), group);
        Payload.Ke ke = new Payload.Ke(group.transformId(), Bytes.wrap(new byte[group.publicOctets()]));
        receive(pair, init(7, weak, ke));
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new IkeFact.Failure.NoProposalChosen(
                        "IKE_SA_INIT",
                        List.of(Configs.GCM.toString(), Configs.CBC.toString()),
                        List.of("AES-CBC-256/PRF-HMAC-SHA256/HMAC-SHA256-128/MODP-1024 (group 2)"),
                        false));
        receive(pair, Endpoint.of("203.0.113.9", 500), init(8, weak, ke));
        assertThat(pair.right.last(IkeFact.Refused.class).why()).isInstanceOf(IkeFact.Failure.NoSuchPeer.class);
    }

    @Test
    void aProposalWithoutAGroupIsNotChosen() throws Exception {
        Pair pair = Pair.ordinary();
        Header header = Header.of(7, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        Proposal bare = new Proposal(
                1,
                Proposal.Protocol.IKE,
                Bytes.EMPTY,
                List.of(Transform.of(Transform.Type.ENCRYPTION, 20, 256), Transform.of(Transform.Type.PRF, 6)));
        Bytes message = new UnprotectedMessage(
                        header,
                        List.of(
                                new Payload.Sa(List.of(bare)),
                                new Payload.Ke(20, Bytes.wrap(new byte[96])),
                                new Payload.Nonce(Bytes.wrap(new byte[32]))))
                .write();
        assertThat(notified(receive(pair, message), NotifyType.NO_PROPOSAL_CHOSEN))
                .isPresent();
    }

    private static List<Payload> skipped(int count, boolean critical) {
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            payloads.add(new Payload.Skipped(new PayloadType(200 + i), critical));
        }
        return payloads;
    }

    /** The left end's next request, made with its keys. */
    private static Bytes protectedRequest(Pair pair, ExchangeType exchange, List<Payload> payloads) {
        IkeSa left = pair.left.machine.sasForTest().getFirst();
        int id = pair.right.machine.sasForTest().getFirst().expectedRequest();
        Header header = Header.of(left.spis().initiator(), left.spis().responder(), exchange, true, false, id);
        return left.secured()
                .protection()
                .seal(header, payloads, new SeededEntropy(id))
                .getFirst();
    }
}
