package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.World;
import io.sallyport.api.deployment.expression.TemplateFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Puts the resources of one template into a draft, each after what it depends on. */
final class Deployer {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int DEPTH_MAX = 5;
    private static final String UNKNOWN = ": unknown property";
    /** What stands in a template's resource for the template's sake. */
    private static final List<String> OURS = List.of(
            "type",
            "name",
            "apiVersion",
            "dependsOn",
            "condition",
            "copy",
            "comments",
            "resources",
            "resourceGroup",
            "existing",
            "metadata");

    /** What others need comes first, when nothing else is said. */
    private static final List<String> RANKS = List.of(
            "networksecuritygroups",
            "routetables",
            "publicipprefixes",
            "publicipaddresses",
            "virtualnetworks",
            "expressroutecircuits",
            "localnetworkgateways",
            "virtualnetworkgateways",
            "connections");

    private final Draft draft;
    private final World before;
    private final Catalog catalog;
    private final boolean strict;
    private final int depth;
    private final SortedMap<String, ObjectNode> deployments = new TreeMap<>();
    private final List<ArmError> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<ArmId> put = new ArrayList<>();
    private final TreeSet<String> done = new TreeSet<>();
    private final TreeSet<String> running = new TreeSet<>();
    private List<TemplateResource> resources = List.of();

    /**
     * Makes one.
     *
     * @param before what was stored before the draft
     * @param strict whether an unknown property is a mistake
     */
    Deployer(Draft draft, World before, Catalog catalog, boolean strict) {
        this(draft, before, catalog, strict, 0);
    }

    private Deployer(Draft draft, World before, Catalog catalog, boolean strict, int depth) {
        this.depth = depth;
        this.draft = draft;
        this.before = before;
        this.catalog = catalog;
        this.strict = strict;
    }

    void deploy(List<TemplateResource> all, Workspace workspace) {
        resources = all.stream().sorted(Comparator.comparingInt(Deployer::rank)).toList();
        for (TemplateResource each : resources) {
            deploy(each, workspace);
        }
    }

    private static int rank(TemplateResource resource) {
        int at = RANKS.indexOf(resource.id().segments().getFirst().type().toLowerCase(Locale.ROOT));
        return at < 0 ? RANKS.size() : at;
    }

    private void deploy(TemplateResource resource, Workspace workspace) {
        String key = resource.id().key();
        if (done.contains(key) || resource.existing()) {
            return;
        }
        if (!running.add(key)) {
            throw new TemplateFault("the resource " + resource.id() + " depends on itself");
        }
        if (resource.wanted()) {
            try {
                dependencies(resource, workspace);
                write(resource, workspace);
            } catch (TemplateFault e) {
                throw e.at(resource.id().toString());
            }
        }
        running.remove(key);
        done.add(key);
    }

    private void dependencies(TemplateResource resource, Workspace workspace) {
        if (resource.id().isChild()) {
            for (TemplateResource other : resources) {
                if (other.id().matches(resource.id().root())) {
                    deploy(other, workspace);
                }
            }
        }
        for (JsonNode written : resource.written().path("dependsOn")) {
            JsonNode value = workspace.within(resource.rounds(), () -> workspace.value(written));
            String text = value.asString("");
            List<TemplateResource> meant =
                    resources.stream().filter(r -> r.isMeant(text)).toList();
            if (meant.isEmpty()) {
                throw new TemplateFault("dependsOn names '" + text + "', which the template does not define");
            }
            for (TemplateResource each : meant) {
                if (!each.id().matches(resource.id())) {
                    deploy(each, workspace);
                }
            }
        }
    }

