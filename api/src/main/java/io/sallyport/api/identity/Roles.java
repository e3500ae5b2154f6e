package io.sallyport.api.identity;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.resource.Watching;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Who has which role where. What is deleted takes the roles that were given on it along. */
final class Roles implements Rights, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);
    private static final String ROOM = "role/";

    private final Store store;
    private final ConcurrentSkipListMap<String, Assignment> assignments = new ConcurrentSkipListMap<>();
    private final Store.Watch watch;
    private final Store.Watch resources;

    /**
     * One assignment.
     *
     * @param name a GUID, unique in the tenant
     * @param scope an id or the start of one; {@code /} is everything
     */
    record Assignment(
            String name,
            String scope,
            Role role,
            String principalId,
            String principalType,
            Instant created,
            String by) {
        String key() {
            return ROOM + name.toLowerCase(Locale.ROOT);
        }

        Change put() {
            ObjectNode body = Json.object();
            body.put("name", name).put("scope", scope).put("role", role.guid());
            body.put("principalId", principalId).put("principalType", principalType);
            body.put("created", created.toString()).put("by", by);
            return new Change.Put(key(), Change.Expectation.ANY, Json.text(body), Map.of(), Document.Lifetime.DURABLE);
        }

        Change delete() {
            return new Change.Delete(key(), Change.Expectation.ANY);
        }
    }

    Roles(Store store) {
        this.store = store;
        this.watch = Watching.begin(store, ROOM, (events, revision) -> events.forEach(this::take));
        this.resources = Watching.begin(
                store, Keys.RESOURCE + "/subscriptions/", (events, revision) -> events.forEach(this::follow));
    }

    private void take(Store.Event event) {
        switch (event) {
            case Store.Event.Written written -> read(written.document()).ifPresent(a -> assignments.put(a.key(), a));
            case Store.Event.Deleted gone -> assignments.remove(gone.key());
        }
    }

    private static Optional<Assignment> read(Document document) {
        ObjectNode body = Json.ours(document.body());
        return Role.of(body.path("role").asString(""))
                .map(role -> new Assignment(
                        body.path("name").asString(""),
                        body.path("scope").asString(""),
                        role,
                        body.path("principalId").asString(""),
                        body.path("principalType").asString(""),
                        Instant.parse(body.path("created").asString("")),
                        body.path("by").asString("")));
    }

    private void follow(Store.Event event) {
        if (event instanceof Store.Event.Deleted gone && !assignments.isEmpty()) {
            String scope = gone.key().substring(Keys.RESOURCE.length());
            List<Assignment> orphans = assignments.values().stream()
                    .filter(a -> covers(scope, a.scope()))
                    .toList();
            if (!orphans.isEmpty()) {
                Thread.ofVirtual().name("roles").start(() -> remove(orphans));
            }
        }
    }

    private void remove(List<Assignment> orphans) {
        try {
            Identities.commit(store, orphans.stream().map(Assignment::delete).toList());
        } catch (Refused e) {
            LOG.warn("roles on what was deleted are left behind: {}", e.getMessage());
        }
    }

    Collection<Assignment> all() {
        return assignments.values();
    }

    Optional<Assignment> named(String name) {
        return Optional.ofNullable(assignments.get(ROOM + name.toLowerCase(Locale.ROOT)));
    }

    /** Counts from now on; whoever stores it calls this, so that his next request sees it. */
    void settle(Assignment assignment) {
        assignments.put(assignment.key(), assignment);
    }

    void forget(Assignment assignment) {
        assignments.remove(assignment.key());
    }

    @Override
    public boolean may(Caller caller, String action, String scope) {
        if (caller.equals(Caller.LOCAL)) {
            return true;
        }
        for (Assignment assignment : assignments.values()) {
            if (assignment.principalId().equalsIgnoreCase(caller.objectId())
                    && covers(assignment.scope(), scope)
                    && assignment.role().allows(action)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code inner} is {@code outer} or lies below it. */
    static boolean covers(String outer, String inner) {
        String start = outer.endsWith("/") ? outer : outer + "/";
        String whole = inner.endsWith("/") ? inner : inner + "/";
        return whole.regionMatches(true, 0, start, 0, start.length());
    }

    @Override
    public void close() {
        watch.close();
        resources.close();
    }
}
