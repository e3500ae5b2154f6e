package io.sallyport.cli;

import io.sallyport.pki.Bundles;
import io.sallyport.pki.Credential;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = "Writes a key and its chain into a file that only you can read.",
        footer = {
            "  sallyport pki export alice --p12                   asks for a password, writes alice.p12",
            "  sallyport pki export alice --legacy-p12 --password-file secret.txt      for Apple and old Windows",
            "  sallyport pki export gw2 --pem --out /root/gw2.pem"
        })
final class PkiExport extends PkiVerb {
    @Parameters(paramLabel = "NAME", description = "Its name here.")
    private String name = "";

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Form form;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to. Default: NAME.p12 or NAME.pem here.")
    private @Nullable Path file;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the password. Default: it is asked for.")
    private @Nullable Path passwordFile;

    /** Exactly one. */
    static final class Form {
        /** Is what is meant when neither of the others is said. */
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--p12", description = "PKCS#12, encrypted with AES.")
        private boolean p12;

        @Option(names = "--legacy-p12", description = "PKCS#12, encrypted as old devices demand.")
        private boolean legacy;

        @Option(names = "--pem", description = "PEM; the key is not encrypted.")
        private boolean pem;
    }

    @Override
    void run(PrintWriter out) throws IOException {
        Credential credential = credential(name);
        Path said = file;
        Path target = said == null ? Path.of(name + (form.pem ? ".pem" : ".p12")) : said;
        if (form.pem) {
            Bundles.pem(credential, target);
        } else {
            char[] password = password(passwordFile, "Password for " + target, true)
                    .filter(p -> p.length > 0)
                    .orElseThrow(() -> new IOException("a password is needed; --password-file names a file with it"));
            Bundles.p12(credential, target, password, form.legacy);
        }
        out.println("wrote " + target);
    }
}
