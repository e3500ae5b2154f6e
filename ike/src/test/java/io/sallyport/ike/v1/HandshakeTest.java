package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.Payloads;
import io.sallyport.wire.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Main mode and quick mode between two of us, RFC 2409 sections 5 and 5.5. */
class HandshakeTest {
    static Pair connected(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    /** Each of one end's children has its counterpart at the other, with the same keys. */
    static void assertMatched(Pair pair) {
        assertThat(pair.left.children)
                .as("%s %s", pair.left.facts, pair.right.facts)
                .isNotEmpty();
        assertThat(pair.left.children).hasSameSizeAs(pair.right.children.values());
        for (Pair.Installed one : pair.left.children.values()) {
            ChildSa left = one.sa;
            ChildSa right = pair.right.children.values().stream()
                    .map(c -> c.sa)
                    .filter(c -> c.inboundSpi() == left.outboundSpi())
                    .findFirst()
                    .orElseThrow();
            assertThat(right.outboundSpi()).isEqualTo(left.inboundSpi());
            assertThat(right.inboundKey()).isEqualTo(left.outboundKey());
            assertThat(right.outboundKey()).isEqualTo(left.inboundKey());
            assertThat(right.inboundIntegrityKey()).isEqualTo(left.outboundIntegrityKey());
            assertThat(right.outboundIntegrityKey()).isEqualTo(left.inboundIntegrityKey());
            assertThat(left.inboundKey()).isNotEqualTo(left.outboundKey());
            assertThat(right.local()).isEqualTo(left.remote());
            assertThat(right.remote()).isEqualTo(left.local());
            assertThat(right.udpEncapsulated()).isEqualTo(left.udpEncapsulated());
            assertThat(one.outbound).isTrue();
        }
    }

    @Test
    void mainModeAndQuickModeMakeOneChildWithTheSameKeysAtBothEnds() {
        Pair pair = connected(Configs.left(), Configs.right());
        assertMatched(pair);
        assertThat(pair.left.children).hasSize(1);
        IkeFact.IkeUp up = pair.left.last(IkeFact.IkeUp.class);
        assertThat(up.version()).isEqualTo(IkeVersion.IKEV1);
        assertThat(up.suite()).isEqualTo(Configs.CBC);
        assertThat(up.weAreInitiator()).isTrue();
        assertThat(up.provenBy()).containsExactly("shared key");
        assertThat(pair.right.last(IkeFact.IkeUp.class).remoteIdentity()).isEqualTo(Identity.of(Configs.LEFT));
        assertThat(pair.left.last(IkeFact.ChildUp.class).suite()).isEqualTo(Configs.ESP_GCM);
        assertThat(pair.right.facts(IkeFact.ChildUp.class)).hasSize(1);
        assertThat(pair.left.facts(IkeFact.Refused.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.Refused.class)).isEmpty();
    }

    @Test
    void theResponderSendsOnTheChildOnlyWhenTheLastMessageHasCome() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        while (pair.left.children.isEmpty()) {
            pair.step();
        }
        assertThat(pair.right.onlyChild().outbound).isFalse();
        assertThat(pair.right.facts(IkeFact.ChildUp.class)).isEmpty();
        pair.settle();
        assertThat(pair.right.onlyChild().outbound).isTrue();
    }

    @Test
    void aPacketOnTheChildIsAsGoodAsTheLastMessage() {
        Pair pair = new Pair(Configs.left(), Configs.right());
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        while (pair.left.children.isEmpty()) {
            pair.step();
        }
        pair.wire.clear();
        pair.right.on(new IkeEvent.FirstInbound(pair.right.onlyChild().sa.id()));
        assertThat(pair.right.onlyChild().outbound).isTrue();
        pair.pass(Duration.ofMinutes(2));
        assertMatched(pair);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everySuiteOfPhase1Works(IkeSuite suite) {
        Pair pair = connected(
                Configs.left().but().offers(List.of(suite)).build(),
                Configs.right().but().accepts(List.of(suite)).build());
        assertMatched(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).suite()).isEqualTo(suite);
    }

