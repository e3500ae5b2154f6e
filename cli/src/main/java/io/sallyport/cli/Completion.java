package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that teaches bash and zsh to complete the verbs and options.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(sallyport completion)", "  sallyport completion > /etc/bash_completion.d/sallyport"})
final class Completion implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("sallyport", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
