package io.sallyport.engine.socket;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The types of resources as people say them: in full, short, or shorter. */
final class TypeNames {
    private static final List<List<String>> NAMES = List.of(
            List.of("virtualNetworks", "virtualnetwork", "vnets", "vnet"),
            List.of("publicIPAddresses", "publicipaddress", "publicips", "publicip", "public-ip"),
            List.of("virtualNetworkGateways", "virtualnetworkgateway", "vnet-gateway", "gateways", "gateway", "vng"),
            List.of("localNetworkGateways", "localnetworkgateway", "local-gateway", "sites", "site", "lng"),
            List.of("connections", "connection", "vpn-connection", "conn"));

    private TypeNames() {}

    static Optional<String> find(String said) {
        String type = said.toLowerCase(Locale.ROOT).replaceFirst("^microsoft\\.network/", "");
        for (List<String> names : NAMES) {
            for (String name : names) {
                if (name.toLowerCase(Locale.ROOT).equals(type)) {
                    return Optional.of(names.getFirst());
                }
            }
        }
        return Optional.empty();
    }

    static List<String> all() {
        return NAMES.stream().map(List::getFirst).toList();
    }
}
