package io.sallyport.cli;

import io.sallyport.pki.Authority;
import io.sallyport.pki.KeyKind;
import io.sallyport.pki.RevocationUrls;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        description = "Makes an authority: its certificate is ca.pem, which whoever is to trust it is given.",
        footer = {
            "  sallyport pki init",
            "  sallyport pki init --name 'Example VPN' --rsa    for clouds and clients that want RSA",
            "  sallyport pki init --crl-url http://pki.example.org/vpn.crl",
            "                                      what it issues names the place to which you copy ca.crl",
            "  sallyport pki init --root --data /mnt/safe",
            "  sallyport pki init --parent /mnt/safe --name vpn    an authority below the one in the safe"
        })
final class PkiInit extends PkiVerb {
    @Option(names = "--name", paramLabel = "NAME", defaultValue = "Sallyport VPN", description = "Its common name.")
    private String name = "Sallyport VPN";

    @Option(names = "--rsa", description = "RSA of 3072 bits. Default: ECDSA over P-256.")
    private boolean rsa;

    @Option(names = "--root", description = "Other authorities may stand below it.")
    private boolean root;

    @Option(
            names = "--parent",
            paramLabel = "DIR",
            description = "The data directory of the authority that vouches for it. Default: itself.")
    private @Nullable Path parent;

    @Option(
            names = "--crl-url",
            paramLabel = "URL",
            description =
                    "Where others get its list of revoked certificates: what it issues says so. HTTP; up to three.")
    private List<String> crl = new ArrayList<>();

    @Option(
            names = "--ocsp-url",
            paramLabel = "URL",
            description = "Where others ask an OCSP responder of yours: what it issues says so. HTTP; up to three.")
    private List<String> ocsp = new ArrayList<>();

    @Override
    void run(PrintWriter out) throws IOException {
        Authority.Kind kind =
                new Authority.Kind(name, rsa ? KeyKind.RSA : KeyKind.EC, root, new RevocationUrls(crl, ocsp));
        Path above = parent;
        if (above == null) {
            Authority.init(directory(), kind, clock());
        } else if (root) {
            throw new IOException("found --root and --parent; allowed: one of them, for a root has nobody above it");
        } else {
            Authority.open(above.resolve("pki"), clock()).below(directory(), kind);
        }
        out.println("made " + directory().resolve("ca.pem") + "; keep ca.key beside it secret");
        if (above != null) {
            out.println("whoever is to trust it is given " + above.resolve("pki/ca.pem"));
        }
        crl.forEach(url -> out.println("copy " + directory().resolve("ca.crl") + " to " + url
                + " whenever it changes, and at least every 30 days after: sallyport pki crl"));
    }
}
