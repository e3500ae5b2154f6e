package io.sallyport.engine.control;

import io.sallyport.engine.path.PathConfig;
import io.sallyport.gateway.Plan;
import java.util.ArrayList;
import java.util.List;

/** A plan in the words of the packet path. */
final class PathPlan {
    private PathPlan() {}

    static PathConfig of(Plan plan) {
        return new PathConfig(
                plan.surfaces().stream()
                        .map(s -> new PathConfig.Surface(
                                s.vnet(), s.device(), s.netns(), s.mtu(), s.prefixes(), s.icmpSource()))
                        .toList(),
                plan.listeners().stream().map(PathPlan::listener).toList(),
                plan.tunnels().stream()
                        .map(t -> new PathConfig.Tunnel(t.peer(), t.vnet(), t.remotePrefixes()))
                        .toList());
    }

    /** {@code next}, with the listeners of {@code before} kept open so that peers can still be told that it is over. */
    static PathConfig withListenersOf(Plan next, Plan before) {
        PathConfig config = of(next);
        List<PathConfig.Listener> listeners = new ArrayList<>(config.listeners());
        for (Plan.Listener old : before.listeners()) {
            if (listeners.stream().noneMatch(l -> l.address().equals(old.address()))) {
                listeners.add(listener(old));
            }
        }
        return new PathConfig(config.surfaces(), listeners, config.tunnels());
    }

    private static PathConfig.Listener listener(Plan.Listener l) {
        return new PathConfig.Listener(l.address(), l.netns(), l.ikePort(), l.natPort());
    }
}
