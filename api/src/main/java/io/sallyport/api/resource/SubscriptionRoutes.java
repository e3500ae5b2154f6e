package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Access;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Route;
import io.sallyport.store.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Tenants and subscriptions. Making a subscription with a PUT is Sallyport's own. */
final class SubscriptionRoutes {
    static final String READ = "Microsoft.Resources/subscriptions/read";
    private static final String WRITE = "Microsoft.Resources/subscriptions/write";
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int NAME_MAX = 64;

    private final View view;
    private final StoreDrafts drafts;
    private final Rights rights;
    private final Audit audit;

    SubscriptionRoutes(View view, StoreDrafts drafts, Rights rights, Audit audit) {
        this.view = view;
        this.drafts = drafts;
        this.rights = rights;
        this.audit = audit;
    }

    List<Route> routes() {
        return List.of(
                Route.signedIn("GET", "/tenants", call -> tenants()),
                Route.signedIn("GET", "/subscriptions", this::list),
                Route.signedIn("GET", "/subscriptions/{subscription}", this::get),
                new Route("PUT", "/subscriptions/{subscription}", new Access.NeedsEverywhere(WRITE), this::write));
    }

    private static Reply tenants() {
        ObjectNode tenant = Json.object();
        tenant.put("id", "/tenants/" + Resources.TENANT).put("tenantId", Resources.TENANT);
        tenant.put("displayName", "Sallyport").put("tenantCategory", "Home");
        return new Reply.Ok(Json.list(List.of(tenant)));
    }

    private Reply list(Call call) {
        List<ObjectNode> shown = new ArrayList<>();
        for (Container subscription : view.subscriptions()) {
            if (maySee(call.caller(), subscription)) {
                shown.add(subscription.body());
            }
        }
        return new Reply.Ok(Json.list(shown));
    }

    private Reply get(Call call) throws Refused {
        Container subscription = find(view, call);
        if (!maySee(call.caller(), subscription)) {
            StoreDrafts.demand(call.caller(), rights, READ, subscription.id());
        }
        return new Reply.Ok(subscription.body());
    }

    /** Whoever may read a group in it sees the subscription. */
    private boolean maySee(Caller caller, Container subscription) {
        return rights.may(caller, READ, subscription.id())
                || view.groups(subscription.name()).stream()
                        .anyMatch(g -> rights.may(caller, GroupRoutes.READ, g.id()));
    }

    private Reply write(Call call) throws Refused {
        String id = call.variable("subscription");
        if (!GUID.matcher(id).matches()) {
            throw new Refused(ArmError.of(
                    400, "InvalidSubscriptionId", "found '" + id + "'; the id of a subscription is a GUID"));
        }
        ObjectNode body = call.object(true);
        String name = body.path("displayName").asString(id);
        if (name.isBlank() || name.length() > NAME_MAX) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidRequestContent",
                    "displayName may have 1 to " + NAME_MAX + " characters",
                    "displayName"));
        }
        Optional<Container> before = view.subscription(id);
        List<Change> changes = new ArrayList<>();
        changes.add(put(before.map(Container::name).orElse(id.toLowerCase(Locale.ROOT)), name));
        changes.addAll(audit.entry(call.caller().name(), WRITE, "/subscriptions/" + id));
        drafts.commit(changes);
        audit.log(call.caller().name(), WRITE, "/subscriptions/" + id);
        ObjectNode shown = view.subscription(id).orElseThrow().body();
        return before.isPresent() ? new Reply.Ok(shown) : new Reply.Created(shown);
    }

    static Container find(View view, Call call) throws Refused {
        String subscription = call.variable("subscription");
        return view.subscription(subscription).orElseThrow(() -> new Refused(Missing.noSubscription(subscription)));
    }

    static Change put(String subscription, String displayName) {
        ObjectNode body = Json.object();
        body.put("id", "/subscriptions/" + subscription).put("subscriptionId", subscription);
        body.put("displayName", displayName).put("state", "Enabled").put("tenantId", Resources.TENANT);
        body.put("authorizationSource", "RoleBased");
        ObjectNode policies = body.putObject("subscriptionPolicies");
        policies.put("locationPlacementId", "Public_2014-09-01").put("quotaId", "Sallyport");
        policies.put("spendingLimit", "Off");
        return StoreDrafts.put("/subscriptions/" + subscription, Change.Expectation.ANY, body, Map.of());
    }
}
