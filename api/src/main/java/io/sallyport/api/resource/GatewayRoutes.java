package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.World;
import io.sallyport.api.web.Access;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Sallyport tells beyond Azure: why a tunnel is down, all connections at a glance, machines, captures. */
final class GatewayRoutes {
    private static final String IN_GROUP =
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/";
    private static final String CONNECTIONS = "Microsoft.Network/connections";
    private static final String GATEWAYS = "Microsoft.Network/virtualNetworkGateways";
    private static final int ID_SEGMENTS = 8;

    private final Resources all;

    GatewayRoutes(Resources all) {
        this.all = all;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.signedIn(
                        "GET",
                        "/subscriptions/{subscription}/providers/Sallyport.Gateway/connections",
                        this::connections),
                new Route(
                        "GET",
                        "/providers/Sallyport.Gateway/nodes",
                        new Access.NeedsEverywhere("Sallyport.Gateway/nodes/read"),
                        call -> new Reply.Ok(Json.list(all.view().nodes()))),
                Route.needs(
                        CONNECTIONS + "/rekey/action",
                        "POST",
                        IN_GROUP + "connections/{name}/rekey",
                        call -> order(call, "rekey"))));
        for (String type : List.of(CONNECTIONS, GATEWAYS)) {
            String resource = "/subscriptions/{subscription}/resourceGroups/{group}/providers/" + type + "/{name}";
            // A gateway is asked about its clients.
            routes.add(Route.needs(type + "/why/action", "POST", resource + "/why", call -> order(call, "why")));
            String at = resource + "/captures";
            routes.add(Route.needs(type + "/captures/action", "GET", at, this::captures));
            routes.add(Route.needs(type + "/captures/action", "GET", at + "/{capture}", this::capture));
        }
        return routes;
    }

    private Reply connections(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(all.view(), call);
        TreeMap<String, ArmResource> sorted = new TreeMap<>(all.view().ofType(CONNECTIONS, subscription.id() + "/"));
        return new Reply.Ok(Pages.of(
                call,
                sorted,
                c -> all.rights().may(call.caller(), CONNECTIONS + "/read", c.id().toString())
                        ? Optional.of(glance(c))
                        : Optional.empty()));
    }

    private ObjectNode glance(ArmResource connection) {
        ObjectNode out = Json.object();
        out.put("id", connection.id().toString()).put("name", connection.id().name());
        JsonNode said =
                all.view().status(connection.id()).map(s -> s.path("sallyport")).orElseGet(Json::object);
        said.properties().forEach(p -> out.set(p.getKey(), p.getValue()));
        out.put("id", connection.id().toString());
        if (!out.has("state")) {
            out.put("state", "NotConnected");
        }
        World.Provision provision = all.drafts().world().provision(connection);
        switch (provision) {
            case World.Provision.Failed failed -> {
                out.put("provisioningState", "Failed").put("code", failed.code());
                out.put("error", failed.message());
            }
            case World.Provision.Updating updating -> out.put("provisioningState", "Updating");
            case World.Provision.Succeeded succeeded -> out.put("provisioningState", "Succeeded");
        }
        all.view()
                .provision(connection.id())
                .filter(p -> p.path("notes").isArray() && !p.path("notes").isEmpty())
                .ifPresent(p -> out.set("notes", p.path("notes")));
        return out;
    }

    private ArmResource find(Call call) throws Refused {
        SubscriptionRoutes.find(all.view(), call);
        String path = "/" + String.join("/", call.segments().subList(0, ID_SEGMENTS));
        ArmId id = ArmId.parse(path).orElseThrow();
        return all.view().resource(id).orElseThrow(() -> new Refused(Missing.notFound(id)));
    }

    private Reply order(Call call, String verb) throws Refused {
        ObjectNode arguments = call.object(true);
        return new Reply.Order(find(call).id(), new Operation.Outcome.Command(verb, arguments, result -> result));
    }

    private Reply captures(Call call) throws Refused {
        return new Reply.Ok(Json.list(all.captures().list(find(call).id())));
    }

    private Reply capture(Call call) throws Refused {
        String name = call.variable("capture");
        return new Reply.File(
                all.captures().find(find(call).id(), name),
                Map.of(
                        "Content-Type",
                        "application/x-pcapng",
                        "Content-Disposition",
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\""));
    }
}
