package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs that are renewed, make before break: RFC 4478 and RFC 7296 section 2.8.3. */
class RenewalTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static PeerConfig renewed(PeerConfig peer, Duration after) {
        return peer.but()
                .mobility(new PeerConfig.Mobility(false, Optional.of(after)))
                .build();
    }

    private static Pair connect(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    private static long standing(Pair.End end) {
        return end.machine.sasForTest().stream().filter(IkeSa::isEstablished).count();
    }

    private static void assertOnePair(Pair pair) {
        assertThat(standing(pair.left)).isOne();
        assertThat(standing(pair.right)).isOne();
        assertThat(pair.left.onlyChild().sa.inboundKey())
                .isEqualTo(pair.right.onlyChild().sa.outboundKey());
        assertThat(pair.left.onlyChild().outbound).isTrue();
        assertThat(pair.right.onlyChild().outbound).isTrue();
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    /** Who wishes it does not matter: the initiator begins. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInitiatorProvesItselfAnewInTime(boolean wishOfInitiator) {
        Pair pair = wishOfInitiator
                ? connect(renewed(Configs.left(), HOUR), Configs.right())
                : connect(Configs.left(), renewed(Configs.right(), HOUR));
        pair.pass(Duration.ofMinutes(46));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSize(1);
        pair.pass(Duration.ofMinutes(13));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertOnePair(pair);
        pair.pass(Duration.ofHours(5));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSizeBetween(6, 8);
        assertOnePair(pair);
    }

    /** The old children go when the new ones carry, and take what is still on its way. */
    @Test
    void packetsAlwaysHaveAChildToTravelOn() {
        Pair pair = connect(renewed(Configs.left(), HOUR), Configs.right());
        long old = pair.left.onlyChild().sa.id();
        long oldRight = pair.right.onlyChild().sa.id();
        pair.now = pair.now.plus(Duration.ofMinutes(55));
        pair.left.on(new IkeEvent.Deadline());
        while (pair.left.children.size() == 1 && pair.left.children.containsKey(old)) {
            assertThat(pair.right.installed(oldRight).outbound).isTrue();
            assertThat(pair.step()).isTrue();
        }
        // The responder has the new child already, but still sends on the old one.
        assertThat(pair.right.children).hasSize(2);
        assertThat(pair.right.carrying()).isEqualTo(oldRight);
        pair.settle();
        assertThat(pair.left.children).doesNotContainKey(old);
        assertThat(pair.left.actions).contains(new IkeAction.RemoveChild(old, Limits.CHILD_LINGER));
        // Told to use the new one first, the packet path never stands without.
        long freshRight = pair.right.onlyChild().sa.id();
        assertThat(pair.right.actions.stream()
                        .filter(a ->
                                a.equals(new IkeAction.UseOutbound(freshRight)) || a instanceof IkeAction.RemoveChild))
                .endsWith(
                        new IkeAction.UseOutbound(freshRight),
                        pair.right.actions.stream()
                                .filter(IkeAction.RemoveChild.class::isInstance)
                                .reduce((_, last) -> last)
                                .orElseThrow());
        assertOnePair(pair);
    }

    @Test
    void allChildrenComeAlong() {
        List<ChildConfig> lefts = List.of(
                Configs.child("main", "10.1.0.0/16", "10.2.0.0/16"),
                Configs.child("more", "10.3.0.0/16", "10.4.0.0/16"));
        List<ChildConfig> rights = List.of(
                Configs.child("main", "10.2.0.0/16", "10.1.0.0/16"),
                Configs.child("more", "10.4.0.0/16", "10.3.0.0/16"));
        Pair pair = connect(
                renewed(Configs.withChildren(Configs.left(), lefts), HOUR),
                Configs.withChildren(Configs.right(), rights));
        pair.pass(Duration.ofMinutes(59));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(standing(pair.left)).isOne();
        assertThat(pair.left.children.values())
                .extracting(c -> c.sa.config())
                .containsExactlyInAnyOrder("main", "more");
        assertThat(pair.right.children.values())
                .extracting(c -> c.sa.config())
                .containsExactlyInAnyOrder("main", "more");
    }

    @Test
    void aRenewalNeverClaimsToBeTheOnlyIkeSa() {
        Pair pair = new Pair(renewed(Configs.left(), HOUR), Configs.right());
        FaultyPeer left = FaultyPeer.on(pair, pair.left);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofMinutes(59));
        List<ProtectedMessage> requests = left.sent().stream()
                .filter(FaultyPeer.requests(ExchangeType.IKE_AUTH))
                .toList();
        assertThat(requests).hasSize(2);
        assertThat(requests.stream()
                        .map(m -> Payloads.notify(m.payloads(), NotifyType.INITIAL_CONTACT)
                                .isPresent()))
                .containsExactly(true, false);
    }

    /** RFC 4478: whoever does not come back in time is not believed any longer. */
    @Test
    void theResponderEndsWhatIsNotRenewed() {
        Pair pair = new Pair(Configs.left(), renewed(Configs.right(), HOUR));
        FaultyPeer.on(pair, pair.right)
                .changes(
                        FaultyPeer.responses(ExchangeType.IKE_AUTH),
                        payloads -> payloads.stream()
                                .filter(p -> !(p instanceof Payload.Notify n
                                        && n.notifyType().equals(NotifyType.AUTH_LIFETIME)))
                                .toList());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofMinutes(59));
        assertThat(standing(pair.right)).isOne();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.right.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.Expired("proof of identity"));
        assertThat(pair.left.children).isEmpty();
    }

    @Test
    void theLifetimeIsToldInSecondsAndMayBeToldLater() {
        Pair pair = new Pair(Configs.left(), renewed(Configs.right(), HOUR));
        FaultyPeer right = FaultyPeer.on(pair, pair.right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(Payloads.notify(right.sent().getLast().payloads(), NotifyType.AUTH_LIFETIME)
                        .orElseThrow()
                        .data())
                .isEqualTo(Bytes.hex("00000e10"));
        right.adds(
                FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                Payload.Notify.of(NotifyType.AUTH_LIFETIME, Bytes.hex("00000078")));
        IkeSa sa = pair.right.machine.sasForTest().getFirst();
        pair.right.on(new IkeEvent.UnknownSpi(sa.local(), sa.remote(), 4711));
        pair.settle();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSizeGreaterThan(1);
    }

    @Test
    void aRenewalThatFailsIsTriedAgainAndTheOldCarriesMeanwhile() {
        Pair pair = connect(renewed(Configs.left(), HOUR), Configs.right());
        long old = pair.left.onlyChild().sa.id();
        pair.right.on(new IkeEvent.Configure(List.of(
                Configs.right(),
                Configs.withSuites(Configs.right(), List.of(Configs.GCM), List.of())
                        .but()
                        .name("unused")
                        .build())));
        pair.onDelivery = d -> d.filter(x -> x.message().at(18) != 34);
        pair.pass(Duration.ofMinutes(55));
        assertThat(pair.left.onlyChild().sa.config()).isEqualTo("main");
        assertThat(pair.left.facts(IkeFact.ChildRefused.class)).isNotEmpty();
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        pair.onDelivery = null;
        pair.pass(Duration.ofMinutes(4));
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(pair.left.children).doesNotContainKey(old);
        assertOnePair(pair);
    }

    @Test
    void aRekeyInTheMiddleOfARenewalDoesNotHurt() {
        Pair pair = connect(renewed(Configs.left(), HOUR), Configs.right());
        pair.now = pair.now.plus(Duration.ofMinutes(55));
        pair.left.on(new IkeEvent.Deadline());
        pair.right.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofMinutes(2));
        assertOnePair(pair);
    }

    /** A peer that forgets to delete the older one. */
    @Test
    void theOlderOfTwoGoesByItselfWhenThePeerLeavesIt() {
        Pair pair = connect(renewed(Configs.left(), HOUR), Configs.right());
        pair.pass(Duration.ofMinutes(47));
        pair.onDelivery = d -> d;
        FaultyPeer.on(pair, pair.left).changes(FaultyPeer.requests(ExchangeType.INFORMATIONAL), _ -> List.of());
        pair.pass(Duration.ofMinutes(13));
        assertThat(standing(pair.right)).isOne();
        assertThat(pair.right.children).hasSize(1);
    }
}
