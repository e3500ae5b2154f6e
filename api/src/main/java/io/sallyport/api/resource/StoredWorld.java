package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.World;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What is stored and what the engine says of it. */
class StoredWorld implements World {
    final View view;
    final Catalog catalog;
    final Clock clock;

    StoredWorld(View view, Catalog catalog, Clock clock) {
        this.view = view;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Optional<ArmResource> find(ArmId id) {
        return view.resource(id.root());
    }

    @Override
    public List<ArmResource> ofType(String type) {
        return new ArrayList<>(view.ofType(type, "").values());
    }

    @Override
    public List<ArmResource> pointing(String type, ArmId target) {
        return new ArrayList<>(view.pointing(type, target.root()).values());
    }

    @Override
    public Optional<JsonNode> status(ArmId id) {
        return view.status(id.root());
    }

    @Override
    public Provision provision(ArmResource resource) {
        if (catalog.find(resource.id()).filter(ResourceType::isProvisioned).isEmpty()) {
            return new Provision.Succeeded();
        }
        Optional<JsonNode> said = view.provision(resource.id().root());
        boolean isBehind = said.isEmpty()
                || resource.revision() == 0
                || said.get().path("revision").asLong(0) < resource.revision();
        if (isBehind) {
            return new Provision.Updating();
        }
        return said.get().path("state").asString("").equals("Failed")
                ? new Provision.Failed(
                        said.get().path("code").asString("InternalServerError"),
                        said.get().path("message").asString("the gateway could not carry this out"))
                : new Provision.Succeeded();
    }

    @Override
    public List<JsonNode> nodes() {
        return view.nodes();
    }

    @Override
    public Optional<String> location(String subscription, String group) {
        return view.group(subscription, group).map(Container::location);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }
}
