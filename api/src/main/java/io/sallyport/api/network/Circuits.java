package io.sallyport.api.network;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.base.Secret;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/expressRouteCircuits with authorizations, peerings and their connections. */
final class Circuits implements Behaviour {
    private static final List<String> PEERING_NAMES =
            List.of("AzurePrivatePeering", "AzurePublicPeering", "MicrosoftPeering");
    private static final String PEERINGS = "properties.peerings[";

    @Override
    public String type() {
        return Neighbours.CIRCUITS;
    }

    @Override
    public List<ResourceType.Child> children() {
        ResourceType.Child connections = new ResourceType.Child("connections", "/properties/connections", List.of());
        return List.of(
                new ResourceType.Child("authorizations", "/properties/authorizations", List.of()),
                new ResourceType.Child("peerings", "/properties/peerings", List.of(connections)));
    }

    @Override
    public ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        ObjectNode p = made.properties();
        if (!p.has("serviceKey")) {
            p.put("serviceKey", UUID.randomUUID().toString());
        }
        ObjectNode sku = made.body().withObject("/sku");
        sku.put("name", sku.path("tier").asString("") + "_" + sku.path("family").asString(""));
        SortedMap<String, Secret> secrets = new TreeMap<>(made.secrets());
        for (int i = 0; i < p.path("authorizations").size(); i++) {
            secrets.computeIfAbsent(keyAt(i), _ -> Secret.utf8(UUID.randomUUID().toString()));
        }
        return new ArmResource(made.id(), made.body(), secrets, made.revision());
    }

    private static String keyAt(int authorization) {
        return "/properties/authorizations/" + authorization + "/properties/authorizationKey";
    }

    /** The keys that the owner gave away. */
    static List<Secret> keys(ArmResource circuit) {
        List<Secret> out = new ArrayList<>();
        for (int i = 0; i < circuit.properties().path("authorizations").size(); i++) {
            Optional.ofNullable(circuit.secrets().get(keyAt(i))).ifPresent(out::add);
        }
        return out;
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        JsonNode p = wanted.properties();
        boolean byProvider = p.path("serviceProviderProperties").isObject();
        boolean byPort = p.has("expressRoutePort") || p.has("bandwidthInGbps");
        if (!byProvider && !byPort) {
            findings.wrong(
                    "CircuitProviderMissing",
                    "properties.serviceProviderProperties",
                    "missing; allowed: serviceProviderName, peeringLocation and bandwidthInMbps, or expressRoutePort"
                            + " with bandwidthInGbps");
        }
        List<Integer> vlans = new ArrayList<>();
        for (int i = 0; i < p.path("peerings").size(); i++) {
            peering(p.path("peerings").get(i), PEERINGS + i + "]", vlans, findings);
        }
    }

    private static void peering(JsonNode peering, String at, List<Integer> vlans, Findings findings) {
        JsonNode p = peering.path("properties");
        String name = peering.path("name").asString("");
        String type = p.path("peeringType").asString("");
        if (!name.equalsIgnoreCase(type) || !PEERING_NAMES.contains(type)) {
            findings.wrong(
                    "InvalidPeeringName",
                    at + ".name",
                    "found " + Findings.quoted(name) + " with peeringType " + type
                            + "; allowed: the peeringType itself");
        }
        int vlan = p.path("vlanId").asInt(0);
        if (vlan == 0) {
            findings.wrong("VlanIdMissing", at + ".properties.vlanId", "missing; allowed: a whole number in 1..4094");
        } else if (vlans.contains(vlan)) {
            findings.wrong(
                    "VlanIdInUse",
                    at + ".properties.vlanId",
                    "found '" + vlan + "', which another peering of the circuit has already");
        }
        vlans.add(vlan);
        if (!p.has("peerASN")) {
            findings.wrong("PeerAsnMissing", at + ".properties.peerASN", "missing; allowed: the number of your side");
        } else if (p.path("peerASN").asLong(0) == 12_076) {
            findings.wrong(
                    "InvalidPeerAsn",
                    at + ".properties.peerASN",
                    "found '12076', which is the provider's side; allowed: the number of your side");
        }
        Optional<Prefix> primary = link(p, "primaryPeerAddressPrefix", at, findings);
        Optional<Prefix> secondary = link(p, "secondaryPeerAddressPrefix", at, findings);
        if (primary.isPresent() && secondary.isPresent() && primary.get().overlaps(secondary.get())) {
            findings.wrong(
                    "PeerAddressPrefixesOverlap",
                    at + ".properties.secondaryPeerAddressPrefix",
                    "found '" + secondary.get() + "', which overlaps " + primary.get()
                            + "; allowed: two prefixes that have nothing in common");
        }
    }

    private static Optional<Prefix> link(JsonNode p, String name, String at, Findings findings) {
        Optional<Prefix> found = Neighbours.prefix(p.path(name).asString(""));
        boolean hasOther = p.path("ipv6PeeringConfig").isObject();
        if (found.isEmpty() && !hasOther) {
            findings.wrong(
                    "PeerAddressPrefixMissing",
                    at + ".properties." + name,
                    "missing; allowed: a /30 such as" + " 192.168.100.0/30");
        }
        found.filter(f -> f.length() != (f.address().isIpv4() ? 30 : 126))
                .ifPresent(f -> findings.wrong(
                        "InvalidPeerAddressPrefix",
                        at + ".properties." + name,
                        "found '" + f + "'; allowed: a /30 of IPv4 or a /126 of IPv6"));
        return found;
    }

    @Override
    public void checkDelete(ArmResource doomed, Neighbours neighbours, Complaints complaints) {
        if (Neighbours.text(doomed, "serviceProviderProvisioningState").equals("Provisioned")) {
            complaints.add(ArmError.of(
                    409,
                    "CircuitProvisioned",
                    doomed.id()
                            + " cannot be deleted: its provider has provisioned it; have the provider deprovision it"
                            + " first",
                    doomed.id().toString()));
        }
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ObjectNode p = shown.withObject("/properties");
        p.put("circuitProvisioningState", "Enabled");
        JsonNode authorizations = p.path("authorizations");
        for (int i = 0; i < authorizations.size(); i++) {
            ObjectNode a = ((ObjectNode) authorizations.get(i)).withObject("/properties");
            // The owner reads the key here, to give it away: that is what it is for.
            Optional<Secret> key = Optional.ofNullable(stored.secrets().get(keyAt(i)));
            key.ifPresent(k -> a.put("authorizationKey", SharedKeys.text(k)));
            Optional<ArmResource> user = key.flatMap(k -> user(k, neighbours));
            a.put("authorizationUseStatus", user.isPresent() ? "InUse" : "Available");
            user.ifPresent(u -> a.put("connectionResourceUri", u.id().toString()));
        }
        for (JsonNode peering : p.path("peerings")) {
            ObjectNode inner = ((ObjectNode) peering).withObject("/properties");
            inner.putArray("peeredConnections");
            for (JsonNode connection : inner.path("connections")) {
                ((ObjectNode) connection).withObject("/properties").put("circuitConnectionStatus", "Disconnected");
            }
        }
    }

    private static Optional<ArmResource> user(Secret key, Neighbours neighbours) {
        return neighbours.all(Neighbours.CONNECTIONS).stream()
                .filter(c -> key.equals(c.secrets().get("/properties/authorizationKey")))
                .findFirst();
    }

    @Override
    public List<Operation> operations() {
        return CircuitActions.operations();
    }
}
