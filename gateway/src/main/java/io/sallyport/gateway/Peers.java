package io.sallyport.gateway;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.AddressRequest;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.Ikev1Options;
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
import javax.security.auth.x500.X500Principal;

/** Turns a connection with what it refers to into the peer that the IKE machine knows. */
final class Peers {
    /** Azure's main mode lifetime; it cannot be set there. */
    private static final Duration IKE_LIFETIME = Duration.ofHours(8);
    /** Azure's quick mode lifetimes for RouteBased gateways. */
    private static final Duration CHILD_LIFETIME = Duration.ofMinutes(450);

    /** The same for PolicyBased ones. */
    private static final Duration CHILD_LIFETIME_POLICY_BASED = Duration.ofHours(1);

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
        Suites suites = suites(connection, gateway);
        Address local = publicAddress.address().value();
        Encapsulation encapsulation =
                connection.encapsulation().or(gateway::encapsulation).orElse(Encapsulation.AUTO);
        Connection.Roaming roaming = connection.roaming();
        PeerConfig.Builder peer = PeerConfig.of(connection.id().shortName(), local, proofs(connection))
                .version(isIkev1(connection) ? IkeVersion.IKEV1 : IkeVersion.IKEV2)
                .remote(Optional.of(far.address()))
                .localIdentity(connection.localIdentity().map(Peers::identity).orElse(Identity.of(local)))
                .remoteIdentity(connection.remoteIdentity().map(Peers::identity))
                .offers(suites.ikeOffers())
                .accepts(suites.ikeAccepts())
                .children(children(connection, gateway, far, network, suites))
                .mayInitiate(connection.mode() != Connection.Mode.RESPONDER_ONLY)
                .mayRespond(connection.mode() != Connection.Mode.INITIATOR_ONLY)
                .lifetime(IKE_LIFETIME)
                // Azure: no DPD on PolicyBased gateways.
                .dpdTimeout(gateway.policyBased() ? Duration.ZERO : Duration.ofSeconds(connection.dpdTimeoutSeconds()))
                .encapsulation(mode(encapsulation))
                .mobility(new PeerConfig.Mobility(
                        roaming.mobike(), roaming.reauthenticationSeconds().map(Duration::ofSeconds)))
                .ikev1(new Ikev1Options(
                        connection.ikev1().aggressive(),
                        connection.ikev1().user().map(u -> new Ikev1Options.Xauth.Client(u.name(), u.password())),
                        false));
        roaming.client()
                .filter(c -> c.ipv4() || c.ipv6())
                .ifPresent(c -> peer.request(new AddressRequest(c.ipv4(), c.ipv6())));
        return peer.build();
    }

    private static boolean isIkev1(Connection connection) {
        return connection.protocol() == Connection.Protocol.IKEV1;
    }

    private static Suites suites(Connection connection, VirtualNetworkGateway gateway) {
        CryptoProfile profile =
                connection.cryptoProfile().or(gateway::cryptoProfile).orElse(CryptoProfile.AZURE);
        Optional<Suites> policy = connection.policy().map(Suites::of);
        return isIkev1(connection)
                ? policy.map(Ikev1Suites::of).orElseGet(() -> Ikev1Suites.of(profile, gateway.policyBased()))
                : policy.orElseGet(() -> Suites.of(profile));
    }

    /** A user of ours takes the place of this machine; the far gateway proves itself as the connection says. */
    private static Proofs proofs(Connection connection) {
        String name = connection.id().shortName();
        Authentication ours = switch (connection.proof()) {
            case Connection.Proof.SharedKey(Secret key) -> new Authentication.PreSharedKey(key);
            case Connection.Proof.Certificates c -> new Authentication.Certificate(c.credential());
        };
        Authentication theirs = switch (connection.proof()) {
            case Connection.Proof.SharedKey(Secret key) -> new Authentication.PreSharedKey(key);
            case Connection.Proof.Certificates _ -> new Authentication.Certificate(name);
        };
        Optional<Connection.User> user = connection.roaming().client().flatMap(Connection.Client::user);
        if (user.isEmpty()) {
            return new Proofs(List.of(ours), List.of(theirs));
        }
        Authentication byUser = new Authentication.Eap(name);
        return new Proofs(
                user.get().machineFirst() ? List.of(ours, byUser) : List.of(byUser),
                user.get().eapOnly() ? List.of() : List.of(theirs));
    }

    /** What stands behind the names in {@link #of}. */
    static IdentityPlan identities(Connection connection) {
        String name = connection.id().shortName();
        List<IdentityPlan.Trust> trusts = new ArrayList<>();
        if (connection.proof() instanceof Connection.Proof.Certificates c) {
            trusts.add(new IdentityPlan.Trust(
                    name, c.chain(), Optional.of(c.subject()), List.of(), IdentityPlan.Revocation.IF_POSSIBLE));
        }
        List<IdentityPlan.EapClient> users = connection.roaming().client().flatMap(Connection.Client::user).stream()
                .map(u -> new IdentityPlan.EapClient(
                        name, u.method(), u.name(), u.password(), u.certificate(), Optional.of(name)))
                .toList();
        return new IdentityPlan(trusts, List.of(), users, List.of());
    }

    private static List<ChildConfig> children(
            Connection connection, VirtualNetworkGateway gateway, FarEnd far, VirtualNetwork network, Suites suites) {
        int window = !gateway.replayProtection()
                ? 0
                : connection.replayWindow().or(gateway::replayWindow).orElse(REPLAY_WINDOW);
        Duration lifetime = connection
                .policy()
                .map(p -> Duration.ofSeconds(p.saLifetimeSeconds()))
                .orElse(gateway.policyBased() ? CHILD_LIFETIME_POLICY_BASED : CHILD_LIFETIME);
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
        if (gateway.policyBased()) {
            // One quick mode for every pair of prefixes: that is what policy-based devices want.
            for (Prefix here : network.prefixes()) {
                for (Prefix there : far.prefixes()) {
                    if (here.address().isIpv4() == there.address().isIpv4()) {
                        children.add(child(
                                here + "-" + there,
                                prefixes(List.of(here)),
                                prefixes(List.of(there)),
                                suites,
                                lifetime,
                                octets,
                                window));
                    }
                }
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
        if (text.matches("[A-Za-z0-9.]+=.*")) {
            try {
                return Identity.distinguishedName(new X500Principal(text).getEncoded());
            } catch (IllegalArgumentException notAName) {
                return new Identity(11, Bytes.utf8(text));
            }
        }
        try {
            return Identity.of(Address.parse(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Identity.fqdn(text);
        }
    }
}
