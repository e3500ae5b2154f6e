package io.sallyport.cli;

import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files of resources as one deployment: all of it or nothing. What the gateway finds wrong is said with the file and the
 * line where it stands.
 */
public final class Application {
    private static final String PROVIDER = "Microsoft.Network/";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int NOT_FOUND = 404;
    /** Properties whose values must not stand in the template: it may be kept and shown. */
    private static final List<String> SECRETS =
            List.of("sharedKey", "authorizationKey", "radiusServerSecret", "radiusSecret");
    /** What others need comes first. */
    private static final List<String> ORDER = List.of(
            "networkSecurityGroups",
            "routeTables",
            "publicIPPrefixes",
            "publicIPAddresses",
            "virtualNetworks",
            "expressRouteCircuits",
            "localNetworkGateways",
            "virtualNetworkGateways",
            "connections");

    private final Scope scope;
    private final List<Written> documents;

    /** A document and what it will be. */
    private record Written(Node.Fields document, String type, String name, String group) {
        String key() {
            return String.join("\n", type, group, name).toLowerCase(Locale.ROOT);
        }

        int rank() {
            int at = ORDER.indexOf(type.startsWith(PROVIDER) ? type.substring(PROVIDER.length()) : type);
            return at < 0 ? ORDER.size() : at;
        }
    }

    /**
     * What came of it.
     *
     * @param changed ids of the resources that were made or that differ from before
     */
    public record Outcome(List<String> changed, List<String> warnings) {
        public Outcome {
            changed = List.copyOf(changed);
            warnings = List.copyOf(warnings);
        }
    }

    private Application(Scope scope, List<Written> documents) {
        this.scope = scope;
        this.documents = documents;
    }

    /**
     * Reads the texts, to the point where only the gateway can say more.
     *
     * @throws Refusal with a line for each mistake
     */
    public static Application read(List<Source> sources) throws Refusal {
        return read(sources, new Scope());
    }

    static Application read(List<Source> sources, Scope scope) throws Refusal {
        Problems problems = new Problems();
        List<Node> nodes = new ArrayList<>();
        for (Source source : sources) {
            nodes.addAll(Documents.read(source, problems));
        }
        List<Written> documents = new ArrayList<>();
        Map<String, Written> byKey = new HashMap<>();
        for (Node node : nodes) {
            document(node, scope, problems).ifPresent(written -> {
                refuseSecond(written, byKey, problems);
                documents.add(written);
            });
        }
        if (documents.isEmpty() && !problems.hasErrors()) {
            String file = sources.isEmpty() ? "apply" : sources.getFirst().file();
            problems.error(Place.wholeFile(file), "", "", "holds no resource");
        }
        if (problems.hasErrors()) {
            throw new Refusal(problems.errors().stream().map(Problem::toString).toList());
        }
        documents.sort(Comparator.comparingInt(Written::rank));
        return new Application(scope, documents);
    }

    private static Optional<Written> document(Node node, Scope scope, Problems problems) {
        if (!(node instanceof Node.Fields fields)) {
            problems.error(
                    node.place(),
                    "",
                    "",
                    "found " + node.kind() + "; allowed: a resource with type, name and properties");
            return Optional.empty();
        }
        Optional<String> type = text(fields, "type", true, problems);
        Optional<String> name = text(fields, "name", true, problems);
        Optional<String> group = text(fields, "resourceGroup", false, problems);
        if (type.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Written(fields, type.get(), name.get(), group.orElse(scope.group())));
    }

    private static Optional<String> text(Node.Fields fields, String name, boolean required, Problems problems) {
        Optional<Node> found = fields.field(name);
        if (found.isPresent() && found.get() instanceof Node.Text text) {
            return Optional.of(text.value());
        }
        if (found.isPresent()) {
            problems.error(found.get().place(), "", name, "found " + found.get().kind() + "; allowed: a text");
        } else if (required) {
            problems.error(fields.place(), "", name, "missing; it is required");
        }
        return Optional.empty();
    }

    private static void refuseSecond(Written later, Map<String, Written> before, Problems problems) {
        Written earlier = before.putIfAbsent(later.key(), later);
        if (earlier != null) {
            problems.error(
                    later.document.place(),
                    later.type,
                    "name",
                    "found '" + later.name + "' a second time; the first is at " + earlier.document.place());
        }
    }

