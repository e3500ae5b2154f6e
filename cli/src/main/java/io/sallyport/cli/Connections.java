package io.sallyport.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The connections of a subscription as they are now. */
final class Connections {
    private Connections() {}

    /** One object for each; those that no machine carries have a name, a state and an {@code error}. */
    static ArrayNode list(Client client, Scope scope) throws Refusal {
        ArrayNode out = Client.JSON.createArrayNode();
        for (JsonNode item : client.list(scope.subscriptionPath() + "/providers/Sallyport.Gateway/connections")) {
            if (item instanceof ObjectNode connection) {
                if (connection.path("name").asString("").isEmpty()) {
                    connection.put("name", name(connection.path("id").asString("")));
                }
                out.add(connection);
            }
        }
        return out;
    }

    /**
     * The id of a connection.
     *
     * @throws Refusal when there is none, with the names of those that there are
     */
    static String find(Client client, Scope scope, String name) throws Refusal {
        String wanted = scope.id("connections", name).toLowerCase(Locale.ROOT);
        List<String> there = new ArrayList<>();
        for (JsonNode connection : list(client, scope)) {
            String id = connection.path("id").asString("");
            if (id.toLowerCase(Locale.ROOT).equals(wanted)) {
                return id;
            }
            there.add(connection.path("name").asString(""));
        }
        throw new Refusal("there is no connection '" + name + "'; there is: "
                + (there.isEmpty() ? "none" : String.join(", ", there)));
    }

    /**
     * The id of the gateway or else the connection of that name.
     *
     * @throws Refusal when there is neither
     */
    static String findWithGateways(Client client, Scope scope, String name) throws Refusal {
        String wanted = scope.id("virtualNetworkGateways", name);
        for (JsonNode gateway :
                client.list(scope.subscriptionPath() + "/providers/Microsoft.Network/virtualNetworkGateways")) {
            if (gateway.path("id").asString("").equalsIgnoreCase(wanted)) {
                return wanted;
            }
        }
        return find(client, scope, name);
    }

    /** {@code name}, or {@code group:name} outside the local group. */
    static String name(String id) {
        return Scope.brief(id).replaceFirst("connections/", "");
    }
}
