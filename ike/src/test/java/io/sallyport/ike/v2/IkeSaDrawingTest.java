package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.wire.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The machine's drawing: every state of an IKE SA met by every event, against {@code docs/machines/ike-sa.txt}. Rewritten
 * with {@code -Dsallyport.write=true}.
 */
class IkeSaDrawingTest {
    /** A pair whose subject, an end, has an IKE SA in the state wanted. */
    private record Scene(Pair pair, Pair.End subject) {
        Pair.End peer() {
            return pair.other(subject);
        }

        IkeSa sa() {
            return subject.machine.sasForTest().getFirst();
        }
    }

    private static SequencedMap<String, Supplier<Scene>> scenes() {
        SequencedMap<String, Supplier<Scene>> scenes = new LinkedHashMap<>();
        scenes.put("AwaitKeyPair", () -> {
            Pair pair = Pair.ordinary();
            pair.left.holdAsks = true;
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            return new Scene(pair, pair.left);
        });
        scenes.put("AwaitInitResponse", () -> {
            Pair pair = Pair.ordinary();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.think();
            return new Scene(pair, pair.left);
        });
        scenes.put("AwaitSharedSecret", () -> {
            Pair pair = Pair.ordinary();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.deliver(pair.take(pair.left));
            pair.left.holdAsks = true;
            pair.deliver(pair.take(pair.right));
            return new Scene(pair, pair.left);
        });
        scenes.put("AwaitAuthResponse", () -> {
            Pair pair = Pair.ordinary();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.deliver(pair.take(pair.left));
            pair.deliver(pair.take(pair.right));
            return new Scene(pair, pair.left);
        });
        scenes.put("AwaitResponderKeys", () -> {
            Pair pair = Pair.ordinary();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.right.holdAsks = true;
            pair.deliver(pair.take(pair.left));
            return new Scene(pair, pair.right);
        });
        scenes.put("AwaitAuthorities", () -> {
            PeerConfig right = Configs.right()
                    .but()
                    .proofs(new Proofs(
                            Configs.right().proofs().own(), List.of(new Authentication.Certificate("authorities"))))
                    .build();
            Pair pair = new Pair(Configs.left(), right);
            pair.right.answers.trust("authorities", "authority");
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.right.holdAsks = true;
            pair.deliver(pair.take(pair.left));
            pair.right.answerAsk();
            return new Scene(pair, pair.right);
        });
        scenes.put("AwaitAuthRequest", () -> {
            Pair pair = Pair.ordinary();
            pair.left.on(new IkeEvent.Connect(Configs.PEER));
            pair.deliver(pair.take(pair.left));
            pair.deliver(pair.take(pair.right));
            return new Scene(pair, pair.right);
        });
        scenes.put("Established", () -> {
            Pair pair = Pair.connected();
            return new Scene(pair, pair.right);
        });
        scenes.put("Replaced", () -> {
            Pair pair = Pair.connected();
            pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
            pair.deliver(pair.take(pair.left));
            return new Scene(pair, pair.right);
        });
        scenes.put("Closing", () -> {
            Pair pair = Pair.connected();
            pair.right.on(new IkeEvent.Disconnect(Configs.PEER));
            return new Scene(pair, pair.right);
        });
        scenes.put("Gone", () -> {
            Pair pair = Pair.connected();
            pair.left.on(new IkeEvent.Disconnect(Configs.PEER));
            pair.deliver(pair.take(pair.left));
            return new Scene(pair, pair.right);
        });
        return scenes;
    }

