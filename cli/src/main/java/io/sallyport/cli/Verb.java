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

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Client client = Client.connect(data.directory())) {
            return run(client);
        } catch (Client.Refusal e) {
            e.lines().forEach(line -> err().println("sallyport: " + line));
            return 1;
        } finally {
            out().flush();
            err().flush();
        }
    }

    /** Does it; the answer is the exit code. */
    abstract int run(Client client) throws Client.Refusal;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
