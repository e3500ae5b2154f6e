package io.sallyport.model;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/** A set of resources, each found by its id. Immutable. */
public final class Resources {
    public static final Resources NONE = new Resources(List.of());

    private final List<Resource> all;
    private final SequencedMap<String, Resource> byKey = new LinkedHashMap<>();
    private final SequencedMap<String, List<Connection>> byGateway = new LinkedHashMap<>();

    private Resources(List<Resource> all) {
        this.all = List.copyOf(all);
        for (Resource resource : all) {
            byKey.put(resource.id().key(), resource);
            if (resource instanceof Connection connection) {
                byGateway
                        .computeIfAbsent(connection.gateway().value().key(), _ -> new ArrayList<>())
                        .add(connection);
            }
        }
    }

    /** These, as they are: a reference may lead nowhere, and one may contradict another. */
    public static Resources of(List<Resource> all) {
        return new Resources(all);
    }

    /**
     * These resources with what {@code documents} create or replace, or nothing when {@code problems} were found: then
     * nothing has changed. What comes of it fits together: every reference leads somewhere, nothing contradicts anything.
     */
    public Optional<Resources> with(List<? extends Node> documents, Problems problems) {
        ResourceReader reader = new ResourceReader(problems);
        List<Resource> read = new ArrayList<>();
        for (Node document : documents) {
            reader.read(document).ifPresent(read::add);
        }
        for (int i = 0; i < read.size(); i++) {
            Resource later = read.get(i);
            for (Resource earlier : read.subList(0, i)) {
                if (earlier.id().matches(later.id())) {
                    problems.error(
                            later.place(),
                            later.id().toString(),
                            "name",
                            "found '" + later.name() + "' a second time; the first is at " + earlier.place());
                }
            }
        }
        if (problems.hasErrors()) {
            return Optional.empty();
        }
        List<Resource> merged = new ArrayList<>(all);
        for (Resource resource : read) {
            int at = indexOf(merged, resource.id());
            if (at >= 0) {
                merged.set(at, resource);
            } else {
                merged.add(resource);
            }
        }
        return checked(merged, problems);
    }

    /** These resources without one, or nothing when another needs it or it does not exist. */
    public Optional<Resources> without(ResourceId id, Problems problems) {
        List<Resource> rest = new ArrayList<>(all);
        int at = indexOf(rest, id);
        if (at < 0) {
            problems.error(Place.wholeFile("delete"), id.toString(), "", "there is no such resource");
            return Optional.empty();
        }
        Resource gone = rest.remove(at);
        for (Resource other : rest) {
            for (Placed<ResourceId> reference : references(other)) {
                if (reference.value().parent().matches(id)) {
                    problems.error(
                            gone.place(),
                            id.toString(),
                            "",
                            other.id() + " uses it (" + reference.path() + "); delete that first");
                }
            }
        }
        return problems.hasErrors() ? Optional.empty() : checked(rest, problems);
    }

    private static Optional<Resources> checked(List<Resource> candidates, Problems problems) {
        Resources made = new Resources(candidates);
        new CrossCheck(made, problems).run();
        return problems.hasErrors() ? Optional.empty() : Optional.of(made);
    }

    static List<Placed<ResourceId>> references(Resource resource) {
        return switch (resource) {
            case VirtualNetwork _, PublicIpAddress _, LocalNetworkGateway _ -> List.of();
            case VirtualNetworkGateway gateway -> List.of(gateway.subnet(), gateway.publicAddress());
            case Connection connection -> List.of(connection.gateway(), connection.far());
        };
    }

    private static int indexOf(List<Resource> list, ResourceId id) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).id().matches(id)) {
                return i;
            }
        }
        return -1;
    }

    /** In the order in which they were made. */
    public List<Resource> all() {
        return all;
    }

    public Optional<Resource> find(ResourceId id) {
        return Optional.ofNullable(byKey.get(id.key()));
    }

    /** Those whose short type is {@code type}, without regard to case. */
    public List<Resource> ofType(String type) {
        String wanted = type.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(r -> r.id().type().toLowerCase(Locale.ROOT).equals(wanted))
                .toList();
    }

    public List<VirtualNetwork> networks() {
        return of(VirtualNetwork.class);
    }

    public List<VirtualNetworkGateway> gateways() {
        return of(VirtualNetworkGateway.class);
    }

    public List<Connection> connections() {
        return of(Connection.class);
    }

    public List<PublicIpAddress> publicAddresses() {
        return of(PublicIpAddress.class);
    }

    private <T extends Resource> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The connections of one gateway. */
    public List<Connection> connectionsOf(VirtualNetworkGateway gateway) {
        List<Connection> own = byGateway.get(gateway.id().key());
        return own == null ? List.of() : List.copyOf(own);
    }

    /** The VNet in which a gateway stands. */
    public Optional<VirtualNetwork> networkOf(VirtualNetworkGateway gateway) {
        return find(gateway.subnet().value().parent(), VirtualNetwork.class);
    }

    public Optional<PublicIpAddress> publicAddressOf(VirtualNetworkGateway gateway) {
        return find(gateway.publicAddress().value(), PublicIpAddress.class);
    }

    /** Where a connection leads. */
    public Optional<FarEnd> farEndOf(Connection connection) {
        return switch (find(connection.far().value()).orElse(null)) {
            case LocalNetworkGateway site ->
                Optional.of(new FarEnd(site.id(), site.address().value(), site.prefixes()));
            case VirtualNetworkGateway gateway ->
                publicAddressOf(gateway)
                        .flatMap(address -> networkOf(gateway)
                                .map(network -> new FarEnd(
                                        gateway.id(), address.address().value(), network.prefixes())));
            case VirtualNetwork _, PublicIpAddress _, Connection _ -> Optional.empty();
            case null -> Optional.empty();
        };
    }

    private <T extends Resource> Optional<T> find(ResourceId id, Class<T> type) {
        return find(id).filter(type::isInstance).map(type::cast);
    }
}
