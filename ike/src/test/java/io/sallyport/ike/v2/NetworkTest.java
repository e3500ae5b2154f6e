package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** NATs, moving peers, and messages too large for one datagram. */
class NetworkTest {
    private static final Endpoint TRANSLATED = Endpoint.of("203.0.113.7", 61_001);

    private static PeerConfig open(PeerConfig peer) {
        return peer.but().remote(Optional.empty()).mayInitiate(false).build();
    }

    /** The left end behind a NAT that shows it as {@code shown}. */
    private static void translate(Pair pair, Endpoint[] shown) {
        pair.onDelivery = event -> event.map(d -> {
            if (d.remote().address().equals(Configs.LEFT)) {
                return new IkeEvent.Datagram(d.local(), shown[0], d.message());
            }
            return d.local().equals(shown[0])
                    ? new IkeEvent.Datagram(
                            new Endpoint(Configs.LEFT, d.remote().port()), d.remote(), d.message())
                    : d;
        });
    }

    private static Pair behindNat(Endpoint[] shown) {
        Pair pair = new Pair(Configs.left(), open(Configs.right()));
        translate(pair, shown);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    @Test
    void aNatIsFoundAndEspTravelsInUdp() {
        Pair pair = behindNat(new Endpoint[] {TRANSLATED});
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).natLocal()).isTrue();
        assertThat(pair.right.last(IkeFact.IkeUp.class).natRemote()).isTrue();
        assertThat(pair.left.onlyChild().sa.udpEncapsulated()).isTrue();
        assertThat(pair.left.onlyChild().sa.localEndpoint().port()).isEqualTo(4500);
        assertThat(pair.right.onlyChild().sa.remoteEndpoint()).isEqualTo(TRANSLATED);
    }

    @Test
    void theEndBehindTheNatKeepsItsMappingAlive() {
        Pair pair = behindNat(new Endpoint[] {TRANSLATED});
        pair.pass(Duration.ofSeconds(61));
        assertThat(pair.left.actions.stream().filter(IkeAction.SendKeepalive.class::isInstance))
                .hasSize(3);
        assertThat(pair.right.actions).noneMatch(IkeAction.SendKeepalive.class::isInstance);
    }

    @Test
    void anAuthenticMessageFromAnotherAddressMovesThePeer() {
        Endpoint[] shown = {TRANSLATED};
        Pair pair = behindNat(shown);
        shown[0] = TRANSLATED.withPort(61_002);
        pair.pass(Duration.ofSeconds(20));
        assertThat(pair.right.actions)
                .contains(new IkeAction.MoveChild(
                        pair.right.onlyChild().sa.id(), new Endpoint(Configs.RIGHT, 4500), shown[0]));
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void espFromAnotherAddressMovesThePeerOnlyBehindANat() {
        Endpoint elsewhere = TRANSLATED.withPort(61_003);
        Pair pair = behindNat(new Endpoint[] {TRANSLATED});
        long id = pair.right.onlyChild().sa.id();
        pair.right.on(new IkeEvent.PeerMoved(id, elsewhere));
        assertThat(pair.right.actions.getLast()).isInstanceOf(IkeAction.MoveChild.class);
        Pair plain = Pair.connected();
        int before = plain.right.actions.size();
        plain.right.on(new IkeEvent.PeerMoved(plain.right.onlyChild().sa.id(), elsewhere));
        assertThat(plain.right.actions).hasSize(before);
    }

    @Test
    void withoutANatEspIsProtocol50() {
        Pair pair = Pair.connected();
        assertThat(pair.left.onlyChild().sa.udpEncapsulated()).isFalse();
        assertThat(pair.left.onlyChild().sa.remoteEndpoint().port()).isZero();
    }

    @Test
    void twoSallyportsFeignANatForEachOther() {
        Pair pair = new Pair(
                Configs.withEncapsulation(Configs.left(), PeerConfig.EncapsulationMode.AUTO),
                Configs.withEncapsulation(Configs.right(), PeerConfig.EncapsulationMode.AUTO));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.onlyChild().sa.udpEncapsulated()).isTrue();
        assertThat(pair.right.onlyChild().sa.remoteEndpoint().port()).isEqualTo(4500);
    }

    @Test
    void encapsulationMayBeForcedByEitherEnd() {
        for (boolean left : new boolean[] {true, false}) {
            PeerConfig forced = left ? Configs.left() : Configs.right();
            PeerConfig udp = Configs.withEncapsulation(forced, PeerConfig.EncapsulationMode.UDP);
            Pair pair = left ? new Pair(udp, Configs.right()) : new Pair(Configs.left(), udp);
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.settle();
            HandshakeTest.assertMatching(pair);
            assertThat(pair.right.onlyChild().sa.udpEncapsulated()).isTrue();
        }
    }

    private static Pair withManySelectors() {
        List<TrafficSelector> lefts = new ArrayList<>();
        List<TrafficSelector> rights = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lefts.add(TrafficSelector.of(Prefix.parse("10.1." + i + ".0/24")));
            rights.add(TrafficSelector.of(Prefix.parse("10.2." + i + ".0/24")));
        }
        ChildConfig left = Configs.left().children().getFirst();
        ChildConfig wide =
                new ChildConfig(left.name(), lefts, rights, left.offers(), left.accepts(), left.lifetime(), 0, 1024);
        ChildConfig mirrored =
                new ChildConfig(left.name(), rights, lefts, left.offers(), left.accepts(), left.lifetime(), 0, 1024);
        return new Pair(
                Configs.withChildren(Configs.left(), List.of(wide)),
                Configs.withChildren(Configs.right(), List.of(mirrored)));
    }

    @Test
    void aLargeMessageTravelsInFragmentsWithinTheLeastMtu() {
        Pair pair = withManySelectors();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        HandshakeTest.assertMatching(pair);
        List<Bytes> sent = pair.left.actions.stream()
                .filter(IkeAction.Send.class::isInstance)
                .map(a -> ((IkeAction.Send) a).message())
                .toList();
        assertThat(sent).hasSizeGreaterThan(3).allMatch(m -> m.size() <= 1228);
        assertThat(sent.getLast().at(16)).isEqualTo(53);
    }

    @Test
    void fragmentsMayComeInAnyOrderAndTwice() {
        Pair pair = withManySelectors();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        List<Pair.InFlight> fragments = new ArrayList<>(pair.wire);
        pair.wire.clear();
        fragments.addAll(fragments.subList(1, fragments.size()));
        Collections.reverse(fragments);
        fragments.forEach(pair::deliver);
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void aLostFragmentIsMadeGoodByRetransmissionOfAll() {
        Pair pair = withManySelectors();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        int[] count = {0};
        pair.onDelivery = d -> ++count[0] == 4 ? Optional.empty() : d;
        pair.pass(Duration.ofSeconds(3));
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void aRepeatedFragmentedRequestIsAnsweredOnce() {
        Pair pair = withManySelectors();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        List<Pair.InFlight> fragments = List.copyOf(pair.wire);
        pair.wire.clear();
        fragments.forEach(pair::deliver);
        List<Pair.InFlight> response = List.copyOf(pair.wire);
        pair.wire.clear();
        fragments.forEach(pair::deliver);
        assertThat(pair.wire.stream().map(f -> f.send().message()))
                .containsExactlyElementsOf(
                        response.stream().map(f -> f.send().message()).toList());
    }

    @Test
    void anUnfinishedMessageIsForgotten() {
        Pair pair = Pair.connected();
        IkeSa left = pair.left.machine.sasForTest().getFirst();
        Header header =
                Header.of(left.spis().initiator(), left.spis().responder(), ExchangeType.INFORMATIONAL, true, false, 2);
        List<Payload> large = List.of(new Payload.VendorId(Bytes.wrap(new byte[3000])));
        List<Bytes> fragments = left.secured().protection().seal(header, large, new SeededEntropy(5));
        assertThat(fragments).hasSizeGreaterThan(2);
        pair.right.on(new IkeEvent.Datagram(
                new Endpoint(Configs.RIGHT, 500), new Endpoint(Configs.LEFT, 500), fragments.getFirst()));
        IkeSa right = pair.right.machine.sasForTest().getFirst();
        assertThat(right.secured().protection().awaitsFragments()).isTrue();
        pair.pass(Duration.ofSeconds(16));
        assertThat(right.secured().protection().awaitsFragments()).isFalse();
    }
}
