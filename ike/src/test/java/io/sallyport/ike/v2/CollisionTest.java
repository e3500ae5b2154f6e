package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that meet: RFC 7296 sections 2.8 and 2.25. Each dialogue is played with both roles. */
class CollisionTest {
    private static Pair.End first(Pair pair, boolean swapped) {
        return swapped ? pair.right : pair.left;
    }

    private static void assertOneChildOtherThan(Pair pair, long... gone) {
        HandshakeTest.assertMatching(pair);
        for (long id : gone) {
            assertThat(pair.left.onlyChild().sa.id()).isNotEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildIsRekeyedByEitherEnd(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        long old = a.onlyChild().sa.id();
        a.on(new IkeEvent.RekeyChild(old));
        // CREATE_CHILD_SA { N(REKEY_SA), SA, Ni, TSi, TSr } -->
        // <-- CREATE_CHILD_SA { SA, Nr, TSi, TSr }
        // INFORMATIONAL { D(old) } -->
        // <-- INFORMATIONAL { D(old) }
        pair.settle();
        assertOneChildOtherThan(pair, old);
        assertThat(a.last(IkeFact.ChildUp.class).rekeyed()).contains(old);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theResponderOfARekeySendsOnTheNewChildOnlyWhenItHeardFromIt(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyChild(a.onlyChild().sa.id()));
        pair.deliver(pair.take(a));
        assertThat(b.children).hasSize(2);
        Pair.Installed fresh = b.children.lastEntry().getValue();
        assertThat(fresh.outbound).isFalse();
        b.on(new IkeEvent.FirstInbound(fresh.sa.id()));
        assertThat(fresh.outbound).isTrue();
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void aRekeyWithItsOwnKeyExchangeGivesKeysOfItsOwn() {
        List<EspSuite> pfs = List.of(Configs.ESP_PFS);
        PeerConfig left = Configs.left();
        PeerConfig right = Configs.right();
        Pair pair = new Pair(
                Configs.withChildren(
                        left, List.of(Configs.withEsp(left.children().getFirst(), pfs))),
                Configs.withChildren(
                        right, List.of(Configs.withEsp(right.children().getFirst(), pfs))));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        long old = pair.left.onlyChild().sa.id();
        pair.left.on(new IkeEvent.RekeyChild(old));
        // CREATE_CHILD_SA { N(REKEY_SA), SA, Ni, KEi, TSi, TSr } -->
        // <-- CREATE_CHILD_SA { SA, Nr, KEr, TSi, TSr }
        pair.settle();
        assertOneChildOtherThan(pair, old);
        assertThat(pair.left.last(IkeFact.ChildUp.class).suite().pfs()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoRekeysOfOneChildLeaveTheOneWithoutTheLowestNonce(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyChild(a.onlyChild().sa.id()));
        b.on(new IkeEvent.RekeyChild(b.onlyChild().sa.id()));
        // req1 -->
        // <-- req2
        Pair.InFlight req1 = pair.take(a);
        Pair.InFlight req2 = pair.take(b);
        pair.deliver(req1);
        pair.deliver(req2);
        pair.settle();
        HandshakeTest.assertMatching(pair);
        assertThat(a.facts(IkeFact.ChildUp.class)).hasSize(3);
        assertThat(a.facts(IkeFact.ChildDown.class)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRekeyThatIsLateFindsTheChildGone(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        long old = a.onlyChild().sa.id();
        a.on(new IkeEvent.RekeyChild(old));
        b.on(new IkeEvent.RekeyChild(b.onlyChild().sa.id()));
        // req1 --> (delayed, RFC 7296 section 2.8.1)
        Pair.InFlight req1 = pair.take(a);
        // <-- req2, resp2 -->, <-- delete, delete response -->
        pair.settle();
        // --> req1 at last; <-- CHILD_SA_NOT_FOUND
        pair.deliver(req1);
        pair.settle();
        assertOneChildOtherThan(pair, old);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndOfARedundantChildMovesNoPacketsToOneThatThePeerDoesNotHaveYet(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyChild(a.onlyChild().sa.id()));
        b.on(new IkeEvent.RekeyChild(b.onlyChild().sa.id()));
        // req1 -->, <-- req2
        Pair.InFlight req1 = pair.take(a);
        Pair.InFlight req2 = pair.take(b);
        pair.deliver(req1);
        pair.deliver(req2);
        // resp2 --> arrives, <-- resp1 does not yet: only one end knows both outcomes.
        Pair.InFlight resp1 = pair.take(b);
        pair.deliver(pair.take(a));
        for (Pair.Installed child : b.children.values()) {
            boolean known = a.children.values().stream().anyMatch(c -> c.sa.inboundSpi() == child.sa.outboundSpi());
            assertThat(child.outbound && !known).isFalse();
        }
        pair.deliver(resp1);
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void aChildThatWasRemovedIsNotRevivedWhenItsPredecessorGoes() {
        Pair pair = Pair.connected();
        long first = pair.left.onlyChild().sa.id();
        // REKEY(first) -->, <-- answer; the Delete of first is held up on the right, where it would be made.
        pair.right.on(new IkeEvent.RekeyChild(pair.right.onlyChild().sa.id()));
        pair.deliver(pair.take(pair.right));
        pair.deliver(pair.take(pair.left));
        Pair.InFlight deleteOfFirst = pair.take(pair.right);
        long second = pair.left.children.lastEntry().getKey();
        // The left end replaces the second before it hears that the first is gone.
        pair.left.on(new IkeEvent.RekeyChild(second));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        // D(second) --> is not answered yet.
        assertThat(pair.left.children).doesNotContainKey(second).containsKey(first);
        int before = pair.left.actions.size();
        pair.deliver(deleteOfFirst);
        assertThat(pair.left.actions.subList(before, pair.left.actions.size()))
                .doesNotContain(new IkeAction.UseOutbound(second));
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRekeyThatMeetsADeleteInFlightIsToldToWait(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyChild(a.onlyChild().sa.id()));
        b.on(new IkeEvent.ExpireChild(b.onlyChild().sa.id()));
        // REKEY -->, <-- D
        Pair.InFlight rekey = pair.take(a);
        Pair.InFlight delete = pair.take(b);
        // RFC 7296 section 2.25.1: "currently trying to close": TEMPORARY_FAILURE
        pair.deliver(rekey);
        // "currently rekeying": "reply as usual, with a Delete payload"
        pair.deliver(delete);
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        // The original initiator wants its child back.
        pair.pass(Duration.ofSeconds(10));
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothDeleteTheSameChildAndNeitherNamesItInTheResponse(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.ExpireChild(a.onlyChild().sa.id()));
        b.on(new IkeEvent.ExpireChild(b.onlyChild().sa.id()));
        Pair.InFlight one = pair.take(a);
        Pair.InFlight other = pair.take(b);
        pair.deliver(one);
        pair.deliver(other);
        pair.settle();
        assertThat(a.facts(IkeFact.ChildDown.class)).hasSize(1);
        assertThat(b.facts(IkeFact.ChildDown.class)).hasSize(1);
        pair.pass(Duration.ofSeconds(10));
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theIkeSaIsRekeyedByEitherEndAndKeepsItsChildren(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        long child = a.onlyChild().sa.id();
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        // CREATE_CHILD_SA { SA, Ni, KEi } -->
        // <-- CREATE_CHILD_SA { SA, Nr, KEr }
        // INFORMATIONAL { D } --> (on the old one)
        // <-- INFORMATIONAL {}
        pair.settle();
        assertThat(a.onlyChild().sa.id()).isEqualTo(child);
        assertThat(a.last(IkeFact.IkeRekeyed.class).initiatorSpi())
                .isEqualTo(pair.other(a).last(IkeFact.IkeRekeyed.class).initiatorSpi());
        assertThat(a.facts(IkeFact.IkeDown.class)).isEmpty();
        // The new one works in both directions.
        a.on(new IkeEvent.RekeyChild(a.onlyChild().sa.id()));
        pair.settle();
        pair.other(a).on(new IkeEvent.RekeyChild(pair.other(a).onlyChild().sa.id()));
        pair.settle();
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoRekeysOfTheIkeSaLeaveOne(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        b.on(new IkeEvent.RekeyIke(Configs.PEER));
        Pair.InFlight req1 = pair.take(a);
        Pair.InFlight req2 = pair.take(b);
        pair.deliver(req1);
        pair.deliver(req2);
        pair.settle();
        assertThat(a.last(IkeFact.IkeRekeyed.class)).isEqualTo(b.last(IkeFact.IkeRekeyed.class));
        HandshakeTest.assertMatching(pair);
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        HandshakeTest.assertMatching(pair);
        pair.pass(Duration.ofMinutes(3));
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIkeRekeyWhoseRequestIsLateGivesWay(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        b.on(new IkeEvent.RekeyIke(Configs.PEER));
        // req1 --> (lost)
        pair.take(a);
        // <-- req2, resp2 -->, <-- D, --> {}
        pair.settle();
        assertThat(a.last(IkeFact.IkeRekeyed.class)).isEqualTo(b.last(IkeFact.IkeRekeyed.class));
        pair.pass(Duration.ofMinutes(2));
        HandshakeTest.assertMatching(pair);
        assertThat(a.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildIsNotMadeWhileTheIkeSaIsRekeyed(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        b.on(new IkeEvent.RekeyChild(b.onlyChild().sa.id()));
        Pair.InFlight ike = pair.take(a);
        Pair.InFlight child = pair.take(b);
        // RFC 7296 section 2.25: each answers TEMPORARY_FAILURE, each tries again later.
        pair.deliver(ike);
        pair.deliver(child);
        pair.settle();
        assertThat(a.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.PeerError(43, "TEMPORARY_FAILURE"));
        pair.pass(Duration.ofMinutes(2));
        assertThat(a.facts(IkeFact.IkeRekeyed.class)).isNotEmpty();
        HandshakeTest.assertMatching(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIkeSaThatIsDeletedWhileWeRekeyItIsGone(boolean swapped) {
        Pair pair = Pair.connected();
        Pair.End a = first(pair, swapped);
        Pair.End b = pair.other(a);
        a.on(new IkeEvent.RekeyIke(Configs.PEER));
        b.on(new IkeEvent.Disconnect(Configs.PEER));
        Pair.InFlight rekey = pair.take(a);
        Pair.InFlight delete = pair.take(b);
        pair.deliver(rekey);
        pair.deliver(delete);
        pair.settle();
        assertThat(a.children).isEmpty();
        assertThat(b.children).isEmpty();
        assertThat(a.facts(IkeFact.IkeRekeyed.class)).isEmpty();
    }

    @Test
    void bothDeleteTheIkeSaAtOnce() {
        Pair pair = Pair.connected();
        pair.left.on(new IkeEvent.Disconnect(Configs.PEER));
        pair.right.on(new IkeEvent.Disconnect(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).hasSize(1);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).hasSize(1);
    }

    @Test
    void bothConnectAtOnceAndOneIkeSaRemains() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.right.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofSeconds(5));
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void aPeerThatLostItsMemoryReplacesItsOldIkeSa() {
        Pair pair = Pair.connected();
        Pair.End reborn = pair.rebornLeft();
        reborn.on(new IkeEvent.Connect(Configs.PEER));
        // IKE_AUTH { IDi, N(INITIAL_CONTACT), ... } -->
        pair.settle();
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void theSameRekeyRequestTwiceIsAnsweredTwiceWithTheSameOctets() {
        Pair pair = Pair.connected();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        Pair.InFlight request = pair.take(pair.left);
        pair.deliver(request);
        Pair.InFlight once = pair.take(pair.right);
        pair.deliver(request);
        Pair.InFlight twice = pair.take(pair.right);
        assertThat(twice.send().message()).isEqualTo(once.send().message());
        assertThat(pair.right.children).hasSize(2);
    }

    @Test
    void lossOfAnyOneDatagramIsMadeGood() {
        for (int lost = 0; lost < 14; lost++) {
            Pair pair = Pair.ordinary();
            int[] countdown = {lost};
            pair.onDelivery = d -> countdown[0]-- == 0 ? Optional.empty() : d;
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.pass(Duration.ofSeconds(3));
            pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
            pair.pass(Duration.ofSeconds(3));
            pair.right.on(new IkeEvent.RekeyIke(Configs.PEER));
            pair.pass(Duration.ofSeconds(3));
            HandshakeTest.assertMatching(pair);
            assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        }
    }
}
