package io.sallyport.gateway;

import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.Clients;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.Ikev1Options;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.model.ClientConfiguration;
import io.sallyport.model.ClientOptions;
import io.sallyport.model.CryptoProfile;
import io.sallyport.model.PublicIpAddress;
import io.sallyport.model.VirtualNetwork;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a gateway's point-to-site configuration into the peers that the IKE machine knows: one for each kind of proof. */
final class ClientPeers {
    private static final Duration IKE_LIFETIME = Duration.ofHours(8);
    private static final Duration CHILD_LIFETIME = Duration.ofHours(1);
    /** A telephone in a tunnel or a pocket is silent for longer than a site. */
    private static final Duration DPD_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration STICKY = Duration.ofDays(7);
    private static final int REPLAY_WINDOW = 1_024;
    private static final int ACCOUNTING_PORT = 1_813;

    private ClientPeers() {}

    static List<PeerConfig> of(
            VirtualNetworkGateway gateway,
            ClientConfiguration clients,
            VirtualNetwork network,
            PublicIpAddress publicAddress) {
        String name = gateway.id().shortName();
        ClientOptions options = clients.options();
        Authentication own = new Authentication.Certificate(credential(gateway, options));
        List<PeerConfig> out = new ArrayList<>();
        if (clients.byCertificate() && !options.machineFirst()) {
            out.add(peer(
                            name + "/certificates",
                            gateway,
                            clients,
                            network,
                            publicAddress,
                            new Proofs(List.of(own), List.of(new Authentication.Certificate(name))))
                    .build());
        }
        if (withUsers(clients)) {
            out.add(peer(
                            name + "/users",
                            gateway,
                            clients,
                            network,
                            publicAddress,
                            new Proofs(options.eapOnly() ? List.of() : List.of(own), ofUsers(name, clients)))
                    .build());
        }
        options.sharedKey()
                .ifPresent(key -> out.add(peer(
                                name + "/ikev1", gateway, clients, network, publicAddress, Proofs.sharedKey(key))
                        .version(IkeVersion.IKEV1)
                        .ikev1(new Ikev1Options(
                                options.aggressiveMode(), Optional.of(new Ikev1Options.Xauth.Server(name)), false))
                        .build()));
        return out;
    }

    /** What stands behind the names in {@link #of}. */
    static IdentityPlan identities(VirtualNetworkGateway gateway, ClientConfiguration clients, VirtualNetwork network) {
        String name = gateway.id().shortName();
        ClientOptions options = clients.options();
        boolean hasRoots = !clients.roots().isEmpty();
        List<IdentityPlan.Trust> trusts = !hasRoots
                ? List.of()
                : List.of(new IdentityPlan.Trust(
                        name,
                        clients.roots(),
                        Optional.empty(),
                        clients.revokedThumbprints(),
                        revocation(options.revocation())));
        List<String> methods = new ArrayList<>(options.eap());
        if (methods.isEmpty() && !clients.byRadius()) {
            if (hasRoots) {
                methods.add("EAP-TLS");
            }
            if (!options.users().isEmpty()) {
                methods.add("EAP-MSCHAPv2");
            }
        }
        Optional<IdentityPlan.Radius> radius = !clients.byRadius()
                ? Optional.empty()
                : Optional.of(new IdentityPlan.Radius(
                        clients.radiusServers().stream()
                                .map(s -> new IdentityPlan.RadiusServer(
                                        new Endpoint(s.address(), s.port()),
                                        ACCOUNTING_PORT,
                                        s.secret(),
                                        s.score(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        !options.radiusWithoutMessageAuthenticator()
                                                .contains(s.address())))
                                .toList(),
                        gateway.id().name(),
                        options.radiusAccounting()));
        IdentityPlan.Directory directory = new IdentityPlan.Directory(
                name,
                clients.byRadius() ? List.of() : methods,
                options.users().stream()
                        .map(u -> new IdentityPlan.User(u.name(), u.password()))
                        .toList(),
                Optional.of(credential(gateway, options)),
                hasRoots ? Optional.of(name) : Optional.empty(),
                radius);
        List<Prefix> subnets = new ArrayList<>(network.prefixes());
        subnets.addAll(clients.routes());
        IdentityPlan.Pool pool = new IdentityPlan.Pool(
                name,
                clients.pools(),
                options.dns().isEmpty() ? network.dnsServers() : options.dns(),
                options.dnsDomains(),
                subnets,
                STICKY);
        return new IdentityPlan(trusts, List.of(directory), List.of(), List.of(pool));
    }

    private static List<Authentication> ofUsers(String name, ClientConfiguration clients) {
        Authentication user = new Authentication.Eap(name);
        return clients.options().machineFirst() && !clients.roots().isEmpty()
                ? List.of(new Authentication.Certificate(name), user)
                : List.of(user);
    }

    private static boolean withUsers(ClientConfiguration clients) {
        return clients.byRadius()
                || clients.byCertificate()
                || !clients.options().users().isEmpty();
    }

    /** Azure makes the gateway's certificate itself; here it has the gateway's name until another is given. */
    private static String credential(VirtualNetworkGateway gateway, ClientOptions options) {
        return options.certificate().orElse(gateway.id().name());
    }

    private static PeerConfig.Builder peer(
            String name,
            VirtualNetworkGateway gateway,
            ClientConfiguration clients,
            VirtualNetwork network,
            PublicIpAddress publicAddress,
            Proofs proofs) {
        boolean ikev1 = name.endsWith("/ikev1");
        CryptoProfile profile = gateway.cryptoProfile().orElse(CryptoProfile.AZURE);
        Optional<Suites> policy = clients.policy().map(Suites::of);
        Suites suites = ikev1
                ? policy.map(Ikev1Suites::of).orElseGet(() -> Ikev1Suites.of(profile, false))
                : policy.orElseGet(() -> Suites.of(profile));
        Address local = publicAddress.address().value();
        List<Prefix> here = new ArrayList<>(network.prefixes());
        here.addAll(clients.routes());
        ChildConfig child = new ChildConfig(
                "client",
                here.stream().map(TrafficSelector::of).toList(),
                clients.pools().stream().map(TrafficSelector::of).toList(),
                suites.espOffers(),
                suites.espAccepts(),
                clients.policy()
                        .map(p -> Duration.ofSeconds(p.saLifetimeSeconds()))
                        .orElse(CHILD_LIFETIME),
                0,
                gateway.replayProtection() ? gateway.replayWindow().orElse(REPLAY_WINDOW) : 0);
        return PeerConfig.of(name, local, proofs)
                .localIdentity(clients.options().identity().map(Peers::identity).orElse(Identity.of(local)))
                .offers(suites.ikeOffers())
                .accepts(suites.ikeAccepts())
                .children(List.of(child))
                .mayInitiate(false)
                .lifetime(IKE_LIFETIME)
                .dpdTimeout(DPD_TIMEOUT)
                .encapsulation(PeerConfig.EncapsulationMode.UDP)
                .mobility(new PeerConfig.Mobility(
                        true, clients.options().reauthenticationSeconds().map(Duration::ofSeconds)))
                .clients(new Clients(gateway.id().shortName(), 0));
    }

    private static IdentityPlan.Revocation revocation(ClientOptions.Revocation revocation) {
        return switch (revocation) {
            case OFF -> IdentityPlan.Revocation.OFF;
            case IF_POSSIBLE -> IdentityPlan.Revocation.IF_POSSIBLE;
            case REQUIRED -> IdentityPlan.Revocation.REQUIRED;
        };
    }
}
