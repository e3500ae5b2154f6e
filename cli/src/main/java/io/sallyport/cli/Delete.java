package io.sallyport.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sallyport delete}. */
@Command(
        name = "delete",
        description = "Deletes one resource that no other resource uses.",
        footer = {"  sallyport delete connection hub-to-branch", "  sallyport delete site branch -g branches"})
final class Delete extends Verb {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Parameters(index = "0", paramLabel = "TYPE", description = "As for get.")
    private String type = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Which of them.")
    private String name = "";

    @Override
    int run(Client client) throws Refusal {
        Types wanted = Types.said(type);
        String id = scope().id(wanted.armName(), name);
        if (client.find(id).isEmpty()) {
            throw Get.missing(client, scope(), wanted, name);
        }
        client.finish("DELETE", id, null, PATIENCE, progress("deleting " + Scope.brief(id)));
        out().println(Scope.brief(id) + " deleted");
        return 0;
    }
}
