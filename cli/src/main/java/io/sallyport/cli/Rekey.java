package io.sallyport.cli;

import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport rekey}. */
@Command(
        name = "rekey",
        description = {
            "Asks for new keys now, instead of when the old ones grow old.",
            "A mismatch that would only show at the first renewal, an hour from now, shows at once."
        },
        footer = {"  sallyport rekey hub-to-branch --child", "  sallyport rekey hub-to-branch --ike"})
final class Rekey extends Verb {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(index = "0", paramLabel = "CONNECTION", description = "Its name.")
    private String connection = "";

    @ArgGroup(multiplicity = "1")
    private Keys keys = new Keys();

    /** Exactly one of two. */
    private static final class Keys {
        @Option(names = "--ike", description = "Of the IKE SA.")
        private boolean ike;

        @Option(names = "--child", description = "Of the ESP SAs.")
        private boolean child;
    }

    @Override
    int run(Client client) throws Refusal {
        ObjectNode request = Client.JSON.createObjectNode();
        request.put("keys", keys.ike && !keys.child ? "ike" : "child");
        client.finish(
                "POST",
                Connections.find(client, scope(), connection) + "/rekey",
                request,
                PATIENCE,
                Client.Waiting.silent());
        out().println("asked for new keys; sallyport why " + connection + " shows what came of it");
        return 0;
    }
}
