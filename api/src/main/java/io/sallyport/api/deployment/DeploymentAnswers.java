package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.World;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers about deployments besides themselves. */
final class DeploymentAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DeploymentAnswers() {}

    /** One step of a deployment: the writing of one resource. */
    static ObjectNode operation(ArmResource deployment, String target, World world) {
        String id = UUID.nameUUIDFromBytes((deployment.id() + target).getBytes(StandardCharsets.UTF_8))
                .toString();
        ObjectNode out = JSON.createObjectNode();
        out.put("id", deployment.id() + "/operations/" + id);
        out.put("operationId", id);
        ObjectNode p = out.putObject("properties");
        p.put("provisioningOperation", "Create");
        p.put("timestamp", deployment.body().at("/properties/timestamp").asString(""));
        p.put("duration", "PT0S");
        World.Provision state = DeploymentType.state(target, deployment, world);
        p.put(
                "provisioningState",
                switch (state) {
                    case World.Provision.Succeeded _ -> "Succeeded";
                    case World.Provision.Updating _ -> "Running";
                    case World.Provision.Failed _ -> "Failed";
                });
        p.put("statusCode", state instanceof World.Provision.Failed ? "Conflict" : "OK");
        if (state instanceof World.Provision.Failed failed) {
            p.putObject("statusMessage")
                    .putObject("error")
                    .put("code", failed.code())
                    .put("message", failed.message());
        }
        ObjectNode resource = p.putObject("targetResource").put("id", target);
        ArmId.parse(target)
                .ifPresent(t -> resource.put("resourceType", t.type()).put("resourceName", t.name()));
        return out;
    }

    static ObjectNode validated(ArmId id, Deployment deployment, Draft draft) {
        ObjectNode out =
                deployment.record(UUID.randomUUID().toString(), draft.now().toString());
        out.put("id", id.toString());
        out.put("name", id.name());
        out.put("type", Deployments.TYPE);
        ObjectNode p = out.withObject("/properties");
        p.remove("template");
        p.put("provisioningState", "Succeeded");
        JsonNode resources = p.remove("outputResources");
        p.set("validatedResources", resources == null ? JSON.createArrayNode() : resources);
        return out;
    }

    /** What a deployment would change. */
    static ObjectNode whatIf(Deployment deployment, Draft draft, Draft before) {
        ObjectNode out = JSON.createObjectNode();
        out.put("status", "Succeeded");
        ArrayNode changes = out.putObject("properties").putArray("changes");
        for (ArmId id : deployment.deployer().written()) {
            Optional<ObjectNode> old = before.show(id);
            Optional<ObjectNode> now = draft.show(id);
            boolean differs = deployment.deployer().changed().contains(id);
            ObjectNode change = changes.addObject();
            change.put("resourceId", id.toString());
            change.put("changeType", old.isEmpty() ? "Create" : differs ? "Modify" : "NoChange");
            old.ifPresent(o -> change.set("before", o));
            now.ifPresent(n -> change.set("after", n));
            ArrayNode delta = change.putArray("delta");
            if (old.isPresent() && now.isPresent() && differs) {
                differences("", old.get(), now.get(), delta);
            }
        }
        return out;
    }

    private static void differences(String path, JsonNode old, JsonNode now, ArrayNode out) {
        if (old.isObject() && now.isObject()) {
            for (var field : now.properties()) {
                String here = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                if (!field.getKey().equals("etag") && !field.getKey().equals("provisioningState")) {
                    JsonNode was = old.get(field.getKey());
                    differences(here, was == null ? JSON.nullNode() : was, field.getValue(), out);
                }
            }
            for (String name : old.propertyNames()) {
                if (!now.has(name)) {
                    row(path.isEmpty() ? name : path + "." + name, "Delete", out)
                            .set("before", old.get(name));
                }
            }
        } else if (!old.equals(now)) {
            ObjectNode row = row(path, old.isNull() ? "Create" : "Modify", out);
            row.set("before", old);
            row.set("after", now);
        }
    }

    private static ObjectNode row(String path, String type, ArrayNode out) {
        return out.addObject().put("path", path).put("propertyChangeType", type);
    }
}
