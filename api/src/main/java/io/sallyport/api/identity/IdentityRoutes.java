package io.sallyport.api.identity;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Access;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import io.sallyport.store.Change;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Identities, managed by owners of the whole tenant. Sallyport's own: Azure has Microsoft Graph for it. */
final class IdentityRoutes {
    private static final String ALL = "/providers/Sallyport.Identity/identities";
    private static final String ONE = ALL + "/{name}";
    private static final String ACTION = "Sallyport.Identity/identities/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._-]{0,112}");
    private static final int PASSWORD_MIN = 12;
    private static final int PASSWORD_MAX = 256;
    private static final int DISPLAY_MAX = 256;

    private final Guard guard;

    IdentityRoutes(Guard guard) {
        this.guard = guard;
    }

    List<Route> routes() {
        return List.of(
                route("GET", ALL, "read", this::list),
                route("GET", ONE, "read", call -> new Reply.Ok(show(find(call)))),
                route("PUT", ONE, "write", this::write),
                route("DELETE", ONE, "delete", this::delete),
                route("POST", ONE + "/resetSecret", "write", this::reset),
                route("POST", ONE + "/revokeTokens", "write", this::revoke));
    }

    private static Route route(String method, String pattern, String right, Route.Handler handler) {
        return new Route(method, pattern, new Access.NeedsEverywhere(ACTION + right), handler);
    }

    private Reply list(Call call) {
        return new Reply.Ok(Json.list(
                guard.identities().all().stream().map(IdentityRoutes::show).toList()));
    }

    private Identity find(Call call) throws Refused {
        String name = call.variable("name");
        return guard.identities()
                .named(name)
                .orElseThrow(() ->
                        new Refused(ArmError.of(404, "ResourceNotFound", "there is no identity named '" + name + "'")));
    }

    private static ObjectNode show(Identity identity) {
        ObjectNode out = Json.object();
        out.put("id", Identities.path(identity)).put("name", identity.name());
        out.put("type", "Sallyport.Identity/identities");
        ObjectNode properties = out.putObject("properties");
        properties.put("kind", identity.kind().word()).put("displayName", identity.displayName());
        properties.put("objectId", identity.objectId()).put("clientId", identity.clientId());
        properties.put("created", identity.created().toString());
        return out;
    }

    private Reply write(Call call) throws Refused {
        String name = call.variable("name");
        JsonNode properties = call.object(false).path("properties");
        Optional<Identity> before = guard.identities().named(name);
        Optional<Identity.Kind> kind =
                Identity.Kind.of(properties.path("kind").asString("")).or(() -> before.map(Identity::kind));
        String display = properties
                .path("displayName")
                .asString(before.map(Identity::displayName).orElse(name));
        if (!NAME.matcher(name).matches()) {
            throw bad("name", "found '" + name + "'; allowed: up to 113 letters, digits, '@', '.', '_' and '-'");
        }
        if (kind.isEmpty()) {
            throw bad("properties.kind", "allowed: user, servicePrincipal");
        }
        if (display.length() > DISPLAY_MAX) {
            throw bad("properties.displayName", "it may have " + DISPLAY_MAX + " characters");
        }
        return before.isPresent()
                ? change(call, before.get(), kind.get(), display, properties)
                : create(call, name, kind.get(), display, properties);
    }

    private Reply create(Call call, String name, Identity.Kind kind, String display, JsonNode properties)
            throws Refused {
        boolean isUser = kind == Identity.Kind.USER;
        if (!isUser && !properties.path("password").isMissingNode()) {
            throw bad("properties.password", "a service principal's secret is made here and told once");
        }
        String password = isUser ? password(properties) : guard.passwords().random();
        Identity identity = guard.create(name, kind, display, password);
        guard.identities().save(call.caller().name(), identity, List.of());
        ObjectNode shown = show(identity);
        if (!isUser) {
            shown.withObject("/properties").put("secret", password);
        }
        return new Reply.Created(shown);
    }

    private Reply change(Call call, Identity before, Identity.Kind kind, String display, JsonNode properties)
            throws Refused {
        if (kind != before.kind()) {
            throw bad("properties.kind", "it is '" + before.kind().word() + "' and cannot change");
        }
        boolean isNew = !properties.path("password").isMissingNode();
        if (isNew && kind != Identity.Kind.USER) {
            throw bad("properties.password", "use resetSecret for a service principal");
        }
        Identity next = isNew ? renewed(before, display, password(properties)) : named(before, display);
        guard.identities().save(call.caller().name(), next, isNew ? endLogins(before) : List.of());
        return new Reply.Ok(show(next));
    }

    private static String password(JsonNode properties) throws Refused {
        String password = properties.path("password").asString("");
        if (password.length() < PASSWORD_MIN || password.length() > PASSWORD_MAX) {
            throw bad(
                    "properties.password",
                    "a user's password has " + PASSWORD_MIN + " to " + PASSWORD_MAX + " characters");
        }
        return password;
    }

    private Reply reset(Call call) throws Refused {
        Identity before = find(call);
        String secret = guard.passwords().random();
        guard.identities().save(call.caller().name(), renewed(before, before.displayName(), secret), endLogins(before));
        ObjectNode shown = show(before);
        shown.withObject("/properties").put("secret", secret);
        return new Reply.Ok(shown);
    }

    private Reply revoke(Call call) throws Refused {
        Identity before = find(call);
        Identity next = new Identity(
                before.name(),
                before.kind(),
                before.objectId(),
                before.clientId(),
                before.displayName(),
                before.created(),
                nextSecond(),
                before.hash());
        guard.identities().save(call.caller().name(), next, endLogins(before));
        return new Reply.NoContent();
    }

    private Reply delete(Call call) throws Refused {
        Optional<Identity> identity = guard.identities().named(call.variable("name"));
        if (identity.isEmpty()) {
            return new Reply.NoContent();
        }
        List<Roles.Assignment> held = guard.roles().all().stream()
                .filter(a -> a.principalId().equals(identity.get().objectId()))
                .toList();
        RoleRoutes.refuseWithoutOwner(guard.roles(), held);
        List<Change> also = new ArrayList<>(endLogins(identity.get()));
        held.forEach(a -> also.add(a.delete()));
        guard.identities().delete(call.caller().name(), identity.get(), also);
        held.forEach(guard.roles()::forget);
        return new Reply.Deleted(true, List.of(), 0);
    }

    private List<Change> endLogins(Identity identity) {
        return guard.refreshTokens().revoke(identity.objectId());
    }

    private Identity renewed(Identity before, String display, String password) throws Refused {
        Identity made = guard.create(before.name(), before.kind(), display, password);
        return new Identity(
                before.name(),
                before.kind(),
                before.objectId(),
                before.clientId(),
                display,
                before.created(),
                nextSecond(),
                made.hash());
    }

    private static Identity named(Identity before, String display) {
        return new Identity(
                before.name(),
                before.kind(),
                before.objectId(),
                before.clientId(),
                display,
                before.created(),
                before.tokensFrom(),
                before.hash());
    }

    /** Tokens tell the second in which they were issued: one of this very second must not outlive its end. */
    private java.time.Instant nextSecond() {
        return guard.clock().instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    private static Refused bad(String target, String message) {
        return new Refused(ArmError.of(400, "InvalidRequestContent", message, target));
    }
}
