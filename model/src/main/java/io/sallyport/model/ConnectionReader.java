package io.sallyport.model;

import io.sallyport.base.Secret;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/** Reads connections. */
final class ConnectionReader {
    private static final int DPD_DEFAULT = 45;
    private static final int DPD_MIN = 9;
    private static final int DPD_MAX = 3600;
    private static final int KEY_MAX = 128;
    /** NIST SP 800-132 would want far more; shorter than this is guessed offline from one captured exchange. */
    private static final int KEY_SHORT = 16;

    private static final int SELECTORS_MAX = 100;
    private static final String VNET_TO_VNET = "Vnet2Vnet";
    private static final List<String> TYPES = List.of("IPsec", VNET_TO_VNET);
    private static final List<String> FALSE_ONLY =
            List.of("useLocalAzureIpAddress", "expressRouteGatewayBypass", "enablePrivateLinkFastPath");

    private final Problems problems;

    ConnectionReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Connection> read(Envelope envelope, Form p) {
        p.keeps(
                "routingWeight",
                "connectionStatus",
                "tunnelConnectionStatus",
                "egressBytesTransferred",
                "ingressBytesTransferred");
        refuseWhatIsNotThereYet(p);
        Optional<Placed<ResourceId>> gateway = GatewayReader.reference(p, "virtualNetworkGateway1", envelope.id());
        Optional<Placed<ResourceId>> far = far(p, envelope.id());
        Optional<Connection.Proof> proof = proof(p, envelope);
        Connection.Protocol protocol =
                p.choice("connectionProtocol", Connection.Protocol.class).orElse(Connection.Protocol.IKEV2);
        Connection.Mode mode = p.choice("connectionMode", Connection.Mode.class).orElse(Connection.Mode.DEFAULT);
        // 0 is what the SDKs send when nobody chose a value.
        int dpd = p.isZero("dpdTimeoutSeconds")
                ? DPD_DEFAULT
                : p.number("dpdTimeoutSeconds", DPD_MIN, DPD_MAX)
                        .map(Math::toIntExact)
                        .orElse(DPD_DEFAULT);
        Optional<IpsecPolicy> policy = new IpsecPolicyReader(p, "ipsecPolicies").read();
        boolean policyBased = p.flag("usePolicyBasedTrafficSelectors");
        if (policyBased && !p.has("ipsecPolicies")) {
            p.wrong("usePolicyBasedTrafficSelectors", "found 'true'; allowed: false, unless ipsecPolicies is given");
        }
        List<Connection.SelectorPolicy> selectors = selectors(p);
        Sallyport extension = Sallyport.read(p, true);
        if (gateway.isEmpty() || far.isEmpty() || proof.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Connection(
                envelope,
                gateway.get(),
                far.get(),
                protocol,
                proof.get(),
                mode,
                dpd,
                policy,
                policyBased,
                selectors,
                extension.cryptoProfile(),
                extension.replayWindow(),
                extension.encapsulation(),
                extension.localIdentity(),
                extension.remoteIdentity(),
                extension.roaming(),
                extension.ikev1()));
    }

    private static void refuseWhatIsNotThereYet(Form p) {
        if (!p.has("connectionType")) {
            p.missing("connectionType", "missing; allowed: " + String.join(", ", TYPES));
        }
        p.only("connectionType", TYPES, "other connections are not there yet");
        p.notYetTrue("enableBgp", "Sallyport does not speak BGP yet; the site's address prefixes are used");
        p.notYet("gatewayCustomBgpIpAddresses", "Sallyport does not speak BGP yet");
        p.refuse("ingressNatRules", "Sallyport does not translate addresses yet");
        p.refuse("egressNatRules", "Sallyport does not translate addresses yet");
        p.refuse("peer", "there are no ExpressRoute circuits yet");
        p.refuse("authorizationKey", "there are no ExpressRoute circuits yet");
        p.refuse("tunnelProperties", "there are no ExpressRoute circuits yet");
        p.notYet("routingConfiguration", "there is no virtual WAN here");
        for (String name : FALSE_ONLY) {
            p.refuseTrue(name, "there are no ExpressRoute circuits yet");
        }
    }