    private static SequencedMap<String, Consumer<Scene>> events() {
        SequencedMap<String, Consumer<Scene>> events = new LinkedHashMap<>();
        events.put("NextDatagram", s -> {
            s.pair.think();
            List<Pair.InFlight> coming =
                    s.pair.wire.stream().filter(f -> f.from() == s.peer()).toList();
            if (!coming.isEmpty()) {
                s.pair.wire.remove(coming.getFirst());
                s.pair.deliver(coming.getFirst());
            }
        });
        events.put(
                "DeleteRequest",
                s -> request(
                        s, ExchangeType.INFORMATIONAL, List.of(new Payload.Delete(Proposal.Protocol.IKE, List.of()))));
        events.put("LivenessRequest", s -> request(s, ExchangeType.INFORMATIONAL, List.of()));
        events.put(
                "CreateChildRequest",
                s -> request(
                        s,
                        ExchangeType.CREATE_CHILD_SA,
                        List.of(
                                new Payload.Sa(Proposals.ofEsp(List.of(Configs.ESP_GCM), 4711)),
                                new Payload.Nonce(Bytes.wrap(new byte[32])),
                                Narrowing.payload(true, s.peer() == s.pair.left ? lefts() : rights()),
                                Narrowing.payload(false, s.peer() == s.pair.left ? rights() : lefts()))));
        events.put("Noise", s -> {
            byte[] octets = new byte[100];
            Bytes spis = s.sa().spis().both();
            System.arraycopy(spis.toArray(), 0, octets, 0, 16);
            octets[16] = 46;
            octets[17] = 0x20;
            octets[18] = 37;
            octets[19] = (byte) (s.sa().isInitiator() ? 0 : 8);
            octets[27] = 100;
            datagram(s, Bytes.wrap(octets));
        });
        events.put("Answered", s -> {
            s.subject.holdAsks = false;
            s.subject.answerAsks();
        });
        events.put("Deadline", s -> {
            s.pair.now = s.pair.now.plus(Duration.ofSeconds(61));
            s.subject.on(new IkeEvent.Deadline());
        });
        events.put("Connect", s -> s.subject.on(new IkeEvent.Connect(Configs.PEER)));
        events.put("Disconnect", s -> s.subject.on(new IkeEvent.Disconnect(Configs.PEER)));
        events.put("RekeyIke", s -> s.subject.on(new IkeEvent.RekeyIke(Configs.PEER)));
        events.put("Configure", s -> s.subject.on(new IkeEvent.Configure(List.of())));
        return events;
    }

    private static List<TrafficSelector> lefts() {
        return Configs.left().children().getFirst().local();
    }

    private static List<TrafficSelector> rights() {
        return Configs.left().children().getFirst().remote();
    }

    /** A request of the peer, made with its keys if it has any. */
    private static void request(Scene s, ExchangeType exchange, List<Payload> payloads) {
        IkeSa sa = s.sa();
        s.peer().machine.sasForTest().stream()
                .filter(p -> p.spis().equals(sa.spis()) && p.hasKeys())
                .findFirst()
                .ifPresent(peer -> {
                    Header header = Header.of(
                            sa.spis().initiator(),
                            sa.spis().responder(),
                            exchange,
                            peer.isInitiator(),
                            false,
                            sa.expectedRequest());
                    peer.secured()
                            .protection()
                            .seal(header, payloads, new SeededEntropy(9))
                            .forEach(octets -> datagram(s, octets));
                });
    }

    private static void datagram(Scene s, Bytes octets) {
        boolean left = s.subject == s.pair.left;
        s.subject.on(new IkeEvent.Datagram(
                new Endpoint(left ? Configs.LEFT : Configs.RIGHT, 500),
                new Endpoint(left ? Configs.RIGHT : Configs.LEFT, 500),
                octets));
    }

    @Test
    void theDrawingIsTheMachine() throws Exception {
        StringBuilder drawing = new StringBuilder();
        scenes().forEach((state, scene) -> {
            events().forEach((event, apply) -> {
                Scene s = scene.get();
                IkeSa sa = s.sa();
                assertThat(sa.state().getClass().getSimpleName()).isEqualTo(state);
                int before = s.subject.actions.size();
                apply.accept(s);
                List<String> actions = new ArrayList<>();
                for (IkeAction action : s.subject.actions.subList(before, s.subject.actions.size())) {
                    if (!(action instanceof IkeAction.Wake)) {
                        actions.add(
                                action instanceof IkeAction.Note(IkeFact fact)
                                        ? fact.getClass().getSimpleName()
                                        : action.getClass().getSimpleName());
                    }
                }
                drawing.append(state)
                        .append(" --")
                        .append(event)
                        .append("--> ")
                        .append(sa.state().getClass().getSimpleName())
                        .append(' ')
                        .append(actions)
                        .append('\n');
            });
        });
        Path golden = Path.of(System.getProperty("sallyport.root", ".."), "docs", "machines", "ike-sa.txt");
        if (Boolean.getBoolean("sallyport.write")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, drawing, StandardCharsets.UTF_8);
        }
        assertThat(drawing.toString()).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
    }

    /** A new state must be drawn; Dead is what nobody can meet any more. */
    @Test
    void everyStateIsDrawn() {
        TreeSet<String> states = new TreeSet<>();
        for (Class<?> state : SaState.class.getPermittedSubclasses()) {
            states.add(state.getSimpleName());
        }
        states.remove("Dead");
        assertThat(new TreeSet<>(scenes().keySet())).isEqualTo(states);
    }
}
