package io.sallyport.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport logout}. */
@Command(
        name = "logout",
        mixinStandardHelpOptions = true,
        description = "Ends the login to a gateway elsewhere: its tokens are revoked there and removed here.",
        footerHeading = "%nExamples:%n",
        footer = "  sallyport logout")
final class Logout implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            Optional<Session> session = Session.load();
            if (session.isEmpty()) {
                spec.commandLine().getOut().println("there is no login");
                return 0;
            }
            revoke(session.get());
            Session.forget();
            spec.commandLine().getOut().println("logged out of " + session.get().endpoint());
            return 0;
        } catch (Refusal e) {
            e.lines().forEach(line -> spec.commandLine().getErr().println("sallyport: " + line));
            return 1;
        }
    }

    /** When the gateway cannot be reached the tokens are forgotten all the same; they end by themselves soon. */
    private void revoke(Session session) {
        try (RemoteClient client = new RemoteClient(session)) {
            client.ask("POST", "/adfs/oauth2/logout", null);
        } catch (Refusal e) {
            spec.commandLine()
                    .getErr()
                    .println("sallyport: not revoked there, only removed here: "
                            + e.lines().getFirst());
        }
    }
}
