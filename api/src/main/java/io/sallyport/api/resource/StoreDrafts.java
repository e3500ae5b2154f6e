package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Draft;
import io.sallyport.api.arm.Drafts;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.World;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.base.Secret;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/**
 * Commits drafts one after another: rules look at several resources, so that two changes, each right by itself, could be
 * wrong together. A draft over which another commit went is done again on what is stored then.
 */
final class StoreDrafts implements Drafts {
    private static final int ATTEMPTS = 5;

    private final Store store;
    private final View view;
    private final Catalog catalog;
    private final Clock clock;
    private final Audit audit;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    StoreDrafts(Store store, View view, Catalog catalog, Clock clock, Audit audit) {
        this.store = store;
        this.view = view;
        this.catalog = catalog;
        this.clock = clock;
        this.audit = audit;
    }

    /** What is stored now. */
    World world() {
        return new StoredWorld(view, catalog, clock);
    }

    @Override
    public StoreDraft begin() {
        return new StoreDraft(view, catalog, clock);
    }

    /** The same, but what {@code caller} may not write is refused, and what he may not read is not shown. */
    Drafts of(Caller caller, Rights rights) {
        return new Drafts() {
            @Override
            public Draft begin() {
                return StoreDrafts.this.begin().showing(id -> rights.may(caller, id.type() + "/read", id.toString()));
            }

            @Override
            public long commit(Draft draft, String who) throws Refused {
                for (ArmId id : draft.written()) {
                    boolean goes = draft.find(id).isEmpty();
                    demand(caller, rights, id.type() + (goes ? "/delete" : "/write"), id.toString());
                }
                return StoreDrafts.this.commit(draft, who);
            }
        };
    }

    static void demand(Caller caller, Rights rights, String action, String scope) throws Refused {
        if (!rights.may(caller, action, scope)) {
            throw new Refused(ArmError.of(
                    403,
                    "AuthorizationFailed",
                    "'" + caller.name() + "' with object id '" + caller.objectId() + "' has no role that allows '"
                            + action + "' on '" + scope + "'"));
        }
    }

    @Override
    public long commit(Draft given, String who) throws Refused {
        if (!(given instanceof StoreDraft first)) {
            throw new IllegalArgumentException("this draft was begun elsewhere");
        }
        oneAtATime.lock();
        try {
            boolean stale = first.isStale();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                StoreDraft draft = stale ? repeat(first) : first;
                List<Change> changes = changes(draft, who);
                if (changes.isEmpty()) {
                    first.settle();
                    return revision(draft);
                }
                try {
                    long revision = store.commit(changes);
                    written(draft).forEach(w -> audit.log(who, w.action(), w.id()));
                    settle(changes, revision);
                    first.settle();
                    return revision;
                } catch (Conflict e) {
                    refresh(e.key());
                    stale = true;
                }
            }
            throw new Refused(ArmError.of(
                    409, "AnotherOperationInProgress", "others change the same resource all the time; try again"));
        } catch (StoreFailure e) {
            throw new Refused(unavailable(e));
        } finally {
            oneAtATime.unlock();
        }
    }

    static ArmError unavailable(StoreFailure e) {
        return ArmError.of(503, "StoreUnavailable", "nothing was changed: " + e.getMessage());
    }

    /** Stores a subscription or group under the same lock. */
    long commit(List<Change> changes) throws Refused {
        oneAtATime.lock();
        try {
            long revision = store.commit(changes);
            settle(changes, revision);
            return revision;
        } catch (Conflict e) {
            refresh(e.key());
            throw new Refused(ArmError.of(
                    409, "Conflict", "another change of the same thing came first; look at it and try again"));
        } catch (StoreFailure e) {
            throw new Refused(unavailable(e));
        } finally {
            oneAtATime.unlock();
        }
    }

    private static StoreDraft repeat(StoreDraft draft) throws Refused {
        Complaints complaints = new Complaints();
        StoreDraft again = draft.repeat(complaints);
        complaints.refuseIfAny();
        return again;
    }

    /** What happens to whom. */
    private record Written(String action, String id) {}

    private static List<Written> written(StoreDraft draft) {
        List<Written> all = new ArrayList<>();
        for (ArmId id : draft.written()) {
            boolean goes = !draft.has(id);
            all.add(new Written(id.type() + (goes ? "/delete" : "/write"), id.toString()));
        }
        draft.doomedGroup()
                .ifPresent(g -> all.add(new Written("Microsoft.Resources/subscriptions/resourceGroups/delete", g)));
        return all;
    }

    private List<Change> changes(StoreDraft draft, String who) {
        List<Change> changes = new ArrayList<>();
        draft.changes().forEach((key, wanted) -> change(key, wanted, draft).ifPresent(changes::add));
        draft.doomedGroup()
                .ifPresent(g -> changes.add(new Change.Delete(Keys.of(Keys.RESOURCE, g), Change.Expectation.ANY)));
        if (!changes.isEmpty()) {
            written(draft).forEach(w -> changes.addAll(audit.entry(who, w.action(), w.id())));
            changes.addAll(audit.trim());
        }
        return changes;
    }

    private Optional<Change> change(String key, Optional<ArmResource> wanted, StoreDraft draft) {
        Optional<ArmResource> before = view.resource(ArmId.parse(key).orElseThrow());
        Change.Expectation expectation = before.<Change.Expectation>map(
                        b -> new Change.Expectation.Revision(b.revision()))
                .orElse(Change.Expectation.ABSENT);
        if (wanted.isEmpty()) {
            return before.map(b -> new Change.Delete(Keys.RESOURCE + key, expectation));
        }
        boolean same = before.isPresent()
                && before.get().body().equals(wanted.get().body())
                && before.get().secrets().equals(wanted.get().secrets())
                && !(draft.provision(before.get()) instanceof World.Provision.Failed);
        return same
                ? Optional.empty()
                : Optional.of(put(
                        wanted.get().id().toString(),
                        expectation,
                        wanted.get().body(),
                        wanted.get().secrets()));
    }

    static Change put(String id, Change.Expectation expectation, ObjectNode body, Map<String, Secret> secrets) {
        return new Change.Put(
                Keys.of(Keys.RESOURCE, id), expectation, Json.text(body), secrets, Document.Lifetime.DURABLE);
    }

    /** The newest revision among what was put, none of which differed from what is stored. */
    private long revision(StoreDraft draft) {
        return draft.written().stream()
                .flatMap(id -> view.resource(id.root()).stream())
                .mapToLong(ArmResource::revision)
                .max()
                .orElse(0);
    }

    /** The view sees the commit at once, not only when the watch brings it. */
    private void settle(List<Change> changes, long revision) {
        List<Store.Event> events = new ArrayList<>();
        for (Change change : changes) {
            if (change.key().startsWith(Keys.RESOURCE + "/")) {
                switch (change) {
                    case Change.Put put ->
                        events.add(new Store.Event.Written(new Document(
                                put.key(),
                                revision,
                                put.body(),
                                new java.util.TreeMap<>(put.secrets()),
                                put.lifetime())));
                    case Change.Delete delete -> events.add(new Store.Event.Deleted(delete.key(), revision));
                    case Change.Require require -> {
                        // Nothing was written.
                    }
                }
            }
        }
        view.apply(events);
    }

    private void refresh(String key) {
        if (key.startsWith(Keys.RESOURCE + "/")) {
            Optional<Document> now = store.get(key);
            view.apply(List.of(
                    now.isPresent()
                            ? new Store.Event.Written(now.get())
                            : new Store.Event.Deleted(key, store.revision())));
        }
    }
}
