package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Rules of a gateway's {@code natRules}. */
final class NatRules {
    private static final int MAX = 500;
    private static final String CODE = "InvalidNatRule";

    private NatRules() {}

    static void check(ArmResource gateway, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        JsonNode rules = gateway.properties().path("natRules");
        if (rules.isEmpty()) {
            return;
        }
        String sku = GatewayRules.sku(gateway);
        if (!sku.matches("VpnGw[2-5](AZ)?")) {
            findings.wrong(
                    "NatNotSupportedOnGatewaySku",
                    "properties.natRules",
                    "found NAT rules with SKU " + sku + "; allowed: with VpnGw2 to VpnGw5 and VpnGw2AZ to VpnGw5AZ");
        }
        if (rules.size() > MAX) {
            findings.wrong(
                    "NatRuleLimitReached", "properties.natRules", "found " + rules.size() + " rules; allowed: " + MAX);
            return;
        }
        for (int i = 0; i < rules.size(); i++) {
            String at = "properties.natRules[" + i + "].properties.";
            JsonNode p = rules.get(i).path("properties");
            rule(gateway, p, at, findings);
            external(gateway, p, at, neighbours, findings);
            String name = rules.get(i).path("name").asString("");
            before.flatMap(b -> Neighbours.element(b, b.id().child("natRules", name)))
                    .map(old -> old.at("/properties/type").asString(""))
                    .filter(type -> !type.equals(p.path("type").asString("")))
                    .ifPresent(type -> findings.wrong(
                            "NatRuleTypeCannotBeChanged",
                            at + "type",
                            "found '" + p.path("type").asString("") + "', but the rule was made as " + type
                                    + "; allowed: to delete it and make it anew"));
        }
    }

    private static void rule(ArmResource gateway, JsonNode p, String at, Findings findings) {
        Optional<Prefix> internal = mapping(p, "internalMappings", at, findings);
        Optional<Prefix> external = mapping(p, "externalMappings", at, findings);
        if (internal.isPresent() && external.isPresent()) {
            boolean isStatic = p.path("type").asString("").equals("Static");
            int in = internal.get().length();
            int out = external.get().length();
            if (internal.get().address().isIpv4() != external.get().address().isIpv4()) {
                findings.wrong(
                        CODE,
                        at + "externalMappings[0].addressSpace",
                        "found '" + external.get() + "' for '" + internal.get()
                                + "'; allowed: the same address family");
            } else if (isStatic && in != out) {
                findings.wrong(
                        CODE,
                        at + "externalMappings[0].addressSpace",
                        "found '" + external.get() + "' for '" + internal.get()
                                + "'; allowed with type Static: prefixes of the same length");
            } else if (!isStatic && out < in) {
                findings.wrong(
                        CODE,
                        at + "externalMappings[0].addressSpace",
                        "found '" + external.get() + "' for '" + internal.get()
                                + "'; allowed with type Dynamic: not more external addresses than internal ones");
            }
        }
        String configuration = p.path("ipConfigurationId").asString("");
        if (!configuration.isEmpty()
                && Bgp.configurations(gateway).stream().noneMatch(configuration::equalsIgnoreCase)) {
            findings.wrong(
                    "InvalidIpConfigurationId",
                    at + "ipConfigurationId",
                    "found " + Findings.quoted(configuration) + "; allowed: "
                            + String.join(", ", Bgp.configurations(gateway)));
        }
    }

    private static Optional<Prefix> mapping(JsonNode p, String name, String at, Findings findings) {
        JsonNode list = p.path(name);
        if (list.size() != 1) {
            findings.wrong(CODE, at + name, "found " + list.size() + " elements; allowed: exactly one");
            return Optional.empty();
        }
        String ports = list.get(0).path("portRange").asString("");
        if (!ports.isEmpty() && !isPorts(ports)) {
            findings.wrong(
                    CODE,
                    at + name + "[0].portRange",
                    "found " + Findings.quoted(ports) + "; allowed: a range such as 100-200, in 1..65535");
        }
        Optional<Prefix> prefix =
                Neighbours.prefix(list.get(0).path("addressSpace").asString(""));
        if (prefix.isEmpty()) {
            findings.wrong(CODE, at + name + "[0].addressSpace", "missing; allowed: a prefix such as 10.1.0.0/24");
        }
        return prefix;
    }

    private static boolean isPorts(String text) {
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            return false;
        }
        String[] ends = text.split("-");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        return first >= 1 && first <= last && last <= 65_535;
    }

    /** What stands for other addresses must not be addresses of the VNet itself. */
    private static void external(ArmResource gateway, JsonNode p, String at, Neighbours neighbours, Findings findings) {
        Optional<Prefix> external =
                Neighbours.prefix(p.at("/externalMappings/0/addressSpace").asString(""));
        List<Prefix> space = Neighbours.networkOf(gateway)
                .flatMap(neighbours.world()::find)
                .map(n -> Neighbours.space(n, "addressSpace"))
                .orElse(List.of());
        external.ifPresent(prefix -> {
            for (Prefix own : space) {
                if (own.overlaps(prefix)) {
                    findings.wrong(
                            "NatRuleOverlapsWithVnet",
                            at + "externalMappings[0].addressSpace",
                            "found '" + prefix + "', which overlaps " + own
                                    + " of the gateway's VNet; allowed: addresses that the VNet does not have");
                }
            }
        });
    }
}