    private void write(TemplateResource resource, Workspace workspace) {
        if (resource.id().type().equalsIgnoreCase(Deployments.TYPE)) {
            nested(resource, workspace);
            return;
        }
        ObjectNode own = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : resource.written().properties()) {
            if (OURS.stream().noneMatch(field.getKey()::equalsIgnoreCase)) {
                own.set(field.getKey(), field.getValue());
            }
        }
        ObjectNode body = (ObjectNode) workspace.within(resource.rounds(), () -> workspace.value(own));
        Complaints complaints = new Complaints();
        draft.put(resource.id(), body, complaints);
        put.add(resource.id());
        collect(resource.id(), complaints);
    }

    /** A deployment inside this one: its resources become part of this one, its outputs can be referred to. */
    private void nested(TemplateResource resource, Workspace outer) {
        if (depth >= DEPTH_MAX) {
            throw new TemplateFault("found deployments nested more than " + DEPTH_MAX + " deep");
        }
        JsonNode p = resource.written().path("properties");
        String scope = p.at("/expressionEvaluationOptions/scope").asString("outer");
        if (!scope.equalsIgnoreCase("inner")) {
            throw new TemplateFault(
                    "NotSupported",
                    "a deployment inside a deployment whose expressions have the scope '" + scope
                            + "' is not supported; allowed: expressionEvaluationOptions.scope inner");
        }
        JsonNode given = outer.within(resource.rounds(), () -> outer.value(p.path("parameters")));
        Deployer below = new Deployer(draft, before, catalog, strict, depth + 1);
        ObjectNode properties = Deployment.work(resource.id(), p, given, below, before);
        errors.addAll(below.errors);
        warnings.addAll(below.warnings);
        put.addAll(below.put);
        ObjectNode shown = JSON.createObjectNode();
        shown.put("id", resource.id().toString()).put("name", resource.id().name());
        shown.set("properties", properties);
        deployments.put(resource.id().key(), shown);
    }

    /** A resource that an expression refers to: of the template, put first if need be, or one that exists. */
    ObjectNode find(String text, Workspace workspace) {
        List<TemplateResource> meant = resources.stream()
                .filter(r -> r.isMeant(text) && (r.wanted() || r.existing()))
                .toList();
        if (meant.size() > 1) {
            throw new TemplateFault("reference('" + text + "') means " + meant.size()
                    + " resources of the template; allowed: the id of one of them");
        }
        Optional<ArmId> id = meant.isEmpty()
                ? ArmId.parse(text)
                : Optional.of(meant.getFirst().id());
        if (!meant.isEmpty()) {
            deploy(meant.getFirst(), workspace);
        }
        ObjectNode inner = id.map(i -> deployments.get(i.key())).orElse(null);
        if (inner != null) {
            return inner;
        }
        ObjectNode shown = id.flatMap(draft::show)
                .orElseThrow(() -> new TemplateFault(
                        "ResourceNotFound", "reference('" + text + "') means no resource that there is"));
        // What is read here is read again only when all of it has succeeded.
        settle(shown);
        return shown;
    }

    private static void settle(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("provisioningState").asString("").equals("Updating")) {
            object.put("provisioningState", "Succeeded");
        }
        node.forEach(Deployer::settle);
    }

    /** Checks everything that was put against everything else. */
    void check() {
        if (!errors.isEmpty()) {
            // What is missing only because it was refused itself would be said a second time.
            return;
        }
        TreeSet<String> checked = new TreeSet<>();
        for (ArmId id : put) {
            Optional<ArmResource> wanted = draft.find(id.root());
            if (checked.add(id.root().key()) && wanted.isPresent()) {
                Complaints complaints = new Complaints();
                catalog.find(id).ifPresent(t -> t.check(wanted.get(), before.find(id.root()), draft, complaints));
                collect(id.root(), complaints);
            }
        }
    }

    private void collect(ArmId id, Complaints complaints) {
        for (ArmError error : complaints.all()) {
            String prefix = error.target() + ": ";
            String message =
                    error.message().startsWith(prefix) ? error.message().substring(prefix.length()) : error.message();
            error(new ArmError(error.status(), error.code(), message, id + "#" + error.target(), List.of()));
        }
        for (String warning : complaints.warnings()) {
            int at = warning.indexOf(UNKNOWN);
            if (strict && at >= 0) {
                error(ArmError.of(
                        400, "UnknownProperty", warning.substring(at + 2), id + "#" + warning.substring(0, at)));
            } else {
                String line = brief(id) + ": " + warning;
                if (!warnings.contains(line)) {
                    warnings.add(line);
                }
            }
        }
    }

    private void error(ArmError error) {
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }

    private static String brief(ArmId id) {
        StringBuilder out = new StringBuilder();
        id.segments()
                .forEach(s -> out.append(out.isEmpty() ? "" : "/")
                        .append(s.type())
                        .append('/')
                        .append(s.name()));
        return out.toString();
    }

    List<ArmError> errors() {
        return List.copyOf(errors);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What was put, spelled as it is stored. */
    List<ArmId> written() {
        return List.copyOf(put);
    }

    /** Those of it that are new or differ from before. */
    List<ArmId> changed() {
        return put.stream().filter(this::isChanged).toList();
    }

    private boolean isChanged(ArmId id) {
        Optional<ArmResource> old = before.find(id.root());
        Optional<ArmResource> now = draft.find(id.root());
        return old.isEmpty()
                || now.isEmpty()
                || !old.get().body().equals(now.get().body())
                || !old.get().secrets().equals(now.get().secrets());
    }

    /** Whether a resource was there before. */
    boolean isNew(ArmId id) {
        return before.find(id.root()).isEmpty();
    }
}
