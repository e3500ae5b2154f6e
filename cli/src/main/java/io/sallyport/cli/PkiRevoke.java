package io.sallyport.cli;

import io.sallyport.pki.RevocationReason;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "Takes back every certificate of a name that has not ended, for good.",
        footer = {"  sallyport pki revoke alice", "  sallyport pki revoke laptop7 --reason keyCompromise"})
final class PkiRevoke extends PkiVerb {
    @Parameters(paramLabel = "NAME", description = "Its name here.")
    private String name = "";

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "unspecified",
            description = "One of ${COMPLETION-CANDIDATES}.")
    private RevocationReason reason = RevocationReason.unspecified;

    @Override
    void run(PrintWriter out) throws IOException {
        int count = authority().revoke(name, reason);
        out.println("revoked " + count + (count == 1 ? " certificate" : " certificates") + " of '" + name
                + "'; the list is " + directory().resolve("ca.crl"));
    }
}
