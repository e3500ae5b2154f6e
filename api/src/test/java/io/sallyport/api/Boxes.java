package io.sallyport.api;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.World;
import io.sallyport.api.web.Json;
import io.sallyport.base.Secret;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A type without meaning: boxes hold parts, parts hold screws, a box may need another box, has a size of at most 100 and
 * a key. The engine carries out {@code engines}, which are otherwise the same.
 */
record Boxes(String name, boolean isProvisioned) implements ResourceType {
    static Catalog catalog() {
        return new Catalog(List.of(new Boxes("Test.Things/boxes", false), new Boxes("Test.Things/engines", true)));
    }

    @Override
    public List<Child> children() {
        return List.of(new Child("parts", "/properties/parts", List.of(new Child("screws", "/screws", List.of()))));
    }

    @Override
    public boolean isListedBySubscription() {
        return true;
    }

    @Override
    public ArmResource accept(
            ArmId id, ObjectNode written, Optional<ArmResource> before, World world, Complaints complaints) {
        ObjectNode body = written.deepCopy();
        JsonNode given = body.path("properties");
        if (!given.isMissingNode() && !given.isObject()) {
            complaints.add("InvalidRequestContent", "properties", "found no object");
            return new ArmResource(id, body, new TreeMap<>());
        }
        ObjectNode properties = body.withObject("/properties");
        properties.remove("provisioningState");
        properties.withArray("/parts");
        body.withObject("/tags");
        if (properties.path("size").asInt(0) > 100) {
            complaints.add("TooLarge", "properties.size", "allowed: up to 100");
        }
        TreeMap<String, Secret> secrets =
                new TreeMap<>(before.map(ArmResource::secrets).orElse(new TreeMap<>()));
        JsonNode key = properties.remove("key");
        if (key != null) {
            secrets.put("/properties/key", Secret.utf8(key.asString()));
        }
        return new ArmResource(id, body, secrets);
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, World world, Complaints complaints) {
        String needs = wanted.properties().path("needs").asString("");
        Optional<ArmId> other = ArmId.parse(needs);
        if (!needs.isEmpty() && other.flatMap(world::find).isEmpty()) {
            complaints.add("InvalidResourceReference", "properties.needs", "there is no " + needs);
        }
        String only = wanted.properties().path("only").asString("");
        boolean taken = world.ofType(name).stream()
                .anyMatch(o -> !only.isEmpty()
                        && !o.id().matches(wanted.id())
                        && o.properties().path("only").asString("").equals(only));
        if (taken) {
            complaints.add("Taken", "properties.only", "another has '" + only + "'");
        }
    }

    @Override
    public void checkDelete(ArmResource doomed, World world, Complaints complaints) {
        for (ArmResource other : world.ofType(name)) {
            if (doomed.id()
                    .toString()
                    .equalsIgnoreCase(other.properties().path("needs").asString(""))) {
                complaints.add(ArmError.of(
                        409, "InUse", "in use by " + other.id(), doomed.id().toString()));
            }
        }
    }

    @Override
    public ObjectNode show(ArmResource stored, World world) {
        ObjectNode body = stored.body().deepCopy();
        String state = switch (world.provision(stored)) {
            case World.Provision.Succeeded s -> "Succeeded";
            case World.Provision.Updating u -> "Updating";
            case World.Provision.Failed f -> "Failed";
        };
        body.withObject("/properties").put("provisioningState", state);
        return body;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                new Operation(
                        "GET",
                        "sharedkey",
                        call -> new Operation.Outcome.Answer(Json.object()
                                .put(
                                        "value",
                                        new String(
                                                call.resource()
                                                        .secrets()
                                                        .getOrDefault("/properties/key", Secret.utf8(""))
                                                        .expose(),
                                                java.nio.charset.StandardCharsets.UTF_8)))),
                new Operation("PUT", "sharedkey", call -> {
                    TreeMap<String, Secret> secrets =
                            new TreeMap<>(call.resource().secrets());
                    secrets.put(
                            "/properties/key",
                            Secret.utf8(call.body().path("value").asString("")));
                    return new Operation.Outcome.Replace(
                            new ArmResource(
                                    call.resource().id(), call.resource().body(), secrets),
                            Json.object().put("value", call.body().path("value").asString("")));
                }),
                new Operation(
                        "POST",
                        "parts/{part}/spin",
                        call -> new Operation.Outcome.Command(
                                "spin",
                                Json.object().put("part", call.variables().get("part")),
                                result -> StringNode.valueOf(
                                        "spun " + result.path("times").asInt(0)))));
    }
}
