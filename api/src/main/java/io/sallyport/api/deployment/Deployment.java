package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.World;
import io.sallyport.api.deployment.expression.TemplateFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One deployment, worked out into a draft: what it wrote, what it says. */
record Deployment(ArmId id, ObjectNode template, Deployer deployer, ObjectNode parameters, ObjectNode outputs) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OUTPUTS_MAX = 64;
    /** What a template may have at its top. */
    private static final List<String> KNOWN = List.of(
            "$schema",
            "contentVersion",
            "languageVersion",
            "parameters",
            "variables",
            "resources",
            "outputs",
            "metadata",
            "apiProfile",
            "functions",
            "definitions");

    private static final List<String> REFUSED =
            List.of("templateLink", "parametersLink", "onErrorDeployment", "externalInputs");

    /**
     * Works everything out.
     *
     * @throws Refused when anything is wrong; then the draft is not to be stored
     */
    static Deployment prepare(ArmId id, JsonNode body, Draft draft, World before, Catalog catalog) throws Refused {
        try {
            return of(id, body, draft, before, catalog);
        } catch (TemplateFault e) {
            throw new Refused(ArmError.of(400, e.code(), String.valueOf(e.getMessage()), id.name()));
        }
    }

    private static Deployment of(ArmId id, JsonNode body, Draft draft, World before, Catalog catalog) throws Refused {
        JsonNode properties = body.path("properties");
        for (String name : REFUSED) {
            if (properties.has(name) && !properties.path(name).isNull()) {
                throw new TemplateFault(
                        "NotSupported",
                        "properties." + name + " is not supported; send the template"
                                + " itself as properties.template");
            }
        }
        String mode = properties.path("mode").asString("Incremental");
        if (!mode.equalsIgnoreCase("Incremental")) {
            throw new TemplateFault("NotSupported", "the mode '" + mode + "' is not supported; allowed: Incremental");
        }
        if (!(properties.path("template") instanceof ObjectNode template)) {
            throw new TemplateFault("properties.template is missing; it is required");
        }
        boolean strict = properties.at("/sallyport/strict").asBoolean(false);
        Deployer deployer = new Deployer(draft, before, catalog, strict);
        ObjectNode made = work(id, properties, properties.path("parameters"), deployer, before);
        deployer.check();
        refuse(id, deployer.errors());
        return new Deployment(id, template, deployer, made.withObject("/parameters"), made.withObject("/outputs"));
    }

    /**
     * Works a template out into the deployer's draft.
     *
     * @return parameters and outputs as they are shown
     */
    static ObjectNode work(ArmId id, JsonNode properties, JsonNode given, Deployer deployer, World before) {
        if (!(properties.path("template") instanceof ObjectNode template)) {
            throw new TemplateFault("properties.template is missing; it is required");
        }
        known(template);
        Parameters parameters = new Parameters(template.path("parameters"), given);
        String location = before.location(id.subscription(), id.group()).orElse("local");
        Workspace.Place place = new Workspace.Place(id.subscription(), id.group(), location, id.name());
        Workspace[] self = new Workspace[1];
        Workspace workspace =
                new Workspace(place, parameters, template.path("variables"), text -> deployer.find(text, self[0]));
        self[0] = workspace;
        parameters.check(workspace::value);
        deployer.deploy(new Expansion(workspace).expand(template.path("resources")), workspace);
        ObjectNode out = JSON.createObjectNode();
        out.put("provisioningState", "Succeeded").put("mode", "Incremental");
        out.set("parameters", parameters.shown());
        // After a mistake there may be nothing to refer to.
        out.set(
                "outputs",
                deployer.errors().isEmpty()
                        ? outputs(template.path("outputs"), workspace, parameters)
                        : JSON.createObjectNode());
        return out;
    }

    private static void known(ObjectNode template) {
        TreeSet<String> unknown = new TreeSet<>();
        for (String name : template.propertyNames()) {
            if (KNOWN.stream().noneMatch(name::equalsIgnoreCase)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new TemplateFault("found '" + String.join("', '", unknown) + "' in the template; allowed: "
                    + String.join(", ", KNOWN));
        }
        for (String name : List.of("functions", "definitions")) {
            if (!template.path(name).isEmpty()) {
                throw new TemplateFault("NotSupported", "'" + name + "' of a template is not supported");
            }
        }
        if (!template.path("resources").isContainer()) {
            throw new TemplateFault("resources is missing or no list; it is required");
        }
    }

    private static void refuse(ArmId id, List<ArmError> errors) throws Refused {
        if (!errors.isEmpty()) {
            String text = "the template deployment '" + id.name() + "' is not valid: "
                    + (errors.size() == 1 ? "one mistake" : errors.size() + " mistakes") + "; nothing was changed";
            throw new Refused(new ArmError(400, "InvalidTemplateDeployment", text, id.name(), errors));
        }
    }

    private static ObjectNode outputs(JsonNode written, Workspace workspace, Parameters parameters) {
        if (written.size() > OUTPUTS_MAX) {
            throw new TemplateFault("found " + written.size() + " outputs; allowed: " + OUTPUTS_MAX);
        }
        ObjectNode out = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : written.properties()) {
            try {
                output(field.getKey(), field.getValue(), workspace, parameters, out);
            } catch (TemplateFault e) {
                throw e.at("outputs." + field.getKey());
            }
        }
        return out;
    }

    private static void output(
            String name, JsonNode written, Workspace workspace, Parameters parameters, ObjectNode out) {
        if (written.has("condition")
                && !workspace.value(written.get("condition")).asBoolean(false)) {
            return;
        }
        String type = Parameters.spelled(written.path("type").asString(""));
        JsonNode value = written.path("copy").isObject()
                ? workspace
                        .evaluator()
                        .copies(
                                name,
                                written.path("copy").path("count"),
                                written.path("copy").path("input"))
                : workspace.value(written.path("value"));
        ObjectNode row = out.putObject(name);
        row.put("type", type);
        if (type.startsWith("Secure")) {
            return;
        }
        Optional<String> secret = parameters.shownBy(value);
        if (secret.isPresent()) {
            throw new TemplateFault("the value holds the secret parameter '" + secret.get()
                    + "'; allowed: the type securestring, which is not shown");
        }
        row.set("value", value);
    }

    /** What is stored of it. */
    ObjectNode record(String correlation, String timestamp) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode p = body.putObject("properties");
        p.set("template", template);
        p.put("templateHash", Integer.toUnsignedString(template.hashCode()));
        p.set("parameters", parameters);
        p.put("mode", "Incremental");
        p.put("timestamp", timestamp);
        p.put("duration", "PT0S");
        p.put("correlationId", correlation);
        providers(p.putArray("providers"));
        p.putArray("dependencies");
        p.set("outputs", outputs);
        ArrayNode resources = p.putArray("outputResources");
        deployer.written().forEach(w -> resources.addObject().put("id", w.toString()));
        ObjectNode ours = p.putObject("sallyport");
        ArrayNode changed = ours.putArray("changed");
        deployer.changed().forEach(c -> changed.add(c.toString()));
        ArrayNode warnings = ours.putArray("warnings");
        deployer.warnings().forEach(warnings::add);
        return body;
    }

    private void providers(ArrayNode out) {
        TreeSet<String> types = new TreeSet<>();
        deployer.written().forEach(w -> types.add(w.type()));
        for (String type : types) {
            int slash = type.indexOf('/');
            ObjectNode provider = out.addObject().put("namespace", type.substring(0, slash));
            provider.putArray("resourceTypes").addObject().put("resourceType", type.substring(slash + 1));
        }
    }
}
