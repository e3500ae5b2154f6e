package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing of every type of the catalog, of its children, and its operations. */
final class ResourceRoutes {
    private static final String IN_SUBSCRIPTION = "/subscriptions/{subscription}/providers/";
    private static final String IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/";

    private static final int PRECONDITION_FAILED = 412;
    private static final int ATTEMPTS = 5;

    private final Resources all;

    ResourceRoutes(Resources all) {
        this.all = all;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (ResourceType type : all.catalog().types()) {
            boolean isService = all.services().stream().anyMatch(s -> s.name().equalsIgnoreCase(type.name()));
            if (!isService) {
                ofType(type, routes);
            }
        }
        return routes;
    }

    private void ofType(ResourceType type, List<Route> routes) {
        String name = type.name();
        routes.add(Route.signedIn("GET", IN_SUBSCRIPTION + name, c -> list(type, c)));
        routes.add(Route.signedIn("GET", IN_GROUP + name, c -> list(type, c)));
        one(name, IN_GROUP + name + "/{name}", routes);
        routes.add(Route.needs(name + "/write", "PATCH", IN_GROUP + name + "/{name}", this::patch));
        children(name, IN_GROUP + name + "/{name}", type.children(), 1, routes);
        for (Operation operation : type.operations()) {
            routes.add(Route.needs(
                    action(name, operation),
                    operation.method(),
                    IN_GROUP + name + "/{name}/" + operation.pattern(),
                    c -> operate(operation, c)));
        }
    }

    private void children(
            String type, String pattern, List<ResourceType.Child> children, int depth, List<Route> routes) {
        for (ResourceType.Child child : children) {
            String name = type + "/" + child.type();
            String list = pattern + "/" + child.type();
            routes.add(Route.needs(name + "/read", "GET", list, this::listChildren));
            one(name, list + "/{child" + depth + "}", routes);
            children(name, list + "/{child" + depth + "}", child.children(), depth + 1, routes);
        }
    }

    private void one(String type, String pattern, List<Route> routes) {
        routes.add(Route.needs(type + "/read", "GET", pattern, this::get));
        routes.add(Route.needs(type + "/read", "HEAD", pattern, this::head));
        routes.add(Route.needs(type + "/write", "PUT", pattern, this::put));
        routes.add(Route.needs(type + "/delete", "DELETE", pattern, this::delete));
    }

    /** A GET that answers a key is an action, so that readers may not do it. */
    private static String action(String type, Operation operation) {
        String name = operation.pattern().toLowerCase(Locale.ROOT);
        boolean tellsSecret = name.contains("key") || name.contains("secret");
        String path = type + "/" + operation.pattern();
        return switch (operation.method()) {
            case "GET" -> path + (tellsSecret ? "/action" : "/read");
            case "PUT" -> path + "/write";
            default -> path + "/action";
        };
    }

    private Reply list(ResourceType type, Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(all.view(), call);
        String prefix = call.variables().containsKey("group") ? group(call).id() + "/" : subscription.id() + "/";
        return new Reply.Ok(Pages.of(
                call,
                all.view().ofType(type.name(), prefix),
                r -> all.rights().may(call.caller(), type.name() + "/read", r.id().toString())
                        ? all.show(r)
                        : Optional.empty()));
    }

    private Reply listChildren(Call call) throws Refused {
        group(call);
        ArmId any = id(call.path() + "/any");
        ArmId holder = new ArmId(
                any.subscription(),
                any.group(),
                any.provider(),
                any.segments().subList(0, any.segments().size() - 1));
        ObjectNode shown = show(holder).orElseThrow(() -> new Refused(Missing.noParent(holder)));
        ResourceType type = type(any);
        List<ResourceType.Child> types = Children.types(type, any).orElse(List.of());
        TreeMap<String, ObjectNode> children = new TreeMap<>();
        for (JsonNode child : shown.at(types.getLast().pointer())) {
            if (child instanceof ObjectNode object) {
                children.put(object.path("name").asString("").toLowerCase(Locale.ROOT), object);
            }
        }
        return new Reply.Ok(Pages.of(call, children, Optional::of));
    }

    private Reply get(Call call) throws Refused {
        return new Reply.Ok(shown(call));
    }

    private Reply head(Call call) throws Refused {
        shown(call);
        return new Reply.NoContent();
    }

    private ObjectNode shown(Call call) throws Refused {
        group(call);
        ArmId id = id(call.path());
        return show(id).orElseThrow(() -> new Refused(Missing.notFound(id)));
    }

    private Optional<ObjectNode> show(ArmId id) {
        return all.drafts().begin().show(id);
    }

    private Reply put(Call call) throws Refused {
        group(call);
        ArmId id = id(call.path());
        ObjectNode body = call.object(false);
        Complaints complaints = new Complaints();
        StoreDraft draft = all.drafts().begin();
        draft.expect(id, Condition.of(call.request()), complaints);
        complaints.refuseIfAny();
        boolean created = draft.put(id, body, complaints);
        complaints.refuseIfAny();
        draft.check(complaints);
        complaints.refuseIfAny();
        return commit(call, draft, id, created);
    }

