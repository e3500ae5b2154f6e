package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked of a VNet. */
final class NetworkQueries {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SUGGESTIONS = 5;
    /** The network, the router, two resolvers and the broadcast address of each subnet. */
    private static final int RESERVED = 5;

    private NetworkQueries() {}

    static List<Operation> operations() {
        return List.of(
                new Operation("GET", "usages", call -> new Operation.Outcome.Answer(usages(call))),
                new Operation("GET", "checkIPAddressAvailability", NetworkQueries::availability));
    }

    private static ObjectNode usages(Operation.Call call) {
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        for (JsonNode subnet : call.resource().properties().path("subnets")) {
            ObjectNode row = value.addObject();
            row.put("id", subnet.path("id").asString(""));
            row.put("currentValue", taken(call, subnet).size());
            long limit = 0;
            for (Prefix prefix : Neighbours.subnetPrefixes(subnet)) {
                int bits = prefix.address().family().bits() - prefix.length();
                limit += prefix.address().isIpv4() ? Math.max(0, (1L << bits) - RESERVED) : 0;
            }
            row.put("limit", limit);
            row.put("unit", "Count");
            ObjectNode name = row.putObject("name");
            name.put("value", "SubnetSpace");
            name.put("localizedValue", "Subnet size and usage");
        }
        return out;
    }

    private static Operation.Outcome availability(Operation.Call call) throws Refused {
        String text = call.query().getOrDefault("ipaddress", "");
        Optional<Address> found = Neighbours.address(text);
        Optional<JsonNode> subnet = found.flatMap(a -> subnetOf(call.resource(), a));
        if (found.isEmpty() || subnet.isEmpty()) {
            throw Actions.refused(
                    "PrivateIPAddressNotInAnySubnet",
                    "ipAddress",
                    "found " + Findings.quoted(text) + "; allowed: an address of a subnet of "
                            + call.resource().id());
        }
        List<Address> taken = taken(call, subnet.get());
        ObjectNode out = JSON.createObjectNode();
        boolean available = !taken.contains(found.get()) && !isReserved(found.get(), subnet.get());
        out.put("available", available);
        ArrayNode others = out.putArray("availableIPAddresses");
        if (!available) {
            suggestions(subnet.get(), taken).forEach(a -> others.add(a.toString()));
        }
        out.put("isPlatformReserved", isReserved(found.get(), subnet.get()));
        return new Operation.Outcome.Answer(out);
    }

    private static Optional<JsonNode> subnetOf(ArmResource network, Address address) {
        for (JsonNode subnet : network.properties().path("subnets")) {
            if (Neighbours.subnetPrefixes(subnet).stream().anyMatch(p -> p.contains(address))) {
                return Optional.of(subnet);
            }
        }
        return Optional.empty();
    }

    private static boolean isReserved(Address address, JsonNode subnet) {
        return Neighbours.subnetPrefixes(subnet).stream()
                .filter(p -> p.contains(address))
                .anyMatch(p -> {
                    long offset = address.low() - p.address().low();
                    return offset >= 0 && offset < RESERVED - 1 || address.equals(p.last());
                });
    }

    private static List<Address> suggestions(JsonNode subnet, List<Address> taken) {
        List<Address> out = new ArrayList<>();
        for (Prefix prefix : Neighbours.subnetPrefixes(subnet)) {
            Address next = prefix.address();
            // The taken and the reserved ones are few: the bound is never felt.
            for (int i = 0; i < taken.size() + RESERVED + SUGGESTIONS && prefix.contains(next); i++) {
                if (!taken.contains(next) && !isReserved(next, subnet) && out.size() < SUGGESTIONS) {
                    out.add(next);
                }
                next = next.next();
            }
        }
        return out;
    }

    /** The addresses of a subnet that gateways and interfaces have. */
    private static List<Address> taken(Operation.Call call, JsonNode subnet) {
        Neighbours neighbours = new Neighbours(call.world());
        List<Address> out = new ArrayList<>();
        Optional<ArmId> id = ArmId.parse(subnet.path("id").asString(""));
        for (ArmResource gateway : neighbours.gatewaysIn(call.resource().id())) {
            if (id.filter(i -> i.name().equalsIgnoreCase(VirtualNetworks.GATEWAY_SUBNET))
                    .isPresent()) {
                Bgp.defaults(gateway, neighbours)
                        .forEach(a -> Neighbours.address(a).ifPresent(out::add));
            }
        }
        for (ArmResource each : neighbours.all(Neighbours.INTERFACES)) {
            for (JsonNode configuration : each.properties().path("ipConfigurations")) {
                if (configuration
                        .at("/properties/subnet/id")
                        .asString("")
                        .equalsIgnoreCase(subnet.path("id").asString("-"))) {
                    Neighbours.address(configuration
                                    .at("/properties/privateIPAddress")
                                    .asString(""))
                            .ifPresent(out::add);
                }
            }
        }
        return out;
    }
}
