package io.sallyport.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport delete}. */
@Command(
        name = "delete",
        description = "Deletes one resource that no other resource uses.",
        footer = "  sallyport delete connection hub-to-branch")
final class Delete extends Verb {
    @Parameters(index = "0", paramLabel = "TYPE", description = "As for get.")
    private String type = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Which of them.")
    private String name = "";

    @Override
    int run(Client client) throws Client.Refusal {
        ObjectNode request = Client.request("delete");
        request.put("type", type);
        request.put("name", name);
        client.ask(request).path("changed").forEach(id -> out().println(id.asString("") + " deleted"));
        return 0;
    }
}
