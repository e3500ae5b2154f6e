package io.sallyport.api.network.schema;

import io.sallyport.api.arm.ArmId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Ids as Azure spells them, out of ids as people write them. */
public final class ResourceNames {
    /** Types as Azure spells them, for the segments of an id. */
    private static final List<String> SEGMENTS = List.of(
            "virtualNetworks",
            "subnets",
            "virtualNetworkPeerings",
            "publicIPAddresses",
            "publicIPPrefixes",
            "routeTables",
            "routes",
            "networkSecurityGroups",
            "securityRules",
            "defaultSecurityRules",
            "localNetworkGateways",
            "virtualNetworkGateways",
            "natRules",
            "ipConfigurations",
            "virtualNetworkGatewayPolicyGroups",
            "vpnClientRootCertificates",
            "vpnClientRevokedCertificates",
            "vngClientConnectionConfigurations",
            "connections",
            "expressRouteCircuits",
            "authorizations",
            "peerings",
            "networkWatchers",
            "networkInterfaces");

    private ResourceNames() {}

    /** The id with the fixed words spelled as Azure does; names stay as they are. */
    public static ArmId canonical(ArmId id) {
        String provider = id.provider().equalsIgnoreCase(Schema.PROVIDER) ? Schema.PROVIDER : id.provider();
        List<ArmId.Segment> segments = new ArrayList<>();
        for (ArmId.Segment s : id.segments()) {
            segments.add(new ArmId.Segment(spelled(s.type()), s.name()));
        }
        return new ArmId(id.subscription(), id.group(), provider, segments);
    }

    /**
     * The full id that {@code text} means: a full one, or {@code virtualNetworks/hub[/subnets/GatewaySubnet]}, which is
     * in the group of {@code from}.
     */
    public static Optional<ArmId> resolve(String text, ArmId from) {
        if (text.startsWith("/")) {
            return ArmId.parse(text).map(ResourceNames::canonical);
        }
        String below = text.toLowerCase(Locale.ROOT).startsWith("microsoft.network/")
                ? text.substring(Schema.PROVIDER.length() + 1)
                : text;
        return ArmId.parse("/subscriptions/" + from.subscription() + "/resourceGroups/" + from.group() + "/providers/"
                        + Schema.PROVIDER + "/" + below)
                .map(ResourceNames::canonical);
    }

    /** {@code virtualNetworks/subnets} of an id of a subnet. */
    public static String shortType(ArmId id) {
        return String.join("/", id.segments().stream().map(ArmId.Segment::type).toList());
    }

    private static String spelled(String type) {
        return SEGMENTS.stream().filter(type::equalsIgnoreCase).findFirst().orElse(type);
    }
}
