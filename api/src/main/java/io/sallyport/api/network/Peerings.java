package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The peerings of a VNet. A peering remembers which VNet it was made to ({@code remoteGuid}), and a VNet remembers which
 * peerings of others it left ({@code memory.severed}): what was connected once and lost its other side is disconnected
 * until it is made anew, as in Azure.
 */
final class Peerings {
    private static final int MAX = 500;
    private static final int SEVERED_MAX = 1000;
    private static final String LIST = "virtualNetworkPeerings";

    void complete(ArmResource made, Optional<ArmResource> before, Neighbours neighbours) {
        made.body().remove("memory");
        before.map(b -> b.body().path("memory"))
                .filter(JsonNode::isObject)
                .ifPresent(m -> made.body().set("memory", m.deepCopy()));
        for (JsonNode peering : made.properties().path(LIST)) {
            ObjectNode p = ((ObjectNode) peering).withObject("/properties");
            if (!p.has("remoteGuid")) {
                neighbours
                        .find(remoteId(peering))
                        .map(r -> Neighbours.text(r, "resourceGuid"))
                        .ifPresent(guid -> p.put("remoteGuid", guid));
            }
        }
        before.ifPresent(old -> sever(old, made, neighbours));
    }

    /** Notes the other sides of peerings that go. */
    private static void sever(ArmResource before, ArmResource made, Neighbours neighbours) {
        for (JsonNode old : before.properties().path(LIST)) {
            boolean stays = false;
            for (JsonNode now : made.properties().path(LIST)) {
                stays |= now.at("/properties/resourceGuid").equals(old.at("/properties/resourceGuid"));
            }
            if (!stays) {
                neighbours
                        .find(remoteId(old))
                        .flatMap(remote -> back(remote, made.id()))
                        .map(back -> back.at("/properties/resourceGuid").asString(""))
                        .filter(guid -> !guid.isEmpty())
                        .ifPresent(guid -> remember(made, guid));
            }
        }
    }

    private static void remember(ArmResource made, String guid) {
        ArrayNode severed = made.body().withObject("/memory").withArray("severed");
        severed.add(guid);
        while (severed.size() > SEVERED_MAX) {
            severed.remove(0);
        }
    }

