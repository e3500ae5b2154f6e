package io.sallyport.engine.follow;

import io.sallyport.engine.capture.Captures;
import io.sallyport.engine.control.Control;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.Planning;
import io.sallyport.model.Resource;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the thread {@code follow} does with what it has been told. */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);

    private final Control control;
    private final Captures captures;
    private final Pages pages;
    /** In the order in which they came: of two that cannot both run, the one that runs already stays. */
    private final SequencedMap<String, Known> known = new LinkedHashMap<>();

    private final Map<String, Reported> reported = new HashMap<>();
    /** By gateway, then by the name of the line: how a gateway's clients are. */
    private final Map<String, SequencedMap<String, ConnectionStatus>> clients = new HashMap<>();

    private Set<String> lastCapturing = Set.of();

    /** What was last said of a resource; while that stays, thousands need not be written anew for the sake of one. */
    private record Reported(long revision, String code, String message) {}

    Work(Store store, Control control, Captures captures) {
        this.control = control;
        this.captures = captures;
        this.pages = new Pages(store);
    }

    /** Takes changes in and runs what there is now; true when the machine refused something that may work later. */
    boolean carryOut(Map<String, Optional<Document>> changes) {
        changes.forEach(this::takeIn);
        List<Resource> all = new ArrayList<>();
        known.values().forEach(k -> k.resource().ifPresent(all::add));
        Planning planning = control.follow(Resources.of(all));
        Set<String> lines = new HashSet<>();
        planning.plan().lines().forEach(l -> lines.add(l.name()));
        clients.values().forEach(each -> each.keySet().retainAll(lines));
        Map<String, Planning.Left> left = new HashMap<>();
        planning.left().forEach(l -> left.put(l.id().key(), l));
        for (Known each : known.values()) {
            if (each.isProvisioned()) {
                report(each, left.get(each.id().key()));
            }
        }
        pages.flush();
        return planning.left().stream().anyMatch(l -> l.reason() == Planning.Reason.MACHINE);
    }

    private void takeIn(String key, Optional<Document> document) {
        Optional<Known> read = document.flatMap(Work::read);
        if (read.isPresent()) {
            known.put(key, read.get());
            return;
        }
        Known gone = known.remove(key);
        if (gone != null) {
            reported.remove(gone.id().key());
            clients.remove(gone.id().key());
            pages.delete(Keys.of(Keys.PROVISION, gone.id().full()));
            pages.delete(Keys.of(Keys.STATUS, gone.id().full()));
        }
    }

    private static Optional<Known> read(Document document) {
        try {
            return Known.read(document);
        } catch (RuntimeException e) {
            // Its text stays out of the log: a body that cannot be read may hold anything.
            LOG.error(
                    "{} cannot be read and is left out: {}",
                    document.key(),
                    e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private void report(Known each, Planning.@Nullable Left left) {
        String code = "";
        String message = "";
        if (each.resource().isEmpty()) {
            code = Planning.Reason.NOT_SUPPORTED.code();
            message = String.join("; ", each.errors());
        } else if (left != null) {
            code = left.reason().code();
            message = left.message();
        }
        Reported report = new Reported(each.revision(), code, message);
        if (!each.isGateway() && report.equals(reported.put(each.id().key(), report))) {
            return;
        }
        String body = StatusDocuments.provision(each.revision(), code, message, notes(each));
        boolean isNew = pages.put(Keys.of(Keys.PROVISION, each.id().full()), body);
        if (isNew && !code.isEmpty()) {
            LOG.warn("{} is left out: {}", each.id(), message);
        }
        if (!code.isEmpty() && !each.id().type().equalsIgnoreCase("virtualNetworkGateways")) {
            pages.put(Keys.of(Keys.STATUS, each.id().full()), StatusDocuments.left(each.id(), message));
        }
    }

    /** A gateway speaks for its VNet and address too: nobody waits for word about those. */
    private List<String> notes(Known each) {
        List<String> out = new ArrayList<>(each.notes());
        if (each.resource().orElse(null) instanceof VirtualNetworkGateway gateway) {
            for (ResourceId used : List.of(
                    gateway.subnet().value().parent(), gateway.publicAddress().value())) {
                Known other = known.get(Keys.of(Keys.RESOURCE, used.full()));
                if (other != null) {
                    other.notes().forEach(n -> out.add(other.id() + ": " + n));
                    other.errors().forEach(n -> out.add(other.id() + ": " + n));
                }
            }
        }
        return out;
    }

    /** Writes what has changed since the last time. */
    void writeStatus() {
        Set<String> capturing = captures.targets();
        for (ConnectionStatus status : control.changedStatus()) {
            put(status, capturing);
        }
        for (String target : differing(capturing, lastCapturing)) {
            Known each = known.get(Keys.RESOURCE + target);
            if (each != null && each.isConnection()) {
                control.status(each.id().shortName()).ifPresent(s -> put(s, capturing));
            }
        }
        lastCapturing = capturing;
        for (Known each : known.values()) {
            if (each.isGateway()) {
                boolean captured = capturing.contains(each.id().key());
                pages.put(
                        Keys.of(Keys.STATUS, each.id().full()),
                        StatusDocuments.gateway(
                                captured,
                                List.copyOf(clients.getOrDefault(each.id().key(), new LinkedHashMap<>())
                                        .values())));
            }
        }
        pages.put(Keys.NODE + control.node().node(), StatusDocuments.node(control.node(), control.health()));
        pages.flush();
    }

    private void put(ConnectionStatus status, Set<String> capturing) {
        if (status.config().clients().isPresent()) {
            clients.computeIfAbsent(status.gateway().key(), _ -> new LinkedHashMap<>())
                    .put(status.name(), status);
            return;
        }
        boolean captured = capturing.contains(status.connection().key());
        pages.put(Keys.of(Keys.STATUS, status.connection().full()), StatusDocuments.connection(status, captured));
    }

    private static Set<String> differing(Set<String> a, Set<String> b) {
        Set<String> out = new HashSet<>(a);
        out.addAll(b);
        out.removeIf(each -> a.contains(each) && b.contains(each));
        return out;
    }
}
