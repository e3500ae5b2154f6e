package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.ResourceType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A draft over the view. It remembers what was asked of it, so that it can be done again when another commit came
 * between.
 */
final class StoreDraft extends StoredWorld implements Draft {
    private static final NavigableSet<String> NONE = Collections.emptyNavigableSet();

    private final long version;
    private final List<Step> steps = new ArrayList<>();
    /** By key of the resource; empty when it is deleted. */
    private final Map<String, Optional<ArmResource>> overlay = new LinkedHashMap<>();

    /** Keys of the overlay by full type in lower case: a template may lay thousands over each other. */
    private final Map<String, NavigableSet<String>> laidOfType = new HashMap<>();
    /** Keys of what the overlay holds, by key of what it points to. */
    private final Map<String, NavigableSet<String>> laidPointing = new HashMap<>();

    private final List<ArmId> written = new ArrayList<>();
    private Optional<String> doomedGroup = Optional.empty();
    private Predicate<ArmId> isVisible = id -> true;

    /** Something that was asked. */
    private interface Step {
        void repeat(StoreDraft draft, Complaints complaints);
    }

    StoreDraft(View view, Catalog catalog, Clock clock) {
        super(view, catalog, clock);
        this.version = view.version();
    }

    /** Whether anything was committed since it began. */
    boolean isStale() {
        return view.version() != version;
    }

    /** The same on what is stored now. */
    StoreDraft repeat(Complaints complaints) {
        StoreDraft again = new StoreDraft(view, catalog, clock);
        steps.forEach(s -> s.repeat(again, complaints));
        if (!complaints.any()) {
            again.check(complaints);
        }
        return again;
    }

    /** Demands that {@code condition} holds for what is stored. */
    void expect(ArmId id, Condition condition, Complaints complaints) {
        steps.add((d, c) -> d.expect(id, condition, c));
        condition.check(id, stored(id).map(Etags::tag), complaints);
    }

    @Override
    public boolean put(ArmId id, ObjectNode body, Complaints complaints) {
        steps.add((d, c) -> d.put(id, body, c));
        Optional<ResourceType> type = catalog.find(id);
        if (type.isEmpty() || Children.types(type.get(), id).isEmpty()) {
            complaints.add(Missing.invalidType(id, catalog));
            return false;
        }
        Optional<Container> group = view.group(id.subscription(), id.group());
        if (group.isEmpty()) {
            complaints.add(Missing.noGroup(id.group()));
            return false;
        }
        Names.check(id, complaints);
        Optional<ArmResource> before = find(id);
        ArmId named = Names.spelled(type.get(), id, before, group.get());
        return id.isChild()
                ? putChild(type.get(), named, body, before, complaints)
                : putResource(type.get(), named, body, before, group.get(), complaints);
    }

    private boolean putResource(
            ResourceType type,
            ArmId id,
            ObjectNode body,
            Optional<ArmResource> before,
            Container group,
            Complaints complaints) {
        ObjectNode wanted = body.deepCopy();
        Names.checkTags(wanted, complaints);
        Names.locate(id, wanted, before, group, complaints);
        accept(type, id, wanted, before, complaints);
        written.add(id);
        return before.isEmpty();
    }

    private boolean putChild(
            ResourceType type, ArmId id, ObjectNode body, Optional<ArmResource> before, Complaints complaints) {
        if (before.isEmpty()) {
            complaints.add(Missing.noParent(id));
            return false;
        }
        ObjectNode wanted = before.get().body().deepCopy();
        Optional<ArrayNode> list = Children.list(type, wanted, id);
        if (list.isEmpty()) {
            complaints.add(Missing.noParent(id));
            return false;
        }
        ObjectNode child = body.deepCopy();
        child.put("name", id.name());
        int at = 0;
        while (at < list.get().size()
                && !list.get().get(at).path("name").asString("").equalsIgnoreCase(id.name())) {
            at++;
        }
        boolean isNew = at == list.get().size();
        if (isNew) {
            list.get().add(child);
        } else {
            child.put("name", list.get().get(at).path("name").asString(""));
            list.get().set(at, child);
        }
        accept(type, before.get().id(), wanted, before, complaints);
        written.add(id);
        return isNew;
    }

    private void accept(
            ResourceType type, ArmId id, ObjectNode wanted, Optional<ArmResource> before, Complaints complaints) {
        ArmResource accepted = type.accept(id, wanted, before, this, complaints);
        if (!complaints.any()) {
            lay(type, accepted, before);
        }
    }

    private void lay(ResourceType type, ArmResource accepted, Optional<ArmResource> before) {
        ObjectNode body = accepted.body().deepCopy();
        body.put("id", accepted.id().toString());
        body.put("name", accepted.id().name());
        body.put("type", type.name());
        overlay(
                accepted.id(),
                Optional.of(Etags.stamp(type, new ArmResource(accepted.id(), body, accepted.secrets(), 0), before)));
    }

    private void overlay(ArmId id, Optional<ArmResource> laid) {
        Optional<ArmResource> last = overlay.getOrDefault(id.key(), Optional.empty());
        for (String target : last.map(ArmResource::targets).orElse(Set.of())) {
            laidPointing.getOrDefault(target, NONE).remove(id.key());
        }
        overlay.put(id.key(), laid);
        laidOfType
                .computeIfAbsent(id.type().toLowerCase(Locale.ROOT), _ -> new TreeSet<>())
                .add(id.key());
        for (String target : laid.map(ArmResource::targets).orElse(Set.of())) {
            laidPointing.computeIfAbsent(target, _ -> new TreeSet<>()).add(id.key());
        }
    }