    /** The site, or for Vnet2Vnet the gateway of the other VNet. */
    private static Optional<Placed<ResourceId>> far(Form p, ResourceId id) {
        boolean toVnet =
                p.text("connectionType").filter(VNET_TO_VNET::equalsIgnoreCase).isPresent();
        String there = toVnet ? "virtualNetworkGateway2" : "localNetworkGateway2";
        String other = toVnet ? "localNetworkGateway2" : "virtualNetworkGateway2";
        p.refuse(other, "a connection of this type leads to its " + there);
        return GatewayReader.reference(p, there, id);
    }

    private Optional<Connection.Proof> proof(Form p, Envelope envelope) {
        boolean byCertificate = p.text("authenticationType")
                .filter("Certificate"::equalsIgnoreCase)
                .isPresent();
        p.only("authenticationType", List.of("PSK", "Certificate"), "Azure has no others");
        if (!byCertificate) {
            p.refuse("certificateAuthentication", "it goes with authenticationType Certificate");
            return sharedKey(p, envelope).map(Connection.Proof.SharedKey::new);
        }
        // Azure keeps the key of a connection that was changed to certificates.
        p.secretText("sharedKey");
        return p.requiredForm("certificateAuthentication").flatMap(CertificateProof::read);
    }

    private Optional<Secret> sharedKey(Form p, Envelope envelope) {
        if (!p.has("sharedKey")) {
            p.missing("sharedKey", "missing; it is required");
            return Optional.empty();
        }
        return p.secretText("sharedKey").flatMap(key -> {
            String text = key.value();
            if (text.isEmpty() || text.length() > KEY_MAX || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                p.wrong(
                        "sharedKey",
                        "found " + text.length() + " characters; allowed: 1 to " + KEY_MAX
                                + " printable ASCII characters without spaces");
                return Optional.empty();
            }
            if (text.length() < KEY_SHORT || text.chars().distinct().count() < KEY_SHORT / 2) {
                problems.warning(
                        key.place(),
                        envelope.id().type() + "/" + envelope.id().name(),
                        key.path(),
                        "the shared key is weak: whoever records one handshake can guess it offline; use at least "
                                + KEY_SHORT + " random characters");
            }
            return Optional.of(Secret.utf8(text));
        });
    }

    private static List<Connection.SelectorPolicy> selectors(Form p) {
        List<Form> forms = p.forms("trafficSelectorPolicies");
        if (forms.size() > SELECTORS_MAX) {
            p.wrong("trafficSelectorPolicies", "found " + forms.size() + " elements; allowed: " + SELECTORS_MAX);
            return List.of();
        }
        return forms.stream()
                .map(form -> {
                    List<Placed<AddressRange>> local = form.parsedList("localAddressRanges", ConnectionReader::range);
                    List<Placed<AddressRange>> remote = form.parsedList("remoteAddressRanges", ConnectionReader::range);
                    if (!form.has("localAddressRanges") || form.isEmptyList("localAddressRanges")) {
                        form.wrong(
                                "localAddressRanges",
                                "holds no range; allowed: a list of prefixes or FIRST-LAST ranges");
                    }
                    if (!form.has("remoteAddressRanges") || form.isEmptyList("remoteAddressRanges")) {
                        form.wrong(
                                "remoteAddressRanges",
                                "holds no range; allowed: a list of prefixes or FIRST-LAST ranges");
                    }
                    form.finish();
                    return new Connection.SelectorPolicy(
                            local.stream().map(Placed::value).toList(),
                            remote.stream().map(Placed::value).toList());
                })
                .toList();
    }

    private static AddressRange range(String text) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            return new AddressRange(
                    Address.parse(text.substring(0, dash).strip()),
                    Address.parse(text.substring(dash + 1).strip()));
        }
        return Prefix.parse(text).range();
    }
}
