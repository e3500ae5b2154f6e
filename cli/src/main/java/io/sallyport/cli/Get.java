package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport get}. */
@Command(
        name = "get",
        description = "Shows resources. Shared keys are never shown.",
        footer = {"  sallyport get", "  sallyport get connections", "  sallyport get connection hub-to-branch -o yaml"})
final class Get extends Verb {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TYPE",
            defaultValue = "",
            description =
                    "virtualNetworks, publicIPAddresses, virtualNetworkGateways, localNetworkGateways, connections"
                            + " or a short form: vnet, publicip, gateway, site, connection.")
    private String type = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", defaultValue = "", description = "One of them.")
    private String name = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "table (default), json or yaml.", defaultValue = "table")
    private Output output = Output.table;

    @Override
    int run(Client client) throws Client.Refusal {
        ObjectNode request = Client.request("get");
        request.put("type", type);
        request.put("name", name);
        JsonNode resources = client.ask(request).path("resources");
        switch (output) {
            case table -> table(resources);
            case json -> Rendered.print(one(resources), output, out());
            case yaml -> yaml(resources);
        }
        return 0;
    }

    private JsonNode one(JsonNode resources) {
        return name.isEmpty() || resources.size() != 1 ? resources : resources.get(0);
    }

    /** Documents one after the other, as {@code apply} reads them. */
    private void yaml(JsonNode resources) {
        boolean first = true;
        for (JsonNode resource : resources) {
            if (!first) {
                out().println("---");
            }
            first = false;
            out().print(Rendered.yaml(resource));
        }
    }

    private void table(JsonNode resources) {
        if (resources.isEmpty()) {
            out().println("there are no resources; sallyport apply -f FILE makes some");
            return;
        }
        Table table = new Table("TYPE", "NAME", "STATE");
        for (JsonNode resource : resources) {
            JsonNode properties = resource.path("properties");
            String state = text(properties, "connectionStatus");
            table.row(
                    text(resource, "type").replaceFirst("^Microsoft\\.Network/", ""),
                    text(resource, "name"),
                    state.isEmpty() ? text(properties, "provisioningState") : state);
        }
        table.lines().forEach(out()::println);
    }
}
