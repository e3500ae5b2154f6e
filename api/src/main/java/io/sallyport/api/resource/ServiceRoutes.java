package io.sallyport.api.resource;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.Service;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests that a service answers by itself. */
final class ServiceRoutes {
    private static final Map<String, String> ACTIONS = Map.of(
            "GET", "/read", "HEAD", "/read", "PUT", "/write", "PATCH", "/write", "DELETE", "/delete", "POST",
            "/action");

    private final Resources all;

    ServiceRoutes(Resources all) {
        this.all = all;
    }

    /** Resource Manager's own provider. */
    private static final String OWN = "Microsoft.Resources/";

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Service service : all.services()) {
            for (String at :
                    List.of("/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}")) {
                String type = at + "/providers/" + service.name();
                ACTIONS.forEach((method, right) -> {
                    String action = service.name() + right;
                    routes.add(Route.needs(action, method, type + "/{*path}", c -> ask(service, c)));
                });
                routes.add(Route.needs(service.name() + "/read", "GET", type, c -> ask(service, c)));
                if (service.name().startsWith(OWN)) {
                    // az asks for a deployment's operations in this older way, without the provider's name.
                    String old = at + "/" + service.name().substring(OWN.length()) + "/{*path}";
                    routes.add(Route.needs(service.name() + "/read", "GET", old, c -> ask(service, c)));
                }
            }
        }
        return routes;
    }

    private Reply ask(Service service, Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(all.view(), call);
        Optional<String> group = Optional.ofNullable(call.variables().get("group"));
        if (group.isPresent()) {
            String wanted = group.get();
            group = Optional.of(all.view()
                    .group(subscription.name(), wanted)
                    .orElseThrow(() -> new Refused(Missing.noGroup(wanted)))
                    .name());
        }
        String rest = call.variables().getOrDefault("path", "");
        return service.answer(new Service.Asked(
                call.request().method(),
                subscription.name(),
                group,
                rest.isEmpty() ? List.of() : List.of(rest.split("/", -1)),
                call.query(),
                call.json(),
                call.caller().name(),
                all.draftsOf(call.caller())));
    }
}