    private Reply commit(Call call, StoreDraft draft, ArmId id, boolean created) throws Refused {
        long revision = all.drafts().commit(draft, call.caller().name());
        return new Reply.Follow(created, () -> show(id).orElseGet(Json::object), List.of(id.root()), revision);
    }

    /** Tags are all that Azure lets a PATCH change here. */
    private Reply patch(Call call) throws Refused {
        group(call);
        ArmId id = id(call.path());
        ObjectNode changes = call.object(false);
        Optional<String> other = changes.properties().stream()
                .map(java.util.Map.Entry::getKey)
                .filter(n -> !n.equals("tags"))
                .findFirst();
        if (other.isPresent()) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidRequestContent",
                    "a PATCH changes tags only; use PUT to change " + other.get(),
                    other.get()));
        }
        Complaints complaints = new Complaints();
        StoreDraft draft = all.drafts().begin();
        ArmResource before = draft.find(id).orElseThrow(() -> new Refused(Missing.notFound(id)));
        draft.expect(id, Condition.of(call.request()), complaints);
        Names.checkTags(changes, complaints);
        complaints.refuseIfAny();
        ObjectNode body = before.body().deepCopy();
        body.remove("tags");
        if (changes.has("tags")) {
            body.set("tags", changes.path("tags"));
        }
        draft.replace(new ArmResource(before.id(), body, before.secrets()), complaints);
        complaints.refuseIfAny();
        return commit(call, draft, before.id(), false);
    }

    private Reply delete(Call call) throws Refused {
        ArmId id = id(call.path());
        Complaints complaints = new Complaints();
        StoreDraft draft = all.drafts().begin();
        boolean existed = draft.show(id).isPresent();
        if (!existed) {
            return new Reply.Deleted(false, List.of(), 0);
        }
        draft.expect(id, Condition.of(call.request()), complaints);
        complaints.refuseIfAny();
        draft.delete(id, complaints);
        complaints.refuseIfAny();
        draft.check(complaints);
        complaints.refuseIfAny();
        boolean isProvisioned = type(id).isProvisioned();
        long revision = all.drafts().commit(draft, call.caller().name());
        if (id.isChild()) {
            return new Reply.Follow(false, Json::missing, List.of(id.root()), revision);
        }
        return new Reply.Deleted(true, isProvisioned ? List.of(id) : List.of(), revision);
    }

    private Reply operate(Operation operation, Call call) throws Refused {
        group(call);
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                return operateOnce(operation, call);
            } catch (Refused e) {
                if (e.error().status() != PRECONDITION_FAILED) {
                    throw e;
                }
            }
        }
        return operateOnce(operation, call);
    }

    /** Fails with 412 when the resource changed while the operation looked at it. */
    private Reply operateOnce(Operation operation, Call call) throws Refused {
        List<String> segments = call.segments();
        ArmId id = id("/" + String.join("/", segments.subList(0, 8)));
        StoreDraft draft = all.drafts().begin();
        ArmResource resource = draft.find(id).orElseThrow(() -> new Refused(Missing.notFound(id)));
        Operation.Outcome outcome = operation
                .run()
                .answer(new Operation.Call(resource, call.variables(), call.query(), call.json(), draft));
        return switch (outcome) {
            case Operation.Outcome.Answer answer -> new Reply.Ok(answer.body());
            case Operation.Outcome.Replace replace -> {
                Complaints complaints = new Complaints();
                draft.expect(id, new Condition(Optional.of(Etags.tag(resource.body())), Optional.empty()), complaints);
                draft.replace(replace.next(), complaints);
                complaints.refuseIfAny();
                if (!replace.next().body().equals(resource.body())) {
                    draft.check(complaints);
                    complaints.refuseIfAny();
                }
                long revision = all.drafts().commit(draft, call.caller().name());
                yield new Reply.Follow(false, replace::body, List.of(id), revision);
            }
            case Operation.Outcome.Command command -> new Reply.Order(resource.id(), command);
        };
    }

    private Container group(Call call) throws Refused {
        Container subscription = SubscriptionRoutes.find(all.view(), call);
        String group = call.variable("group");
        return all.view().group(subscription.name(), group).orElseThrow(() -> new Refused(Missing.noGroup(group)));
    }

    private ResourceType type(ArmId id) throws Refused {
        return all.catalog().find(id).orElseThrow(() -> new Refused(Missing.invalidType(id, all.catalog())));
    }

    private static ArmId id(String path) throws Refused {
        return ArmId.parse(path)
                .orElseThrow(
                        () -> new Refused(ArmError.of(400, "InvalidResourceId", "the path is no id of a resource")));
    }
}
