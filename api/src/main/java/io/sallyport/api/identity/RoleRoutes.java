package io.sallyport.api.identity;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Access;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import io.sallyport.store.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Authorization: the three roles, and who has which of them where. */
final class RoleRoutes {
    private static final String PROVIDER = "{scope}/providers/Microsoft.Authorization/";
    private static final String ASSIGNMENTS = "/" + PROVIDER + "roleAssignments";
    private static final String DEFINITIONS = "/" + PROVIDER + "roleDefinitions";
    private static final String ACTION = "Microsoft.Authorization/roleAssignments/";
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern ROLE_NAME = Pattern.compile("roleName\\s+eq\\s+'([^']*)'", Pattern.CASE_INSENSITIVE);
    private static final Pattern PRINCIPAL = Pattern.compile(
            "(?:principalId\\s+eq\\s+'([^']*)'|assignedTo\\(\\s*'([^']*)'\\s*\\))", Pattern.CASE_INSENSITIVE);

    private final Guard guard;

    RoleRoutes(Guard guard) {
        this.guard = guard;
    }

    List<Route> routes() {
        return List.of(
                Route.signedIn("GET", DEFINITIONS, this::definitions),
                Route.signedIn("GET", DEFINITIONS + "/{name}", this::definition),
                Route.signedIn("GET", ASSIGNMENTS, this::list),
                new Route("GET", ASSIGNMENTS + "/{name}", new Access.Needs(ACTION + "read"), this::get),
                new Route("PUT", ASSIGNMENTS + "/{name}", new Access.Needs(ACTION + "write"), this::put),
                new Route("DELETE", ASSIGNMENTS + "/{name}", new Access.Needs(ACTION + "delete"), this::delete));
    }

    private Reply definitions(Call call) {
        Matcher name = ROLE_NAME.matcher(call.query().getOrDefault("$filter", ""));
        Optional<String> wanted = name.find() ? Optional.of(name.group(1)) : Optional.empty();
        List<ObjectNode> shown = new ArrayList<>();
        for (Role role : Role.values()) {
            if (wanted.isEmpty() || wanted.get().equalsIgnoreCase(role.title())) {
                shown.add(show(role));
            }
        }
        return new Reply.Ok(Json.list(shown));
    }

    private Reply definition(Call call) throws Refused {
        String name = call.variable("name");
        return new Reply.Ok(show(Role.of(name)
                .orElseThrow(() -> new Refused(
                        ArmError.of(404, "RoleDefinitionDoesNotExist", "there is no role '" + name + "'")))));
    }

    private static String id(Role role) {
        return "/providers/Microsoft.Authorization/roleDefinitions/" + role.guid();
    }

    private static ObjectNode show(Role role) {
        ObjectNode out = Json.object();
        out.put("id", id(role)).put("name", role.guid()).put("type", "Microsoft.Authorization/roleDefinitions");
        ObjectNode properties = out.putObject("properties");
        properties.put("roleName", role.title()).put("type", "BuiltInRole").put("description", role.description());
        properties.putArray("assignableScopes").add("/");
        ObjectNode permissions = properties.putArray("permissions").addObject();
        ArrayNode actions = permissions.putArray("actions");
        role.actions().forEach(actions::add);
        ArrayNode not = permissions.putArray("notActions");
        role.notActions().forEach(not::add);
        permissions.putArray("dataActions");
        permissions.putArray("notDataActions");
        return out;
    }

    private static String scope(Call call) {
        return call.variable("scope");
    }

    /** Those that hold at the scope, and those below it unless {@code atScope()} is asked for. */
    private Reply list(Call call) {
        String filter = call.query().getOrDefault("$filter", "");
        Matcher principal = PRINCIPAL.matcher(filter);
        Optional<String> wanted = principal.find()
                ? Optional.of(principal.group(1) == null ? principal.group(2) : principal.group(1))
                : Optional.empty();
        List<ObjectNode> shown = new ArrayList<>();
        for (Roles.Assignment assignment : guard.roles().all()) {
            boolean holds = Roles.covers(assignment.scope(), scope(call));
            boolean isBelow = !filter.contains("atScope()") && Roles.covers(scope(call), assignment.scope());
            boolean isWanted = wanted.isEmpty() || wanted.get().equalsIgnoreCase(assignment.principalId());
            if ((holds || isBelow)
                    && isWanted
                    && guard.rights().may(call.caller(), ACTION + "read", assignment.scope())) {
                shown.add(show(assignment));
            }
        }
        return new Reply.Ok(Json.list(shown));
    }

