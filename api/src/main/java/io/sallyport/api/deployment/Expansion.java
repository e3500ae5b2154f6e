package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.deployment.expression.TemplateFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds the resources of a template: copies made, names worked out, children beside their parents. */
final class Expansion {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int RESOURCES_MAX = 25_000;
    private static final int NESTING_MAX = 4;

    private final Workspace workspace;
    private final List<TemplateResource> out = new ArrayList<>();

    /** What a child takes from around it. */
    private record Around(
            String type, String name, String group, List<Workspace.Loop> rounds, boolean wanted, int depth) {}

    Expansion(Workspace workspace) {
        this.workspace = workspace;
    }

    List<TemplateResource> expand(JsonNode resources) {
        Around top = new Around("", "", workspace.place().group(), List.of(), true, 0);
        level(resources, top, "resources");
        TreeSet<String> seen = new TreeSet<>();
        for (TemplateResource each : out) {
            if (each.wanted() && !each.existing() && !seen.add(each.id().key())) {
                throw new TemplateFault("the resource " + each.id() + " is defined more than once in the template");
            }
        }
        return List.copyOf(out);
    }

    private void level(JsonNode resources, Around around, String path) {
        if (around.depth() > NESTING_MAX) {
            throw new TemplateFault("found resources nested more than " + NESTING_MAX + " deep");
        }
        if (resources.isArray()) {
            for (int i = 0; i < resources.size(); i++) {
                copies("", resources.get(i), around, path + "[" + i + "]");
            }
        } else {
            for (Map.Entry<String, JsonNode> field : resources.properties()) {
                copies(field.getKey(), field.getValue(), around, path + "." + field.getKey());
            }
        }
    }

    private void copies(String symbol, JsonNode node, Around around, String path) {
        try {
            if (!(node instanceof ObjectNode written)) {
                throw new TemplateFault("found no object; allowed: a resource with type, name and properties");
            }
            JsonNode copy = written.path("copy");
            if (!copy.isObject()) {
                one(symbol, "", written, around, path);
                return;
            }
            String loop = copy.path("name").asString(symbol);
            int count = workspace.within(
                    around.rounds(), () -> workspace.evaluator().count(copy.path("count")));
            for (int i = 0; i < count; i++) {
                List<Workspace.Loop> rounds = new ArrayList<>(around.rounds());
                rounds.add(new Workspace.Loop(loop, i));
                Around inner = new Around(
                        around.type(), around.name(), around.group(), rounds, around.wanted(), around.depth());
                one(symbol, loop, written, inner, path);
            }
        } catch (TemplateFault e) {
            throw e.at(path);
        }
    }

    private void one(String symbol, String loop, ObjectNode written, Around around, String path) {
        for (String unsupported : List.of("scope", "subscriptionId", "import", "extension")) {
            if (written.has(unsupported)) {
                throw new TemplateFault("NotSupported", "'" + unsupported + "' of a resource is not supported");
            }
        }
        String type = type(written, around);
        String name = name(written, type, around);
        String group = written.has("resourceGroup") ? text(written, "resourceGroup", around) : around.group();
        ArmId id = workspace.id(group, type, name);
        boolean wanted = around.wanted() && condition(written, around);
        boolean existing = written.path("existing").asBoolean(false);
        out.add(new TemplateResource(id, symbol, loop, around.rounds(), written, wanted, existing));
        if (out.size() > RESOURCES_MAX) {
            throw new TemplateFault("found more than " + RESOURCES_MAX + " resources; allowed: " + RESOURCES_MAX);
        }
        if (written.has("resources")) {
            Around inner = new Around(type, name, group, around.rounds(), wanted, around.depth() + 1);
            level(written.path("resources"), inner, path + ".resources");
        }
    }

    private String type(ObjectNode written, Around around) {
        String type = written.path("type").asString("");
        if (type.isEmpty()) {
            throw new TemplateFault("type is missing; it is required");
        }
        boolean relative = !around.type().isEmpty()
                && !type.toLowerCase(java.util.Locale.ROOT)
                        .startsWith(around.type().toLowerCase(java.util.Locale.ROOT) + "/");
        if (!relative && !type.contains("/")) {
            throw new TemplateFault("found the type '" + type + "'; allowed: PROVIDER/TYPE");
        }
        return relative ? around.type() + "/" + type : type;
    }

    private String name(ObjectNode written, String type, Around around) {
        String name = text(written, "name", around);
        int wanted = type.split("/", -1).length - 1;
        boolean relative = !around.name().isEmpty() && name.split("/", -1).length < wanted;
        return relative ? around.name() + "/" + name : name;
    }

    private String text(ObjectNode written, String property, Around around) {
        JsonNode value = workspace.within(
                around.rounds(),
                () -> workspace.value(
                        written.path(property).isMissingNode() ? JSON.nullNode() : written.path(property)));
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw new TemplateFault(property + " is missing or no text; it is required");
        }
        return value.stringValue();
    }

    private boolean condition(ObjectNode written, Around around) {
        if (!written.has("condition")) {
            return true;
        }
        JsonNode value = workspace.within(around.rounds(), () -> workspace.value(written.get("condition")));
        boolean holds =
                value.isBoolean() ? value.booleanValue() : value.asString("").equalsIgnoreCase("true");
        if (!value.isBoolean() && !value.isString()) {
            throw new TemplateFault("condition is neither true nor false");
        }
        return holds;
    }
}
