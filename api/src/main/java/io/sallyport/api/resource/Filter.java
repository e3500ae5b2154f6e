package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of OData's {@code $filter} that lists of resources are asked with: comparisons with {@code eq} and {@code ne}
 * joined by {@code and} or by {@code or}.
 */
record Filter(List<Term> terms, boolean all) {
    private static final int LENGTH_MAX = 2000;
    private static final Pattern TERM = Pattern.compile("\\(?\\s*([A-Za-z]+)\\s+(eq|ne)\\s+'((?:[^']|'')*)'\\s*\\)?");
    private static final Map<String, String> FIELDS = Map.of(
            "resourcetype",
            "type",
            "name",
            "name",
            "location",
            "location",
            "tagname",
            "",
            "tagvalue",
            "",
            "resourcegroup",
            "");

    record Term(String field, boolean equal, String value) {}

    static Optional<Filter> of(Call call) throws Refused {
        Optional<String> given = call.parameter("$filter");
        return given.isEmpty() ? Optional.empty() : Optional.of(parse(given.get()));
    }

    static Filter parse(String text) throws Refused {
        List<Term> terms = new ArrayList<>();
        boolean all = true;
        Matcher matcher = TERM.matcher(text.length() > LENGTH_MAX ? "" : text);
        int at = 0;
        while (matcher.find()) {
            String between = text.substring(at, matcher.start()).trim();
            boolean fits = at == 0 ? between.isEmpty() : between.equals("and") || between.equals("or");
            String field = matcher.group(1).toLowerCase(Locale.ROOT);
            if (!fits || !FIELDS.containsKey(field)) {
                throw refused();
            }
            if (at > 0) {
                boolean isAnd = between.equals("and");
                if (terms.size() > 1 && isAnd != all) {
                    throw refused();
                }
                all = isAnd;
            }
            terms.add(new Term(
                    field, matcher.group(2).equals("eq"), matcher.group(3).replace("''", "'")));
            at = matcher.end();
        }
        if (terms.isEmpty() || !text.substring(at).trim().isEmpty()) {
            throw refused();
        }
        return new Filter(List.copyOf(terms), all);
    }

    private static Refused refused() {
        return new Refused(ArmError.of(
                400,
                "InvalidFilterInQueryString",
                "allowed in $filter: resourceType, resourceGroup, name, location, tagName or tagValue, eq or ne, and a text in single"
                        + " quotes; joined by and, or by or",
                "$filter"));
    }

    boolean matches(ObjectNode resource) {
        return all
                ? terms.stream().allMatch(t -> matches(resource, t))
                : terms.stream().anyMatch(t -> matches(resource, t));
    }

    private boolean matches(ObjectNode resource, Term term) {
        boolean found = switch (term.field()) {
            case "resourcegroup" ->
                resource.path("id")
                        .asString("")
                        .toLowerCase(Locale.ROOT)
                        .contains("/resourcegroups/" + term.value().toLowerCase(Locale.ROOT) + "/");
            case "tagname" -> resource.path("tags").has(term.value());
            case "tagvalue" ->
                resource.path("tags").valueStream().anyMatch(v -> v.asString("").equals(term.value()));
            default ->
                resource.path(FIELDS.getOrDefault(term.field(), ""))
                        .asString("")
                        .equalsIgnoreCase(term.value());
        };
        return found == term.equal();
    }

    /** A resource as general lists show it. */
    static ObjectNode summary(ObjectNode body) {
        ObjectNode out = Json.object();
        for (String name : List.of("id", "name", "type", "location", "tags", "sku", "kind", "zones", "identity")) {
            if (body.has(name)) {
                out.set(name, body.path(name));
            }
        }
        return out;
    }
}
