package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked of a gateway. */
final class GatewayActions {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NO_CLIENTS = "Sallyport has no point-to-site yet";
    private static final String NO_MIGRATION =
            "addresses and sizes need no migration here; PUT the gateway with others";
    private static final String NO_TESTS = "there are no circuits' sites to fail over here";
    /** Azure's weight of what was learned from the VNet itself. */
    private static final int WEIGHT = 32_768;

    private GatewayActions() {}

    static List<Operation> operations() {
        List<Operation> out = new ArrayList<>();
        out.add(new Operation("GET", "connections", GatewayActions::connections));
        out.add(new Operation("POST", "reset", GatewayActions::reset));
        out.add(Actions.startCapture());
        out.add(Actions.stopCapture());
        out.add(new Operation("POST", "getLearnedRoutes", GatewayActions::learned));
        out.add(new Operation("POST", "getAdvertisedRoutes", GatewayActions::advertised));
        out.add(new Operation("POST", "getBgpPeerStatus", GatewayActions::peers));
        out.add(new Operation("POST", "getEffectiveRoutes", _ -> new Operation.Outcome.Answer(Actions.page())));
        out.add(new Operation(
                "POST",
                "supportedvpndevices",
                _ -> new Operation.Outcome.Answer(JSON.valueToTree(Devices.supported()))));
        out.add(new Operation(
                "POST", "getVpnClientConnectionHealth", _ -> new Operation.Outcome.Answer(Actions.page())));
        // Nobody is connected, so that whoever was named is not afterwards.
        out.add(new Operation(
                "POST",
                "disconnectVirtualNetworkGatewayVpnConnections",
                _ -> new Operation.Outcome.Answer(JSON.nullNode())));
        out.add(new Operation("POST", "getvpnclientipsecparameters", GatewayActions::clientPolicy));
        out.add(new Operation("POST", "setvpnclientipsecparameters", GatewayActions::setClientPolicy));
        out.add(new Operation("POST", "listRadiusSecrets", GatewayActions::radiusSecrets));
        for (String pattern : List.of(
                "generatevpnclientpackage",
                "generatevpnprofile",
                "getvpnprofilepackageurl",
                "resetvpnclientsharedkey")) {
            out.add(Actions.notSupported("POST", pattern, NO_CLIENTS));
        }
        for (String pattern : List.of("prepareMigration", "executeMigration", "commitMigration", "abortMigration")) {
            out.add(Actions.notSupported("POST", pattern, NO_MIGRATION));
        }
        for (String pattern : List.of(
                "getFailoverAllTestsDetails",
                "getFailoverSingleTestDetails",
                "startSiteFailoverTest",
                "stopSiteFailoverTest",
                "getResiliencyInformation",
                "getRoutesInformation")) {
            out.add(Actions.notSupported("POST", pattern, NO_TESTS));
        }
        return out;
    }

    private static Operation.Outcome connections(Operation.Call call) {
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        Neighbours neighbours = new Neighbours(call.world());
        for (ArmResource connection : neighbours.connectionsOf(call.resource().id())) {
            value.add(Network.show(connection, call.world()));
        }
        return new Operation.Outcome.Answer(out);
    }

    private static Operation.Outcome reset(Operation.Call call) throws Refused {
        ObjectNode arguments = JSON.createObjectNode();
        String vip = call.query().getOrDefault("gatewayvip", "");
        // Debian's az sends the word None when no address was given.
        if (!vip.isEmpty() && !vip.equalsIgnoreCase("None")) {
            List<String> own = Reach.publicAddresses(call.resource(), new Neighbours(call.world())).stream()
                    .map(Address::toString)
                    .toList();
            if (!own.contains(vip)) {
                throw Actions.refused(
                        "InvalidGatewayVip",
                        "gatewayVip",
                        "found " + Findings.quoted(vip) + "; allowed: "
                                + (own.isEmpty() ? "none, the gateway has no address" : String.join(", ", own)));
            }
            arguments.put("gatewayVip", vip);
        }
        JsonNode shown = Network.show(call.resource(), call.world());
        return new Operation.Outcome.Command("resetGateway", arguments, _ -> shown);
    }

