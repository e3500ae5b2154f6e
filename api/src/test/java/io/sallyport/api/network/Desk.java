package io.sallyport.api.network;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A world in memory into which a test puts resources as a client would. */
public final class Desk implements Draft {
    public static final JsonMapper JSON = JsonMapper.builder().build();
    public static final String GROUP =
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/Microsoft.Network/";

    private final Catalog catalog;
    private final SortedMap<String, ArmResource> resources = new TreeMap<>();
    private final SortedMap<String, JsonNode> statuses = new TreeMap<>();
    private final SortedMap<String, Provision> provisions = new TreeMap<>();
    private final SortedMap<String, Optional<ArmResource>> before = new TreeMap<>();
    private final List<ArmId> written = new ArrayList<>();
    private final List<JsonNode> nodes = new ArrayList<>();
    private long revision;

    public Desk() {
        this(Network.catalog());
    }

    public Desk(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The same things, from which this one can go on by itself. */
    public Desk copy() {
        Desk out = new Desk(catalog);
        out.resources.putAll(resources);
        out.statuses.putAll(statuses);
        out.provisions.putAll(provisions);
        out.nodes.addAll(nodes);
        out.revision = revision;
        return out;
    }

    public static ArmId id(String text) {
        return ArmId.parse(text.startsWith("/") ? text : GROUP + text).orElseThrow();
    }

    public static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"').replace("{G}", GROUP));
    }

    /** A machine that lends these addresses. */
    public Desk lends(String... addresses) {
        ObjectNode node = JSON.createObjectNode().put("node", "n" + (nodes.size() + 1));
        for (String address : addresses) {
            node.withArray("publicAddresses").addObject().put("address", address);
        }
        nodes.add(node);
        return this;
    }

    public void status(String id, String status) {
        statuses.put(id(id).key(), json(status));
    }

    public void provision(String id, Provision provision) {
        provisions.put(id(id).key(), provision);
    }

    /** Puts and checks; what was wrong. On any error nothing changes. */
    public List<ArmError> refused(String id, String body) {
        Complaints complaints = complaints(id, json(body));
        return complaints.all();
    }

    public Complaints complaints(String id, ObjectNode body) {
        ArmId target = id(id);
        Complaints complaints = new Complaints();
        Optional<ArmResource> old = find(target);
        put(target, body, complaints);
        if (!complaints.any()) {
            type(target).check(find(target).orElseThrow(), old, this, complaints);
        }
        if (complaints.any()) {
            restore(target, old);
        }
        return complaints;
    }

    /** Puts what must be right, and answers what a GET shows. */
    public ObjectNode put(String id, String body) {
        Complaints complaints = complaints(id, json(body));
        if (complaints.any()) {
            throw new AssertionError(complaints.all());
        }
        return show(id);
    }

    public List<ArmError> refusedDelete(String id) {
        ArmId target = id(id);
        Complaints complaints = new Complaints();
        Optional<ArmResource> old = find(target);
        delete(target, complaints);
        if (target.isChild() && !complaints.any()) {
            type(target).check(find(target).orElseThrow(), old, this, complaints);
        }
        if (complaints.any()) {
            restore(target, old);
        }
        return complaints.all();
    }

    public ObjectNode show(String id) {
        return show(id(id)).orElseThrow(() -> new AssertionError("nothing at " + id));
    }

    private void restore(ArmId id, Optional<ArmResource> old) {
        if (old.isPresent()) {
            resources.put(id.root().key(), old.get());
        } else {
            resources.remove(id.root().key());
        }
    }

    private ResourceType type(ArmId id) {
        return catalog.find(id).orElseThrow(() -> new AssertionError(id.type()));
    }

    @Override
    public boolean put(ArmId id, ObjectNode body, Complaints complaints) {
        Optional<ArmResource> old = find(id);
        before.putIfAbsent(id.root().key(), old);
        ObjectNode whole = body;
        boolean isNew = old.isEmpty();
        if (id.isChild()) {
            if (old.isEmpty()) {
                complaints.add(ArmError.of(404, "ParentResourceNotFound", "no " + id.root()));
                return false;
            }
            whole = old.get().body().deepCopy();
            ArrayNode list = list(whole, id);
            isNew = remove(list, id.name());
            ObjectNode element = body.deepCopy();
            element.put("name", id.name());
            list.add(element);
        }
        ArmResource made = type(id).accept(id.root(), whole, old, this, complaints);
        revision++;
        resources.put(id.root().key(), new ArmResource(made.id(), made.body(), made.secrets(), revision));
        written.add(id);
        return isNew;
    }

    private static ArrayNode list(ObjectNode whole, ArmId id) {
        ObjectNode here = whole;
        for (int i = 1; ; i++) {
            String type = id.segments().get(i).type();
            ArrayNode list = here.withObject("/properties").withArray(spelled(here, type));
            if (i == id.segments().size() - 1) {
                return list;
            }
            for (JsonNode item : list) {
                if (item.path("name")
                        .asString("")
                        .equalsIgnoreCase(id.segments().get(i).name())) {
                    here = (ObjectNode) item;
                }
            }
        }
    }

    private static String spelled(ObjectNode here, String type) {
        for (String name : here.path("properties").propertyNames()) {
            if (name.equalsIgnoreCase(type)) {
                return name;
            }
        }
        return type;
    }

    /** Whether nothing of that name was there. */
    private static boolean remove(ArrayNode list, String name) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path("name").asString("").toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                list.remove(i);
                return false;
            }
        }
        return true;
    }

    @Override
    public void delete(ArmId id, Complaints complaints) {
        Optional<ArmResource> old = find(id);
        if (old.isEmpty()) {
            return;
        }
        if (id.isChild()) {
            ObjectNode whole = old.get().body().deepCopy();
            remove(list(whole, id), id.name());
            ArmResource made = type(id).accept(id.root(), whole, old, this, complaints);
            resources.put(id.root().key(), made);
        } else {
            type(id).checkDelete(old.get(), this, complaints);
            if (!complaints.any()) {
                resources.remove(id.key());
            }
        }
    }

    @Override
    public void check(Complaints complaints) {
        for (ArmId id : written) {
            find(id).ifPresent(r ->
                    type(id).check(r, before.getOrDefault(id.root().key(), Optional.empty()), this, complaints));
        }
    }

    @Override
    public Optional<ObjectNode> show(ArmId id) {
        return find(id).flatMap(r -> {
            ObjectNode shown = type(id).show(r, this);
            return id.isChild()
                    ? Neighbours.element(new ArmResource(r.id(), shown, r.secrets()), id)
                    : Optional.of(shown);
        });
    }

    @Override
    public List<ArmId> written() {
        return List.copyOf(written);
    }

    @Override
    public Optional<ArmResource> find(ArmId id) {
        return Optional.ofNullable(resources.get(id.root().key()));
    }

    @Override
    public List<ArmResource> ofType(String type) {
        return resources.values().stream()
                .filter(r -> r.id().type().equalsIgnoreCase(type))
                .toList();
    }

    @Override
    public Optional<JsonNode> status(ArmId id) {
        return Optional.ofNullable(statuses.get(id.key()));
    }

    @Override
    public Provision provision(ArmResource resource) {
        return provisions.getOrDefault(resource.id().key(), new Provision.Succeeded());
    }

    @Override
    public List<JsonNode> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public Optional<String> location(String subscription, String group) {
        return Optional.of("local");
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-11-23T12:00:00Z");
    }
}
