package io.sallyport.api.network;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.network.schema.References;
import io.sallyport.api.network.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What may not go because something still points to it. */
final class InUse {
    private static final References REFERENCES = new References(Schema.network());
    private static final int NAMED_MAX = 5;

    private final Neighbours neighbours;

    InUse(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    /** Complains when another resource points to the doomed one or to a part of it. */
    void checkDelete(ArmResource doomed, Complaints complaints) {
        refuse(doomed.id(), List.of(doomed.id()), complaints, true);
    }

    /** Complains when an element is left out that another resource points to. */
    void checkElements(ArmResource before, ArmResource wanted, Complaints complaints) {
        TreeSet<String> kept = new TreeSet<>();
        elements(wanted.body()).forEach(id -> kept.add(id.key()));
        List<ArmId> gone = elements(before.body()).stream()
                .filter(id -> !kept.contains(id.key()))
                .toList();
        if (!gone.isEmpty()) {
            refuse(before.id(), gone, complaints, false);
        }
    }

    private void refuse(ArmId from, List<ArmId> gone, Complaints complaints, boolean whole) {
        for (ArmId each : gone) {
            List<String> users = users(from, each, whole);
            if (!users.isEmpty()) {
                String named = String.join(", ", users.subList(0, Math.min(NAMED_MAX, users.size())));
                String more = users.size() > NAMED_MAX ? " and " + (users.size() - NAMED_MAX) + " more" : "";
                complaints.add(ArmError.of(
                        400,
                        code(each),
                        each + " cannot be deleted: it is in use by " + named + more + "; delete or change that first",
                        each.toString()));
            }
        }
    }

    /** Who points to {@code target} or below it, other than {@code from} itself. */
    private List<String> users(ArmId from, ArmId target, boolean whole) {
        String key = target.key();
        List<String> out = new ArrayList<>();
        for (String type : REFERENCES.sources(target.segments().getFirst().type())) {
            for (ArmResource each : neighbours.pointing(type, target)) {
                if (each.id().matches(from)) {
                    continue;
                }
                for (References.Reference reference : REFERENCES.of(each)) {
                    String to = reference.target().key();
                    // A peering outlives the VNet at its other end; it shows itself as disconnected then.
                    boolean holds = !reference.path().endsWith(".remoteVirtualNetwork");
                    if (holds && (to.equals(key) || whole && to.startsWith(key + "/"))) {
                        out.add(reference.owner().toString());
                    }
                }
            }
        }
        return out.stream().distinct().toList();
    }

    private static String code(ArmId id) {
        String type = id.segments().getLast().type();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "publicipaddresses" -> "PublicIPAddressCannotBeDeleted";
            case "virtualnetworks", "subnets" -> "InUseSubnetCannotBeDeleted";
            case "localnetworkgateways" -> "InUseLocalNetworkGatewayCannotBeDeleted";
            case "virtualnetworkgateways" -> "CannotDeleteGatewayWithConnections";
            case "routetables" -> "InUseRouteTableCannotBeDeleted";
            case "networksecuritygroups" -> "InUseNetworkSecurityGroupCannotBeDeleted";
            case "natrules" -> "InUseNatRuleCannotBeDeleted";
            case "expressroutecircuits" -> "CircuitInUse";
            default -> "ResourceInUse";
        };
    }

    /** The ids of all elements that have one. */
    private static List<ArmId> elements(JsonNode body) {
        List<ArmId> out = new ArrayList<>();
        for (var field : body.path("properties").properties()) {
            collect(field.getValue(), out);
        }
        return out;
    }

    private static void collect(JsonNode value, List<ArmId> out) {
        if (value.isArray()) {
            for (JsonNode item : value) {
                if (item.has("name") && item.has("id")) {
                    ArmId.parse(item.path("id").asString("")).ifPresent(out::add);
                    elements(item).forEach(out::add);
                }
            }
        }
    }
}
