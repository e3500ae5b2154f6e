package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.Service;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Providers, all of which are registered from the first, and locations. */
final class ProviderRoutes {
    private static final String SUBSCRIPTION = "/subscriptions/{subscription}";
    private static final String READ = "Microsoft.Resources/subscriptions/providers/read";
    /** The newest that clients were seen to send; any is accepted. */
    private static final List<String> API_VERSIONS = List.of("2025-05-01", "2024-05-01", "2022-07-01", "2021-04-01");

    private final View view;
    private final Map<String, TreeSet<String>> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    ProviderRoutes(View view, Catalog catalog, List<Service> services) {
        this.view = view;
        catalog.types().forEach(t -> add(t.name(), t.children()));
        services.forEach(s -> add(s.name(), List.of()));
        add("Microsoft.Resources/subscriptions", List.of());
        add("Microsoft.Resources/resourceGroups", List.of());
        add("Microsoft.Authorization/roleAssignments", List.of());
        add("Microsoft.Authorization/roleDefinitions", List.of());
    }

    private void add(String type, List<ResourceType.Child> children) {
        int slash = type.indexOf('/');
        types.computeIfAbsent(type.substring(0, slash), n -> new TreeSet<>()).add(type.substring(slash + 1));
        children.forEach(c -> add(type + "/" + c.type(), c.children()));
    }

    List<Route> routes() {
        return List.of(
                Route.signedIn("GET", "/providers", this::list),
                Route.signedIn("GET", "/providers/{provider}", this::get),
                Route.signedIn("GET", SUBSCRIPTION + "/locations", this::locations),
                Route.signedIn("GET", SUBSCRIPTION + "/providers", this::list),
                Route.signedIn("GET", SUBSCRIPTION + "/providers/{provider}", this::get),
                Route.needs(READ, "POST", SUBSCRIPTION + "/providers/{provider}/register", this::get));
    }

    private Reply list(Call call) throws Refused {
        List<ObjectNode> all = new ArrayList<>();
        for (String namespace : types.keySet()) {
            all.add(provider(call, namespace));
        }
        return new Reply.Ok(Json.list(all));
    }

    private Reply get(Call call) throws Refused {
        return new Reply.Ok(provider(call, call.variable("provider")));
    }

    private ObjectNode provider(Call call, String namespace) throws Refused {
        String prefix = call.variables().containsKey("subscription")
                ? SubscriptionRoutes.find(view, call).id()
                : "";
        TreeSet<String> known = types.get(namespace);
        if (known == null) {
            throw new Refused(ArmError.of(
                    404,
                    "InvalidResourceNamespace",
                    "Sallyport has no provider '" + namespace + "'; it has " + String.join(", ", types.keySet())));
        }
        String spelled = types.keySet().stream()
                .filter(n -> n.equalsIgnoreCase(namespace))
                .findFirst()
                .orElse(namespace);
        ObjectNode out = Json.object();
        out.put("id", prefix + "/providers/" + spelled).put("namespace", spelled);
        out.put("registrationState", "Registered").put("registrationPolicy", "RegistrationFree");
        ArrayNode list = out.putArray("resourceTypes");
        for (String type : known) {
            ObjectNode shown = list.addObject().put("resourceType", type);
            shown.putArray("locations").add(Resources.LOCAL_LOCATION);
            ArrayNode versions = shown.putArray("apiVersions");
            API_VERSIONS.forEach(versions::add);
            shown.put("capabilities", "SupportsTags, SupportsLocation");
        }
        return out;
    }

    /** The location of this gateway, and every other that a group or resource of the subscription names. */
    private Reply locations(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(view, call);
        TreeSet<String> names = new TreeSet<>();
        names.add(Resources.LOCAL_LOCATION);
        view.groups(subscription.name()).forEach(g -> names.add(g.location()));
        List<ObjectNode> shown = new ArrayList<>();
        for (String name : names) {
            ObjectNode location = Json.object();
            location.put("id", subscription.id() + "/locations/" + name).put("name", name);
            location.put("type", "Region").put("displayName", name).put("regionalDisplayName", name);
            ObjectNode metadata = location.putObject("metadata");
            metadata.put("regionType", "Physical").put("regionCategory", "Recommended");
            metadata.put("geographyGroup", "Local").put("latitude", "0").put("longitude", "0");
            metadata.put("physicalLocation", "").putArray("pairedRegion");
            shown.add(location);
        }
        return new Reply.Ok(Json.list(shown));
    }
}
