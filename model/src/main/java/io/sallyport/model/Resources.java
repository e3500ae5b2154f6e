package io.sallyport.model;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A set of resources that fit together: every reference leads somewhere, nothing contradicts anything. Immutable. */
public final class Resources {
    public static final Resources NONE = new Resources(List.of());

    private final List<Resource> all;

    private Resources(List<Resource> all) {
        this.all = List.copyOf(all);
    }

    /**
     * These resources with what {@code documents} create or replace, or nothing when {@code problems} were found: then
     * nothing has changed.
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
            case Connection connection -> List.of(connection.gateway(), connection.site());
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
        int at = indexOf(all, id);
        return at < 0 ? Optional.empty() : Optional.of(all.get(at));
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
        return connections().stream()
                .filter(c -> c.gateway().value().matches(gateway.id()))
                .toList();
    }

    /** The VNet in which a gateway stands. */
    public VirtualNetwork networkOf(VirtualNetworkGateway gateway) {
        return the(gateway.subnet().value().parent(), VirtualNetwork.class);
    }

    public PublicIpAddress publicAddressOf(VirtualNetworkGateway gateway) {
        return the(gateway.publicAddress().value(), PublicIpAddress.class);
    }

    public VirtualNetworkGateway gatewayOf(Connection connection) {
        return the(connection.gateway().value(), VirtualNetworkGateway.class);
    }

    public LocalNetworkGateway siteOf(Connection connection) {
        return the(connection.site().value(), LocalNetworkGateway.class);
    }

    private <T extends Resource> T the(ResourceId id, Class<T> type) {
        return type.cast(find(id).orElseThrow());
    }
}
