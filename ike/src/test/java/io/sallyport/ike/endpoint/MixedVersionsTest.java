package io.sallyport.ike.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.fixtures.ToyKeyExchanges;
import io.sallyport.ike.ChildConfig;
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
import io.sallyport.ike.ToyAnswers;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One address of ours that speaks IKEv1 with one peer and IKEv2 with another. */
class MixedVersionsTest {
    private static final Address HUB = Address.parse("192.0.2.1");
    private static final Address OLD = Address.parse("192.0.2.2");
    private static final Address NEW = Address.parse("192.0.2.3");
    private static final Now NOW = new Now(new Monotonic(1_000_000_000L), Instant.EPOCH);

    private final Deque<IkeAction.Send> wire = new ArrayDeque<>();

    private final class End {
        final Address address;
        final IkeEndpoint endpoint;
        final ToyAnswers answers;
        final List<IkeFact> facts = new ArrayList<>();
        final List<ChildSa> children = new ArrayList<>();

        End(Address address, int seed, PeerConfig... peers) {
            this.address = address;
            this.endpoint = new IkeEndpoint(new SeededEntropy(seed));
            this.answers = new ToyAnswers(new ToyKeyExchanges(new SeededEntropy(100 + seed)));
            on(new IkeEvent.Configure(List.of(peers)));
        }

        void on(IkeEvent event) {
            for (IkeAction action : endpoint.on(event, NOW)) {
                switch (action) {
                    case IkeAction.Send send -> wire.add(send);
                    case IkeAction.Ask(long ask, IkeAction.Question question) ->
                        on(new IkeEvent.Answered(ask, answers.to(question)));
                    case IkeAction.InstallChild(ChildSa child, boolean _) -> children.add(child);
                    case IkeAction.Note(IkeFact fact) -> facts.add(fact);
                    case IkeAction.SendKeepalive _,
                            IkeAction.Wake _,
                            IkeAction.UseOutbound _,
                            IkeAction.RemoveChild _,
                            IkeAction.MoveChild _,
                            IkeAction.ReleaseLease _ -> {}
                }
            }
        }
    }

    private static PeerConfig peer(String name, IkeVersion version, Address local, Address remote) {
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.AES_CBC_256,
                IntegrityAlgorithm.HMAC_SHA2_256_128,
                PrfAlgorithm.HMAC_SHA2_256,
                KeyExchangeMethod.MODP_2048);
        EspSuite esp =
                new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false);
        List<TrafficSelector> any = List.of(TrafficSelector.of(Prefix.ANY_IPV4));
        return PeerConfig.of(name, local, Proofs.sharedKey(Secret.utf8("a key of both")))
                .version(version)
                .remote(Optional.of(remote))
                .remoteIdentity(Optional.of(Identity.of(remote)))
                .offers(List.of(suite))
                .accepts(List.of(suite))
                .children(List.of(
                        new ChildConfig("any", any, any, List.of(esp), List.of(esp), Duration.ofHours(1), 0, 1024)))
                .build();
    }

    private void settle(End... ends) {
        for (int i = 0; i < 200 && !wire.isEmpty(); i++) {
            IkeAction.Send send = wire.removeFirst();
            for (End end : ends) {
                if (end.address.equals(send.remote().address())) {
                    end.on(new IkeEvent.Datagram(
                            /* local= */ send.remote(), /* remote= */ send.local(), send.message()));
                }
            }
        }
        assertThat(wire).isEmpty();
    }

    private static List<IkeVersion> up(End end) {
        return end.facts.stream()
                .filter(IkeFact.IkeUp.class::isInstance)
                .map(IkeFact.IkeUp.class::cast)
                .map(IkeFact.IkeUp::version)
                .toList();
    }

    @Test
    void eachPeerIsSpokenToInItsOwnVersion() {
        End hub = new End(HUB, 1, peer("old", IkeVersion.IKEV1, HUB, OLD), peer("new", IkeVersion.IKEV2, HUB, NEW));
        End older = new End(OLD, 2, peer("hub", IkeVersion.IKEV1, OLD, HUB));
        End newer = new End(NEW, 3, peer("hub", IkeVersion.IKEV2, NEW, HUB));
        hub.on(new IkeEvent.Connect("old"));
        newer.on(new IkeEvent.Connect("hub"));
        settle(hub, older, newer);
        assertThat(up(hub)).containsExactlyInAnyOrder(IkeVersion.IKEV1, IkeVersion.IKEV2);
        assertThat(up(older)).containsExactly(IkeVersion.IKEV1);
        assertThat(up(newer)).containsExactly(IkeVersion.IKEV2);
        assertThat(hub.children.stream().map(ChildSa::id))
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(hub.children.stream().map(ChildSa::inboundSpi)).doesNotHaveDuplicates();
        hub.on(new IkeEvent.Disconnect("old"));
        settle(hub, older, newer);
        assertThat(older.facts).anyMatch(IkeFact.IkeDown.class::isInstance);
        assertThat(newer.facts).noneMatch(IkeFact.IkeDown.class::isInstance);
    }

    @Test
    void aPeerThatSpeaksTheOtherVersionIsRefusedAndItIsSaid() {
        End hub = new End(HUB, 1, peer("new", IkeVersion.IKEV2, HUB, NEW));
        End older = new End(NEW, 2, peer("hub", IkeVersion.IKEV1, NEW, HUB));
        older.on(new IkeEvent.Connect("hub"));
        settle(hub, older);
        assertThat(hub.facts)
                .anyMatch(f -> f instanceof IkeFact.Refused refused
                        && refused.why().equals(new IkeFact.Failure.WrongVersion(1)));
        assertThat(up(older)).isEmpty();
    }
}