    /** What the engine says it learned, or the VNet's and the sites' own prefixes. */
    private static Operation.Outcome learned(Operation.Call call) {
        Optional<JsonNode> told = told(call, "learnedRoutes");
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        if (told.isPresent()) {
            told.get().forEach(value::add);
            return new Operation.Outcome.Answer(out);
        }
        Neighbours neighbours = new Neighbours(call.world());
        ArmResource gateway = call.resource();
        String local = String.join(
                "", Bgp.defaults(gateway, neighbours).stream().limit(1).toList());
        List<String> networks = new ArrayList<>();
        Neighbours.networkOf(gateway)
                .flatMap(call.world()::find)
                .ifPresent(n -> Neighbours.space(n, "addressSpace").forEach(p -> networks.add(p.toString())));
        for (ArmResource connection : neighbours.connectionsOf(gateway.id())) {
            neighbours
                    .find(Neighbours.text(connection, "localNetworkGateway2/id"))
                    .ifPresent(s ->
                            Neighbours.space(s, "localNetworkAddressSpace").forEach(p -> networks.add(p.toString())));
        }
        for (String network : networks.stream().distinct().toList()) {
            ObjectNode route = value.addObject();
            route.put("localAddress", local);
            route.put("network", network);
            route.putNull("nextHop");
            route.put("sourcePeer", local);
            route.put("origin", "Network");
            route.put("asPath", "");
            route.put("weight", WEIGHT);
        }
        return new Operation.Outcome.Answer(out);
    }

    private static Operation.Outcome advertised(Operation.Call call) throws Refused {
        String peer = call.query().getOrDefault("peer", "");
        if (Neighbours.address(peer).isEmpty()) {
            throw Actions.refused(
                    "InvalidParameterValue",
                    "peer",
                    "found " + Findings.quoted(peer) + "; allowed: the address of a BGP peer");
        }
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        told(call, "advertisedRoutes")
                .ifPresent(routes -> routes.forEach(r -> {
                    if (r.path("peer").asString(peer).equals(peer)) {
                        value.add(r);
                    }
                }));
        return new Operation.Outcome.Answer(out);
    }

    private static Operation.Outcome peers(Operation.Call call) {
        String peer = call.query().getOrDefault("peer", "");
        boolean all = peer.isEmpty() || peer.equalsIgnoreCase("None");
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        told(call, "bgpPeers")
                .ifPresent(list -> list.forEach(p -> {
                    if (all || p.path("neighbor").asString("").equals(peer)) {
                        value.add(p);
                    }
                }));
        return new Operation.Outcome.Answer(out);
    }

    /** A list in the gateway's status. */
    private static Optional<JsonNode> told(Operation.Call call, String name) {
        return call.world()
                .status(call.resource().id())
                .map(s -> s.path("azure").path(name))
                .filter(JsonNode::isArray);
    }

    private static Operation.Outcome clientPolicy(Operation.Call call) throws Refused {
        JsonNode policy = call.resource().body().at("/properties/vpnClientConfiguration/vpnClientIpsecPolicies/0");
        if (!policy.isObject()) {
            throw Actions.notFound(call.resource().id() + "/vpnClientIpsecParameters");
        }
        return new Operation.Outcome.Answer(policy);
    }

    /** Stores the policy as if it had been put with the gateway. */
    private static Operation.Outcome setClientPolicy(Operation.Call call) throws Refused {
        ArmResource before = call.resource();
        ObjectNode written = before.body().deepCopy();
        written.withObject("/properties")
                .withObject("/vpnClientConfiguration")
                .putArray("vpnClientIpsecPolicies")
                .add(call.body());
        Complaints complaints = new Complaints();
        ArmResource next = Network.accept(before.id(), written, Optional.of(before), call.world(), complaints);
        complaints.refuseIfAny();
        IpsecPolicies.check(
                next.body().at("/properties/vpnClientConfiguration/vpnClientIpsecPolicies"),
                "vpnClientIpsecPolicies",
                new Findings(complaints));
        complaints.refuseIfAny();
        return new Operation.Outcome.Replace(
                next, next.body().at("/properties/vpnClientConfiguration/vpnClientIpsecPolicies/0"));
    }

    private static Operation.Outcome radiusSecrets(Operation.Call call) {
        ArmResource gateway = call.resource();
        String at = "/properties/vpnClientConfiguration/";
        JsonNode clients = gateway.properties().path("vpnClientConfiguration");
        ObjectNode out = Actions.page();
        ArrayNode value = out.withArray("value");
        radius(clients.path("radiusServerAddress"), gateway.secrets().get(at + "radiusServerSecret"), value);
        for (int i = 0; i < clients.path("radiusServers").size(); i++) {
            radius(
                    clients.path("radiusServers").get(i).path("radiusServerAddress"),
                    gateway.secrets().get(at + "radiusServers/" + i + "/radiusServerSecret"),
                    value);
        }
        return new Operation.Outcome.Answer(out);
    }

    private static void radius(JsonNode address, @org.jspecify.annotations.Nullable Secret secret, ArrayNode value) {
        if (address.isString()) {
            ObjectNode row = value.addObject();
            row.put("radiusServerAddress", address.stringValue());
            row.put("radiusServerSecret", secret == null ? "" : SharedKeys.text(secret));
        }
    }
}
