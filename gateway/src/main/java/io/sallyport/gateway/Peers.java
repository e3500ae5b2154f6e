package io.sallyport.gateway;

import io.sallyport.base.Bytes;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.Identity;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.model.Connection;
import io.sallyport.model.CryptoProfile;
import io.sallyport.model.Encapsulation;
import io.sallyport.model.FarEnd;
import io.sallyport.model.PublicIpAddress;
import io.sallyport.model.VirtualNetwork;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a connection with what it refers to into the peer that the IKE machine knows. */
final class Peers {
    /** Azure's main mode lifetime; it cannot be set there. */
    private static final Duration IKE_LIFETIME = Duration.ofHours(8);
    /** Azure's quick mode lifetimes for RouteBased gateways. */
    private static final Duration CHILD_LIFETIME = Duration.ofMinutes(450);

    private static final long CHILD_KILOBYTES = 102_400_000L;
    /** At 10 Gbit/s this is about 4 ms of packets: what several receiving threads may reorder. */
    private static final int REPLAY_WINDOW = 4_096;

    private Peers() {}

    static PeerConfig of(
            Connection connection,
            VirtualNetworkGateway gateway,
            FarEnd far,
            VirtualNetwork network,
            PublicIpAddress publicAddress) {
        Suites suites = connection
                .policy()
                .map(Suites::of)
                .orElseGet(() -> Suites.of(
                        connection.cryptoProfile().or(gateway::cryptoProfile).orElse(CryptoProfile.AZURE)));
        Address local = publicAddress.address().value();
        Encapsulation encapsulation =
                connection.encapsulation().or(gateway::encapsulation).orElse(Encapsulation.AUTO);
        return PeerConfig.of(connection.id().shortName(), local, Proofs.sharedKey(connection.sharedKey()))
                .remote(Optional.of(far.address()))
                .localIdentity(connection.localIdentity().map(Peers::identity).orElse(Identity.of(local)))
                .remoteIdentity(connection.remoteIdentity().map(Peers::identity))
                .offers(suites.ikeOffers())
                .accepts(suites.ikeAccepts())
                .children(children(connection, gateway, far, network, suites))
                .mayInitiate(connection.mode() != Connection.Mode.RESPONDER_ONLY)
                .mayRespond(connection.mode() != Connection.Mode.INITIATOR_ONLY)
                .lifetime(IKE_LIFETIME)
                .dpdTimeout(Duration.ofSeconds(connection.dpdTimeoutSeconds()))
                .encapsulation(mode(encapsulation))
                .build();
    }

    private static List<ChildConfig> children(
            Connection connection, VirtualNetworkGateway gateway, FarEnd far, VirtualNetwork network, Suites suites) {
        int window = !gateway.replayProtection()
                ? 0
                : connection.replayWindow().or(gateway::replayWindow).orElse(REPLAY_WINDOW);
        Duration lifetime = connection
                .policy()
                .map(p -> Duration.ofSeconds(p.saLifetimeSeconds()))
                .orElse(CHILD_LIFETIME);
        long octets =
                connection.policy().map(p -> (long) p.saDataSizeKilobytes()).orElse(CHILD_KILOBYTES) * 1024;
        List<ChildConfig> children = new ArrayList<>();
        if (!connection.selectors().isEmpty()) {
            for (Connection.SelectorPolicy policy : connection.selectors()) {
                children.add(child(
                        "selectors-" + (children.size() + 1),
                        ranges(policy.local()),
                        ranges(policy.remote()),
                        suites,
                        lifetime,
                        octets,
                        window));
            }
            return children;
        }
        boolean policyBased = connection.policyBasedSelectors();
        children.add(child(
                policyBased ? "prefixes" : "any",
                policyBased ? prefixes(network.prefixes()) : any(network, far),
                policyBased ? prefixes(far.prefixes()) : any(network, far),
                suites,
                lifetime,
                octets,
                window));
        return children;
    }

    private static ChildConfig child(
            String name,
            List<TrafficSelector> local,
            List<TrafficSelector> remote,
            Suites suites,
            Duration lifetime,
            long octets,
            int window) {
        return new ChildConfig(name, local, remote, suites.espOffers(), suites.espAccepts(), lifetime, octets, window);
    }

    /** RouteBased: routes decide, selectors allow everything of the families in use. */
    private static List<TrafficSelector> any(VirtualNetwork network, FarEnd far) {
        List<TrafficSelector> out = new ArrayList<>();
        List<Prefix> all = new ArrayList<>(network.prefixes());
        all.addAll(far.prefixes());
        out.add(TrafficSelector.of(Prefix.ANY_IPV4));
        if (all.stream().anyMatch(p -> !p.address().isIpv4())) {
            out.add(TrafficSelector.of(Prefix.ANY_IPV6));
        }
        return out;
    }

    private static List<TrafficSelector> prefixes(List<Prefix> prefixes) {
        return prefixes.stream().map(TrafficSelector::of).toList();
    }

    private static List<TrafficSelector> ranges(List<AddressRange> ranges) {
        return ranges.stream().map(r -> new TrafficSelector(r, 0, 0, 0xffff)).toList();
    }

    private static PeerConfig.EncapsulationMode mode(Encapsulation encapsulation) {
        return switch (encapsulation) {
            case AUTO -> PeerConfig.EncapsulationMode.AUTO;
            case UDP -> PeerConfig.EncapsulationMode.UDP;
            case RAW -> PeerConfig.EncapsulationMode.RAW;
        };
    }

    /** RFC 7296 section 3.5: what the text looks like decides the type. */
    static Identity identity(String text) {
        if (text.startsWith("keyid:")) {
            return new Identity(11, Bytes.utf8(text.substring("keyid:".length())));
        }
        if (text.contains("@")) {
            return new Identity(3, Bytes.utf8(text));
        }
        try {
            return Identity.of(Address.parse(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Identity.fqdn(text);
        }
    }
}