    static List<IkeSuite> suites() {
        return List.of(Configs.CBC, Configs.SHA1, Configs.TRIPLE_DES);
    }

    @ParameterizedTest
    @MethodSource("espSuites")
    void everySuiteOfPhase2Works(EspSuite suite) {
        Pair pair = connected(
                Configs.withEsp(Configs.left(), suite), Configs.withEsp(Configs.right(), Configs.ESP_GCM, suite));
        assertMatched(pair);
        assertThat(pair.left.last(IkeFact.ChildUp.class).suite()).isEqualTo(suite);
        assertThat(pair.left.onlyChild().sa.inboundKey().size())
                .isEqualTo(suite.encryption().keyOctets() + suite.encryption().saltOctets());
    }

    static List<EspSuite> espSuites() {
        EspSuite tripleDes = new EspSuite(
                EncryptionAlgorithm.TRIPLE_DES_CBC, Configs.ESP_CBC.integrity(), Configs.ESP_PFS.pfs(), false);
        return List.of(Configs.ESP_GCM, Configs.ESP_CBC, Configs.ESP_PFS, tripleDes);
    }

    @Test
    void keyExchangesOfQuickModeAreTriedOneAfterTheOther() {
        Pair pair = connected(
                Configs.withEsp(Configs.left(), Configs.ESP_GCM, Configs.ESP_PFS),
                Configs.withEsp(Configs.right(), Configs.ESP_PFS));
        assertMatched(pair);
        assertThat(pair.left.last(IkeFact.ChildUp.class).suite()).isEqualTo(Configs.ESP_PFS);
    }

    @Test
    void oneConfigOfManySelectorsIsOneQuickModePerPair() {
        List<String> ours = List.of("10.1.0.0/16", "10.11.0.0/16");
        List<String> theirs = List.of("10.2.0.0/16", "10.12.0.0/16", "10.22.0.1/32");
        Pair pair = connected(
                Configs.left()
                        .but()
                        .children(List.of(Configs.child("m", ours, theirs, List.of(Configs.ESP_GCM))))
                        .build(),
                Configs.right()
                        .but()
                        .children(List.of(Configs.child("m", theirs, ours, List.of(Configs.ESP_GCM))))
                        .build());
        assertMatched(pair);
        assertThat(pair.left.children).hasSize(6);
        assertThat(pair.left.children.values().stream().map(c -> c.sa.local() + " " + c.sa.remote()))
                .doesNotHaveDuplicates();
    }

    @Test
    void anyToAnyIsAllZeros() {
        List<String> any = List.of("0.0.0.0/0");
        Pair pair = connected(
                Configs.left()
                        .but()
                        .children(List.of(Configs.child("m", any, any, List.of(Configs.ESP_GCM))))
                        .build(),
                Configs.right()
                        .but()
                        .children(List.of(Configs.child("m", any, any, List.of(Configs.ESP_GCM))))
                        .build());
        assertMatched(pair);
    }

    @Test
    void aPairWithinTheConfiguredOneIsTakenAsItIs() {
        Pair pair = connected(
                Configs.left()
                        .but()
                        .children(List.of(Configs.child("m", "10.1.4.0/24", "10.2.0.0/16")))
                        .build(),
                Configs.right());
        assertMatched(pair);
        assertThat(pair.right.onlyChild().sa.remote().toString()).isEqualTo("[10.1.4.0/24]");
    }