    /**
     * Has the gateway check everything and change nothing.
     *
     * @throws Refusal with a line for each mistake
     */
    public List<String> validate(Client client) throws Refusal {
        Answer answer = client.ask("POST", deployment() + "/validate", body());
        refuse(answer);
        return warnings(answer.body());
    }

    /**
     * Carries it out and waits until the gateway runs it.
     *
     * @throws Refusal with a line for each mistake; then nothing was changed
     */
    public Outcome apply(Client client, Client.Waiting waiting) throws Refusal {
        List<String> made = makeGroups(client);
        String path = deployment();
        Answer answer = client.ask("PUT", path, body());
        if (answer.isRefused()) {
            for (String group : made) {
                client.ask("DELETE", scope.groupPath(group), null);
            }
            refuse(answer);
        }
        String id = answer.body().path("id").asString(path);
        JsonNode end = await(client, answer, id, waiting);
        List<String> changed = new ArrayList<>();
        end.at("/properties/sallyport/changed").forEach(c -> changed.add(c.asString("")));
        return new Outcome(changed, warnings(end));
    }

    private JsonNode await(Client client, Answer answer, String id, Client.Waiting waiting) throws Refusal {
        Optional<String> operation = answer.header("azure-asyncoperation");
        if (operation.isEmpty()) {
            return answer.body();
        }
        long begin = System.nanoTime();
        while (true) {
            Answer poll = client.call("GET", operation.get(), null);
            String status = poll.body().path("status").asString("");
            if (status.equals("Failed") || status.equals("Canceled")) {
                throw new Refusal(lines(poll));
            }
            if (status.equals("Succeeded")) {
                return client.get(id);
            }
            Duration passed = Duration.ofNanos(System.nanoTime() - begin);
            if (passed.compareTo(PATIENCE) > 0) {
                throw new Refusal("not finished after " + passed.toSeconds() + " s; it goes on by itself");
            }
            waiting.passed(passed);
            Client.sleep(100);
        }
    }

    /** Makes the groups that are not there; the answer is which. */
    private List<String> makeGroups(Client client) throws Refusal {
        List<String> made = new ArrayList<>();
        for (String group : documents.stream().map(Written::group).distinct().toList()) {
            if (client.ask("GET", scope.groupPath(group), null).status() == NOT_FOUND) {
                ObjectNode body = Client.JSON.createObjectNode();
                body.put("location", "local");
                client.call("PUT", scope.groupPath(group), body);
                made.add(group);
            }
        }
        return made;
    }

    private String deployment() {
        return scope.groupPath(documents.getFirst().group()) + "/providers/Microsoft.Resources/deployments/apply-"
                + UUID.randomUUID();
    }

