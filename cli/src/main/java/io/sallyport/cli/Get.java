package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code sallyport get}. */
@Command(
        name = "get",
        description = "Shows resources. Shared keys are never shown.",
        footer = {
            "  sallyport get",
            "  sallyport get connections",
            "  sallyport get connection hub-to-branch -o yaml",
            "  sallyport get vnets --all-groups"
        })
final class Get extends Verb {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TYPE",
            defaultValue = "",
            description = "As Azure spells it, such as virtualNetworks, or a short form: vnet, publicip, gateway, site,"
                    + " connection, route-table, nsg, circuit.")
    private String type = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", defaultValue = "", description = "One of them.")
    private String name = "";

    @Option(
            names = {"-A", "--all-groups"},
            description = "Those of every resource group.")
    private boolean allGroups;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table (default), json or yaml.", defaultValue = "table")
    private Output output = Output.table;

    @Override
    int run(Client client) throws Refusal {
        List<JsonNode> resources = name.isEmpty() ? all(client) : List.of(one(client));
        switch (output) {
            case table -> table(resources);
            case json -> Rendered.print(name.isEmpty() ? array(resources) : resources.getFirst(), output, out());
            case yaml -> yaml(resources);
        }
        return 0;
    }

    private JsonNode one(Client client) throws Refusal {
        Types wanted = Types.said(type);
        Optional<JsonNode> found = client.find(scope().id(wanted.armName(), name));
        if (found.isEmpty()) {
            throw missing(client, scope(), wanted, name);
        }
        return found.get();
    }

    /** Says what there is instead. */
    static Refusal missing(Client client, Scope scope, Types type, String name) throws Refusal {
        List<String> there = new ArrayList<>();
        for (JsonNode each : client.list(path(scope, type, false))) {
            there.add(text(each, "name"));
        }
        return new Refusal("there is no " + type.armName() + "/" + name + "; there is: "
                + (there.isEmpty() ? "none" : String.join(", ", there)));
    }

    private List<JsonNode> all(Client client) throws Refusal {
        List<Types> types = type.isEmpty() ? List.of(Types.values()) : List.of(Types.said(type));
        List<JsonNode> out = new ArrayList<>();
        for (Types each : types) {
            List<JsonNode> some = new ArrayList<>(client.list(path(scope(), each, allGroups || type.isEmpty())));
            some.sort(Comparator.comparing(r -> text(r, "id")));
            out.addAll(some);
        }
        return out;
    }

    private static String path(Scope scope, Types type, boolean allGroups) {
        return (allGroups ? scope.subscriptionPath() : scope.groupPath(scope.group())) + "/providers/Microsoft.Network/"
                + type.armName();
    }

    private static ArrayNode array(List<JsonNode> items) {
        ArrayNode out = Client.JSON.createArrayNode();
        items.forEach(out::add);
        return out;
    }

    /** Documents one after the other, as {@code apply} reads them. */
    private void yaml(List<JsonNode> resources) {
        boolean first = true;
        for (JsonNode resource : resources) {
            if (!first) {
                out().println("---");
            }
            first = false;
            out().print(Rendered.yaml(resource));
        }
    }

    private void table(List<JsonNode> resources) {
        if (resources.isEmpty()) {
            out().println(
                            type.isEmpty()
                                    ? "there are no resources; sallyport apply -f FILE makes some"
                                    : "there is none; sallyport apply -f FILE makes some");
            return;
        }
        boolean groups = resources.stream().anyMatch(r -> !group(r).equalsIgnoreCase(Scope.LOCAL_GROUP));
        Table table = groups ? new Table("TYPE", "GROUP", "NAME", "STATE") : new Table("TYPE", "NAME", "STATE");
        for (JsonNode resource : resources) {
            JsonNode properties = resource.path("properties");
            String status = text(properties, "connectionStatus");
            String state = text(properties, "provisioningState");
            String shown = status.isEmpty() || !state.equals("Succeeded") ? state : status;
            String kind = text(resource, "type").replaceFirst("^Microsoft\\.Network/", "");
            if (groups) {
                table.row(kind, group(resource), text(resource, "name"), shown);
            } else {
                table.row(kind, text(resource, "name"), shown);
            }
        }
        table.lines().forEach(out()::println);
    }

    private static String group(JsonNode resource) {
        String[] parts = text(resource, "id").split("/", -1);
        return parts.length > 4 ? parts[4] : Scope.LOCAL_GROUP;
    }
}
