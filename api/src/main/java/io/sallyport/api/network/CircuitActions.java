package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked of a circuit. Sallyport carries no circuits, so that every count is zero and every table empty. */
final class CircuitActions {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PEERING = "peerings/{peering}/";
    private static final List<String> COUNTS =
            List.of("primarybytesIn", "primarybytesOut", "secondarybytesIn", "secondarybytesOut");

    private CircuitActions() {}

    static List<Operation> operations() {
        List<Operation> out = new ArrayList<>();
        out.add(new Operation("GET", "stats", _ -> new Operation.Outcome.Answer(stats())));
        out.add(new Operation("GET", PEERING + "stats", call -> {
            peering(call.resource(), call.variables().getOrDefault("peering", ""));
            return new Operation.Outcome.Answer(stats());
        }));
        for (String table : List.of("arpTables", "routeTables", "routeTablesSummary")) {
            out.add(new Operation("POST", PEERING + table + "/{device}", call -> {
                peering(call.resource(), call.variables().getOrDefault("peering", ""));
                Actions.oneOf(call.variables().getOrDefault("device", ""), List.of("primary", "secondary"), table);
                return new Operation.Outcome.Answer(Actions.page());
            }));
        }
        out.add(new Operation("GET", PEERING + "peerConnections", call -> {
            peering(call.resource(), call.variables().getOrDefault("peering", ""));
            return new Operation.Outcome.Answer(Actions.page());
        }));
        for (String test : List.of(
                "getCircuitLinkFailoverAllTestsDetails",
                "getCircuitLinkFailoverSingleTestDetails",
                "startCircuitLinkFailoverTest",
                "stopCircuitLinkFailoverTest")) {
            out.add(Actions.notSupported("POST", test, "there are no circuits' links to fail over here"));
        }
        return out;
    }

    private static void peering(ArmResource circuit, String name) throws Refused {
        for (JsonNode each : circuit.properties().path("peerings")) {
            if (each.path("name").asString("").equalsIgnoreCase(name)) {
                return;
            }
        }
        throw Actions.notFound(circuit.id() + "/peerings/" + name);
    }

    private static ObjectNode stats() {
        ObjectNode out = JSON.createObjectNode();
        COUNTS.forEach(name -> out.put(name, 0));
        return out;
    }
}
