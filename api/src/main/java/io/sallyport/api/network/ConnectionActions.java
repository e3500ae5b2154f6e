package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.base.Secret;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked of a connection. */
final class ConnectionActions {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConnectionActions() {}

    static List<Operation> operations() {
        return List.of(
                new Operation("GET", "sharedkey", ConnectionActions::key),
                new Operation("PUT", "sharedkey", ConnectionActions::setKey),
                new Operation("POST", "sharedkey/reset", ConnectionActions::resetKey),
                new Operation(
                        "POST",
                        "resetconnection",
                        _ -> new Operation.Outcome.Command(
                                "resetConnection", JSON.createObjectNode(), _ -> MissingNode.getInstance(), true)),
                new Operation(
                        "POST",
                        "getikesas",
                        _ -> new Operation.Outcome.Command("ikeSas", JSON.createObjectNode(), ConnectionActions::text)),
                new Operation("POST", "vpndeviceconfigurationscript", Devices::script),
                Actions.startCapture(),
                Actions.stopCapture());
    }

    private static Operation.Outcome key(Operation.Call call) throws Refused {
        Secret key = call.resource().secrets().get(Connections.KEY);
        if (key == null) {
            throw Actions.notFound(call.resource().id() + "/sharedkey");
        }
        return new Operation.Outcome.Answer(answer(call.resource(), SharedKeys.text(key)));
    }

    private static ObjectNode answer(ArmResource connection, String value) {
        return JSON.createObjectNode().put("value", value).put("id", connection.id() + "/sharedkey");
    }

    private static Operation.Outcome setKey(Operation.Call call) throws Refused {
        isTunnel(call.resource());
        Optional<String> value = Actions.text(call.body(), "value");
        if (value.isEmpty() || value.get().isEmpty()) {
            throw Actions.refused("InvalidSharedKey", "value", "missing; allowed: the new shared key");
        }
        Secret key = Secret.utf8(value.get());
        Complaints complaints = new Complaints();
        SharedKeys.check(key, "value", new Findings(complaints));
        complaints.refuseIfAny();
        return new Operation.Outcome.Replace(with(call.resource(), key), answer(call.resource(), value.get()));
    }

    private static Operation.Outcome resetKey(Operation.Call call) throws Refused {
        isTunnel(call.resource());
        JsonNode found = call.body().path("keyLength");
        int length = found.asInt(0);
        if (length < 1 || length > SharedKeys.LENGTH_MAX) {
            throw Actions.refused(
                    "InvalidSharedKeyLength",
                    "keyLength",
                    "found " + (found.isMissingNode() ? "nothing" : Findings.quoted(found.asString("")))
                            + "; allowed: a whole number in 1.." + SharedKeys.LENGTH_MAX);
        }
        return new Operation.Outcome.Replace(
                with(call.resource(), SharedKeys.random(length)),
                JSON.createObjectNode().put("keyLength", length));
    }

    private static void isTunnel(ArmResource connection) throws Refused {
        if (Neighbours.text(connection, "connectionType").equals("ExpressRoute")) {
            throw Actions.refused(
                    "InvalidConnectionType",
                    "connectionType",
                    connection.id() + " is an ExpressRoute connection, which has no shared key");
        }
    }

    private static ArmResource with(ArmResource connection, Secret key) {
        SortedMap<String, Secret> secrets = new TreeMap<>(connection.secrets());
        secrets.put(Connections.KEY, key);
        return new ArmResource(connection.id(), connection.body().deepCopy(), secrets, connection.revision());
    }

    /** Azure answers a text that holds JSON. */
    private static JsonNode text(JsonNode result) {
        ObjectNode inner = JSON.createObjectNode();
        inner.put("Status", "Succeeded");
        inner.set("Data", result);
        return JSON.valueToTree(JSON.writeValueAsString(inner));
    }
}
