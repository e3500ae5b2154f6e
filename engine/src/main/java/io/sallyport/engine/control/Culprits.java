package io.sallyport.engine.control;

import io.sallyport.engine.path.PathConfig;
import io.sallyport.engine.path.PathFailure;
import io.sallyport.gateway.Plan;
import io.sallyport.gateway.Planning.Left;
import io.sallyport.gateway.Planning.Reason;
import io.sallyport.model.Resource;
import io.sallyport.model.Resources;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.model.document.Problem;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which gateways and connections are to be left out, because the machine refused what they need. */
final class Culprits {
    private Culprits() {}

    /** Those that {@code failure} speaks of; when it does not say, every gateway that does not run yet. */
    static List<Left> of(IOException failure, Plan wanted, Plan running, Resources resources) {
        if (failure instanceof PathFailure named) {
            List<Left> found = named(named, wanted, resources);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return resources.gateways().stream()
                .filter(g -> addressOf(g, resources)
                        .filter(a -> listens(wanted, a) && !listens(running, a))
                        .isPresent())
                .map(g -> left(g, failure))
                .toList();
    }

    private static List<Left> named(PathFailure failure, Plan wanted, Resources resources) {
        Optional<Address> address = failure.listener().map(PathConfig.Listener::address);
        if (address.isPresent()) {
            return resources.gateways().stream()
                    .filter(g -> addressOf(g, resources).equals(address))
                    .map(g -> left(g, failure))
                    .toList();
        }
        Optional<String> vnet = failure.surface().map(PathConfig.Surface::vnet);
        Optional<Prefix> prefix = failure.prefix();
        if (prefix.isPresent()) {
            return wanted.tunnels().stream()
                    .filter(t -> vnet.equals(Optional.of(t.vnet()))
                            && t.remotePrefixes().contains(prefix.get()))
                    .map(t -> connectionOf(t.peer(), wanted, resources))
                    .flatMap(Optional::stream)
                    .map(c -> left(c, failure))
                    .toList();
        }
        return resources.gateways().stream()
                .filter(g -> resources.networkOf(g).map(n -> n.id().shortName()).equals(vnet))
                .map(g -> left(g, failure))
                .toList();
    }

    private static Optional<Resource> connectionOf(String peer, Plan plan, Resources resources) {
        return plan.lines().stream()
                .filter(l -> l.name().equals(peer))
                .findFirst()
                .flatMap(l -> resources.find(l.connection()));
    }

    private static Optional<Address> addressOf(VirtualNetworkGateway gateway, Resources resources) {
        return resources.publicAddressOf(gateway).map(a -> a.address().value());
    }

    private static boolean listens(Plan plan, Address address) {
        return plan.listeners().stream().anyMatch(l -> l.address().equals(address));
    }

    private static Left left(Resource resource, IOException failure) {
        Problem problem = new Problem(
                Problem.Severity.ERROR,
                resource.place(),
                resource.id().toString(),
                "",
                Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
        return new Left(resource.id(), Reason.MACHINE, problem);
    }
}
