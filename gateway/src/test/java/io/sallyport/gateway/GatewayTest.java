package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.fixtures.FakeClock;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.gateway.ConnectionStatus.State;
import io.sallyport.ike.AddressRequest;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The gateway against an IKE machine whose answers the test writes down. */
class GatewayTest {
    private static final String NAME = "hub-to-branch";

    private final FakeClock clock = new FakeClock();
    private final List<IkeEvent> asked = new ArrayList<>();
    private List<IkeAction> answer = List.of();
    private final Gateway gateway = new Gateway(this::ike, new SeededEntropy(7));

    private List<IkeAction> ike(IkeEvent event, Now now) {
        asked.add(event);
        List<IkeAction> actions = answer;
        answer = List.of();
        return actions;
    }

    @Test
    void aConnectionThatMayInitiateIsStartedAtOnce() {
        begin(true);
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0)).isInstanceOf(IkeEvent.Configure.class);
        assertThat(asked.get(1)).isEqualTo(new IkeEvent.Connect(NAME));
    }

    @Test
    void ofThousandsOnlySomeAreBegunUntilOthersHaveEndedOrGoneUnanswered() {
        List<Plan.Line> lines = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            lines.add(Samples.line("c" + i, true));
        }
        Monotonic wake = lastWake(
                gateway.on(new GatewayEvent.Apply(Samples.plan(lines.toArray(Plan.Line[]::new))), clock.now()));
        assertThat(attempts()).containsExactlyElementsOf(names(0, 128));
        assertThat(wake).isEqualTo(clock.now().at().plus(Duration.ofSeconds(1)));

        happens(note(Samples.ikeUp("c7")));
        happens(note(new IkeFact.IkeDown("c9", new Failure.DeletedByPeer())));
        assertThat(attempts()).containsExactlyElementsOf(names(128, 130));

        clock.advanceTo(wake);
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        assertThat(attempts()).containsExactlyElementsOf(names(130, 258));
    }

    private List<String> attempts() {
        List<String> out = asked.stream()
                .filter(IkeEvent.Connect.class::isInstance)
                .map(e -> ((IkeEvent.Connect) e).peer())
                .toList();
        asked.clear();
        return out;
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "c" + i).toList();
    }

    @Test
    void aConnectionThatOnlyRespondsIsNotStarted() {
        begin(false);
        clock.advance(Duration.ofHours(1));
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        gateway.on(new GatewayEvent.Wanted(NAME), clock.now());
        assertThat(asked).noneMatch(IkeEvent.Connect.class::isInstance);
    }

    @Test
    void itsStateFollowsTheFacts() {
        begin(true);
        assertThat(status().state()).isEqualTo(State.NOT_CONNECTED);
        happens(new IkeFact.Connecting(NAME, Samples.THEIRS));
        assertThat(status().state()).isEqualTo(State.CONNECTING);
        comesUp(1);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().children()).hasSize(1);
        assertThat(status().session()).isPresent();
        happens(new IkeAction.RemoveChild(1, Duration.ZERO), note(new IkeFact.IkeDown(NAME, new Failure.PeerDead(46))));
        assertThat(status().state()).isEqualTo(State.NOT_CONNECTED);
        assertThat(status().trouble().orElseThrow().failure()).isEqualTo(new Failure.PeerDead(46));
        assertThat(status().session()).isEmpty();
    }

    @Test
    void failedAttemptsAreRepeatedEverMoreRarelyUpToAMinute() {
        begin(true);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Monotonic wake =
                    lastWake(happens(note(new IkeFact.IkeDown(NAME, new Failure.NoAnswer("IKE_SA_INIT", 6, false)))));
            pauses.add(wake.since(clock.now().at()).toMillis());
            asked.clear();
            clock.advanceTo(wake);
            gateway.on(new GatewayEvent.Deadline(), clock.now());
            assertThat(asked).containsExactly(new IkeEvent.Connect(NAME));
        }
        for (int i = 0; i < pauses.size(); i++) {
            long plain = Math.min(1000L << i, 60_000);
            assertThat(pauses.get(i)).isBetween(plain * 3 / 4, plain * 5 / 4);
        }
    }

    @Test
    void aSteadyConnectionThatIsLostIsTriedAtOnceAndAFlappingOneIsNot() {
        begin(true);
        comesUp(1);
        clock.advance(Duration.ofMinutes(1));
        asked.clear();
        happens(
                new IkeAction.RemoveChild(1, Duration.ZERO),
                note(new IkeFact.IkeDown(NAME, new Failure.DeletedByPeer())));
        assertThat(asked).contains(new IkeEvent.Connect(NAME));
        comesUp(2);
        clock.advance(Duration.ofSeconds(1));
        asked.clear();
        happens(
                new IkeAction.RemoveChild(2, Duration.ZERO),
                note(new IkeFact.IkeDown(NAME, new Failure.DeletedByPeer())));
        assertThat(asked).doesNotContain(new IkeEvent.Connect(NAME));
    }

    @Test
    void trafficBringsTheNextAttemptForwardButNotWithoutLimit() {
        begin(true);
        for (int i = 0; i < 8; i++) {
            happens(note(new IkeFact.IkeDown(NAME, new Failure.NoAnswer("IKE_SA_INIT", 6, false))));
        }
        asked.clear();
        gateway.on(new GatewayEvent.Wanted(NAME), clock.now());
        assertThat(asked).isEmpty();
        clock.advance(Duration.ofSeconds(5));
        gateway.on(new GatewayEvent.Wanted(NAME), clock.now());
        gateway.on(new GatewayEvent.Wanted(NAME), clock.now());
        assertThat(asked).containsExactly(new IkeEvent.Connect(NAME));
    }

    @Test
    void aRefusedChildIsTriedAgainFromNothing() {
        begin(true);
        happens(note(Samples.ikeUp(NAME)));
        Failure refused = new Failure.NoProposalChosen("IKE_AUTH", List.of("a"), List.of(), true);
        Monotonic wake = lastWake(happens(note(new IkeFact.ChildRefused(NAME, "any", refused))));
        assertThat(status().state()).isEqualTo(State.CONNECTING);
        asked.clear();
        clock.advanceTo(wake);
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        assertThat(asked).containsExactly(new IkeEvent.Disconnect(NAME), new IkeEvent.Connect(NAME));
        happens(note(new IkeFact.IkeDown(NAME, new Failure.ClosedByUs("disconnected"))));
        assertThat(status().trouble().orElseThrow().failure()).isEqualTo(refused);
    }

    @Test
    void aReplacedSessionIsNoFailure() {
        begin(true);
        comesUp(1);
        comesUp(2);
        happens(new IkeAction.RemoveChild(1, Duration.ZERO), note(new IkeFact.IkeDown(NAME, new Failure.Replaced())));
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().trouble()).isEmpty();
    }

    @Test
    void octetsOfChildrenThatAreGoneStillCount() {
        begin(true);
        comesUp(1);
        counted(1, 100, 50);
        happens(new IkeAction.InstallChild(Samples.child(2, NAME), true), new IkeAction.RemoveChild(1, Duration.ZERO));
        counted(2, 10, 5);
        assertThat(status().bytesIn()).isEqualTo(110);
        assertThat(status().bytesOut()).isEqualTo(55);
    }

    @Test
    void whatAChildCarriedBetweenItsLastCountAndItsEndIsCountedToo() {
        begin(true);
        comesUp(1);
        counted(1, 100, 50);
        happens(new IkeAction.InstallChild(Samples.child(2, NAME), true), new IkeAction.RemoveChild(1, Duration.ZERO));
        counted(1, 140, 60);
        assertThat(status().bytesIn()).isEqualTo(140);
        counted(2, 10, 5);
        counted(1, 999, 999);
        assertThat(status().bytesIn()).isEqualTo(150);
        assertThat(status().bytesOut()).isEqualTo(65);
    }

    @Test
    void aResetBeginsAnewAtOnce() {
        begin(true);
        comesUp(1);
        answer = List.of(
                new IkeAction.RemoveChild(1, Duration.ZERO),
                note(new IkeFact.IkeDown(NAME, new Failure.ClosedByUs("disconnected"))));
        List<GatewayAction> actions = gateway.on(new GatewayEvent.Reset(NAME), clock.now());
        assertThat(asked).contains(new IkeEvent.Disconnect(NAME));
        assertThat(asked.getLast()).isEqualTo(new IkeEvent.Connect(NAME));
        assertThat(actions).isNotEmpty();
    }

    @Test
    void onlyWhatHasChangedIsReportedAgain() {
        begin(true);
        comesUp(1);
        assertThat(gateway.changed(clock.now())).hasSize(1);
        assertThat(gateway.changed(clock.now())).isEmpty();
        counted(1, 100, 50);
        assertThat(gateway.changed(clock.now())).hasSize(1);
        counted(1, 100, 50);
        assertThat(gateway.changed(clock.now())).isEmpty();
    }

    @Test
    void anUnchangedConnectionKeepsItsHistoryWhenOthersChange() {
        begin(true);
        comesUp(1);
        gateway.on(
                new GatewayEvent.Apply(Samples.plan(Samples.line(NAME, true), Samples.line("other", true))),
                clock.now());
        assertThat(gateway.status(clock.now())).hasSize(2);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().timeline()).isNotEmpty();
    }

    @Test
    void theTimelineIsBounded() {
        begin(true);
        for (int i = 0; i < 200; i++) {
            happens(note(new IkeFact.IkeDown(NAME, new Failure.DeletedByPeer())));
        }
        assertThat(status().timeline()).hasSize(Tracked.TIMELINE_MAX);
    }

    @Test
    void aStrangerFromThePeersAddressExplainsWhyTheConnectionIsDown() {
        begin(false);
        Failure failure = new Failure.NoProposalChosen("IKE_SA_INIT", List.of("a"), List.of("b"), false);
        happens(note(new IkeFact.Refused(Samples.OURS, Samples.THEIRS, failure)));
        assertThat(status().trouble().orElseThrow().failure()).isEqualTo(failure);
    }

    @Test
    void stoppingClosesEverythingAndStartsNothing() {
        begin(true);
        comesUp(1);
        asked.clear();
        gateway.on(new GatewayEvent.Stop(), clock.now());
        assertThat(asked).containsExactly(new IkeEvent.Disconnect(NAME), new IkeEvent.Configure(List.of()));
        happens(
                new IkeAction.RemoveChild(1, Duration.ZERO),
                note(new IkeFact.IkeDown(NAME, new Failure.ClosedByUs("stop"))));
        clock.advance(Duration.ofMinutes(5));
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        assertThat(asked).noneMatch(IkeEvent.Connect.class::isInstance);
    }

    @Test
    void aPersonMayAskForNewKeys() {
        begin(true);
        comesUp(1);
        asked.clear();
        gateway.on(new GatewayEvent.Rekey(NAME, GatewayEvent.Keys.CHILD), clock.now());
        gateway.on(new GatewayEvent.Rekey(NAME, GatewayEvent.Keys.IKE), clock.now());
        gateway.on(new GatewayEvent.Rekey("nobody", GatewayEvent.Keys.IKE), clock.now());
        assertThat(asked).containsExactly(new IkeEvent.RekeyChild(1), new IkeEvent.RekeyIke(NAME));
    }

    @Test
    void theIkeMachinesWakeIsKeptAndHonoured() {
        begin(false);
        Monotonic at = clock.now().in(Duration.ofSeconds(3));
        assertThat(lastWake(happens(new IkeAction.Wake(at, "retransmit")))).isEqualTo(at);
        asked.clear();
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        assertThat(asked).isEmpty();
        clock.advanceTo(at);
        gateway.on(new GatewayEvent.Deadline(), clock.now());
        assertThat(asked).containsExactly(new IkeEvent.Deadline());
    }

    @Test
    void tenThousandConnectionsAreCountedWithoutTroublingEachOther() {
        Plan.Line[] lines = new Plan.Line[10_000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = Samples.line("c" + i, false);
        }
        gateway.on(new GatewayEvent.Apply(Samples.plan(lines)), clock.now());
        List<GatewayEvent.Traffic> traffic = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            answer = List.of(new IkeAction.InstallChild(Samples.child(i, "c" + i), true));
            gateway.on(new GatewayEvent.Ike(new IkeEvent.Alive("c" + i)), clock.now());
            traffic.add(new GatewayEvent.Traffic(i, i, 1, 2L * i, 1));
        }
        gateway.on(new GatewayEvent.Counted(traffic), clock.now());
        List<ConnectionStatus> all = gateway.status(clock.now());
        assertThat(all).hasSize(10_000).allMatch(s -> s.state() == State.CONNECTED);
        assertThat(all.get(4711).bytesIn()).isEqualTo(4711);
    }

    @Test
    void whatThePeerGivesUsIsOursWhileTheIkeSaStands() {
        Plan.Line plain = Samples.line(NAME, true);
        PeerConfig client =
                plain.peer().but().request(new AddressRequest(true, false)).build();
        gateway.on(
                new GatewayEvent.Apply(
                        Samples.plan(new Plan.Line(plain.connection(), plain.gateway(), plain.site(), client))),
                clock.now());
        Address first = Address.parse("172.20.0.1");
        Address second = Address.parse("172.20.0.2");
        assertThat(happens(Samples.ikeUp(NAME, first))).contains(new GatewayAction.OwnAddresses(NAME, List.of(first)));
        assertThat(happens(Samples.ikeUp(NAME, first))).noneMatch(GatewayAction.OwnAddresses.class::isInstance);
        assertThat(happens(Samples.ikeUp(NAME, second)))
                .as("after another proof")
                .contains(new GatewayAction.OwnAddresses(NAME, List.of(second)));
        assertThat(happens(new IkeFact.IkeDown(NAME, new Failure.DeletedByPeer())))
                .contains(new GatewayAction.OwnAddresses(NAME, List.of()));
    }

    @Test
    void whatClientsAreGivenIsTheirs() {
        begin(true);
        assertThat(happens(Samples.ikeUp(NAME, Address.parse("172.16.0.2"))))
                .noneMatch(GatewayAction.OwnAddresses.class::isInstance);
    }

    @Test
    void noSecretIsInAStatusOrAFact() {
        begin(true);
        comesUp(1);
        assertThat(status().toString()).doesNotContain("not-a-real").doesNotContain("key-material");
        assertThat(new IkeAction.InstallChild(Samples.child(1, NAME), true).toString())
                .doesNotContain("key-material");
    }

    private void begin(boolean mayInitiate) {
        gateway.on(new GatewayEvent.Apply(Samples.plan(Samples.line(NAME, mayInitiate))), clock.now());
    }

    private void comesUp(long childId) {
        happens(
                note(Samples.ikeUp(NAME)),
                new IkeAction.InstallChild(Samples.child(childId, NAME), true),
                note(new IkeFact.ChildUp(NAME, Samples.child(childId, NAME), Samples.ESP, Optional.empty())));
    }

    private void counted(long childId, long in, long out) {
        gateway.on(new GatewayEvent.Counted(List.of(new GatewayEvent.Traffic(childId, in, 1, out, 1))), clock.now());
    }

    private List<GatewayAction> happens(IkeFact fact) {
        return happens(note(fact));
    }

    private List<GatewayAction> happens(IkeAction... actions) {
        answer = List.of(actions);
        return gateway.on(new GatewayEvent.Ike(new IkeEvent.Alive(NAME)), clock.now());
    }

    private static IkeAction note(IkeFact fact) {
        return new IkeAction.Note(fact);
    }

    private static Monotonic lastWake(List<GatewayAction> actions) {
        return ((GatewayAction.Wake) actions.getLast()).at();
    }

    private ConnectionStatus status() {
        return gateway.status(clock.now()).getFirst();
    }
}
