package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a tunnel in its life: rekeys, collisions of both, losses, silence, restarts. */
class LivingTest {
    private static Pair up() {
        return HandshakeTest.connected(Configs.left(), Configs.right());
    }

    private static void assertOne(Pair pair) {
        HandshakeTest.assertMatched(pair);
        assertThat(pair.left.children).hasSize(1);
        assertThat(pair.left.machine.sasForTest().stream().filter(IkeSa::isEstablished))
                .hasSize(1);
        assertThat(pair.right.machine.sasForTest().stream().filter(IkeSa::isEstablished))
                .hasSize(1);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChildIsReplacedBeforeItGoes(boolean byLeft) {
        Pair pair = up();
        Pair.End end = byLeft ? pair.left : pair.right;
        long old = end.onlyChild().sa.id();
        end.on(new IkeEvent.RekeyChild(old));
        pair.settle();
        assertThat(pair.left.children).hasSize(2);
        pair.pass(Duration.ofSeconds(15));
        assertOne(pair);
        assertThat(end.onlyChild().sa.id()).isNotEqualTo(old);
        assertThat(end.last(IkeFact.ChildUp.class).rekeyed()).contains(old);
    }

    @Test
    void aSuccessorThatWeMadeCarriesNothingUntilThePeerUsesIt() {
        Pair pair = up();
        long old = pair.left.carrying();
        pair.left.on(new IkeEvent.RekeyChild(old));
        pair.settle();
        long fresh = pair.left.children.lastEntry().getKey();
        assertThat(fresh).isNotEqualTo(old);
        assertThat(pair.left.installed(fresh).inbound).isTrue();
        assertThat(pair.left.carrying()).as("the peer may not be ready").isEqualTo(old);
        assertThat(pair.right.carrying())
                .as("we are, and it knows")
                .isEqualTo(pair.right.children.lastEntry().getKey());
        pair.left.on(new IkeEvent.FirstInbound(fresh));
        assertThat(pair.left.carrying()).isEqualTo(fresh);
        pair.pass(Duration.ofSeconds(15));
        assertOne(pair);
    }

    @Test
    void aSuccessorThatThePeerNeverUsesCarriesOurPacketsSomeSecondsLaterAndBeforeTheOldOneGoes() {
        Pair pair = up();
        long old = pair.left.carrying();
        pair.left.on(new IkeEvent.RekeyChild(old));
        pair.pass(Duration.ofSeconds(4));
        assertThat(pair.left.carrying()).isEqualTo(old);
        pair.pass(Duration.ofSeconds(2));
        assertThat(pair.left.carrying()).isNotEqualTo(old);
        assertThat(pair.left.children).containsKey(old);
        pair.pass(Duration.ofSeconds(9));
        assertOne(pair);
    }

    @Test
    void aPeerThatDeletesTheOldChildAtOnceIsReadyForTheNewOne() {
        Pair pair = up();
        long old = pair.left.carrying();
        pair.left.on(new IkeEvent.RekeyChild(old));
        pair.settle();
        pair.right.on(new IkeEvent.ExpireChild(pair.right.children.firstEntry().getKey()));
        pair.settle();
        assertOne(pair);
        assertThat(pair.left.carrying()).isNotEqualTo(old);
    }

    @Test
    void aChildThatWasDeletedBeforeItsLastMessageCameStaysDeleted() {
        Pair pair = up();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.carrying()));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        long unfinished = pair.right.children.lastEntry().getKey();
        pair.right.on(new IkeEvent.ExpireChild(unfinished));
        assertThat(pair.right.children).doesNotContainKey(unfinished);
        pair.settle();
        assertThat(pair.right.children).doesNotContainKey(unfinished);
        assertThat(pair.right.facts(IkeFact.ChildUp.class)).hasSize(1);
        pair.pass(Duration.ofMinutes(2));
        assertOne(pair);
    }

    @Test
    void aChildThatEachEndLeavesToTheOtherToDeleteGoesAllTheSame() {
        Pair pair = up();
        // Right's quick mode was begun before left's was over, which left cannot know: it sees one after the other.
        pair.right.holdAsks = true;
        pair.right.on(new IkeEvent.RekeyChild(pair.right.carrying()));
        pair.left.on(new IkeEvent.RekeyChild(pair.left.carrying()));
        for (int i = 0; i < 40; i++) {
            if (!pair.right.asks.isEmpty()
                    && pair.right.asks.getFirst().question() instanceof IkeAction.Question.MakeAndAgree) {
                pair.right.answerAsk();
            }
            pair.step();
        }
        pair.right.holdAsks = false;
        pair.settle();
        pair.pass(Duration.ofMinutes(1));
        assertOne(pair);
    }

    @Test
    void whoSendsOnAChildThatIsNoMoreIsToldAgainThatItIsGone() {
        Pair pair = up();
        Pair.Installed lost = pair.right.onlyChild();
        pair.onDelivery = _ -> Optional.empty();
        pair.right.on(new IkeEvent.ExpireChild(lost.sa.id()));
        pair.settle();
        pair.onDelivery = null;
        assertThat(pair.left.onlyChild().sa.outboundSpi()).isEqualTo(lost.sa.inboundSpi());
        pair.right.on(new IkeEvent.UnknownSpi(lost.sa.localEndpoint(), lost.sa.remoteEndpoint(), lost.sa.inboundSpi()));
        pair.settle();
        assertThat(pair.left.last(IkeFact.ChildDown.class).why()).isInstanceOf(IkeFact.Failure.DeletedByPeer.class);
        pair.pass(Duration.ofSeconds(10));
        assertOne(pair);
    }

    @Test
    void aChildIsInstalledBeforeThePeerIsToldThatItMaySendOnIt() {
        Pair pair = up();
        pair.left.actions.clear();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        List<String> order = pair.left.actions.stream()
                .filter(a -> a instanceof IkeAction.InstallChild || a instanceof IkeAction.Send)
                .map(a -> a.getClass().getSimpleName())
                .toList();
        // HDR*, HASH(1), SA, Ni, IDci, IDcr --> then HDR*, HASH(3) -->
        assertThat(order).containsExactly("Send", "InstallChild", "Send");
    }

    @Test
    void aPacketThatOvertakesTheInstallationOfItsChildDoesNotEndIt() {
        Pair pair = up();
        Pair.Installed child = pair.left.onlyChild();
        pair.left.on(
                new IkeEvent.UnknownSpi(child.sa.localEndpoint(), child.sa.remoteEndpoint(), child.sa.inboundSpi()));
        assertThat(pair.wire).isEmpty();
        pair.settle();
        assertOne(pair);
    }

    @Test
    void aPeerThatForgotEverythingWhileWeBeganPhase1AnewGetsItsChildBack() {
        Pair pair = up();
        pair.pass(Duration.ofSeconds(1));
        // Left asked for the children, right begins phase 1; left has no memory when the first message comes.
        pair.right.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.think();
        Pair.InFlight first = pair.wire.removeFirst();
        pair.rebornLeft();
        pair.deliver(first);
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        for (int i = 0; i < 6; i++) {
            // Nor does a new phase 1 put it off.
            pair.pass(Duration.ofSeconds(10));
            pair.right.on(new IkeEvent.RekeyIke(Configs.PEER));
            pair.settle();
        }
        HandshakeTest.assertMatched(pair);
    }

    @Test
    void theFirstChildOfAPairIsUsedAtOnce() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        while (pair.left.children.isEmpty()) {
            pair.step();
        }
        assertThat(pair.left.onlyChild().outbound).isTrue();
    }

    @Test
    void bothEndsRekeyTheSameChildAtOnceAndOneRemains() {
        for (int order = 0; order < 40; order++) {
            Pair pair = up();
            pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
            pair.right.on(new IkeEvent.RekeyChild(pair.right.onlyChild().sa.id()));
            pair.think();
            // In every order in which the six messages may arrive.
            for (int step = 0; step < 6 && !pair.wire.isEmpty(); step++) {
                pair.deliver(pair.wire.remove((order >> step & 1) % pair.wire.size()));
            }
            pair.settle();
            pair.pass(Duration.ofMinutes(3));
            assertOne(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void phase1IsReplacedAndTheChildrenStay(boolean byLeft) {
        Pair pair = up();
        long child = pair.left.onlyChild().sa.id();
        Pair.End end = byLeft ? pair.left : pair.right;
        end.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        assertThat(end.facts(IkeFact.IkeRekeyed.class)).hasSize(1);
        pair.pass(Duration.ofMinutes(2));
        assertOne(pair);
        assertThat(pair.left.onlyChild().sa.id()).isEqualTo(child);
        assertThat(pair.left.machine.sasForTest()).hasSize(1);
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
    }

    @Test
    void bothEndsRekeyPhase1AtOnceAndOneRemains() {
        for (int order = 0; order < 40; order++) {
            Pair pair = up();
            pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
            pair.right.on(new IkeEvent.RekeyIke(Configs.PEER));
            pair.think();
            for (int step = 0; step < 8 && !pair.wire.isEmpty(); step++) {
                pair.deliver(pair.wire.remove((order >> step & 1) % pair.wire.size()));
            }
            pair.settle();
            pair.pass(Duration.ofMinutes(3));
            assertOne(pair);
        }
    }

    @Test
    void bothEndsConnectAtOnceAndOneTunnelRemains() {
        for (int order = 0; order < 40; order++) {
            Pair pair = new Pair(Configs.left(), Configs.right());
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.right.on(new IkeEvent.Connect(Configs.PEER));
            for (int step = 0; step < 10; step++) {
                pair.think();
                if (!pair.wire.isEmpty()) {
                    pair.deliver(pair.wire.remove((order >> step & 1) % pair.wire.size()));
                }
            }
            pair.settle();
            pair.pass(Duration.ofMinutes(3));
            HandshakeTest.assertMatched(pair);
            assertThat(pair.left.children).hasSize(1);
            assertThat(pair.left.machine.sasForTest()).hasSize(1);
            assertThat(pair.right.machine.sasForTest()).hasSize(1);
        }
    }

    @Test
    void twoDaysOfRekeysLeaveOneOfEachAndNeverNone() {
        Pair pair = up();
        for (int hour = 0; hour < 48; hour++) {
            pair.pass(Duration.ofHours(1));
            assertThat(pair.left.children).isNotEmpty();
            assertThat(pair.left.children.size()).isLessThanOrEqualTo(2);
            assertThat(pair.left.machine.sasForTest()).hasSizeLessThanOrEqualTo(2);
        }
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.left.facts(IkeFact.IkeRekeyed.class).size()).isBetween(5, 9);
        assertThat(pair.left.facts(IkeFact.ChildUp.class).size()).isBetween(48, 70);
    }

    @Test
    void everyMessageMayGetLostOnce() {
        for (int lost = 0; lost < 9; lost++) {
            Pair pair = new Pair(Configs.left(), Configs.right());
            int which = lost;
            int[] count = {0};
            pair.onDelivery = event -> count[0]++ == which ? Optional.empty() : event;
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.pass(Duration.ofSeconds(20));
            assertOne(pair);
        }
    }

    @Test
    void everyMessageMayComeTwice() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        for (int i = 0; i < 30; i++) {
            pair.think();
            if (!pair.wire.isEmpty()) {
                Pair.InFlight datagram = pair.wire.removeFirst();
                pair.deliver(datagram);
                int before = pair.wire.size();
                pair.deliver(datagram);
                // At most one answer more: nothing that is repeated makes more than it did.
                assertThat(pair.wire.size() - before).isLessThanOrEqualTo(1);
                // An answer to the repetition is the same answer.
                pair.wire.removeIf(d -> pair.wire.indexOf(d) != pair.wire.lastIndexOf(d));
            }
        }
        pair.pass(Duration.ofSeconds(20));
        assertOne(pair);
    }

    @Test
    void whatIsRepeatedIsAnsweredWithTheVerySameOctets() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        for (int message = 0; message < 3; message++) {
            Pair.InFlight request = pair.take(pair.left);
            pair.deliver(request);
            Pair.InFlight answer = pair.take(pair.right);
            pair.deliver(request);
            assertThat(pair.take(pair.right).send().message())
                    .isEqualTo(answer.send().message());
            pair.deliver(answer);
        }
        pair.settle();
        assertOne(pair);
    }

    @Test
    void nobodyAnswersAndThatIsTold() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.onDelivery = _ -> Optional.empty();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.NoAnswer("main mode", 7, false));
        assertThat(pair.left.machine.sasForTest()).isEmpty();
    }

    @Test
    void aSilentPeerIsDeadAfterItsTimeout() {
        Pair pair = up();
        pair.onDelivery = _ -> Optional.empty();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.PeerDead.class);
        assertThat(pair.left.children).isEmpty();
    }

    @Test
    void aPeerThatAnswersLives() {
        Pair pair = up();
        pair.pass(Duration.ofMinutes(30));
        assertOne(pair);
    }

    @Test
    void withoutATimeoutNobodyAsks() {
        Pair pair = HandshakeTest.connected(
                Configs.left().but().dpdTimeout(Duration.ZERO).build(),
                Configs.right().but().dpdTimeout(Duration.ZERO).build());
        int before = pair.left.actions.size();
        pair.pass(Duration.ofMinutes(20));
        assertThat(pair.left.actions.subList(before, pair.left.actions.size()))
                .noneMatch(IkeAction.Send.class::isInstance);
    }

    @Test
    void aPeerThatForgotEverythingIsKnownByTheSilenceOfItsQuickMode() {
        Pair pair = HandshakeTest.connected(
                Configs.left().but().dpdTimeout(Duration.ZERO).build(),
                Configs.right().but().dpdTimeout(Duration.ZERO).build());
        pair.onDelivery = _ -> Optional.empty();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.NoAnswer("quick mode", 7, true));
    }

    @Test
    void aPeerThatWasKilledComesBackAndTheOldGoesByInitialContact() {
        Pair pair = up();
        pair.rebornLeft();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        HandshakeTest.assertMatched(pair);
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void aChildThatThePeerDeletesIsAskedForAgain() {
        Pair pair = up();
        long id = pair.right.onlyChild().sa.id();
        pair.right.on(new IkeEvent.ExpireChild(id));
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.left.last(IkeFact.ChildDown.class).why()).isInstanceOf(IkeFact.Failure.DeletedByPeer.class);
        pair.pass(Duration.ofSeconds(5));
        assertOne(pair);
    }

    @Test
    void aChildDiesWithItsLifetimeWhenNobodyAnswersItsRekey() {
        Pair pair = HandshakeTest.connected(
                Configs.withChildLifetime(Configs.left(), Duration.ofMinutes(10)), Configs.right());
        pair.onDelivery = event -> event.filter(e -> e.message().at(18) != 32);
        pair.pass(Duration.ofMinutes(11));
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.left.facts(IkeFact.ChildDown.class).getFirst().why())
                .isInstanceOf(IkeFact.Failure.Expired.class);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void aPeerBehindANatIsFollowedOnlyByAuthenticPackets() {
        Pair pair = new Pair(
                Configs.left()
                        .but()
                        .encapsulation(PeerConfig.EncapsulationMode.AUTO)
                        .build(),
                Configs.right()
                        .but()
                        .encapsulation(PeerConfig.EncapsulationMode.UDP)
                        .build());
        Endpoint mapped = new Endpoint(Configs.LEFT, 33333);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.onlyChild().sa.udpEncapsulated()).isTrue();
        // Left is not behind a NAT, so it may not be followed.
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.deliver(pair.take(pair.left), mapped);
        assertThat(pair.right.actions).noneMatch(IkeAction.MoveChild.class::isInstance);
        pair.settle();
        // Right feigns to be: an authentic message of it is followed, octets of somebody are not.
        Endpoint other = new Endpoint(Configs.RIGHT, 44444);
        pair.right.on(new IkeEvent.RekeyChild(pair.right.children.lastEntry().getKey()));
        Pair.InFlight real = pair.take(pair.right);
        byte[] forged = real.send().message().toArray();
        forged[40] ^= 1;
        pair.left.on(
                new IkeEvent.Datagram(new Endpoint(Configs.LEFT, 4500), other, io.sallyport.base.Bytes.of(forged)));
        assertThat(pair.left.actions).noneMatch(IkeAction.MoveChild.class::isInstance);
    }

    @Test
    void theOldOneOfTwoConfigurationsIsClosedAndTheSameStays() {
        Pair pair = up();
        pair.left.on(new IkeEvent.Configure(List.of(Configs.left())));
        pair.settle();
        assertOne(pair);
        pair.left.on(new IkeEvent.Configure(
                List.of(Configs.left().but().lifetime(Duration.ofHours(2)).build())));
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
    }
}
