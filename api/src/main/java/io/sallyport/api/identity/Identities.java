package io.sallyport.api.identity;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.resource.Audit;
import io.sallyport.api.resource.Watching;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.node.ObjectNode;

/** All identities, kept in the store. */
final class Identities implements AutoCloseable {
    private final Store store;
    private final Audit audit;
    private final ConcurrentSkipListMap<String, Identity> byKey = new ConcurrentSkipListMap<>();
    private final Store.Watch watch;

    Identities(Store store, Audit audit) {
        this.store = store;
        this.audit = audit;
        this.watch = Watching.begin(store, Identity.ROOM, (events, revision) -> events.forEach(this::take));
    }

    private void take(Store.Event event) {
        switch (event) {
            case Store.Event.Written written ->
                byKey.put(
                        written.key(),
                        Identity.of(
                                written.document(), Json.ours(written.document().body())));
            case Store.Event.Deleted gone -> byKey.remove(gone.key());
        }
    }

    Collection<Identity> all() {
        return byKey.values();
    }

    Optional<Identity> named(String name) {
        return Optional.ofNullable(byKey.get(Identity.key(name)));
    }

    /** Whom a login means: by name, or a service principal by its client id. */
    Optional<Identity> login(String given, Identity.Kind kind) {
        return byKey.values().stream()
                .filter(i -> i.kind() == kind)
                .filter(i -> i.name().equalsIgnoreCase(given) || i.clientId().equalsIgnoreCase(given))
                .findFirst();
    }

    Optional<Identity> object(String objectId) {
        return byKey.values().stream()
                .filter(i -> i.objectId().equalsIgnoreCase(objectId))
                .findFirst();
    }

    /** Creates or replaces, with whatever else belongs to the same change. */
    void save(String who, Identity identity, List<Change> also) throws Refused {
        ObjectNode body = Json.object();
        body.put("name", identity.name()).put("kind", identity.kind().word());
        body.put("objectId", identity.objectId()).put("clientId", identity.clientId());
        body.put("displayName", identity.displayName());
        body.put("created", identity.created().toString());
        body.put("tokensFrom", identity.tokensFrom().toString());
        List<Change> changes = new ArrayList<>(also);
        changes.add(new Change.Put(
                identity.key(),
                Change.Expectation.ANY,
                Json.text(body),
                Map.of(Identity.HASH, identity.hash()),
                Document.Lifetime.DURABLE));
        commit(who, "Sallyport.Identity/identities/write", path(identity), changes);
        byKey.put(identity.key(), identity);
    }

    void delete(String who, Identity identity, List<Change> also) throws Refused {
        List<Change> changes = new ArrayList<>(also);
        changes.add(new Change.Delete(identity.key(), Change.Expectation.ANY));
        commit(who, "Sallyport.Identity/identities/delete", path(identity), changes);
        byKey.remove(identity.key());
    }

    static String path(Identity identity) {
        return "/providers/Sallyport.Identity/identities/" + identity.name();
    }

    /** Stores changes of identities, roles or tokens, and remembers who made them. */
    void commit(String who, String action, String id, List<Change> changes) throws Refused {
        List<Change> all = new ArrayList<>(changes);
        all.addAll(audit.entry(who, action, id));
        all.addAll(audit.trim());
        commit(store, all);
        audit.log(who, action, id);
    }

    static void commit(Store store, List<Change> changes) throws Refused {
        try {
            store.commit(changes);
        } catch (Conflict e) {
            throw new Refused(ArmError.of(409, "Conflict", "another change came first; try again"));
        } catch (StoreFailure e) {
            throw new Refused(ArmError.of(503, "StoreUnavailable", "nothing was changed: " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
