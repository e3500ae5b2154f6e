package io.sallyport.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The types of resources as people say them: in full, short, or shorter. */
enum Types {
    VIRTUAL_NETWORKS("virtualNetworks", "virtualnetwork", "vnets", "vnet"),
    PUBLIC_IP_ADDRESSES("publicIPAddresses", "publicipaddress", "publicips", "publicip", "public-ip"),
    PUBLIC_IP_PREFIXES("publicIPPrefixes", "publicipprefix", "public-ip-prefix"),
    VIRTUAL_NETWORK_GATEWAYS(
            "virtualNetworkGateways", "virtualnetworkgateway", "vnet-gateway", "gateways", "gateway", "vng"),
    LOCAL_NETWORK_GATEWAYS("localNetworkGateways", "localnetworkgateway", "local-gateway", "sites", "site", "lng"),
    CONNECTIONS("connections", "connection", "vpn-connection", "conn"),
    ROUTE_TABLES("routeTables", "routetable", "route-table"),
    NETWORK_SECURITY_GROUPS("networkSecurityGroups", "networksecuritygroup", "nsgs", "nsg"),
    EXPRESS_ROUTE_CIRCUITS("expressRouteCircuits", "expressroutecircuit", "circuits", "circuit", "express-route");

    private final String armName;
    /** Separated by blanks. */
    private final String spoken;

    Types(String armName, String... spoken) {
        this.armName = armName;
        this.spoken = armName.toLowerCase(Locale.ROOT) + " " + String.join(" ", spoken);
    }

    /** As Azure spells it, without the provider. */
    String armName() {
        return armName;
    }

    /** @throws Refusal when it is no type's name */
    static Types said(String said) throws Refusal {
        String wanted = said.toLowerCase(Locale.ROOT).replaceFirst("^microsoft\\.network/", "");
        return Stream.of(values())
                .filter(t -> List.of(t.spoken.split(" ")).contains(wanted))
                .findFirst()
                .orElseThrow(() -> new Refusal("'" + said + "' is no type; allowed: "
                        + String.join(
                                ", ", Stream.of(values()).map(Types::armName).toList())));
    }
}
