package io.sallyport.gateway;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.CertificateFault;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.model.CryptoProfile;
import io.sallyport.model.ResourceId;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values for tests of this room. */
final class Samples {
    static final Endpoint OURS = Endpoint.of("192.0.2.1", 500);
    static final Endpoint THEIRS = Endpoint.of("192.0.2.2", 500);
    static final IkeSuite IKE = new IkeSuite(
            EncryptionAlgorithm.AES_GCM_16_256,
            IntegrityAlgorithm.NONE,
            PrfAlgorithm.HMAC_SHA2_384,
            KeyExchangeMethod.ECP_384);
    static final IkeSuite WEAK_IKE = new IkeSuite(
            EncryptionAlgorithm.TRIPLE_DES_CBC,
            IntegrityAlgorithm.HMAC_SHA1_96,
            PrfAlgorithm.HMAC_SHA1,
            KeyExchangeMethod.MODP_1024);
    static final EspSuite ESP =
            new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), true);

    private Samples() {}

    static List<TrafficSelector> selectors(String... prefixes) {
        return List.of(prefixes).stream()
                .map(p -> TrafficSelector.of(Prefix.parse(p)))
                .toList();
    }

    static PeerConfig peer(String name, boolean mayInitiate) {
        Suites suites = Suites.of(CryptoProfile.AZURE);
        return PeerConfig.of(
                        name, Address.parse("192.0.2.1"), Proofs.sharedKey(Secret.utf8("not-a-real-secret-0123456789")))
                .remote(Optional.of(Address.parse("192.0.2.2")))
                .offers(suites.ikeOffers())
                .accepts(suites.ikeAccepts())
                .children(List.of(new ChildConfig(
                        "any",
                        selectors("0.0.0.0/0"),
                        selectors("0.0.0.0/0"),
                        suites.espOffers(),
                        suites.espAccepts(),
                        Duration.ofMinutes(450),
                        0,
                        4096)))
                .mayInitiate(mayInitiate)
                .build();
    }

    static Plan.Line line(String name, boolean mayInitiate) {
        return new Plan.Line(
                ResourceId.local("connections", name),
                ResourceId.local("virtualNetworkGateways", "hub-gw"),
                ResourceId.local("localNetworkGateways", "branch"),
                peer(name, mayInitiate));
    }

    static Plan plan(Plan.Line... lines) {
        return new Plan(List.of(lines), List.of(), List.of(), List.of(), IdentityPlan.NONE);
    }

    static ChildSa child(long id, String peer) {
        return new ChildSa(
                id,
                peer,
                "any",
                1000 + (int) id,
                2000 + (int) id,
                ESP.encryption(),
                ESP.integrity(),
                true,
                Secret.utf8("inbound-key-material"),
                Secret.utf8(""),
                Secret.utf8("outbound-key-material"),
                Secret.utf8(""),
                selectors("0.0.0.0/0"),
                selectors("0.0.0.0/0"),
                true,
                OURS.withPort(4500),
                THEIRS.withPort(4500),
                4096,
                0,
                0);
    }

    static IkeFact.IkeUp ikeUp(String peer, Address... leased) {
        return new IkeFact.IkeUp(
                peer,
                IkeVersion.IKEV2,
                1,
                2,
                true,
                IKE,
                OURS,
                THEIRS,
                false,
                true,
                Identity.of(Address.parse("192.0.2.2")),
                List.of("shared key"),
                List.of(leased));
    }

    /** One of each kind; more where a kind has several faces. */
    static List<Failure> failures() {
        List<Failure> all = new ArrayList<>(protocolFailures());
        Identity who = Identity.fqdn("branch.example\u0007");
        for (CertificateFault fault : CertificateFault.values()) {
            all.add(new Failure.CertificateRefused(who, fault, "CN=branch.example\n, issued by CN=Example CA"));
        }
        all.add(new Failure.CredentialMissing("hub", "hub.pem: there is no private key in it"));
        all.add(new Failure.EapRefused("EAP-MSCHAPv2", "alice\u001b[2J", "wrong password", false));
        all.add(new Failure.EapRefused("EAP-TLS", "gateway", "it sent EAP-Failure", true));
        all.add(new Failure.FellSilent(who, "EAP-MSCHAPv2", 3));
        all.add(new Failure.RadiusSilent(List.of("10.1.0.9:1812", "10.1.0.10:1812")));
        all.add(new Failure.PoolEmpty("clients", "all 254 addresses of 172.16.0.0/24 are in use"));
        all.add(new Failure.NoAddressGiven("INTERNAL_ADDRESS_FAILURE"));
        return all;
    }

    private static List<Failure> protocolFailures() {
        List<String> ours = List.of(
                "AES-GCM-256/PRF-HMAC-SHA384/ECP-384 (group 20)", "AES-GCM-256/PRF-HMAC-SHA384/Curve25519 (group 31)");
        List<String> theirs = List.of("AES-CBC-256/HMAC-SHA256-128/PRF-HMAC-SHA256/MODP-2048 (group 14)");
        List<String> crossed = List.of("AES-GCM-256/PRF-HMAC-SHA384/MODP-2048 (group 14)");
        return List.of(
                new Failure.NoAnswer("IKE_SA_INIT", 6, false),
                new Failure.NoAnswer("IKE_AUTH", 6, true),
                new Failure.NoAnswer("INFORMATIONAL", 6, true),
                new Failure.NoProposalChosen("IKE_SA_INIT", ours, theirs, false),
                new Failure.NoProposalChosen("IKE_SA_INIT", ours, crossed, false),
                new Failure.NoProposalChosen("CREATE_CHILD_SA", List.of("AES-GCM-256/ESN"), List.of(), true),
                new Failure.TrafficSelectorsUnacceptable(
                        selectors("10.1.0.0/16"),
                        selectors("10.2.0.0/16"),
                        selectors("10.1.0.0/16"),
                        selectors("10.3.0.0/16", "10.4.0.0/16"),
                        false),
                new Failure.TrafficSelectorsUnacceptable(
                        selectors("0.0.0.0/0"), selectors("0.0.0.0/0"), List.of(), List.of(), true),
                new Failure.AuthenticationFailed(true, Optional.empty()),
                new Failure.AuthenticationFailed(false, Optional.of(Identity.fqdn("branch.example\u001b[31m\nroot:x"))),
                new Failure.WrongIdentity(Identity.fqdn("branch-2.example"), Identity.of(THEIRS.address())),
                new Failure.NoSuchPeer(),
                new Failure.WrongGroup(2, List.of("ECP-384 (group 20)", "Curve25519 (group 31)")),
                new Failure.PeerDead(46),
                new Failure.DeletedByPeer(),
                new Failure.ClosedByUs("the configuration changed"),
                new Failure.Replaced(),
                new Failure.Expired("child SA"),
                new Failure.PeerError(24, "AUTHENTICATION_FAILED"),
                new Failure.PeerError(35, "NO_ADDITIONAL_SAS"),
                new Failure.PeerError(43, "TEMPORARY_FAILURE"),
                new Failure.PeerError(7, "INVALID_SYNTAX\u0007"),
                new Failure.Misbehaved("IKE_AUTH response: two SA payloads"),
                new Failure.WrongVersion(1));
    }
}
