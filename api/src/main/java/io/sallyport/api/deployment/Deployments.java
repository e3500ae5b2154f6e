package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.Service;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Resources/deployments: all resources of a template are stored in one commit, or none. */
public final class Deployments implements Service {
    static final String TYPE = "Microsoft.Resources/deployments";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NAME = "[A-Za-z0-9_.()-]{1,64}";
    /** Of one group; the oldest go first. */
    private static final int KEPT_MAX = 200;

    private final Catalog catalog;

    /** Makes one that deploys the types of {@code catalog}. */
    public Deployments(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public String name() {
        return TYPE;
    }

    @Override
    public Reply answer(Asked asked) throws Refused {
        if (asked.group().isEmpty()) {
            if (asked.method().equals("GET") && asked.path().isEmpty()) {
                return new Reply.Ok(page());
            }
            throw new Refused(ArmError.of(
                    400, "NotSupported", "deployments to a whole subscription are not supported; deploy to a group"));
        }
        if (asked.path().isEmpty()) {
            return list(asked);
        }
        ArmId id = id(asked);
        List<String> path = asked.path();
        return path.size() == 1
                ? one(asked, id)
                : path.get(1).equalsIgnoreCase("operations") ? operations(asked, id) : action(asked, id);
    }

    private static ArmId id(Asked asked) throws Refused {
        String name = asked.path().getFirst();
        if (!name.matches(NAME)) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidDeploymentName",
                    "found a deployment name that is not allowed; allowed: 1 to 64 letters, digits, '-', '.', '_', '('"
                            + " and ')'",
                    "name"));
        }
        return new ArmId(
                asked.subscription(),
                asked.group().orElseThrow(),
                "Microsoft.Resources",
                List.of(new ArmId.Segment("deployments", name)));
    }

    private Reply list(Asked asked) throws Refused {
        if (!asked.method().equals("GET")) {
            throw wrongMethod(asked);
        }
        Draft world = asked.drafts().begin();
        ObjectNode out = page();
        ArrayNode value = out.withArray("value");
        for (ArmResource each : ofGroup(world, asked)) {
            world.show(each.id()).ifPresent(value::add);
        }
        return new Reply.Ok(out);
    }

    /** The deployments of a group, the newest first. */
    private static List<ArmResource> ofGroup(Draft world, Asked asked) {
        return world.ofType(TYPE).stream()
                .filter(d -> d.id().subscription().equalsIgnoreCase(asked.subscription())
                        && d.id().group().equalsIgnoreCase(asked.group().orElse("")))
                .sorted(Comparator.comparing(Deployments::timestamp).reversed())
                .toList();
    }

    private static String timestamp(ArmResource deployment) {
        return deployment.body().at("/properties/timestamp").asString("");
    }

    private Reply one(Asked asked, ArmId id) throws Refused {
        return switch (asked.method()) {
            case "GET" -> new Reply.Ok(shown(asked, id));
            case "HEAD" -> {
                shown(asked, id);
                yield new Reply.NoContent();
            }
            case "PUT" -> put(asked, id);
            case "DELETE" -> delete(asked, id);
            default -> throw wrongMethod(asked);
        };
    }

    private static ObjectNode shown(Asked asked, ArmId id) throws Refused {
        return asked.drafts().begin().show(id).orElseThrow(() -> missing(id));
    }

    private static ArmResource stored(Asked asked, ArmId id) throws Refused {
        return asked.drafts().begin().find(id).orElseThrow(() -> missing(id));
    }

    private static Refused missing(ArmId id) {
        return new Refused(ArmError.of(
                404, "DeploymentNotFound", "Deployment '" + id.name() + "' could not be found.", id.toString()));
    }

    private Deployment prepare(Asked asked, ArmId id, Draft draft) throws Refused {
        return Deployment.prepare(id, asked.body(), draft, asked.drafts().begin(), catalog);
    }

    private Reply put(Asked asked, ArmId id) throws Refused {
        Draft draft = asked.drafts().begin();
        Deployment deployment = prepare(asked, id, draft);
        boolean isNew = asked.drafts().begin().find(id).isEmpty();
        Complaints complaints = new Complaints();
        String timestamp = draft.now().toString();
        draft.put(id, deployment.record(UUID.randomUUID().toString(), timestamp), complaints);
        ofGroup(draft, asked).stream().skip(KEPT_MAX).forEach(old -> draft.delete(old.id(), complaints));
        complaints.refuseIfAny();
        List<ArmId> targets = deployment.deployer().written();
        long revision = asked.drafts().commit(draft, asked.who());
        return new Reply.Follow(
                isNew, () -> asked.drafts().begin().show(id).orElseGet(JSON::createObjectNode), targets, revision);
    }

    private static Reply delete(Asked asked, ArmId id) throws Refused {
        Draft draft = asked.drafts().begin();
        if (draft.find(id).isEmpty()) {
            return new Reply.Deleted(false, List.of(), 0);
        }
        Complaints complaints = new Complaints();
        draft.delete(id, complaints);
        complaints.refuseIfAny();
        return new Reply.Deleted(true, List.of(), asked.drafts().commit(draft, asked.who()));
    }

    private Reply operations(Asked asked, ArmId id) throws Refused {
        if (!asked.method().equals("GET")) {
            throw wrongMethod(asked);
        }
        ArmResource deployment = stored(asked, id);
        ObjectNode out = page();
        ArrayNode value = out.withArray("value");
        Draft world = asked.drafts().begin();
        for (JsonNode resource : deployment.properties().path("outputResources")) {
            value.add(
                    DeploymentAnswers.operation(deployment, resource.path("id").asString(""), world));
        }
        if (asked.path().size() == 2) {
            return new Reply.Ok(out);
        }
        for (JsonNode each : value) {
            if (each.path("operationId")
                    .asString("")
                    .equalsIgnoreCase(asked.path().get(2))) {
                return new Reply.Ok(each);
            }
        }
        throw missing(id);
    }

    private Reply action(Asked asked, ArmId id) throws Refused {
        if (!asked.method().equals("POST") || asked.path().size() > 2) {
            throw wrongMethod(asked);
        }
        return switch (asked.path().get(1).toLowerCase(java.util.Locale.ROOT)) {
            case "validate" -> {
                Draft draft = asked.drafts().begin();
                yield new Reply.Ok(DeploymentAnswers.validated(id, prepare(asked, id, draft), draft));
            }
            case "whatif" -> {
                Draft draft = asked.drafts().begin();
                Deployment deployment = prepare(asked, id, draft);
                yield new Reply.Ok(DeploymentAnswers.whatIf(
                        deployment, draft, asked.drafts().begin()));
            }
            case "exporttemplate" ->
                new Reply.Ok(JSON.createObjectNode().set("template", DeploymentType.template(stored(asked, id))));
            case "cancel" -> {
                stored(asked, id);
                throw new Refused(ArmError.of(
                        409,
                        "DeploymentCannotBeCancelled",
                        "the deployment '" + id.name() + "' was stored as a whole already and cannot be cancelled",
                        id.toString()));
            }
            default -> throw wrongMethod(asked);
        };
    }

    private static Refused wrongMethod(Asked asked) {
        String path = String.join("/", asked.path().stream().skip(1).toList());
        Optional<String> below = path.isEmpty() ? Optional.empty() : Optional.of(path);
        return new Refused(ArmError.of(
                405,
                "MethodNotAllowed",
                asked.method() + " is not allowed" + below.map(b -> " for " + b).orElse("") + " of a deployment"));
    }

    private static ObjectNode page() {
        ObjectNode out = JSON.createObjectNode();
        out.putArray("value");
        return out;
    }
}
