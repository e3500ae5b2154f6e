package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/virtualNetworkGateways. */
final class Gateways implements Behaviour {
    private static final String SKU_VPN = "VpnGw1";
    private static final String SKU_PRIVATE = "ErGw1AZ";
    private static final int INSTANCES = 2;

    @Override
    public String type() {
        return Neighbours.GATEWAYS;
    }

    @Override
    public List<ResourceType.Child> children() {
        return List.of(new ResourceType.Child("natRules", "/properties/natRules", List.of()));
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
        boolean isVpn = !p.path("gatewayType").asString("").equals("ExpressRoute");
        ObjectNode sku = p.withObject("/sku");
        if (!sku.has("name")) {
            sku.put("name", sku.has("tier") ? sku.path("tier").asString("") : isVpn ? SKU_VPN : SKU_PRIVATE);
        }
        if (!sku.has("tier")) {
            sku.put("tier", sku.path("name").asString(""));
        }
        if (!p.has("vpnGatewayGeneration")) {
            String stored =
                    before.map(b -> Neighbours.text(b, "vpnGatewayGeneration")).orElse("");
            p.put(
                    "vpnGatewayGeneration",
                    stored.isEmpty() ? generation(sku.path("name").asString(""), isVpn) : stored);
        }
        Bgp.completeGateway(made, before, neighbours);
        return made;
    }

    private static String generation(String sku, boolean isVpn) {
        return !isVpn || sku.equals("Basic") ? "None" : sku.matches("VpnGw[45].*") ? "Generation2" : "Generation1";
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        new GatewayRules(wanted, neighbours, findings).check(before);
        ClientRules.check(wanted, neighbours, findings);
        NatRules.check(wanted, before, neighbours, findings);
        Bgp.checkGateway(wanted, neighbours, findings);
        Extension.check(wanted, findings);
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ObjectNode p = shown.withObject("/properties");
        p.withObject("/sku").put("capacity", INSTANCES);
        Bgp.show(shown, stored, neighbours);
        JsonNode status =
                neighbours.world().status(stored.id()).map(s -> s.path("azure")).orElse(shown.path("none"));
        p.put(
                "packetCaptureDiagnosticState",
                status.path("packetCaptureDiagnosticState").asString("None"));
        ArrayNode borrowers = p.putArray("remoteVirtualNetworkPeerings");
        Neighbours.networkOf(stored).flatMap(neighbours.world()::find).ifPresent(network -> {
            for (JsonNode peering : network.properties().path("virtualNetworkPeerings")) {
                neighbours
                        .find(Peerings.remoteId(peering))
                        .flatMap(remote -> Peerings.back(remote, network.id()))
                        .filter(back -> back.at("/properties/useRemoteGateways").asBoolean(false))
                        .ifPresent(back ->
                                borrowers.addObject().put("id", back.path("id").asString("")));
            }
        });
    }

    @Override
    public List<Operation> operations() {
        return GatewayActions.operations();
    }
}
