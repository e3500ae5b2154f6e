package io.sallyport.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command without a verb: says what there is. */
@Command(
        name = "sallyport",
        mixinStandardHelpOptions = true,
        version = "sallyport 0.1.0",
        synopsisSubcommandLabel = "VERB",
        description = "A VPN gateway: joins networks to networks with the resource model of Azure VPN Gateway.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused or failed, with the reason on standard error", "2:wrong usage"})
public final class Sallyport implements Runnable {
    private Sallyport() {}

    /** All verbs that talk to a running gateway; {@code app} adds those that run one. */
    public static CommandLine commands() {
        return new CommandLine(new Sallyport()).setExecutionExceptionHandler((e, line, _) -> {
            line.getErr().println("sallyport: " + e.getMessage());
            return 1;
        });
    }

    @Override
    public void run() {
        throw new IllegalStateException("a verb is missing; sallyport --help lists them");
    }
}
