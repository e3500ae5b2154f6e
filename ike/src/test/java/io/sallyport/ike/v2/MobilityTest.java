package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An initiator that moves: RFC 4555. */
class MobilityTest {
    private static final Address ELSEWHERE = Address.parse("203.0.113.7");
    private static final Address FURTHER = Address.parse("203.0.113.8");
    private static final Endpoint NEW = new Endpoint(ELSEWHERE, 4500);
    private static final Endpoint OLD = new Endpoint(Configs.LEFT, 4500);
    private static final Endpoint RIGHT = new Endpoint(Configs.RIGHT, 4500);

    private static PeerConfig mobile(PeerConfig peer) {
        return peer.but()
                .mobility(new PeerConfig.Mobility(true, Optional.empty()))
                .build();
    }

    private static Pair connected() {
        return connect(mobile(Configs.left()), mobile(Configs.right()));
    }

    private static Pair connect(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    private static IkeSa sa(Pair.End end) {
        return end.machine.sasForTest().getFirst();
    }

    private static List<IkeAction.MoveChild> moves(Pair.End end) {
        return end.actions.stream()
                .filter(IkeAction.MoveChild.class::isInstance)
                .map(IkeAction.MoveChild.class::cast)
                .toList();
    }

    private static Payload.Notify update() {
        return Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES);
    }

    @Test
    void whoMayMoveTalksOnPort4500FromTheFirstProofOn() {
        Pair pair = connected();
        assertThat(sa(pair.left).local()).isEqualTo(OLD);
        assertThat(sa(pair.right).remote()).isEqualTo(OLD);
        assertThat(sa(pair.left).path().isMobile()).isTrue();
        assertThat(sa(pair.right).path().isMobile()).isTrue();
        assertThat(pair.left.onlyChild().sa.udpEncapsulated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void itTakesTwo(boolean left, boolean right) {
        Pair pair = connect(
                left ? mobile(Configs.left()) : Configs.left(), right ? mobile(Configs.right()) : Configs.right());
        assertThat(sa(pair.left).path().isMobile()).isFalse();
        assertThat(sa(pair.right).path().isMobile()).isFalse();
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        pair.settle();
        assertThat(moves(pair.left)).isEmpty();
        assertThat(moves(pair.right)).isEmpty();
    }

    @Test
    void theWholeIkeSaMovesWithItsInitiator() {
        Pair pair = connected();
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        pair.settle();
        long child = pair.left.onlyChild().sa.id();
        long theirs = pair.right.onlyChild().sa.id();
        assertThat(moves(pair.left))
                .containsExactly(new IkeAction.MoveChild(child, NEW.withPort(0), RIGHT.withPort(0)));
        assertThat(moves(pair.right))
                .containsExactly(new IkeAction.MoveChild(theirs, RIGHT.withPort(0), NEW.withPort(0)));
        assertThat(sa(pair.right).remote()).isEqualTo(NEW);
        // And everything goes on from there.
        pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        pair.right.on(new IkeEvent.RekeyChild(pair.right.onlyChild().sa.id()));
        pair.settle();
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.right.onlyChild().sa.remoteEndpoint()).isEqualTo(NEW.withPort(0));
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void behindANatThatWasNotThereBeforePacketsTravelInUdp() {
        Pair pair = connected();
        Endpoint mapped = new Endpoint(ELSEWHERE, 40_000);
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, Address.parse("192.168.1.9")));
        behind(pair, mapped);
        assertThat(sa(pair.right).nat().remote()).isTrue();
        assertThat(sa(pair.left).nat().local()).isTrue();
        assertThat(moves(pair.right).getLast().remote()).isEqualTo(mapped);
        assertThat(moves(pair.left).getLast().local()).isEqualTo(new Endpoint(Address.parse("192.168.1.9"), 4500));
        assertThat(moves(pair.left).getLast().remote()).isEqualTo(RIGHT);
    }

    /** Delivers everything, as through a NAT that shows {@code mapped} for the left end. */
    private static void behind(Pair pair, Endpoint mapped) {
        pair.onDelivery = d -> d.map(x -> x.remote().equals(sa(pair.left).local())
                ? new IkeEvent.Datagram(x.local(), mapped, x.message())
                : new IkeEvent.Datagram(sa(pair.left).local(), x.remote(), x.message()));
        pair.settle();
        pair.onDelivery = null;
    }

