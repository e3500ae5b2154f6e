package io.sallyport.cli;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "crl",
        description = "Signs the list of revoked certificates anew, for thirty days; for others who fetch it."
                + " This gateway needs no renewal of it.",
        footer = "  sallyport pki crl")
final class PkiCrl extends PkiVerb {
    @Override
    void run(PrintWriter out) throws IOException {
        out.println("signed " + authority().renewList());
    }
}
