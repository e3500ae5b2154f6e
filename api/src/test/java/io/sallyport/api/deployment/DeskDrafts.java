package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.Drafts;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.Service;
import io.sallyport.api.network.Desk;
import io.sallyport.api.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Drafts over a desk; what is committed becomes the desk. */
final class DeskDrafts implements Drafts {
    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

    private final Deployments service = new Deployments(catalog());
    private Desk desk = new Desk(catalog()).lends("192.0.2.1");
    private long revision;

    static Catalog catalog() {
        List<ResourceType> types = new ArrayList<>(Network.catalog().types());
        types.add(new DeploymentType());
        return new Catalog(types);
    }

    Desk desk() {
        return desk;
    }

    @Override
    public Draft begin() {
        return desk.copy();
    }

    @Override
    public long commit(Draft draft, String who) {
        desk = (Desk) draft;
        return ++revision;
    }

    Reply ask(String method, String path, JsonNode body) throws Refused {
        return service.answer(new Service.Asked(
                method,
                SUBSCRIPTION,
                Optional.of("local"),
                path.isEmpty() ? List.of() : List.of(path.split("/", -1)),
                Map.of(),
                body,
                "somebody",
                this));
    }

    /** What a GET of this path answers. */
    ObjectNode get(String path) {
        try {
            return (ObjectNode) ((Reply.Ok) ask("GET", path, MissingNode.getInstance())).body();
        } catch (Refused e) {
            throw new AssertionError(e.error().toString(), e);
        }
    }

    ObjectNode put(String name, ObjectNode body) {
        try {
            return (ObjectNode) ((Reply.Follow) ask("PUT", name, body)).body().get();
        } catch (Refused e) {
            throw new AssertionError(e.error().toString(), e);
        }
    }

    ArmError refused(String method, String path, JsonNode body) {
        try {
            Reply reply = ask(method, path, body);
            throw new AssertionError("not refused: " + reply);
        } catch (Refused e) {
            return e.error();
        }
    }
}
