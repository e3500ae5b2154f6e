package io.sallyport.api.web;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of routes, as a tree of segments. A word wins over a variable, and both over "whatever follows". */
public final class Router {
    private static final String SCOPE = "{scope}";
    private static final String PROVIDERS = "providers";

    private final Node root = new Node();
    /** What follows a scope begins with "providers" and a namespace; the last such pair of a path decides. */
    private final Map<String, Node> scoped = new TreeMap<>();

    private final List<Route> routes;

    private static final class Node {
        private final Map<String, Node> words = new HashMap<>();
        private @Nullable Node variable;
        private @Nullable Node rest;
        private final Map<String, Route> methods = new TreeMap<>();
    }

    /** A route that matches, and what its names stand for. */
    public record Match(Route route, Map<String, String> variables) {
        public Match {
            variables = Map.copyOf(variables);
        }
    }

    public Router(Collection<Route> routes) {
        this.routes = List.copyOf(routes);
        this.routes.forEach(this::add);
    }

    /** As they were given. */
    public List<Route> routes() {
        return routes;
    }

    private void add(Route route) {
        List<String> pattern =
                new ArrayList<>(List.of(route.pattern().substring(1).split("/", -1)));
        Node node = root;
        if (pattern.getFirst().equals(SCOPE)) {
            node = scoped.computeIfAbsent(pattern.get(2).toLowerCase(Locale.ROOT), n -> new Node());
            pattern = pattern.subList(3, pattern.size());
        }
        for (String segment : pattern) {
            if (!segment.isEmpty()) {
                node = step(node, segment);
            }
        }
        Route before = node.methods.putIfAbsent(route.method(), route);
        if (before != null) {
            throw new IllegalArgumentException("two routes for " + route.method() + " " + route.pattern());
        }
    }

    private static Node step(Node node, String segment) {
        if (segment.startsWith("{*")) {
            Node rest = node.rest == null ? new Node() : node.rest;
            node.rest = rest;
            return rest;
        }
        if (segment.startsWith("{")) {
            Node variable = node.variable == null ? new Node() : node.variable;
            node.variable = variable;
            return variable;
        }
        return node.words.computeIfAbsent(segment.toLowerCase(Locale.ROOT), w -> new Node());
    }

    /**
     * The route for a path, or nothing when no pattern fits.
     *
     * @throws Refused with status 405 when a pattern fits, but not for this method
     */
    public Optional<Match> find(String method, List<String> segments) throws Refused {
        Set<String> allowed = new TreeSet<>();
        Optional<Match> found = findScoped(method, segments, allowed);
        if (found.isEmpty()) {
            Route route = findIn(root, segments, 0, method, allowed);
            found = Optional.ofNullable(route).map(r -> new Match(r, variables(r, segments)));
        }
        if (found.isEmpty() && !allowed.isEmpty()) {
            throw new Refused(ArmError.of(
                    405,
                    "MethodNotAllowed",
                    method + " is not possible here; allowed: " + String.join(", ", allowed),
                    String.join(", ", allowed)));
        }
        return found;
    }

    private Optional<Match> findScoped(String method, List<String> segments, Set<String> allowed) {
        for (int i = segments.size() - 2; i >= 0; i--) {
            if (segments.get(i).equalsIgnoreCase(PROVIDERS)) {
                Node node = scoped.get(segments.get(i + 1).toLowerCase(Locale.ROOT));
                if (node == null) {
                    return Optional.empty();
                }
                Route route = findIn(node, segments, i + 2, method, allowed);
                if (route == null) {
                    return Optional.empty();
                }
                List<String> shortened = new ArrayList<>();
                shortened.add(i == 0 ? "/" : "/" + String.join("/", segments.subList(0, i)));
                shortened.addAll(segments.subList(i, segments.size()));
                return Optional.of(new Match(route, variables(route, shortened)));
            }
        }
        return Optional.empty();
    }

    /** What the pattern's names stand for in segments that fit it. */
    private static Map<String, String> variables(Route route, List<String> segments) {
        Map<String, String> variables = new HashMap<>();
        String[] pattern = route.pattern().substring(1).split("/", -1);
        for (int i = 0; i < pattern.length; i++) {
            String name = pattern[i].startsWith("{") ? pattern[i].substring(1, pattern[i].length() - 1) : "";
            if (name.startsWith("*")) {
                variables.put(name.substring(1), String.join("/", segments.subList(i, segments.size())));
            } else if (!name.isEmpty()) {
                variables.put(name, segments.get(i));
            }
        }
        return variables;
    }

    private static @Nullable Route findIn(
            Node from, List<String> segments, int at, String method, Set<String> allowed) {
        Route exact = find(from, segments, at, method, false, allowed);
        return exact == null ? find(from, segments, at, method, true, allowed) : exact;
    }

    private static @Nullable Route find(
            Node node, List<String> segments, int at, String method, boolean withRest, Set<String> allowed) {
        if (at == segments.size()) {
            allowed.addAll(node.methods.keySet());
            return node.methods.get(method);
        }
        Node word = node.words.get(segments.get(at).toLowerCase(Locale.ROOT));
        Route found = word == null ? null : find(word, segments, at + 1, method, withRest, allowed);
        if (found == null && node.variable != null) {
            found = find(node.variable, segments, at + 1, method, withRest, allowed);
        }
        if (found == null && withRest && node.rest != null) {
            allowed.addAll(node.rest.methods.keySet());
            found = node.rest.methods.get(method);
        }
        return found;
    }
}