    /** RFC 4555 section 3.7: else a peer could send its packets to somebody else's door. */
    @Test
    void packetsFollowOnlyWhenTheNewAddressHasAnswered() {
        Pair pair = connected();
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        pair.deliver(pair.take(pair.left));
        assertThat(moves(pair.right)).isEmpty();
        Pair.InFlight response = pair.take(pair.right);
        Pair.InFlight check = pair.take(pair.right);
        assertThat(response.send().remote()).isEqualTo(NEW);
        assertThat(check.send().remote()).isEqualTo(NEW);
        pair.deliver(response);
        assertThat(moves(pair.right)).isEmpty();
        pair.deliver(check);
        pair.settle();
        assertThat(moves(pair.right)).hasSize(1);
    }

    @Test
    void aWrongCookieEndsTheIkeSa() {
        Pair pair = connected();
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.responses(ExchangeType.INFORMATIONAL),
                        _ -> List.of(Payload.Notify.of(NotifyType.COOKIE2, Bytes.wrap(new byte[16]))));
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        pair.settle();
        assertThat(moves(pair.right)).isEmpty();
        assertThat(pair.right.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.Misbehaved("COOKIE2: not the one that was sent"));
    }

    @Test
    void onlyTheLatestOfTwoMovesCounts() {
        Pair pair = connected();
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        Pair.InFlight first = pair.take(pair.left);
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, FURTHER));
        pair.deliver(first);
        pair.settle();
        pair.pass(Duration.ofSeconds(5));
        assertThat(sa(pair.right).remote()).isEqualTo(new Endpoint(FURTHER, 4500));
        assertThat(moves(pair.right).getLast().remote().address()).isEqualTo(FURTHER);
        assertThat(moves(pair.left)).extracting(m -> m.local().address()).containsExactly(FURTHER);
    }

    /** Whoever can only send from elsewhere what the peer wrote moves nothing (OpenIKED's commit baf0c8e). */
    @Test
    void anAddressThatNobodyAuthenticatedIsNoAddress() {
        Pair pair = connected();
        pair.left.on(new IkeEvent.UnknownSpi(OLD, RIGHT, 4711));
        Pair.InFlight request = pair.take(pair.left);
        byte[] changed = request.send().message().toArray();
        changed[changed.length - 1] ^= 1;
        Endpoint stranger = new Endpoint(FURTHER, 4500);
        pair.right.on(new IkeEvent.Datagram(RIGHT, stranger, Bytes.wrap(changed)));
        // Even the very octets, from somewhere else, are only answered there.
        pair.deliver(request, stranger);
        assertThat(sa(pair.right).remote()).isEqualTo(OLD);
        assertThat(pair.take(pair.right).send().remote()).isEqualTo(stranger);
        assertThat(moves(pair.right)).isEmpty();
    }

    @Test
    void theCookieOfThePeersCheckGoesBackAsItCame() {
        Pair pair = connected();
        FaultyPeer right = FaultyPeer.on(pair, pair.right);
        Payload.Notify cookie = Payload.Notify.of(NotifyType.COOKIE2, Bytes.utf8("a cookie of ours"));
        right.adds(FaultyPeer.requests(ExchangeType.INFORMATIONAL), cookie);
        pair.right.on(new IkeEvent.UnknownSpi(RIGHT, OLD, 4711));
        FaultyPeer left = FaultyPeer.on(pair, pair.left);
        pair.settle();
        assertThat(left.sent().getLast().payloads()).containsExactly(cookie);
    }

    @Test
    void anUpdateOfTheResponderIsNotObeyed() {
        Pair pair = connected();
        FaultyPeer.on(pair, pair.right).adds(FaultyPeer.requests(ExchangeType.INFORMATIONAL), update());
        pair.right.on(new IkeEvent.UnknownSpi(RIGHT, OLD, 4711));
        pair.deliver(pair.take(pair.right), new Endpoint(FURTHER, 4500));
        pair.settle();
        assertThat(sa(pair.left).remote()).isEqualTo(RIGHT);
        assertThat(moves(pair.left)).isEmpty();
    }

    /** RFC 4555 section 3.9: not even the first proof may come through one. */
    @Test
    void whoForbidsNatsIsToldOfOneBeforeAnythingStands() {
        Pair pair = new Pair(
                mobile(Configs.left()),
                mobile(Configs.right()).but().remote(Optional.empty()).build());
        Bytes path =
                Bytes.concat(Configs.LEFT.toBytes(), Configs.RIGHT.toBytes(), Bytes.ofInts(0x11, 0x94, 0x11, 0x94));
        FaultyPeer.on(pair, pair.left)
                .adds(FaultyPeer.requests(ExchangeType.IKE_AUTH), Payload.Notify.of(NotifyType.NO_NATS_ALLOWED, path));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        behind(pair, new Endpoint(FURTHER, 4500));
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(41, "UNEXPECTED_NAT_DETECTED"));
    }

    @Test
    void whoForbidsNatsWhereThereIsNoneIsWelcome() {
        Pair pair = new Pair(mobile(Configs.left()), mobile(Configs.right()));
        Bytes path =
                Bytes.concat(Configs.LEFT.toBytes(), Configs.RIGHT.toBytes(), Bytes.ofInts(0x11, 0x94, 0x11, 0x94));
        FaultyPeer.on(pair, pair.left)
                .adds(FaultyPeer.requests(ExchangeType.IKE_AUTH), Payload.Notify.of(NotifyType.NO_NATS_ALLOWED, path));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(1);
    }

    @Test
    void whoForbidsNatsIsToldOfOne() {
        Pair pair = connected();
        Bytes path = Bytes.concat(ELSEWHERE.toBytes(), Configs.RIGHT.toBytes(), Bytes.ofInts(0x11, 0x94, 0x11, 0x94));
        FaultyPeer.on(pair, pair.left)
                .adds(
                        FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                        Payload.Notify.of(NotifyType.NO_NATS_ALLOWED, path));
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        behind(pair, new Endpoint(FURTHER, 4500));
        assertThat(moves(pair.right)).isEmpty();
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(41, "UNEXPECTED_NAT_DETECTED"));
    }

    /** The mapping of a NAT changes: the initiator notices by the answers to its liveness checks, and says so. */
    @Test
    void aNatThatForgetsIsNoticedAndFollowed() {
        Pair pair = new Pair(
                mobile(Configs.left()),
                mobile(Configs.right()).but().remote(Optional.empty()).build());
        Endpoint[] mapped = {new Endpoint(ELSEWHERE, 40_000)};
        pair.onDelivery = d -> d.map(x -> x.local().equals(mapped[0])
                        || x.local().equals(mapped[0].withPort(500))
                ? new IkeEvent.Datagram(new Endpoint(Configs.LEFT, x.remote().port()), x.remote(), x.message())
                : x.remote().address().equals(Configs.LEFT)
                        ? new IkeEvent.Datagram(
                                x.local(), x.remote().port() == 500 ? mapped[0].withPort(500) : mapped[0], x.message())
                        : x);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(sa(pair.left).nat().local()).isTrue();
        pair.pass(Duration.ofSeconds(20));
        int before = moves(pair.right).size();
        mapped[0] = new Endpoint(ELSEWHERE, 50_000);
        pair.pass(Duration.ofSeconds(20));
        assertThat(sa(pair.right).remote()).isEqualTo(mapped[0]);
        assertThat(moves(pair.right).size()).isGreaterThan(before);
        assertThat(moves(pair.right).getLast().remote()).isEqualTo(mapped[0]);
    }

    @Test
    void oddNotifiesOfMobilityAreReadOver() {
        for (int size : List.of(0, 1, 255)) {
            Pair pair = connected();
            FaultyPeer left = FaultyPeer.on(pair, pair.left);
            for (NotifyType type : List.of(
                    NotifyType.COOKIE2,
                    NotifyType.UPDATE_SA_ADDRESSES,
                    NotifyType.NO_NATS_ALLOWED,
                    NotifyType.ADDITIONAL_IP4_ADDRESS,
                    NotifyType.ADDITIONAL_IP6_ADDRESS,
                    NotifyType.AUTH_LIFETIME)) {
                left.adds(
                        FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                        new Payload.Notify(size, Bytes.wrap(new byte[size]), type, Bytes.wrap(new byte[size])));
            }
            pair.left.on(new IkeEvent.UnknownSpi(OLD, RIGHT, 4711));
            pair.settle();
            assertThat(pair.right.children).hasSize(1);
            assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        }
    }

    /** It is not where it is configured to be, and still the same peer. */
    @Test
    void aHostThatMovedRenewsItsProofsFromWhereItIs() {
        PeerConfig left = mobile(Configs.left())
                .but()
                .mobility(new PeerConfig.Mobility(true, Optional.of(Duration.ofHours(1))))
                .build();
        Pair pair = connect(left, mobile(Configs.right()));
        pair.left.on(new IkeEvent.LocalAddress(Configs.PEER, ELSEWHERE));
        pair.settle();
        pair.pass(Duration.ofMinutes(59));
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(pair.right.onlyChild().sa.remoteEndpoint().address()).isEqualTo(ELSEWHERE);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    /** RFC 4555 section 3.6: the responder has a second address, and its first one goes dead. */
    @Test
    void aResponderThatIsSilentWhereItWasIsFoundWhereItSaidItIsToo() {
        Pair pair = withASecondAddress();
        reachedAt(pair, FURTHER);
        pair.pass(Duration.ofMinutes(2));
        assertThat(sa(pair.left).remote()).isEqualTo(new Endpoint(FURTHER, 4500));
        assertThat(moves(pair.left).getLast().remote().address()).isEqualTo(FURTHER);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        // And back again.
        reachedAt(pair, Configs.RIGHT);
        pair.pass(Duration.ofMinutes(2));
        assertThat(sa(pair.left).remote()).isEqualTo(RIGHT);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void whoeverTookItsOtherAddressesBackIsLookedForNowhereElse() {
        Pair pair = withASecondAddress();
        FaultyPeer.on(pair, pair.right)
                .adds(
                        FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                        Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES));
        pair.right.on(new IkeEvent.UnknownSpi(RIGHT, OLD, 4711));
        pair.settle();
        assertThat(sa(pair.left).path().others()).isEmpty();
        pair.onDelivery = _ -> Optional.empty();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.actions)
                .noneMatch(a -> a instanceof IkeAction.Send send
                        && send.remote().address().equals(FURTHER));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.PeerDead.class);
    }

    /** It loses its first address itself and says so from the second. */
    @Test
    void aResponderThatSpeaksFromElsewhereIsFollowedOnceItsOldAddressIsDead() {
        Pair pair = connected();
        FaultyPeer.on(pair, pair.right)
                .adds(
                        FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                        Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES));
        pair.right.on(new IkeEvent.UnknownSpi(RIGHT, OLD, 4711));
        pair.deliver(pair.take(pair.right), new Endpoint(FURTHER, 4500));
        assertThat(sa(pair.left).remote()).as("so far it only said so").isEqualTo(RIGHT);
        pair.faults = List::of;
        reachedAt(pair, FURTHER);
        pair.pass(Duration.ofSeconds(20));
        assertThat(sa(pair.left).remote()).isEqualTo(new Endpoint(FURTHER, 4500));
    }

    @Test
    void ofManyOtherAddressesOnlyAFewAreKept() {
        Pair pair = new Pair(mobile(Configs.left()), mobile(Configs.right()));
        FaultyPeer right = FaultyPeer.on(pair, pair.right);
        for (int i = 0; i < 20; i++) {
            right.adds(
                    FaultyPeer.responses(ExchangeType.IKE_AUTH),
                    Payload.Notify.of(NotifyType.ADDITIONAL_IP4_ADDRESS, Bytes.ofInts(203, 0, 113, i)));
        }
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(sa(pair.left).path().others()).hasSize(8);
    }

    private static Pair withASecondAddress() {
        Pair pair = new Pair(mobile(Configs.left()), mobile(Configs.right()));
        FaultyPeer.on(pair, pair.right)
                .changes(FaultyPeer.responses(ExchangeType.IKE_AUTH), MobilityTest::alsoElsewhere);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.faults = List::of;
        return pair;
    }

    private static List<Payload> alsoElsewhere(List<Payload> payloads) {
        List<Payload> changed = new ArrayList<>(payloads);
        changed.removeIf(
                p -> p instanceof Payload.Notify n && n.notifyType().equals(NotifyType.NO_ADDITIONAL_ADDRESSES));
        changed.add(Payload.Notify.of(NotifyType.ADDITIONAL_IP4_ADDRESS, FURTHER.toBytes()));
        return changed;
    }

    /** The right end is reached at {@code alive} only; it takes no notice of which of its addresses that is. */
    private static void reachedAt(Pair pair, Address alive) {
        pair.onDelivery = d -> d.filter(x -> x.remote().address().equals(Configs.RIGHT)
                        || x.local().address().equals(alive))
                .map(x -> x.remote().address().equals(Configs.RIGHT)
                        ? new IkeEvent.Datagram(
                                x.local(), new Endpoint(alive, x.remote().port()), x.message())
                        : new IkeEvent.Datagram(
                                new Endpoint(Configs.RIGHT, x.local().port()), x.remote(), x.message()));
    }

    @Test
    void additionalAddressesAreSaidToBeNone() {
        Pair pair = new Pair(mobile(Configs.left()), mobile(Configs.right()));
        FaultyPeer right = FaultyPeer.on(pair, pair.right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        ProtectedMessage last = right.sent().getLast();
        assertThat(Payloads.notify(last.payloads(), NotifyType.NO_ADDITIONAL_ADDRESSES))
                .isPresent();
    }
}
