package io.sallyport.cli;

import io.sallyport.pki.Bundles;
import io.sallyport.pki.Credential;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "Takes a key and its chain from a file of PEM or PKCS#12.",
        footer = {
            "  sallyport pki import gw.pem --name gw",
            "  sallyport pki import gw.pfx --name gw --password-file secret.txt"
        })
final class PkiImport extends PkiVerb {
    @Parameters(paramLabel = "FILE", description = "PEM with a key and certificates, or PKCS#12 (.p12, .pfx).")
    private Path file = Path.of("");

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "By which it is called here.")
    private String name = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the password. Default: it is asked for.")
    private @Nullable Path passwordFile;

    @Override
    void run(PrintWriter out) throws IOException {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        boolean asks = passwordFile != null || lower.endsWith(".p12") || lower.endsWith(".pfx");
        Optional<char[]> password = asks ? password(passwordFile, "Password of " + file, false) : Optional.empty();
        Credential taken = Bundles.take(file, name, password, directory());
        out.println("imported '" + name + "': "
                + taken.certificate().getSubjectX500Principal().getName() + ", valid until "
                + taken.certificate().getNotAfter().toInstant());
    }
}
