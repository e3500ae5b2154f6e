package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/networkSecurityGroups. */
final class SecurityGroups implements Behaviour {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int RULES_MAX = 1000;
    private static final List<String> PORT_PROPERTIES =
            List.of("sourcePortRange", "destinationPortRange", "sourcePortRanges", "destinationPortRanges");
    private static final List<String> ENDS = List.of("source", "destination");

    /** What stands below all rules: name, direction, priority, access, source, destination, meaning. */
    private static final List<List<String>> DEFAULTS = List.of(
            List.of("AllowVnetInBound", "Inbound", "65000", "Allow", "VirtualNetwork", "VirtualNetwork"),
            List.of("AllowAzureLoadBalancerInBound", "Inbound", "65001", "Allow", "AzureLoadBalancer", "*"),
            List.of("DenyAllInBound", "Inbound", "65500", "Deny", "*", "*"),
            List.of("AllowVnetOutBound", "Outbound", "65000", "Allow", "VirtualNetwork", "VirtualNetwork"),
            List.of("AllowInternetOutBound", "Outbound", "65001", "Allow", "*", "Internet"),
            List.of("DenyAllOutBound", "Outbound", "65500", "Deny", "*", "*"));

    @Override
    public String type() {
        return Neighbours.SECURITY_GROUPS;
    }

    @Override
    public List<ResourceType.Child> children() {
        return List.of(new ResourceType.Child("securityRules", "/properties/securityRules", List.of()));
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        JsonNode rules = wanted.properties().path("securityRules");
        if (rules.size() > RULES_MAX) {
            findings.wrong(
                    "SecurityRuleLimitReached",
                    "properties.securityRules",
                    "found " + rules.size() + " rules; allowed: " + RULES_MAX);
        }
        SortedMap<String, String> priorities = new TreeMap<>();
        for (int i = 0; i < rules.size(); i++) {
            JsonNode p = rules.get(i).path("properties");
            String at = "properties.securityRules[" + i + "].properties.";
            String name = rules.get(i).path("name").asString("");
            String key =
                    p.path("direction").asString("") + " " + p.path("priority").asInt(0);
            String other = priorities.put(key, name);
            if (other != null) {
                findings.wrong(
                        "SecurityRuleConflict",
                        at + "priority",
                        "found '" + p.path("priority").asInt(0) + "', which rule '" + other
                                + "' of the same direction has already; allowed: a priority of its own");
            }
            rule(p, at, findings);
        }
    }

    private static void rule(JsonNode p, String at, Findings findings) {
        for (String name : PORT_PROPERTIES) {
            JsonNode value = p.path(name);
            for (JsonNode each :
                    value.isArray() ? value : JSON.createArrayNode().add(value)) {
                if (each.isString() && !isPorts(each.stringValue())) {
                    findings.wrong(
                            "SecurityRuleInvalidPortRange",
                            at + name,
                            "found " + Findings.quoted(each.stringValue())
                                    + "; allowed: *, a port such as 443, or a range such as 1000-2000, in 0..65535");
                }
            }
        }
        for (String end : ENDS) {
            boolean one = p.has(end + "AddressPrefix");
            boolean many = !p.path(end + "AddressPrefixes").isEmpty();
            boolean groups = !p.path(end + "ApplicationSecurityGroups").isEmpty();
            if (!one && !many && !groups) {
                findings.wrong(
                        "SecurityRuleInvalidAddressPrefix",
                        at + end + "AddressPrefix",
                        "missing; allowed: *, a prefix, a service such as VirtualNetwork, or a list in " + end
                                + "AddressPrefixes");
            }
            if (!p.has(end + "PortRange") && p.path(end + "PortRanges").isEmpty()) {
                findings.wrong(
                        "SecurityRuleInvalidPortRange",
                        at + end + "PortRange",
                        "missing; allowed: *, a port, a range, or a list in " + end + "PortRanges");
            }
            address(p.path(end + "AddressPrefix"), at + end + "AddressPrefix", findings);
            p.path(end + "AddressPrefixes").forEach(each -> address(each, at + end + "AddressPrefixes", findings));
        }
    }

    private static void address(JsonNode value, String path, Findings findings) {
        String text = value.asString("");
        boolean fits = !value.isString()
                || text.equals("*")
                || text.matches("[A-Za-z][A-Za-z0-9.]*")
                || Neighbours.prefix(text).isPresent()
                || Neighbours.address(text).isPresent();
        if (!fits) {
            findings.wrong(
                    "SecurityRuleInvalidAddressPrefix",
                    path,
                    "found " + Findings.quoted(text)
                            + "; allowed: *, an address, a prefix, or a service such as VirtualNetwork");
        }
    }

    private static boolean isPorts(String text) {
        if (text.equals("*")) {
            return true;
        }
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            return false;
        }
        String[] ends = text.split("-");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        return first <= last && last <= 65_535;
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ObjectNode p = shown.withObject("/properties");
        p.set("defaultSecurityRules", defaults(stored.id(), shown.path("etag").asString("")));
        ArrayNode subnets = p.putArray("subnets");
        RouteTables.users(stored, "networkSecurityGroup", neighbours)
                .forEach(id -> subnets.addObject().put("id", id));
    }

    static ArrayNode defaults(ArmId group, String etag) {
        ArrayNode out = JSON.createArrayNode();
        for (List<String> row : DEFAULTS) {
            ObjectNode rule = out.addObject();
            rule.put("name", row.get(0));
            rule.put("id", group.child("defaultSecurityRules", row.get(0)).toString());
            rule.put("type", "Microsoft.Network/networkSecurityGroups/defaultSecurityRules");
            if (!etag.isEmpty()) {
                rule.put("etag", etag);
            }
            ObjectNode p = rule.putObject("properties");
            p.put("direction", row.get(1));
            p.put("priority", Integer.parseInt(row.get(2)));
            p.put("access", row.get(3));
            p.put("protocol", "*");
            p.put("sourceAddressPrefix", row.get(4));
            p.put("destinationAddressPrefix", row.get(5));
            p.put("sourcePortRange", "*");
            p.put("destinationPortRange", "*");
            p.putArray("sourceAddressPrefixes");
            p.putArray("destinationAddressPrefixes");
            p.putArray("sourcePortRanges");
            p.putArray("destinationPortRanges");
            p.put("provisioningState", "Succeeded");
        }
        return out;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                new Operation(
                        "GET", "defaultSecurityRules", call -> new Operation.Outcome.Answer(list(call.resource()))),
                new Operation("GET", "defaultSecurityRules/{rule}", call -> {
                    String wanted = call.variables().getOrDefault("rule", "");
                    for (JsonNode rule : list(call.resource()).path("value")) {
                        if (rule.path("name").asString("").equalsIgnoreCase(wanted)) {
                            return new Operation.Outcome.Answer(rule);
                        }
                    }
                    throw Actions.notFound(call.resource().id() + "/defaultSecurityRules/" + wanted);
                }));
    }

    private static ObjectNode list(ArmResource group) {
        return JSON.createObjectNode()
                .set("value", defaults(group.id(), group.body().path("etag").asString("")));
    }
}