    void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        JsonNode peerings = wanted.properties().path(LIST);
        if (peerings.size() > MAX) {
            findings.wrong(
                    "VnetPeeringLimitReached",
                    "properties." + LIST,
                    "found " + peerings.size() + " peerings; allowed: " + MAX);
            return;
        }
        String borrower = "";
        for (int i = 0; i < peerings.size(); i++) {
            JsonNode peering = peerings.get(i);
            String at = "properties." + LIST + "[" + i + "].properties.";
            boolean borrows = flag(peering, "useRemoteGateways");
            if (borrows && !borrower.isEmpty()) {
                findings.wrong(
                        "OnlyOnePeeringCanUseRemoteGateways",
                        at + "useRemoteGateways",
                        "found 'true', as on peering '" + borrower + "'; allowed: on one peering of a VNet");
            }
            borrower = borrows ? name(peering) : borrower;
            for (int j = 0; j < i; j++) {
                if (remoteId(peerings.get(j)).equalsIgnoreCase(remoteId(peering))) {
                    findings.wrong(
                            "AnotherPeeringAlreadyReferencesRemoteVnet",
                            at + "remoteVirtualNetwork",
                            "found '" + remoteId(peering) + "', to which peering '" + name(peerings.get(j))
                                    + "' leads already; allowed: one peering between two VNets");
                }
            }
            if (flag(peering, "allowGatewayTransit") && borrows) {
                findings.wrong(
                        "PeeringCannotLendAndBorrowGateways",
                        at + "useRemoteGateways",
                        "found 'true' together with allowGatewayTransit; allowed: one of the two");
            }
            if (remoteId(peering).equalsIgnoreCase(wanted.id().toString())) {
                findings.wrong(
                        "VnetCannotPeerWithItself",
                        at + "remoteVirtualNetwork",
                        "found '" + remoteId(peering) + "', which is this VNet; allowed: another one");
                continue;
            }
            Optional<ArmResource> remote = neighbours.find(remoteId(peering));
            if (remote.isPresent()) {
                state(wanted, peering, remote.get(), before, at, findings);
                addresses(wanted, peering, remote.get(), peerings, at, neighbours, findings);
                gateways(wanted, peering, remote.get(), at, neighbours, findings);
            }
        }
    }

    /** A peering to a VNet whose own peering back is disconnected would never come up. */
    private static void state(
            ArmResource wanted,
            JsonNode peering,
            ArmResource remote,
            Optional<ArmResource> before,
            String at,
            Findings findings) {
        boolean isNew = before.flatMap(b -> Neighbours.element(b, wanted.id().child(LIST, name(peering))))
                .isEmpty();
        Optional<JsonNode> back = back(remote, wanted.id());
        if (isNew && back.isPresent() && isSevered(back.get(), wanted)) {
            findings.wrong(
                    "RemotePeeringIsDisconnected",
                    at + "remoteVirtualNetwork",
                    "the peering '" + name(back.get()) + "' of " + remote.id()
                            + " is disconnected; delete it first, then make both anew");
        }
    }

    private static void addresses(
            ArmResource wanted,
            JsonNode peering,
            ArmResource remote,
            JsonNode peerings,
            String at,
            Neighbours neighbours,
            Findings findings) {
        List<Prefix> own = Neighbours.space(wanted, "addressSpace");
        List<Prefix> theirs = Neighbours.space(remote, "addressSpace");
        overlap(own, theirs)
                .ifPresent(text -> findings.wrong(
                        "VnetAddressSpacesOverlap",
                        at + "remoteVirtualNetwork",
                        "the address spaces of " + wanted.id() + " and " + remote.id() + " overlap: " + text));
        for (JsonNode other : peerings) {
            if (name(other).compareTo(name(peering)) < 0) {
                neighbours
                        .find(remoteId(other))
                        .filter(third -> !third.id().matches(remote.id()))
                        .flatMap(third -> overlap(Neighbours.space(third, "addressSpace"), theirs)
                                .map(text -> third.id() + ": " + text))
                        .ifPresent(text -> findings.wrong(
                                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                                at + "remoteVirtualNetwork",
                                "the address space of " + remote.id() + " overlaps that of " + text));
            }
        }
        for (JsonNode other : remote.properties().path(LIST)) {
            neighbours
                    .find(remoteId(other))
                    .filter(third -> !third.id().matches(wanted.id()))
                    .flatMap(third -> overlap(Neighbours.space(third, "addressSpace"), own)
                            .map(text -> third.id() + ", with which " + remote.id() + " is peered: " + text))
                    .ifPresent(text -> findings.wrong(
                            "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                            at + "remoteVirtualNetwork",
                            "the address space of " + wanted.id() + " overlaps that of " + text));
        }
    }

    private static Optional<String> overlap(List<Prefix> a, List<Prefix> b) {
        for (Prefix x : a) {
            for (Prefix y : b) {
                if (x.overlaps(y)) {
                    return Optional.of(x + " and " + y);
                }
            }
        }
        return Optional.empty();
    }

    private static void gateways(
            ArmResource wanted,
            JsonNode peering,
            ArmResource remote,
            String at,
            Neighbours neighbours,
            Findings findings) {
        Optional<JsonNode> back = back(remote, wanted.id());
        boolean lends = flag(peering, "allowGatewayTransit");
        if (!lends && back.filter(b -> flag(b, "useRemoteGateways")).isPresent()) {
            findings.wrong(
                    "GatewayTransitInUse",
                    at + "allowGatewayTransit",
                    "found 'false', but " + remote.id() + " uses the gateway of this VNet (its peering '"
                            + name(back.orElseThrow()) + "' has useRemoteGateways); change that first");
        }
        if (!flag(peering, "useRemoteGateways")) {
            return;
        }
        List<ArmResource> own = neighbours.gatewaysIn(wanted.id());
        if (!own.isEmpty()) {
            findings.wrong(
                    "VnetWithGatewayCannotUseRemoteGateways",
                    at + "useRemoteGateways",
                    "found 'true', but this VNet has a gateway of its own, "
                            + own.getFirst().id() + "; allowed: false");
        }
        if (flag(peering, "doNotVerifyRemoteGateways")) {
            return;
        }
        if (back.isEmpty() || !flag(back.get(), "allowGatewayTransit")) {
            findings.wrong(
                    "RemotePeeringDoesNotAllowGatewayTransit",
                    at + "useRemoteGateways",
                    "found 'true', but " + remote.id()
                            + (back.isEmpty()
                                    ? " has no peering to this VNet yet"
                                    : " has allowGatewayTransit false on its peering '" + name(back.get()) + "'")
                            + "; allowed: true when the other side has allowGatewayTransit");
        } else if (neighbours.gatewaysIn(remote.id()).isEmpty()) {
            findings.wrong(
                    "RemoteVnetHasNoGateways",
                    at + "useRemoteGateways",
                    "found 'true', but " + remote.id()
                            + " has no gateway; allowed: true when it has one, or with doNotVerifyRemoteGateways");
        }
    }

    void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        for (JsonNode peering : shown.at("/properties/" + LIST)) {
            ObjectNode p = ((ObjectNode) peering).withObject("/properties");
            Optional<ArmResource> remote = neighbours.find(remoteId(peering));
            String state = state(stored, peering, remote);
            p.put("peeringState", state);
            p.put("peeringSyncLevel", "FullyInSync");
            p.remove("remoteGuid");
            space(p, "localAddressSpace", stored);
            space(p, "localVirtualNetworkAddressSpace", stored);
            remote.ifPresent(r -> {
                space(p, "remoteAddressSpace", r);
                space(p, "remoteVirtualNetworkAddressSpace", r);
                JsonNode communities = r.properties().path("bgpCommunities");
                if (communities.isObject()) {
                    p.set("remoteBgpCommunities", communities.deepCopy());
                }
                if (flag(peering, "useRemoteGateways")) {
                    ArrayNode gateways = p.putArray("remoteGateways");
                    neighbours
                            .gatewaysIn(r.id())
                            .forEach(g -> gateways.addObject().put("id", g.id().toString()));
                }
            });
        }
    }

    private static String state(ArmResource stored, JsonNode peering, Optional<ArmResource> remote) {
        String made = peering.at("/properties/remoteGuid").asString("");
        if (remote.isEmpty()
                || !made.equals(Neighbours.text(remote.get(), "resourceGuid"))
                || isSevered(peering, remote.get())) {
            return "Disconnected";
        }
        Optional<JsonNode> back = back(remote.get(), stored.id());
        boolean both = back.filter(b -> !isSevered(b, stored)
                        && b.at("/properties/remoteGuid").asString("").equals(Neighbours.text(stored, "resourceGuid")))
                .isPresent();
        return both ? "Connected" : "Initiated";
    }

    /** The peering of {@code remote} that leads to {@code to}. */
    static Optional<JsonNode> back(ArmResource remote, ArmId to) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : remote.properties().path(LIST)) {
            if (remoteId(each).equalsIgnoreCase(to.toString())) {
                found.add(each);
            }
        }
        return found.stream().findFirst();
    }

    private static boolean isSevered(JsonNode peering, ArmResource left) {
        for (JsonNode guid : left.body().at("/memory/severed")) {
            if (guid.equals(peering.at("/properties/resourceGuid"))) {
                return true;
            }
        }
        return false;
    }

    private static void space(ObjectNode p, String name, ArmResource network) {
        JsonNode space = network.properties().path("addressSpace");
        p.set(name, space.deepCopy());
    }

    static String remoteId(JsonNode peering) {
        return peering.at("/properties/remoteVirtualNetwork/id").asString("");
    }

    private static boolean flag(JsonNode peering, String name) {
        return peering.path("properties").path(name).asBoolean(false);
    }

    private static String name(JsonNode peering) {
        return peering.path("name").asString("");
    }
}
