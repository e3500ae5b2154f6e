package io.sallyport.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all verbs that talk to a running gateway have in common. */
@Command(mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n")
abstract class Verb implements Callable<Integer> {
    @Mixin
    private Data data = new Data();

    @Mixin
    private Scope scope = new Scope();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Client client = connect()) {
            return run(client);
        } catch (Refusal e) {
            e.lines().forEach(line -> err().println("sallyport: " + line));
            return 1;
        } finally {
            out().flush();
            err().flush();
        }
    }

    /** The gateway of {@code --data}; without it, the one logged in to, if any; else the one of this machine. */
    private Client connect() throws Refusal {
        if (!data.isSaid()) {
            var session = Session.load();
            if (session.isPresent()) {
                return new RemoteClient(session.get());
            }
        }
        return LocalClient.connect(data.directory());
    }

    /** Does it; the answer is the exit code. */
    abstract int run(Client client) throws Refusal;

    Scope scope() {
        return scope;
    }

    /** Shows on a terminal that something takes its time. */
    Client.Waiting progress(String what) {
        if (System.console() == null || !System.console().isTerminal()) {
            return Client.Waiting.silent();
        }
        return passed -> {
            err().print("\r" + what + " … " + passed.toSeconds() + " s ");
            err().flush();
        };
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
