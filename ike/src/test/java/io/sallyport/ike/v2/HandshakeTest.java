package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** IKE_SA_INIT and IKE_AUTH between two endpoints. */
class HandshakeTest {
    static void assertMatching(Pair pair) {
        ChildSa left = pair.left.onlyChild().sa;
        ChildSa right = pair.right.onlyChild().sa;
        assertThat(left.inboundSpi()).isEqualTo(right.outboundSpi());
        assertThat(left.outboundSpi()).isEqualTo(right.inboundSpi());
        assertThat(left.inboundKey()).isEqualTo(right.outboundKey());
        assertThat(left.outboundKey()).isEqualTo(right.inboundKey());
        assertThat(left.inboundIntegrityKey()).isEqualTo(right.outboundIntegrityKey());
        assertThat(left.local()).isEqualTo(right.remote());
        assertThat(left.remote()).isEqualTo(right.local());
        assertThat(left.udpEncapsulated()).isEqualTo(right.udpEncapsulated());
        assertThat(pair.left.onlyChild().outbound).isTrue();
        assertThat(pair.right.onlyChild().outbound).isTrue();
    }

    @Test
    void twoEndsAgreeOnOneChild() {
        Pair pair = Pair.ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        // IKE_SA_INIT { SAi1, KEi, Ni, N(NAT_DETECTION_*) } -->
        // <-- IKE_SA_INIT { SAr1, KEr, Nr, N(NAT_DETECTION_*) }
        // IKE_AUTH { IDi, N(INITIAL_CONTACT), IDr, AUTH, SAi2, TSi, TSr } -->
        // <-- IKE_AUTH { IDr, AUTH, SAr2, TSi, TSr }
        pair.settle();
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).hasSize(1);
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(1);
        assertThat(pair.left.last(IkeFact.IkeUp.class).suite()).isEqualTo(Configs.GCM);
        assertMatching(pair);
    }

    @Test
    void eitherEndMayBegin() {
        Pair pair = Pair.ordinary();
        pair.right.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatching(pair);
    }

    @Test
    void anIdlePeerIsAskedWhetherItLivesAndStays() {
        Pair pair = Pair.connected();
        int sent = pair.left.actions.size();
        pair.pass(Duration.ofMinutes(10));
        assertThat(pair.left.actions.size()).isGreaterThan(sent);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
        assertMatching(pair);
    }

    @Test
    void aDisconnectDeletesBothEnds() {
        Pair pair = Pair.connected();
        pair.left.on(new IkeEvent.Disconnect(Configs.PEER));
        // INFORMATIONAL { D } -->
        // <-- INFORMATIONAL {}
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.DeletedByPeer.class);
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.machine.on(new IkeEvent.Deadline(), pair.now)).isEmpty();
    }

    @Test
    void aSilentPeerIsDeadAfterTheTimeout() {
        Pair pair = Pair.connected();
        pair.onDelivery = _ -> Optional.empty();
        pair.pass(Duration.ofSeconds(60));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.PeerDead.class);
        assertThat(pair.left.children).isEmpty();
    }

    @Test
    void aPeerThatIsNotThereIsGivenUp() {
        Pair pair = Pair.ordinary();
        pair.onDelivery = _ -> Optional.empty();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.pass(Duration.ofSeconds(60));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.NoAnswer("IKE_SA_INIT", 7, false));
    }

    @Test
    void anotherKeyIsToldByBothEnds() {
        PeerConfig right = Configs.right();
        Pair pair = new Pair(
                Configs.left(),
                Configs.withIdentities(
                        right, right.localIdentity(), right.remoteIdentity(), Secret.utf8("another key")));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        // IKE_AUTH { ... } -->
        // <-- IKE_AUTH { N(AUTHENTICATION_FAILED) }
        pair.settle();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.AuthenticationFailed(true, Optional.empty()));
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isInstanceOf(IkeFact.Failure.AuthenticationFailed.class);
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.right.children).isEmpty();
    }

    @Test
    void aGroupTheResponderDoesNotWantIsReplaced() {
        Pair pair = new Pair(
                Configs.withSuites(Configs.left(), List.of(Configs.GCM, Configs.CBC), List.of(Configs.GCM)),
                Configs.withSuites(Configs.right(), List.of(Configs.CBC), List.of(Configs.CBC)));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        // IKE_SA_INIT { SAi1, KEi (ECP-384), Ni } -->
        // <-- IKE_SA_INIT { N(INVALID_KE_PAYLOAD: MODP-2048) }
        // IKE_SA_INIT { SAi1, KEi (MODP-2048), Ni } -->
        pair.settle();
        assertThat(pair.left.last(IkeFact.IkeUp.class).suite()).isEqualTo(Configs.CBC);
        assertMatching(pair);
    }
}
