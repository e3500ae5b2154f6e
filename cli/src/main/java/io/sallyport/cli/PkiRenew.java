package io.sallyport.cli;

import io.sallyport.pki.Credential;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "renew",
        description = "Issues a certificate again with a new key, for the same names and as long as before.",
        footer = "  sallyport pki renew gw")
final class PkiRenew extends PkiVerb {
    @Parameters(paramLabel = "NAME", description = "Its name here.")
    private String name = "";

    @Override
    void run(PrintWriter out) throws IOException {
        Credential made = authority().renew(name);
        out.println("renewed '" + name + "', valid until "
                + made.certificate().getNotAfter().toInstant());
    }
}
