package io.sallyport.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a verb: says what there is. */
@Command(
        name = "sallyport",
        mixinStandardHelpOptions = true,
        version = "sallyport 0.1.0",
        synopsisSubcommandLabel = "VERB",
        description = "A VPN gateway: joins networks to networks with the resource model of Azure VPN Gateway.",
        subcommands = {
            Apply.class,
            Get.class,
            Delete.class,
            Status.class,
            Why.class,
            Rekey.class,
            Capture.class,
            Login.class,
            Logout.class,
            AzSetup.class,
            Pki.class,
            Completion.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused or failed, with the reason on standard error", "2:wrong usage"})
public final class Sallyport implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Sallyport() {}

    /** All verbs that talk to a running gateway; {@code app} adds those that run one. */
    public static CommandLine commands() {
        return new CommandLine(new Sallyport())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, line, _) -> {
                    line.getErr().println("sallyport: " + e.getMessage());
                    return 1;
                });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a verb is missing; sallyport --help lists them");
    }
}
