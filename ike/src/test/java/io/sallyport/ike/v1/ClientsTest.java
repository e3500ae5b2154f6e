package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.ike.AddressRequest;
import io.sallyport.ike.Clients;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Ikev1Options;
import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Aggressive mode, XAuth and ModeCfg: only where they are asked for. */
class ClientsTest {
    private static final Address LEASED = Address.parse("10.99.0.7");
    private static final Identity GROUP = Identity.fqdn("road.example");

    private static PeerConfig client(boolean aggressive, boolean push, String password) {
        return Configs.left()
                .but()
                .localIdentity(GROUP)
                .children(List.of(Configs.child("main", "0.0.0.0/0", "10.2.0.0/16")))
                .request(new AddressRequest(true, false))
                .ikev1(new Ikev1Options(
                        aggressive, Optional.of(new Ikev1Options.Xauth.Client("alice", Secret.utf8(password))), push))
                .build();
    }

    private static PeerConfig server(boolean aggressive, boolean push) {
        return Configs.right()
                .but()
                .remote(Optional.empty())
                .remoteIdentity(Optional.of(GROUP))
                .children(List.of(Configs.child("main", "10.2.0.0/16", "0.0.0.0/0")))
                .clients(new Clients("pool", 1))
                .ikev1(new Ikev1Options(aggressive, Optional.of(new Ikev1Options.Xauth.Server("users")), push))
                .build();
    }

    private static Pair pair(boolean aggressive, boolean push, String password) {
        Pair pair = new Pair(client(aggressive, push, password), server(aggressive, push));
        pair.right.answers.pool(
                "pool", List.of(LEASED), new IkeEvent.ClientSettings(List.of(), List.of(), List.of(), List.of()));
        pair.right.answers.eap().user("users", "alice", "secret");
        return pair;
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void aUserProvesItselfAndGetsAnAddress(boolean aggressive, boolean push) {
        Pair pair = pair(aggressive, push, "secret");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        HandshakeTest.assertMatched(pair);
        IkeFact.IkeUp up = pair.right.last(IkeFact.IkeUp.class);
        assertThat(up.peer()).isEqualTo(Configs.PEER + "#alice");
        assertThat(up.provenBy())
                .containsExactly("shared key" + (aggressive ? " in aggressive mode" : ""), "XAuth as alice");
        assertThat(up.leased()).containsExactly(LEASED);
        assertThat(pair.left.last(IkeFact.IkeUp.class).leased()).containsExactly(LEASED);
        assertThat(pair.left.onlyChild().sa.local().toString()).isEqualTo("[10.99.0.7/32]");
        assertThat(pair.right.onlyChild().sa.peer()).isEqualTo(Configs.PEER);
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice");
    }

    @Test
    void aRequestForAnAddressMayOvertakeTheWordThatTheUserIsBelieved() {
        Pair pair = pair(false, false, "secret");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.think();
        while (pair.wire.stream().filter(d -> d.from() == pair.left).count() < 2) {
            pair.step();
            pair.think();
        }
        pair.deliver(pair.wire.remove(1));
        pair.settle();
        HandshakeTest.assertMatched(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).leased()).containsExactly(LEASED);
    }

    @Test
    void theAddressGoesBackWhenTheClientGoes() {
        Pair pair = pair(true, false, "secret");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.left.on(new IkeEvent.Disconnect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.answers.holders("pool")).isEmpty();
        assertThat(pair.right.last(IkeFact.IkeDown.class).peer()).isEqualTo(Configs.PEER + "#alice");
    }

    @Test
    void aWrongPasswordIsRefusedAndNobodyIsUp() {
        Pair pair = pair(false, false, "guess");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isInstanceOf(IkeFact.Failure.AuthenticationFailed.class);
        assertThat(pair.right.facts(IkeFact.Refused.class)).isNotEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void withoutAUserThereIsNoQuickMode() {
        Pair pair = pair(false, false, "secret");
        pair.right.holdAsks = true;
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        // The server waits with the password in its hand.
        for (int i = 0; i < 20; i++) {
            pair.step();
            if (!pair.right.asks.isEmpty()
                    && !(pair.right.asks.getFirst().question()
                            instanceof io.sallyport.ike.IkeAction.Question.CheckPassword)) {
                pair.right.answerAsk();
            }
        }
        IkeSa waiting = pair.right.machine.sasForTest().getFirst();
        assertThat(waiting.state()).isEqualTo(SaState.AUTHENTICATING);
        Forge.begin(pair, pair.left, quick -> quick, Forge.quickMode(pair.left));
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.last(IkeFact.Refused.class).why().toString()).contains("before the peer has proven");
    }

    @Test
    void anEmptyPoolIsTold() {
        Pair pair = pair(false, false, "secret");
        pair.right.answers.pool(
                "pool", List.of(), new IkeEvent.ClientSettings(List.of(), List.of(), List.of(), List.of()));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.NoAddressGiven.class);
        assertThat(pair.right.facts(IkeFact.Refused.class).stream().map(IkeFact.Refused::why))
                .anyMatch(IkeFact.Failure.PoolEmpty.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void aggressiveModeIsDoneOnlyByThoseWhoAskForIt(boolean left, boolean right) {
        Pair pair = new Pair(client(left, false, "secret"), server(right, false));
        pair.right.answers.pool(
                "pool", List.of(LEASED), new IkeEvent.ClientSettings(List.of(), List.of(), List.of(), List.of()));
        pair.right.answers.eap().user("users", "alice", "secret");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.pass(Duration.ofMinutes(1));
        if (left) {
            assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
            assertThat(pair.right.last(IkeFact.Refused.class).why().toString()).contains("nobody asked for");
        } else {
            assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy()).contains("shared key");
        }
    }

    @Test
    void certificatesWorkInAggressiveModeToo() {
        Pair pair = new Pair(
                Configs.withCertificates(aggressive(Configs.left()), "left", "authority"),
                Configs.withCertificates(aggressive(Configs.right()), "right", "authority"));
        pair.left.answers.credential("left", Identity.of(Configs.LEFT), "ca").trust("authority", "ca");
        pair.right.answers.credential("right", Identity.of(Configs.RIGHT), "ca").trust("authority", "ca");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        HandshakeTest.assertMatched(pair);
    }

    @ParameterizedTest
    @CsvSource({"UDP, true", "RAW, false"})
    void aggressiveModeFindsNatsToo(PeerConfig.EncapsulationMode mode, boolean udp) {
        Pair pair = HandshakeTest.connected(
                aggressive(Configs.left()).but().encapsulation(mode).build(),
                aggressive(Configs.right()).but().encapsulation(mode).build());
        HandshakeTest.assertMatched(pair);
        assertThat(pair.right.onlyChild().sa.udpEncapsulated()).isEqualTo(udp);
    }

    @Test
    void aWrongKeyInAggressiveModeIsSeenByTheInitiatorFirst() {
        Pair pair = HandshakeTest.connected(
                aggressive(Configs.left())
                        .but()
                        .proofs(io.sallyport.ike.Proofs.sharedKey(Secret.utf8("another")))
                        .build(),
                aggressive(Configs.right()));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.AuthenticationFailed(false, Optional.of(Identity.of(Configs.RIGHT))));
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    private static PeerConfig aggressive(PeerConfig peer) {
        return peer.but().ikev1(new Ikev1Options(true, Optional.empty(), false)).build();
    }
}
