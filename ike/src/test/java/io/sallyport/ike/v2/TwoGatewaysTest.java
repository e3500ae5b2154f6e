package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.ToyAnswers;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two gateways in one endpoint, on two addresses, connected to each other: both ends of every IKE SA are ours. */
class TwoGatewaysTest {
    private static final String EAST = "east";
    private static final String WEST = "west";

    private final Ikev2 machine = new Ikev2(new SeededEntropy(21), new Numbers());
    private final ToyAnswers answers = new ToyAnswers(new ToyKeyExchanges(new SeededEntropy(22)));
    private final Deque<IkeAction.Send> wire = new ArrayDeque<>();
    private final SequencedMap<Long, ChildSa> children = new LinkedHashMap<>();
    private final List<IkeFact> facts = new ArrayList<>();
    private Now now = new Now(new Monotonic(1_000_000_000L), Instant.EPOCH);
    private Monotonic wake = Monotonic.NEVER;

    TwoGatewaysTest() {
        on(new IkeEvent.Configure(List.of(Configs.named(Configs.left(), EAST), Configs.named(Configs.right(), WEST))));
    }

    private void on(IkeEvent event) {
        for (IkeAction action : machine.on(event, now)) {
            switch (action) {
                case IkeAction.Send send -> wire.add(send);
                case IkeAction.Ask(long ask, IkeAction.Question question) ->
                    on(new IkeEvent.Answered(ask, answers.to(question)));
                case IkeAction.Wake(Monotonic at, String _) -> wake = at;
                case IkeAction.InstallChild(ChildSa child, boolean _) -> children.put(child.id(), child);
                case IkeAction.RemoveChild(long id, Duration _) -> children.remove(id);
                case IkeAction.Note(IkeFact fact) -> facts.add(fact);
                case IkeAction.SendKeepalive _,
                        IkeAction.UseOutbound _,
                        IkeAction.MoveChild _,
                        IkeAction.ReleaseLease _ -> {}
            }
        }
    }

    private void settle() {
        for (int i = 0; i < 500 && !wire.isEmpty(); i++) {
            deliver(wire.removeFirst());
        }
        assertThat(wire).isEmpty();
    }

    private void deliver(IkeAction.Send send) {
        on(new IkeEvent.Datagram(/* local= */ send.remote(), /* remote= */ send.local(), send.message()));
    }

    private void pass(Duration duration) {
        Monotonic end = now.at().plus(duration);
        while (!end.isBefore(wake)) {
            now = now.plus(wake.since(now.at()));
            wake = Monotonic.NEVER;
            on(new IkeEvent.Deadline());
            settle();
        }
        now = now.plus(end.since(now.at()));
    }

    private ChildSa only(String peer) {
        List<ChildSa> found =
                children.values().stream().filter(c -> c.peer().equals(peer)).toList();
        assertThat(found).as("children of %s: %s", peer, facts).hasSize(1);
        return found.getFirst();
    }

    private void assertConnected() {
        ChildSa east = only(EAST);
        ChildSa west = only(WEST);
        assertThat(east.inboundSpi()).isEqualTo(west.outboundSpi()).isNotEqualTo(west.inboundSpi());
        assertThat(east.outboundSpi()).isEqualTo(west.inboundSpi());
        assertThat(east.inboundKey()).isEqualTo(west.outboundKey());
        assertThat(east.outboundKey()).isEqualTo(west.inboundKey());
        assertThat(east.local()).isEqualTo(west.remote());
        assertThat(east.localEndpoint().address()).isEqualTo(Configs.LEFT);
        assertThat(west.localEndpoint().address()).isEqualTo(Configs.RIGHT);
        List<IkeSa> standing =
                machine.sasForTest().stream().filter(IkeSa::isEstablished).toList();
        assertThat(standing).hasSize(2);
        assertThat(standing.getFirst().spis()).isEqualTo(standing.getLast().spis());
        assertThat(standing.stream().flatMap(sa -> Stream.of(sa.ourSpi())).distinct())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {EAST, WEST})
    void eitherGatewayConnectsToTheOther(String first) {
        on(new IkeEvent.Connect(first));
        settle();
        assertConnected();
        assertThat(facts.stream().filter(IkeFact.Refused.class::isInstance)).isEmpty();
    }

    @Test
    void bothConnectAtOnceAndOnePairRemains() {
        on(new IkeEvent.Connect(EAST));
        on(new IkeEvent.Connect(WEST));
        settle();
        pass(Duration.ofSeconds(30));
        assertConnected();
    }

    @Test
    void bothRekeyEverythingAtOnceAndStayConnected() {
        on(new IkeEvent.Connect(EAST));
        settle();
        on(new IkeEvent.RekeyChild(only(EAST).id()));
        on(new IkeEvent.RekeyChild(only(WEST).id()));
        settle();
        on(new IkeEvent.RekeyIke(EAST));
        on(new IkeEvent.RekeyIke(WEST));
        settle();
        pass(Duration.ofMinutes(2));
        assertConnected();
    }

    @Test
    void aDayOfRekeysLeavesOnePair() {
        on(new IkeEvent.Connect(WEST));
        settle();
        pass(Duration.ofHours(24));
        assertConnected();
        assertThat(facts.stream().filter(IkeFact.IkeDown.class::isInstance)).isEmpty();
    }

    @Test
    void aDisconnectOfOneTakesBothDown() {
        on(new IkeEvent.Connect(EAST));
        settle();
        on(new IkeEvent.Disconnect(EAST));
        settle();
        assertThat(children).isEmpty();
        assertThat(facts.stream().filter(IkeFact.IkeDown.class::isInstance)).hasSize(2);
        pass(Duration.ofMinutes(1));
        assertThat(machine.sasForTest()).isEmpty();
    }

    @Test
    void whatIsReflectedToTheEndThatSentItIsNotAnswered() {
        on(new IkeEvent.Connect(EAST));
        for (int message = 0; message < 4; message++) {
            IkeAction.Send sent = wire.removeFirst();
            on(new IkeEvent.Datagram(sent.local(), sent.remote(), sent.message()));
            assertThat(wire).isEmpty();
            deliver(sent);
        }
        assertConnected();
        on(new IkeEvent.RekeyChild(only(WEST).id()));
        IkeAction.Send request = wire.removeFirst();
        on(new IkeEvent.Datagram(request.local(), request.remote(), request.message()));
        assertThat(wire).isEmpty();
        deliver(request);
        settle();
        assertConnected();
    }

    @Test
    void anUnknownSpiConcernsOnlyTheEndThatReceivedIt() {
        on(new IkeEvent.Connect(EAST));
        settle();
        on(new IkeEvent.UnknownSpi(new Endpoint(Configs.LEFT, 0), new Endpoint(Configs.RIGHT, 0), 4711));
        assertThat(wire).hasSize(1).allMatch(s -> s.local().address().equals(Configs.LEFT));
        settle();
        assertConnected();
    }
}