    /** The deployment: secrets are parameters, so that the template may be kept. */
    ObjectNode body() {
        ObjectNode body = Client.JSON.createObjectNode();
        ObjectNode properties = body.putObject("properties");
        properties.put("mode", "Incremental");
        properties.putObject("sallyport").put("strict", true);
        ObjectNode template = properties.putObject("template");
        template.put("$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
        template.put("contentVersion", "1.0.0.0");
        template.putObject("parameters").putObject("secrets").put("type", "secureObject");
        ArrayNode resources = template.putArray("resources");
        ObjectNode secrets =
                properties.putObject("parameters").putObject("secrets").putObject("value");
        String home = documents.getFirst().group();
        for (Written written : documents) {
            ObjectNode resource = resources.addObject();
            resource.put("apiVersion", "2025-09-01");
            for (Node.Field field : written.document.fields()) {
                resource.set(field.name(), json(field.name(), field.value(), secrets));
            }
            resource.remove(List.of("id", "etag", "resourceGroup"));
            if (!written.group.equalsIgnoreCase(home)) {
                resource.put("resourceGroup", written.group);
            }
        }
        return body;
    }

    private static JsonNode json(String name, Node node, ObjectNode secrets) {
        return switch (node) {
            case Node.Text text
            when SECRETS.contains(name) -> {
                String parameter = "s" + secrets.size();
                secrets.put(parameter, text.value());
                yield text("[parameters('secrets')." + parameter + "]");
            }
            // A text that begins with a bracket is an expression in a template; a second bracket says that it is none.
            case Node.Text text -> text(text.value().startsWith("[") ? "[" + text.value() : text.value());
            case Node.Num num -> number(num);
            case Node.Bool bool -> Client.JSON.getNodeFactory().booleanNode(bool.value());
            case Node.Nothing _ -> Client.JSON.getNodeFactory().nullNode();
            case Node.Items list -> {
                ArrayNode out = Client.JSON.createArrayNode();
                list.items().forEach(item -> out.add(json(name, item, secrets)));
                yield out;
            }
            case Node.Fields fields -> {
                ObjectNode out = Client.JSON.createObjectNode();
                fields.fields().forEach(f -> out.set(f.name(), json(f.name(), f.value(), secrets)));
                yield out;
            }
        };
    }

    private static JsonNode number(Node.Num num) {
        BigDecimal value = new BigDecimal(num.source());
        return value.scale() <= 0
                ? Client.JSON.getNodeFactory().numberNode(value.toBigIntegerExact())
                : Client.JSON.getNodeFactory().numberNode(value);
    }

    private static JsonNode text(String value) {
        return Client.JSON.getNodeFactory().stringNode(value);
    }

    private List<String> warnings(JsonNode body) {
        List<String> out = new ArrayList<>();
        body.at("/properties/sallyport/warnings")
                .forEach(w -> out.add(w.isString() ? Scope.briefly(w.asString("")) : placed(w)));
        return out;
    }

    private void refuse(Answer answer) throws Refusal {
        if (answer.isRefused()) {
            throw new Refusal(lines(answer));
        }
    }

    private List<String> lines(Answer answer) {
        SequencedMap<String, JsonNode> byMessage = new LinkedHashMap<>();
        collect(answer.error(), byMessage);
        return byMessage.isEmpty()
                ? Client.refusal(answer).lines()
                : byMessage.values().stream().map(this::placed).distinct().toList();
    }

    /**
     * The innermost errors: those around them only say that there are some. What was found at both ends of a contradiction
     * is said once, at the end that the message names.
     */
    private static void collect(JsonNode error, Map<String, JsonNode> byMessage) {
        if (!error.path("details").isEmpty()) {
            error.path("details").forEach(d -> collect(d, byMessage));
            return;
        }
        String message = error.path("message").asString("");
        String id = error.path("target").asString("").replaceFirst("#.*", "");
        boolean named = !id.isEmpty() && message.contains("' of " + id);
        if (named || !byMessage.containsKey(message)) {
            byMessage.put(message, error);
        }
    }

    /** {@code file:line: type/name: property: text}, as far as the target can be found. */
    private String placed(JsonNode error) {
        String target = error.path("target").asString("");
        String message = Scope.briefly(error.path("message").asString(""));
        int hash = target.indexOf('#');
        String id = hash < 0 ? target : target.substring(0, hash);
        String path = hash < 0 ? "" : target.substring(hash + 1);
        for (Written written : documents) {
            String whole = scope.groupPath(written.group) + "/providers/" + written.type + "/" + written.name;
            if (whole.equalsIgnoreCase(id)) {
                return place(written.document, path) + ": " + Scope.brief(whole) + ": "
                        + (path.isEmpty() ? "" : path + ": ") + message;
            }
        }
        return target.isEmpty() ? message : Scope.brief(id) + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }

    /** Where the property stands, or where the nearest one around it does. */
    static Place place(Node.Fields document, String path) {
        Node here = document;
        Place place = document.place();
        for (String step : path.replace("[", ".[").split("\\.", -1)) {
            Optional<Node> next = step(here, step);
            if (next.isEmpty()) {
                return place;
            }
            here = next.get();
            place = here.place();
        }
        return place;
    }

    private static Optional<Node> step(Node node, String step) {
        if (node instanceof Node.Items list && step.matches("\\[\\d{1,6}]")) {
            int index = Integer.parseInt(step.substring(1, step.length() - 1));
            return index < list.items().size() ? Optional.of(list.items().get(index)) : Optional.empty();
        }
        if (node instanceof Node.Fields fields) {
            return fields.fields().stream()
                    .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(step.toLowerCase(Locale.ROOT)))
                    .map(Node.Field::value)
                    .findFirst();
        }
        return Optional.empty();
    }
}
