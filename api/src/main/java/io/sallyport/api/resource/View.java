package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.web.Json;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the store holds, parsed and indexed; kept current by watching. Whoever commits also {@link #apply applies} the
 * commit here, so that his next read sees it. Read from many threads.
 */
final class View implements AutoCloseable {
    private final ConcurrentSkipListMap<String, Container> subscriptions = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Container> groups = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, ArmResource> resources = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<String, ConcurrentSkipListMap<String, ArmResource>> byType = new ConcurrentHashMap<>();
    /** By type and by what they point to. */
    private final ConcurrentMap<Pointing, ConcurrentSkipListMap<String, ArmResource>> byTarget =
            new ConcurrentHashMap<>();
    /** Keys and the revision that deleted them, until the watch has come so far. */
    private final Map<String, Long> deleted = new ConcurrentHashMap<>();

    private record Pointing(String type, String target) {}

    private final AtomicLong version = new AtomicLong();
    private final Facts provisions;
    private final Facts statuses;
    private final Facts nodes;
    private final Store.Watch watch;

    View(Store store) {
        this.watch = Watching.begin(store, Keys.RESOURCE + "/", this::watched);
        this.provisions = new Facts(store, Keys.PROVISION + "/");
        this.statuses = new Facts(store, Keys.STATUS + "/");
        this.nodes = new Facts(store, Keys.NODE);
    }

    /** Grows with every change of a resource, group or subscription. */
    long version() {
        return version.get();
    }

    Optional<Container> subscription(String subscription) {
        return Optional.ofNullable(subscriptions.get("/subscriptions/" + lower(subscription)));
    }

    Optional<Container> group(String subscription, String group) {
        return Optional.ofNullable(
                groups.get("/subscriptions/" + lower(subscription) + "/resourcegroups/" + lower(group)));
    }

    Collection<Container> subscriptions() {
        return subscriptions.values();
    }

    Collection<Container> groups(String subscription) {
        return below(groups, "/subscriptions/" + lower(subscription) + "/").values();
    }

    Optional<ArmResource> resource(ArmId root) {
        return Optional.ofNullable(resources.get(root.key()));
    }

    /** Those whose id begins with {@code prefix}, by key; {@code prefix} ends with a slash or is empty. */
    NavigableMap<String, ArmResource> resources(String prefix) {
        return below(resources, lower(prefix));
    }

    /** Those of a full type whose id begins with {@code prefix}, by key. */
    NavigableMap<String, ArmResource> ofType(String type, String prefix) {
        return below(byType.getOrDefault(lower(type), new ConcurrentSkipListMap<>()), lower(prefix));
    }

    /** Those of a full type that point to a resource, by key. */
    NavigableMap<String, ArmResource> pointing(String type, ArmId target) {
        return byTarget.getOrDefault(new Pointing(lower(type), target.key()), new ConcurrentSkipListMap<>());
    }

    /** What the engine said about the resource's provisioning. */
    Optional<JsonNode> provision(ArmId root) {
        return provisions.get(Keys.of(Keys.PROVISION, root.toString()));
    }

    Optional<JsonNode> status(ArmId root) {
        return statuses.get(Keys.of(Keys.STATUS, root.toString()));
    }

    List<JsonNode> nodes() {
        return nodes.all();
    }

    /** Woken by every change of the provisioning, by key of the store. */
    Waits provisioning() {
        return provisions.waits();
    }

    /** Takes over a commit to the room {@code resource}; its events may come again by the watch. */
    synchronized void apply(List<? extends Store.Event> events) {
        for (Store.Event event : events) {
            String key = event.key().substring(Keys.RESOURCE.length());
            switch (event) {
                case Store.Event.Written written -> {
                    if (written.document().revision() > known(key)) {
                        write(key, written.document());
                    }
                }
                case Store.Event.Deleted gone -> {
                    if (gone.revision() > known(key)) {
                        remove(key);
                        deleted.put(key, gone.revision());
                    }
                }
            }
        }
        version.incrementAndGet();
    }

    private synchronized void watched(List<? extends Store.Event> events, long revision) {
        apply(events);
        deleted.values().removeIf(r -> r <= revision);
    }

    private long known(String key) {
        ArmResource resource = resources.get(key);
        if (resource != null) {
            return resource.revision();
        }
        Container container = groups.getOrDefault(key, subscriptions.get(key));
        return container != null ? container.revision() : deleted.getOrDefault(key, 0L);
    }

    private void write(String key, Document document) {
        ObjectNode body = Json.ours(document.body());
        String id = body.path("id").asString("");
        deleted.remove(key);
        switch (key.split("/", -1).length) {
            case 3 -> subscriptions.put(key, new Container(id, body, document.revision()));
            case 5 -> groups.put(key, new Container(id, body, document.revision()));
            default -> {
                ArmId parsed = ArmId.parse(id).orElseThrow(() -> new IllegalStateException(key + " holds no id"));
                ArmResource resource = new ArmResource(parsed, body, document.secrets(), document.revision());
                ArmResource before = resources.put(key, resource);
                point(key, Optional.ofNullable(before), Optional.of(resource));
                byType.computeIfAbsent(lower(parsed.type()), t -> new ConcurrentSkipListMap<>())
                        .put(key, resource);
            }
        }
    }

    private void remove(String key) {
        subscriptions.remove(key);
        groups.remove(key);
        ArmResource resource = resources.remove(key);
        if (resource != null) {
            Optional.ofNullable(byType.get(lower(resource.id().type()))).ifPresent(t -> t.remove(key));
            point(key, Optional.of(resource), Optional.empty());
        }
    }

    private void point(String key, Optional<ArmResource> before, Optional<ArmResource> after) {
        Set<String> targets = after.map(ArmResource::targets).orElse(Set.of());
        before.ifPresent(b -> b.targets().stream()
                .filter(t -> !targets.contains(t))
                .forEach(t -> byTarget.computeIfPresent(new Pointing(lower(b.id().type()), t), (p, users) -> {
                    users.remove(key);
                    return users.isEmpty() ? null : users;
                })));
        after.ifPresent(a -> targets.forEach(
                t -> byTarget.computeIfAbsent(new Pointing(lower(a.id().type()), t), p -> new ConcurrentSkipListMap<>())
                        .put(key, a)));
    }

    private static <T> NavigableMap<String, T> below(NavigableMap<String, T> map, String prefix) {
        return prefix.isEmpty() ? map : map.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        watch.close();
        provisions.close();
        statuses.close();
        nodes.close();
    }

    /** Documents of the engine, parsed. */
    private static final class Facts implements AutoCloseable {
        private final ConcurrentMap<String, JsonNode> facts = new ConcurrentHashMap<>();
        private final Waits waits = new Waits();
        private final Store.Watch watch;

        Facts(Store store, String prefix) {
            this.watch = Watching.begin(store, prefix, this::apply);
        }

        private void apply(List<? extends Store.Event> events, long revision) {
            for (Store.Event event : events) {
                switch (event) {
                    case Store.Event.Written written ->
                        facts.put(event.key(), Json.ours(written.document().body()));
                    case Store.Event.Deleted gone -> facts.remove(gone.key());
                }
                waits.signal(event.key());
            }
        }

        Optional<JsonNode> get(String key) {
            return Optional.ofNullable(facts.get(key));
        }

        List<JsonNode> all() {
            return new ArrayList<>(new TreeMap<>(facts).values());
        }

        Waits waits() {
            return waits;
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
