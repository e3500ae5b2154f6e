package io.sallyport.cli;

import io.sallyport.pki.Authority;
import io.sallyport.pki.KeyKind;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        description = "Makes an authority: its certificate is ca.pem, which whoever is to trust it is given.",
        footer = {
            "  sallyport pki init",
            "  sallyport pki init --name 'Example VPN' --rsa    for clouds and clients that want RSA"
        })
final class PkiInit extends PkiVerb {
    @Option(names = "--name", paramLabel = "NAME", defaultValue = "Sallyport VPN", description = "Its common name.")
    private String name = "Sallyport VPN";

    @Option(names = "--rsa", description = "RSA of 3072 bits. Default: ECDSA over P-256.")
    private boolean rsa;

    @Override
    void run(PrintWriter out) throws IOException {
        Authority.init(directory(), name, rsa ? KeyKind.RSA : KeyKind.EC, clock());
        out.println("made " + directory().resolve("ca.pem") + "; keep ca.key beside it secret");
    }
}
