package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Drafts;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Service;
import io.sallyport.api.arm.World;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Route;
import io.sallyport.store.Change;
import io.sallyport.store.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Everything about resources: opens the view of the store, makes what must be there from the first start, gives routes. */
public final class Resources implements AutoCloseable {
    public static final String TENANT = "11111111-1111-1111-1111-111111111111";
    public static final String LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
    public static final String LOCAL_GROUP = "local";
    public static final String LOCAL_LOCATION = "local";

    private final Catalog catalog;
    private final List<Service> services;
    private final Rights rights;
    private final View view;
    private final Audit audit;
    private final StoreDrafts drafts;
    private final Tasks tasks;
    private final Commands commands;
    private final CaptureFiles captures;
    private final Replies replies;

    public Resources(Store store, Catalog catalog, List<Service> services, Rights rights, Audit audit, Clock clock)
            throws Refused {
        this.catalog = catalog;
        this.services = List.copyOf(services);
        this.rights = rights;
        this.audit = audit;
        this.view = new View(store);
        this.drafts = new StoreDrafts(store, view, catalog, clock, audit);
        this.tasks = new Tasks(store, clock);
        this.commands = new Commands(store);
        makeLocal();
        this.captures = new CaptureFiles(store);
        this.replies = new Replies(view, drafts, tasks, commands, captures);
    }

    private void makeLocal() throws Refused {
        List<Change> changes = new ArrayList<>();
        if (view.subscription(LOCAL_SUBSCRIPTION).isEmpty()) {
            changes.add(SubscriptionRoutes.put(LOCAL_SUBSCRIPTION, "local"));
        }
        if (view.group(LOCAL_SUBSCRIPTION, LOCAL_GROUP).isEmpty()) {
            ObjectNode body = Json.object().put("location", LOCAL_LOCATION);
            changes.add(GroupRoutes.put(
                    "/subscriptions/" + LOCAL_SUBSCRIPTION + "/resourceGroups/" + LOCAL_GROUP,
                    body,
                    Change.Expectation.ABSENT));
        }
        if (!changes.isEmpty()) {
            drafts.commit(changes);
        }
    }

    /** What turns the handlers' replies into answers. */
    public Replies replies() {
        return replies;
    }

    /** What is stored. */
    public World world() {
        return drafts.world();
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new SubscriptionRoutes(view, drafts, rights, audit).routes());
        routes.addAll(new ProviderRoutes(view, catalog, services).routes());
        routes.addAll(new GroupRoutes(this).routes());
        routes.addAll(new ResourceRoutes(this).routes());
        routes.addAll(new ServiceRoutes(this).routes());
        routes.addAll(new GatewayRoutes(this).routes());
        routes.addAll(new TaskRoutes(tasks, rights).routes());
        routes.addAll(new ActivityRoutes(audit, rights).routes());
        return routes;
    }

    View view() {
        return view;
    }

    Catalog catalog() {
        return catalog;
    }

    List<Service> services() {
        return services;
    }

    Rights rights() {
        return rights;
    }

    CaptureFiles captures() {
        return captures;
    }

    Audit audit() {
        return audit;
    }

    StoreDrafts drafts() {
        return drafts;
    }

    Drafts draftsOf(Caller caller) {
        return drafts.of(caller, rights);
    }

    /** As a GET answers it. */
    Optional<ObjectNode> show(ArmResource resource) {
        return catalog.find(resource.id()).map(t -> t.show(resource, drafts.world()));
    }

    @Override
    public void close() {
        tasks.close();
        commands.close();
        view.close();
    }
}