    private static ObjectNode show(Roles.Assignment assignment) {
        String at = assignment.scope().equals("/") ? "" : assignment.scope();
        ObjectNode out = Json.object();
        out.put("id", at + "/providers/Microsoft.Authorization/roleAssignments/" + assignment.name());
        out.put("name", assignment.name()).put("type", "Microsoft.Authorization/roleAssignments");
        ObjectNode properties = out.putObject("properties");
        properties.put("scope", assignment.scope()).put("roleDefinitionId", id(assignment.role()));
        properties.put("principalId", assignment.principalId()).put("principalType", assignment.principalType());
        properties.put("createdOn", assignment.created().toString()).put("createdBy", assignment.by());
        return out;
    }

    private Optional<Roles.Assignment> find(Call call) {
        return guard.roles().named(call.variable("name")).filter(a -> a.scope().equalsIgnoreCase(scope(call)));
    }

    private Reply get(Call call) throws Refused {
        return new Reply.Ok(show(find(call)
                .orElseThrow(() -> new Refused(ArmError.of(
                        404,
                        "RoleAssignmentNotFound",
                        "there is no role assignment '" + call.variable("name") + "' at this scope")))));
    }

    private Reply put(Call call) throws Refused {
        String name = call.variable("name");
        if (!GUID.matcher(name).matches()) {
            throw new Refused(ArmError.of(
                    400, "InvalidRoleAssignmentId", "found '" + name + "'; the name of a role assignment is a GUID"));
        }
        JsonNode properties = call.object(false).path("properties");
        String wanted = properties.path("roleDefinitionId").asString("");
        Role role = Role.of(wanted)
                .orElseThrow(() -> new Refused(ArmError.of(
                        400,
                        "RoleDefinitionDoesNotExist",
                        "found '" + wanted + "'; the roles are Owner, Contributor and Reader",
                        "properties.roleDefinitionId")));
        String principal = properties.path("principalId").asString("");
        Identity identity = guard.identities()
                .object(principal)
                .orElseThrow(() -> new Refused(ArmError.of(
                        400,
                        "PrincipalNotFound",
                        "no identity has the object id '" + principal + "'",
                        "properties.principalId")));
        Roles.Assignment assignment = new Roles.Assignment(
                name,
                scope(call),
                role,
                identity.objectId(),
                identity.kind().principalType(),
                guard.clock().instant(),
                call.caller().name());
        refuseSecond(assignment);
        save(call, ACTION + "write", assignment, assignment.put());
        guard.roles().settle(assignment);
        return new Reply.Created(show(assignment));
    }

    private void refuseSecond(Roles.Assignment wanted) throws Refused {
        for (Roles.Assignment other : guard.roles().all()) {
            boolean sameName = other.name().equalsIgnoreCase(wanted.name());
            boolean sameMeaning = other.scope().equalsIgnoreCase(wanted.scope())
                    && other.role() == wanted.role()
                    && other.principalId().equals(wanted.principalId());
            if (sameName && !sameMeaning) {
                throw new Refused(ArmError.of(
                        409,
                        "RoleAssignmentUpdateNotPermitted",
                        "a role assignment cannot change its scope, role or principal; delete it and make another"));
            }
            if (sameMeaning && !sameName) {
                throw new Refused(
                        ArmError.of(409, "RoleAssignmentExists", "the principal has this role at this scope already"));
            }
        }
    }

    private Reply delete(Call call) throws Refused {
        Optional<Roles.Assignment> found = find(call);
        if (found.isEmpty()) {
            return new Reply.NoContent();
        }
        refuseWithoutOwner(guard.roles(), List.of(found.get()));
        save(call, ACTION + "delete", found.get(), found.get().delete());
        guard.roles().forget(found.get());
        return new Reply.Ok(show(found.get()));
    }

    /** Refuses to take away the last owner of everything. */
    static void refuseWithoutOwner(Roles roles, List<Roles.Assignment> doomed) throws Refused {
        boolean takes = doomed.stream().anyMatch(RoleRoutes::ownsAll);
        boolean leaves = roles.all().stream().anyMatch(a -> ownsAll(a) && !doomed.contains(a));
        if (takes && !leaves) {
            throw new Refused(ArmError.of(
                    409, "LastOwner", "this is the last owner of everything; make another identity owner of / first"));
        }
    }

    private static boolean ownsAll(Roles.Assignment assignment) {
        return assignment.role() == Role.OWNER && assignment.scope().equals("/");
    }

    private void save(Call call, String action, Roles.Assignment assignment, Change change) throws Refused {
        guard.identities()
                .commit(
                        call.caller().name(),
                        action,
                        show(assignment).path("id").asString(""),
                        List.of(change));
    }
}