    @Test
    void certificatesProveBothEnds() {
        Pair pair = certified();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatched(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).provenBy().getFirst()).contains("right");
        assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy().getFirst()).contains("left");
    }

    // RFC 2409 section 5.1, RFC 4754 section 3: the negotiated hash may be another one.
    @ParameterizedTest
    @CsvSource({"3, 32", "9, 32", "10, 48", "11, 64"})
    void whatIsSignedByEcdsaIsMadeWithTheHashOfTheCurve(int method, int octets) {
        Pair pair = certified();
        pair.left.answers.ikev1Method(method);
        pair.right.answers.ikev1Method(method);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatched(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).suite()).isEqualTo(Configs.CBC);
        for (Pair.End end : List.of(pair.left, pair.right)) {
            assertThat(end.actions)
                    .filteredOn(a -> a instanceof IkeAction.Ask(long _, IkeAction.Question.Sign _))
                    .last()
                    .matches(a -> a instanceof IkeAction.Ask(long _, IkeAction.Question.Sign sign)
                            && sign.octets().size() == octets);
        }
    }

    static Pair certified() {
        Pair pair = new Pair(
                Configs.withCertificates(Configs.left(), "left", "authority"),
                Configs.withCertificates(Configs.right(), "right", "authority"));
        pair.left.answers.credential("left", Identity.of(Configs.LEFT), "ca").trust("authority", "ca");
        pair.right.answers.credential("right", Identity.of(Configs.RIGHT), "ca").trust("authority", "ca");
        return pair;
    }

    @Test
    void eachEndNamesTheAuthoritiesThatItBelieves() {
        Pair pair = certified();
        pair.left.answers.trust("authority", "ca", "another ca");
        pair.think();
        List<Payload> seen = new ArrayList<>();
        pair.onDelivery = event -> {
            event.ifPresent(e -> seen.addAll(clear(e.message())));
            return event;
        };
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatched(pair);
        assertThat(Payloads.all(seen, Payload.CertRequest.class).stream()
                        .map(r -> r.authority().printable()))
                .containsExactly("ca", "another ca", "ca");
    }

    @Test
    void anEndThatDoesNotKnowTheNamesOfItsAuthoritiesAsksForAnyCertificate() {
        Pair pair = certified();
        pair.left.answers.trust("authority", "ca", "x".repeat(1000));
        pair.think();
        List<Payload> seen = new ArrayList<>();
        pair.onDelivery = event -> {
            event.ifPresent(e -> seen.addAll(clear(e.message())));
            return event;
        };
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatched(pair);
        assertThat(Payloads.all(seen, Payload.CertRequest.class).stream()
                        .map(r -> r.authority().printable()))
                .as("too long for a hint")
                .containsExactly("", "ca");
    }

    private static List<Payload> clear(Bytes message) {
        try {
            Header header = Header.read(Reader.over(message));
            return header.isEncrypted()
                    ? List.of()
                    : PayloadReader.plain(header.next(), message.slice(Header.OCTETS, message.size()))
                            .payloads();
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefusedBeforeWeProveOurselves() {
        Pair pair = certified();
        pair.left.answers.credential("left", Identity.fqdn("somebody.example"), "ca");
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.right.facts(IkeFact.Refused.class).stream().map(IkeFact.Refused::why))
                .anyMatch(IkeFact.Failure.CertificateRefused.class::isInstance);
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isInstanceOf(IkeFact.Failure.AuthenticationFailed.class);
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    @Test
    void aWrongKeyIsToldAsAuthenticationFailedAtBothEnds() {
        Pair pair = connected(
                Configs.left()
                        .but()
                        .proofs(Proofs.sharedKey(Secret.utf8("another")))
                        .build(),
                Configs.right());
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new IkeFact.Failure.AuthenticationFailed(true, Optional.of(Identity.of(Configs.LEFT))));
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new IkeFact.Failure.AuthenticationFailed(false, Optional.empty()));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void ofSeveralPeersBehindOneAddressTheKeyTellsWhich() {
        PeerConfig one = Configs.right()
                .but()
                .name("one")
                .remote(Optional.empty())
                .remoteIdentity(Optional.of(Identity.fqdn("one.example")))
                .proofs(Proofs.sharedKey(Secret.utf8("key of one")))
                .build();
        PeerConfig two = one.but()
                .name("two")
                .remoteIdentity(Optional.of(Identity.fqdn("two.example")))
                .proofs(Proofs.sharedKey(Secret.utf8("key of two")))
                .build();
        PeerConfig left = Configs.left()
                .but()
                .localIdentity(Identity.fqdn("two.example"))
                .proofs(Proofs.sharedKey(Secret.utf8("key of two")))
                .build();
        Pair pair = new Pair(left, one);
        pair.right.on(new IkeEvent.Configure(List.of(one, two)));
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertMatched(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).peer()).isEqualTo("two");
    }

    @Test
    void nothingInCommonIsToldWithBothLists() {
        Pair pair = connected(
                Configs.left().but().offers(List.of(Configs.TRIPLE_DES)).build(),
                Configs.right().but().accepts(List.of(Configs.CBC)).build());
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isInstanceOfSatisfying(IkeFact.Failure.NoProposalChosen.class, f -> {
                    assertThat(f.refusedByPeer()).isTrue();
                    assertThat(f.ours()).containsExactly(Configs.TRIPLE_DES.toString());
                });
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isInstanceOfSatisfying(
                        IkeFact.Failure.NoProposalChosen.class,
                        f -> assertThat(f.peers())
                                .containsExactly("3DES-CBC/SHA1/MODP-1024 (group 2) with shared key"));
    }

    @Test
    void selectorsThatNobodyConfiguredAreRefusedAndAskedForAgainLater() {
        Pair pair = connected(
                Configs.left()
                        .but()
                        .children(List.of(Configs.child("m", "10.9.0.0/16", "10.2.0.0/16")))
                        .build(),
                Configs.right());
        assertThat(pair.left.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.TrafficSelectorsUnacceptable.class);
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(IkeFact.Failure.TrafficSelectorsUnacceptable.class);
        int before = pair.left.facts(IkeFact.ChildRefused.class).size();
        pair.pass(Duration.ofMinutes(5));
        assertThat(pair.left.facts(IkeFact.ChildRefused.class).size()).isBetween(before + 2, before + 14);
        assertThat(pair.left.facts(IkeFact.IkeDown.class)).isEmpty();
    }

    @Test
    void anotherIdentityThanTheConfiguredOneIsRefused() {
        Pair pair = connected(
                Configs.left(),
                Configs.right()
                        .but()
                        .remoteIdentity(Optional.of(Identity.fqdn("left.example")))
                        .build());
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new IkeFact.Failure.WrongIdentity(Identity.of(Configs.LEFT), Identity.fqdn("left.example")));
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isInstanceOf(IkeFact.Failure.AuthenticationFailed.class);
    }

    @Test
    void aDisconnectTakesBothEndsDown() {
        Pair pair = connected(Configs.left(), Configs.right());
        pair.right.on(new IkeEvent.Disconnect(Configs.PEER));
        pair.settle();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(IkeFact.Failure.DeletedByPeer.class);
        assertThat(pair.left.machine.sasForTest()).isEmpty();
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PeerConfig.EncapsulationMode.class)
    void everyWayOfEncapsulationAgreesWithTheSame(PeerConfig.EncapsulationMode mode) {
        Pair pair = connected(
                Configs.left().but().encapsulation(mode).build(),
                Configs.right().but().encapsulation(mode).build());
        assertMatched(pair);
        boolean udp = mode != PeerConfig.EncapsulationMode.RAW;
        assertThat(pair.left.onlyChild().sa.udpEncapsulated()).isEqualTo(udp);
        assertThat(pair.left.last(IkeFact.IkeUp.class).remote().port()).isEqualTo(udp ? 4500 : 500);
        assertThat(pair.right.last(IkeFact.IkeUp.class).remote().port()).isEqualTo(udp ? 4500 : 500);
    }
}
