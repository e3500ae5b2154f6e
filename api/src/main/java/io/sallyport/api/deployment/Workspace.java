package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.deployment.expression.Evaluator;
import io.sallyport.api.deployment.expression.TemplateFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the expressions of one deployment can look at. */
final class Workspace implements Evaluator.Context {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TENANT = "11111111-1111-1111-1111-111111111111";
    private static final List<String> NAMES = List.of(
            "parameters",
            "variables",
            "copyIndex",
            "resourceId",
            "subscriptionResourceId",
            "tenantResourceId",
            "extensionResourceId",
            "resourceGroup",
            "subscription",
            "deployment",
            "reference");

    private final Place place;
    private final Parameters parameters;
    private final JsonNode variables;
    private final References references;
    private final Evaluator evaluator = new Evaluator(this);
    private final SortedMap<String, JsonNode> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final TreeSet<String> running = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Deque<Loop> loops = new ArrayDeque<>();

    /** Where a deployment is. */
    record Place(String subscription, String group, String location, String deployment) {}

    /** A round of a copy loop. */
    record Loop(String name, int index) {}

    /** Finds what a template refers to. */
    @FunctionalInterface
    interface References {
        /** The resource as a GET answers it. */
        ObjectNode find(String nameOrId);
    }

    Workspace(Place place, Parameters parameters, JsonNode variables, References references) {
        this.place = place;
        this.parameters = parameters;
        this.variables = variables;
        this.references = references;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    JsonNode value(JsonNode written) {
        return evaluator.value(written);
    }

    /** {@code body} with the rounds of a resource. */
    <T> T within(List<Loop> rounds, Supplier<T> body) {
        rounds.forEach(loops::push);
        try {
            return body.get();
        } finally {
            rounds.forEach(_ -> loops.pop());
        }
    }

    @Override
    public JsonNode inLoop(String name, int index, Supplier<JsonNode> body) {
        return within(List.of(new Loop(name, index)), body);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public Optional<JsonNode> call(String name, List<JsonNode> arguments) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "parameters" -> Optional.of(parameters.value(text(name, arguments, 0), this::value));
            case "variables" -> Optional.of(variable(text(name, arguments, 0)));
            case "copyindex" -> Optional.of(copyIndex(arguments));
            case "resourceid" -> Optional.of(JSON.valueToTree(resourceId(arguments)));
            case "subscriptionresourceid" -> Optional.of(JSON.valueToTree(ids(arguments, 1, "/subscriptions/")));
            case "tenantresourceid" -> Optional.of(JSON.valueToTree(ids(arguments, 0, "")));
            case "extensionresourceid" -> Optional.of(JSON.valueToTree(extension(arguments)));
            case "resourcegroup" -> Optional.of(group());
            case "subscription" -> Optional.of(subscription());
            case "deployment" -> Optional.of(deployment());
            case "reference" -> Optional.of(reference(arguments));
            default -> Optional.empty();
        };
    }

    private static String text(String function, List<JsonNode> arguments, int index) {
        if (index >= arguments.size() || !arguments.get(index).isString()) {
            throw new TemplateFault("found no text as argument " + (index + 1) + " of " + function + "()");
        }
        return arguments.get(index).stringValue();
    }

    private JsonNode variable(String name) {
        JsonNode value = known.get(name);
        if (value != null) {
            return value;
        }
        Optional<JsonNode> written = written(name);
        Optional<JsonNode> loop = loop(name);
        if (written.isEmpty() && loop.isEmpty()) {
            throw new TemplateFault("there is no variable '" + name + "'; the template has: "
                    + String.join(", ", variables.propertyNames()));
        }
        if (!running.add(name)) {
            throw new TemplateFault("the variable '" + name + "' depends on itself");
        }
        try {
            JsonNode made = written.isPresent()
                    ? value(written.get())
                    : evaluator.copies(
                            name,
                            loop.orElseThrow().path("count"),
                            loop.orElseThrow().path("input"));
            known.put(name, made);
            return made;
        } catch (TemplateFault e) {
            throw e.at("variables." + name);
        } finally {
            running.remove(name);
        }
    }

