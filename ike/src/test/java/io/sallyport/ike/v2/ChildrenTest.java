package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Children: how they are agreed upon, refused, renewed, and what a changed configuration does to them. */
class ChildrenTest {
    private static Pair connect(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    @Test
    void everyConfiguredChildIsMade() {
        Pair pair = connect(
                Configs.withChildren(
                        Configs.left(),
                        List.of(
                                Configs.child("a", "10.1.0.0/24", "10.2.0.0/24"),
                                Configs.child("b", "10.1.1.0/24", "10.2.1.0/24"))),
                Configs.withChildren(
                        Configs.right(),
                        List.of(
                                Configs.child("a", "10.2.0.0/24", "10.1.0.0/24"),
                                Configs.child("b", "10.2.1.0/24", "10.1.1.0/24"))));
        assertThat(pair.left.children).hasSize(2);
        assertThat(pair.right.children).hasSize(2);
    }

    @Test
    void theResponderNarrowsToWhatBothAllow() {
        Pair pair = connect(
                Configs.withChildren(Configs.left(), List.of(Configs.child("main", "10.1.0.0/16", "10.0.0.0/8"))),
                Configs.right());
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.onlyChild().sa.remote()).containsExactly(TrafficSelector.of(Prefix.parse("10.2.0.0/16")));
    }

    @Test
    void anyToAnyTakesWhateverThePeerProposes() {
        Pair pair = connect(
                Configs.left(),
                Configs.withChildren(Configs.right(), List.of(Configs.child("main", "0.0.0.0/0", "0.0.0.0/0"))));
        HandshakeTest.assertMatching(pair);
        assertThat(pair.right.onlyChild().sa.remote()).containsExactly(TrafficSelector.of(Prefix.parse("10.1.0.0/16")));
    }

    @Test
    void aRefusedChildLeavesTheIkeSaAndIsAskedForAgain() {
        Pair pair = connect(
                Configs.left(),
                Configs.withChildren(
                        Configs.right(), List.of(Configs.child("main", "172.16.0.0/16", "172.17.0.0/16"))));
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.TrafficSelectorsUnacceptable.class);
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.TrafficSelectorsUnacceptable(
                        List.of(TrafficSelector.of(Prefix.parse("172.16.0.0/16"))),
                        List.of(TrafficSelector.of(Prefix.parse("172.17.0.0/16"))),
                        List.of(TrafficSelector.of(Prefix.parse("10.2.0.0/16"))),
                        List.of(TrafficSelector.of(Prefix.parse("10.1.0.0/16"))),
                        false));
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.facts(IkeFact.ChildRefused.class)).hasSizeBetween(3, 8);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void aChildWithoutCommonAlgorithmsNamesBothLists() {
        EspSuite cbc =
                new EspSuite(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA1_96, Optional.empty(), false);
        PeerConfig right = Configs.right();
        Pair pair = connect(
                Configs.left(),
                Configs.withChildren(
                        right, List.of(Configs.withEsp(right.children().getFirst(), List.of(cbc)))));
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new IkeFact.Failure.NoProposalChosen(
                        "child main",
                        List.of(cbc.toString()),
                        List.of("AES-GCM-256/no ESN", "AES-CBC-256/HMAC-SHA256-128/no ESN"),
                        false));
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.NoProposalChosen.class);
    }

    @Test
    void aPfsMismatchOfTheFirstChildShowsOnlyAtTheRekey() {
        PeerConfig left = Configs.left();
        PeerConfig right = Configs.right();
        EspSuite plain =
                new EspSuite(Configs.ESP_PFS.encryption(), Configs.ESP_PFS.integrity(), Optional.empty(), false);
        Pair pair = connect(
                Configs.withChildren(
                        left, List.of(Configs.withEsp(left.children().getFirst(), List.of(plain)))),
                Configs.withChildren(
                        right, List.of(Configs.withEsp(right.children().getFirst(), List.of(Configs.ESP_PFS)))));
        HandshakeTest.assertMatching(pair);
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.NoProposalChosen.class);
        HandshakeTest.assertMatching(pair);
    }

    @Test
    void childrenAreRenewedBeforeTheirLifetimeEnds() {
        Pair pair = Pair.connected();
        long first = pair.left.onlyChild().sa.id();
        pair.pass(Duration.ofMinutes(59));
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.onlyChild().sa.id()).isNotEqualTo(first);
        assertThat(pair.left.facts(IkeFact.ChildDown.class)).allMatch(f -> f.why() instanceof IkeFact.Failure.Replaced);
    }

    @Test
    void aDayOfRekeysKeepsOneChildAndOneIkeSa() {
        Pair pair = Pair.connected();
        pair.pass(Duration.ofHours(24));
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.machine.sasForTest()).hasSize(1);
        assertThat(pair.right.machine.sasForTest()).hasSize(1);
        assertThat(pair.left.facts(IkeFact.IkeRekeyed.class)).hasSizeBetween(2, 5);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void anUnchangedPeerIsNotTouchedByAConfiguration() {
        Pair pair = Pair.connected();
        int before = pair.left.actions.size();
        pair.left.on(new IkeEvent.Configure(List.of(Configs.left())));
        assertThat(pair.left.actions).hasSize(before);
    }

    @Test
    void aChangedPeerIsClosedWithADelete() {
        Pair pair = Pair.connected();
        PeerConfig left = Configs.left();
        pair.left.on(new IkeEvent.Configure(List.of(
                Configs.withIdentities(left, left.localIdentity(), left.remoteIdentity(), Secret.utf8("a new key")))));
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.ClosedByUs("the configuration changed"));
    }

    @Test
    void aWrongIdentityIsNamed() {
        PeerConfig left = Configs.left();
        Pair pair = connect(
                Configs.withIdentities(left, Identity.fqdn("intruder"), left.remoteIdentity(), Configs.KEY),
                Configs.right());
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new IkeFact.Failure.WrongIdentity(Identity.fqdn("intruder"), Identity.of(Configs.LEFT)));
        Pair other = connect(
                Configs.withIdentities(left, left.localIdentity(), Optional.of(Identity.fqdn("expected")), Configs.KEY),
                Configs.right());
        assertThat(other.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.WrongIdentity(Identity.of(Configs.RIGHT), Identity.fqdn("expected")));
        assertThat(other.right.children).isEmpty();
    }

    @Test
    void aChildThatThePeerDoesNotKnowIsMadeAnew() {
        Pair pair = Pair.connected();
        int spi = pair.left.onlyChild().sa.outboundSpi();
        pair.right.on(new IkeEvent.UnknownSpi(new Endpoint(Configs.RIGHT, 0), new Endpoint(Configs.LEFT, 0), spi));
        // <-- INFORMATIONAL { N(INVALID_SPI) }
        pair.settle();
        pair.pass(Duration.ofSeconds(5));
        HandshakeTest.assertMatching(pair);
        assertThat(pair.left.onlyChild().sa.outboundSpi()).isNotEqualTo(spi);
    }
}
