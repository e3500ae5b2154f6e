package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import io.sallyport.store.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Resource groups, and what is in them whatever its type. */
final class GroupRoutes {
    static final String READ = "Microsoft.Resources/subscriptions/resourceGroups/read";
    private static final String WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write";
    private static final String DELETE = "Microsoft.Resources/subscriptions/resourceGroups/delete";
    private static final String ALL = "/subscriptions/{subscription}/resourceGroups";
    private static final String ONE = ALL + "/{group}";
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nd}_.()-]{0,89}[\\p{L}\\p{Nd}_()-]");

    private final Resources all;
    private final View view;

    GroupRoutes(Resources all) {
        this.all = all;
        this.view = all.view();
    }

    List<Route> routes() {
        return List.of(
                Route.signedIn("GET", ALL, this::list),
                Route.needs(READ, "GET", ONE, call -> new Reply.Ok(find(call).body())),
                Route.needs(READ, "HEAD", ONE, this::head),
                Route.needs(WRITE, "PUT", ONE, this::write),
                Route.needs(WRITE, "PATCH", ONE, this::patch),
                Route.needs(DELETE, "DELETE", ONE, this::delete),
                Route.signedIn("GET", ONE + "/resources", this::resources),
                Route.signedIn("GET", "/subscriptions/{subscription}/resources", this::resources));
    }

    private Container find(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(view, call);
        String group = call.variable("group");
        return view.group(subscription.name(), group).orElseThrow(() -> new Refused(Missing.noGroup(group)));
    }

    private Reply list(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(view, call);
        TreeMap<String, Container> groups = new TreeMap<>();
        view.groups(subscription.name()).forEach(g -> groups.put(g.id(), g));
        Optional<Filter> filter = Filter.of(call);
        return new Reply.Ok(Pages.of(
                call,
                groups,
                g -> Optional.of(g.body())
                        .filter(b -> all.rights().may(call.caller(), READ, g.id()))
                        .filter(b -> filter.isEmpty() || filter.get().matches(b))));
    }

    private Reply head(Call call) throws Refused {
        find(call);
        return new Reply.NoContent();
    }

    private Reply write(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(view, call);
        String name = call.variable("group");
        if (!NAME.matcher(name).matches()) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidResourceGroup",
                    "found '" + name + "'; allowed: up to 90 letters, digits, '_', '-', '.', '(' and ')', not ending"
                            + " with '.'",
                    "name"));
        }
        Optional<Container> before = view.group(subscription.name(), name);
        ObjectNode body = call.object(false);
        Optional<String> location = Names.location(body.path("location"));
        if (location.isEmpty()) {
            throw new Refused(ArmError.of(
                    400, "LocationRequired", "a resource group needs a location, such as 'local'", "location"));
        }
        if (before.isPresent() && !before.get().location().equals(location.get())) {
            throw new Refused(ArmError.of(
                    409,
                    "InvalidResourceGroupLocation",
                    "the group is in '" + before.get().location() + "' and cannot move to '" + location.get() + "'",
                    "location"));
        }
        body.put("location", location.get());
        return store(call, subscription.id() + "/resourceGroups/" + name, body, before);
    }

    private Reply patch(Call call) throws Refused {
        Container before = find(call);
        ObjectNode body = before.body().deepCopy();
        ObjectNode changes = call.object(false);
        if (changes.has("tags")) {
            body.set("tags", changes.path("tags"));
        }
        return store(call, before.id(), body, Optional.of(before));
    }

    private Reply store(Call call, String id, ObjectNode body, Optional<Container> before) throws Refused {
        Complaints complaints = new Complaints();
        Names.checkTags(body, complaints);
        complaints.refuseIfAny();
        String spelled = before.map(Container::id).orElse(id);
        List<Change> changes = new ArrayList<>();
        changes.add(put(
                spelled,
                body,
                before.<Change.Expectation>map(b -> new Change.Expectation.Revision(b.revision()))
                        .orElse(Change.Expectation.ABSENT)));
        changes.addAll(all.audit().entry(call.caller().name(), WRITE, spelled));
        all.drafts().commit(changes);
        all.audit().log(call.caller().name(), WRITE, spelled);
        ObjectNode shown = find(call).body();
        return before.isPresent() ? new Reply.Ok(shown) : new Reply.Created(shown);
    }

    static Change put(String id, ObjectNode body, Change.Expectation expectation) {
        ObjectNode stored = Json.object();
        stored.put("id", id).put("name", id.substring(id.lastIndexOf('/') + 1));
        stored.put("type", "Microsoft.Resources/resourceGroups");
        stored.put("location", body.path("location").asString(Resources.LOCAL_LOCATION));
        if (body.path("tags").isObject()) {
            stored.set("tags", body.path("tags"));
        }
        if (body.path("managedBy").isString()) {
            stored.set("managedBy", body.path("managedBy"));
        }
        stored.putObject("properties").put("provisioningState", "Succeeded");
        return StoreDrafts.put(id, expectation, stored, Map.of());
    }

    private Reply delete(Call call) throws Refused {
        Optional<Container> group = view.subscription(call.variable("subscription"))
                .flatMap(s -> view.group(s.name(), call.variable("group")));
        if (group.isEmpty()) {
            return new Reply.Deleted(false, List.of(), 0);
        }
        Complaints complaints = new Complaints();
        StoreDraft draft = all.drafts().begin();
        draft.deleteGroup(group.get(), complaints);
        complaints.refuseIfAny();
        List<ArmId> provisioned = draft.written().stream()
                .filter(id ->
                        all.catalog().find(id).filter(t -> t.isProvisioned()).isPresent())
                .toList();
        long revision = all.drafts().commit(draft, call.caller().name());
        return new Reply.Deleted(true, provisioned, revision);
    }

    private Reply resources(Call call) throws Refused {
        String prefix = call.variables().containsKey("group")
                ? find(call).id() + "/"
                : SubscriptionRoutes.find(view, call).id() + "/";
        Optional<Filter> filter = Filter.of(call);
        return new Reply.Ok(Pages.of(
                call,
                view.resources(prefix),
                r -> Optional.of(Filter.summary(r.body()))
                        .filter(b -> all.rights().may(call.caller(), r.id().type() + "/read", r.id().toString()))
                        .filter(b -> filter.isEmpty() || filter.get().matches(b))));
    }
}
