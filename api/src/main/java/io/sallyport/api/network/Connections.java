package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/connections. */
final class Connections implements Behaviour {
    static final String KEY = "/properties/sharedKey";

    private static final List<String> COUNTED = List.of("ingressBytesTransferred", "egressBytesTransferred");

    @Override
    public String type() {
        return Neighbours.CONNECTIONS;
    }

    @Override
    public boolean isProvisioned() {
        return true;
    }

    @Override
    public boolean isListedBySubscription() {
        return false;
    }

    @Override
    public ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        ObjectNode p = made.properties();
        boolean isTunnel = !p.path("connectionType").asString("").equals("ExpressRoute");
        boolean policyBased = neighbours
                .find(Neighbours.text(made, "virtualNetworkGateway1/id"))
                .filter(GatewayRules::isPolicyBased)
                .isPresent();
        String stored =
                before.map(b -> Neighbours.text(b, "connectionProtocol")).orElse("");
        if (isTunnel && !p.has("connectionProtocol")) {
            p.put("connectionProtocol", !stored.isEmpty() ? stored : policyBased ? "IKEv1" : "IKEv2");
        }
        if (isTunnel && !p.has("connectionMode")) {
            p.put("connectionMode", "Default");
        }
        boolean wantsKey =
                isTunnel && !p.path("authenticationType").asString("").equals("Certificate");
        if (!wantsKey || made.secrets().containsKey(KEY)) {
            return made;
        }
        // Azure makes a key when nobody gives one.
        SortedMap<String, io.sallyport.base.Secret> secrets = new TreeMap<>(made.secrets());
        secrets.put(KEY, SharedKeys.random(SharedKeys.LENGTH_DEFAULT));
        return new ArmResource(made.id(), made.body(), secrets, made.revision());
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        new ConnectionRules(wanted, neighbours, findings).check(before);
        Optional.ofNullable(wanted.secrets().get(KEY))
                .ifPresent(key -> SharedKeys.check(key, "properties.sharedKey", findings));
        Extension.check(wanted, findings);
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ObjectNode p = shown.withObject("/properties");
        JsonNode status =
                neighbours.world().status(stored.id()).map(s -> s.path("azure")).orElse(shown.path("none"));
        p.put("connectionStatus", status.path("connectionStatus").asString("Unknown"));
        for (String name : COUNTED) {
            p.put(name, status.path(name).asLong(0));
        }
        if (status.path("tunnelConnectionStatus").isArray()) {
            p.set(
                    "tunnelConnectionStatus",
                    status.path("tunnelConnectionStatus").deepCopy());
        } else {
            p.putArray("tunnelConnectionStatus");
        }
        p.put(
                "packetCaptureDiagnosticState",
                status.path("packetCaptureDiagnosticState").asString("None"));
    }

    @Override
    public List<Operation> operations() {
        return ConnectionActions.operations();
    }
}