    private Optional<JsonNode> written(String name) {
        for (var field : variables.properties()) {
            if (field.getKey().equalsIgnoreCase(name) && !field.getKey().equals("copy")) {
                return Optional.of(field.getValue());
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> loop(String name) {
        for (JsonNode copy : variables.path("copy")) {
            if (copy.path("name").asString("").equalsIgnoreCase(name)) {
                return Optional.of(copy);
            }
        }
        return Optional.empty();
    }

    private JsonNode copyIndex(List<JsonNode> arguments) {
        boolean named = !arguments.isEmpty() && arguments.getFirst().isString();
        String name = named ? arguments.getFirst().stringValue() : "";
        JsonNode offset = arguments.size() > (named ? 1 : 0) ? arguments.get(named ? 1 : 0) : JSON.valueToTree(0);
        Loop loop = loops.stream()
                .filter(l -> !named || l.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new TemplateFault("copyIndex(" + (named ? "'" + name + "'" : "")
                        + ") stands outside of a copy loop" + (named ? " of this name" : "")));
        if (!offset.isIntegralNumber()) {
            throw new TemplateFault("the offset of copyIndex() must be a whole number");
        }
        return JSON.valueToTree(loop.index() + offset.asInt(0));
    }

    private String resourceId(List<JsonNode> arguments) {
        int type = 0;
        while (type < arguments.size() && !text("resourceId", arguments, type).contains("/")) {
            type++;
        }
        if (type > 2 || type >= arguments.size()) {
            throw new TemplateFault("resourceId() was given no type such as Microsoft.Network/virtualNetworks");
        }
        String group = type > 0 ? text("resourceId", arguments, type - 1) : place.group();
        String subscription = type > 1 ? text("resourceId", arguments, 0) : place.subscription();
        return "/subscriptions/" + subscription + "/resourceGroups/" + group
                + providers("resourceId", arguments.subList(type, arguments.size()));
    }

    private String ids(List<JsonNode> arguments, int scopes, String prefix) {
        boolean scoped = scopes > 0 && !text("resourceId", arguments, 0).contains("/");
        String scope = scopes == 0 ? "" : prefix + (scoped ? text("resourceId", arguments, 0) : place.subscription());
        return scope + providers("resourceId", arguments.subList(scoped ? 1 : 0, arguments.size()));
    }

    private static String extension(List<JsonNode> arguments) {
        return text("extensionResourceId", arguments, 0)
                + providers("extensionResourceId", arguments.subList(1, arguments.size()));
    }

    /** {@code /providers/P/TYPE/NAME…} of a type and its names. */
    private static String providers(String function, List<JsonNode> arguments) {
        List<String> types = List.of(text(function, arguments, 0).split("/", -1));
        List<String> names = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            names.addAll(List.of(text(function, arguments, i).split("/", -1)));
        }
        if (types.size() - 1 != names.size()) {
            throw new TemplateFault(function + "() was given the type " + text(function, arguments, 0) + " with "
                    + names.size() + " names; allowed: " + (types.size() - 1));
        }
        StringBuilder out = new StringBuilder("/providers/").append(types.getFirst());
        for (int i = 0; i < names.size(); i++) {
            out.append('/').append(types.get(i + 1)).append('/').append(names.get(i));
        }
        return out.toString();
    }

    private ObjectNode group() {
        ObjectNode out = JSON.createObjectNode();
        out.put("id", "/subscriptions/" + place.subscription() + "/resourceGroups/" + place.group());
        out.put("name", place.group());
        out.put("type", "Microsoft.Resources/resourceGroups");
        out.put("location", place.location());
        out.putObject("tags");
        out.putObject("properties").put("provisioningState", "Succeeded");
        return out;
    }

    private ObjectNode subscription() {
        ObjectNode out = JSON.createObjectNode();
        out.put("id", "/subscriptions/" + place.subscription());
        out.put("subscriptionId", place.subscription());
        out.put("tenantId", TENANT);
        out.put("displayName", place.subscription());
        return out;
    }

    private ObjectNode deployment() {
        ObjectNode out = JSON.createObjectNode();
        out.put("name", place.deployment());
        out.put("location", place.location());
        out.putObject("properties").put("mode", "Incremental").put("provisioningState", "Running");
        return out;
    }

    private JsonNode reference(List<JsonNode> arguments) {
        ObjectNode found = references.find(text("reference", arguments, 0));
        boolean full = arguments.size() > 2 && text("reference", arguments, 2).equalsIgnoreCase("Full");
        return full ? found : found.path("properties");
    }

    /** The full id that a name of the template's resources has. */
    ArmId id(String group, String type, String name) {
        List<String> types = List.of(type.split("/", -1));
        List<String> names = List.of(name.split("/", -1));
        if (types.size() - 1 != names.size() || names.contains("")) {
            throw new TemplateFault("found the name '" + name + "' of a " + type + "; allowed: " + (types.size() - 1)
                    + " parts with '/' between them");
        }
        List<ArmId.Segment> segments = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            segments.add(new ArmId.Segment(types.get(i + 1), names.get(i)));
        }
        return new ArmId(place.subscription(), group, types.getFirst(), segments);
    }

    Place place() {
        return place;
    }
}
