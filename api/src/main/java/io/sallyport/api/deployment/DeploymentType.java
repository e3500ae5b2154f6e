package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.World;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How deployments are stored: as a resource of their group, the template sealed, since keys may stand in it. How far a
 * deployment is follows from its resources, as long as nobody else has written them since.
 */
public final class DeploymentType implements ResourceType {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TEMPLATE = "/properties/template";

    @Override
    public String name() {
        return Deployments.TYPE;
    }

    @Override
    public List<Child> children() {
        return List.of();
    }

    @Override
    public boolean isProvisioned() {
        return false;
    }

    @Override
    public boolean isListedBySubscription() {
        return false;
    }

    @Override
    public ArmResource accept(
            ArmId id, ObjectNode written, Optional<ArmResource> before, World world, Complaints complaints) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", id.toString());
        body.put("name", id.name());
        body.put("type", Deployments.TYPE);
        ObjectNode p = written.withObject("/properties").deepCopy();
        TreeMap<String, Secret> secrets = new TreeMap<>();
        JsonNode template = p.remove("template");
        if (template != null) {
            secrets.put(TEMPLATE, Secret.utf8(template.toString()));
        }
        body.set("properties", p);
        return new ArmResource(
                id, body, secrets, before.map(ArmResource::revision).orElse(0L));
    }

    /** The template as it was written. */
    static JsonNode template(ArmResource stored) {
        Secret sealed = stored.secrets().get(TEMPLATE);
        if (sealed == null) {
            return JSON.createObjectNode();
        }
        byte[] octets = sealed.expose();
        JsonNode template = JSON.readTree(new String(octets, StandardCharsets.UTF_8));
        Arrays.fill(octets, (byte) 0);
        return template;
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, World world, Complaints complaints) {}

    @Override
    public void checkDelete(ArmResource doomed, World world, Complaints complaints) {}

    @Override
    public ObjectNode show(ArmResource stored, World world) {
        ObjectNode shown = stored.body().deepCopy();
        // Deployments have neither place nor tag.
        shown.remove(List.of("location", "etag"));
        ObjectNode p = shown.withObject("/properties");
        ArrayNode problems = JSON.createArrayNode();
        boolean behind = false;
        for (JsonNode each : p.path("outputResources")) {
            World.Provision state = state(each.path("id").asString(""), stored, world);
            behind |= state instanceof World.Provision.Updating;
            if (state instanceof World.Provision.Failed failed) {
                problems.addObject()
                        .put("code", failed.code())
                        .put("message", failed.message())
                        .put("target", each.path("id").asString(""));
            }
        }
        p.put("provisioningState", !problems.isEmpty() ? "Failed" : behind ? "Running" : "Succeeded");
        if (!problems.isEmpty() || behind) {
            p.remove("outputs");
        }
        if (!problems.isEmpty()) {
            ObjectNode error = p.putObject("error");
            error.put("code", "DeploymentFailed");
            error.put("message", "at least one resource could not be carried out; the details say which and why");
            error.set("details", problems);
        }
        return shown;
    }

    /** How far one of its resources is; what was written by another since says nothing about the deployment. */
    static World.Provision state(String id, ArmResource deployment, World world) {
        return ArmId.parse(id)
                .flatMap(i -> world.find(i.root()))
                .filter(r -> r.revision() <= deployment.revision())
                .map(world::provision)
                .orElse(new World.Provision.Succeeded());
    }

    @Override
    public List<Operation> operations() {
        return List.of();
    }
}
