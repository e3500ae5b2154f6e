package io.sallyport.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Certificates of the gateway's directory. Needs no running gateway; a running one sees every change at once. */
@Command(
        name = "pki",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        description = "Makes, lists, renews and revokes certificates for gateways and their clients.",
        subcommands = {
            PkiInit.class,
            PkiIssue.class,
            PkiRenew.class,
            PkiRevoke.class,
            PkiCrl.class,
            PkiList.class,
            PkiShow.class,
            PkiExport.class,
            PkiImport.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sallyport pki init                                  an authority of one's own",
            "  sallyport pki issue gw --san gw.example.org --gateway",
            "  sallyport pki issue alice --client                  then: sallyport pki export alice --p12",
            "  sallyport pki list                                  what there is, and when it ends"
        })
final class Pki implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a verb is missing; sallyport pki --help lists them");
    }
}