    /** Puts what is already in the form in which it is stored. */
    void replace(ArmResource next, Complaints complaints) {
        steps.add((d, c) -> d.replace(next, c));
        Optional<ArmResource> before = find(next.id());
        Optional<ResourceType> type = catalog.find(next.id());
        if (before.isEmpty() || type.isEmpty()) {
            complaints.add(Missing.notFound(next.id()));
            return;
        }
        lay(type.get(), next, before);
        written.add(next.id());
    }

    @Override
    public void delete(ArmId id, Complaints complaints) {
        steps.add((d, c) -> d.delete(id, c));
        Optional<ArmResource> before = find(id);
        Optional<ResourceType> type = catalog.find(id);
        if (type.isEmpty()) {
            complaints.add(Missing.invalidType(id, catalog));
            return;
        }
        if (before.isEmpty()) {
            return;
        }
        if (id.isChild()) {
            deleteChild(type.get(), id, before.get(), complaints);
        } else {
            overlay(id, Optional.empty());
            written.add(before.get().id());
            type.get().checkDelete(before.get(), this, complaints);
        }
    }

    private void deleteChild(ResourceType type, ArmId id, ArmResource before, Complaints complaints) {
        ObjectNode wanted = before.body().deepCopy();
        if (Children.find(type, wanted, id).isEmpty()) {
            return;
        }
        ArrayNode list = Children.list(type, wanted, id).orElseThrow();
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).path("name").asString("").equalsIgnoreCase(id.name())) {
                list.remove(i);
            }
        }
        accept(type, before.id(), wanted, Optional.of(before), complaints);
        written.add(id);
    }

    /** Deletes a group with all that is in it; what is outside and needs something inside is in the way. */
    void deleteGroup(Container group, Complaints complaints) {
        steps.add((d, c) -> d.deleteGroup(group, c));
        doomedGroup = Optional.of(group.id());
        List<ArmResource> doomed = List.copyOf(view.resources(group.id() + "/").values());
        doomed.forEach(r -> overlay(r.id(), Optional.empty()));
        for (ArmResource resource : doomed) {
            written.add(resource.id());
            catalog.find(resource.id()).ifPresent(t -> t.checkDelete(resource, this, complaints));
        }
    }

    @Override
    public void check(Complaints complaints) {
        for (Optional<ArmResource> wanted : List.copyOf(overlay.values())) {
            if (wanted.isPresent()) {
                catalog.find(wanted.get().id())
                        .ifPresent(t ->
                                t.check(wanted.get(), view.resource(wanted.get().id()), this, complaints));
            }
        }
    }

    /** From now on {@link #show} has only what fits; rules still look at everything. */
    StoreDraft showing(Predicate<ArmId> visible) {
        isVisible = visible;
        return this;
    }

    @Override
    public Optional<ObjectNode> show(ArmId id) {
        return find(id).filter(r -> isVisible.test(id))
                .flatMap(r -> catalog.find(id).flatMap(t -> Children.find(t, t.show(r, this), id)));
    }

    @Override
    public List<ArmId> written() {
        return List.copyOf(written);
    }

    /** Whether the resource or child would be there if this were committed. */
    boolean has(ArmId id) {
        return find(id).flatMap(r -> catalog.find(id).flatMap(t -> Children.find(t, r.body(), id)))
                .isPresent();
    }

    /** What is to be stored, by key; empty for what is to be deleted. */
    Map<String, Optional<ArmResource>> changes() {
        return overlay;
    }

    /** The group that goes with everything in it. */
    Optional<String> doomedGroup() {
        return doomedGroup;
    }

    /** What was laid over is stored now: from here on it shows what is stored. */
    void settle() {
        overlay.clear();
        laidOfType.clear();
        laidPointing.clear();
    }

    private Optional<ObjectNode> stored(ArmId id) {
        return view.resource(id.root()).flatMap(r -> catalog.find(id).flatMap(t -> Children.find(t, r.body(), id)));
    }

    @Override
    public Optional<ArmResource> find(ArmId id) {
        Optional<ArmResource> laid = overlay.get(id.root().key());
        return laid == null ? super.find(id) : laid;
    }

    @Override
    public List<ArmResource> ofType(String type) {
        NavigableMap<String, ArmResource> stored = view.ofType(type, "");
        return merged(stored, laidOfType.getOrDefault(type.toLowerCase(Locale.ROOT), NONE), _ -> true);
    }

    @Override
    public List<ArmResource> pointing(String type, ArmId target) {
        NavigableMap<String, ArmResource> stored = view.pointing(type, target.root());
        NavigableSet<String> pointing = laidPointing.getOrDefault(target.root().key(), NONE);
        NavigableSet<String> laid = new TreeSet<>(pointing);
        stored.keySet().stream().filter(overlay::containsKey).forEach(laid::add);
        return merged(stored, laid, r -> r.id().type().equalsIgnoreCase(type) && pointing.contains(r.id().key()));
    }

    /** What is stored, but what is laid over it in its place, by key. */
    private List<ArmResource> merged(
            NavigableMap<String, ArmResource> stored, NavigableSet<String> keys, Predicate<ArmResource> belongs) {
        List<ArmResource> all = new ArrayList<>();
        NavigableMap<String, ArmResource> rest = stored;
        for (String key : keys) {
            Optional<ArmResource> laid =
                    overlay.getOrDefault(key, Optional.empty()).filter(belongs);
            if (laid.isPresent() || stored.containsKey(key)) {
                all.addAll(rest.headMap(key, false).values());
                laid.ifPresent(all::add);
                rest = rest.tailMap(key, false);
            }
        }
        all.addAll(rest.values());
        return all;
    }
}
