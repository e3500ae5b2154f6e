package io.sallyport.cli;

import io.sallyport.pki.Authority;
import io.sallyport.pki.Credential;
import io.sallyport.pki.KeyKind;
import io.sallyport.pki.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "issue",
        description = "Issues a certificate with a new key.",
        footer = {
            "  sallyport pki issue gw --san gw.example.org --san 203.0.113.10 --gateway",
            "  sallyport pki issue alice --san alice@example.org --client --days 90",
            "  sallyport pki issue laptop7 --client --rsa        for Azure point-to-site"
        })
final class PkiIssue extends PkiVerb {
    private static final int DAYS = 365;

    @Parameters(paramLabel = "NAME", description = "Its common name, and by which it is called here.")
    private String name = "";

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "A host name, an address, or user@host for which it stands; may be given several times."
                    + " Default: NAME itself.")
    private List<String> names = new ArrayList<>();

    @ArgGroup
    private @Nullable For purpose;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "" + DAYS,
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private int days = DAYS;

    @Option(names = "--rsa", description = "RSA of 3072 bits. Default: ECDSA over P-256.")
    private boolean rsa;

    /** At most one. */
    static final class For {
        @Option(names = "--gateway", description = "For a gateway, both ways. The default.")
        private boolean gateway;

        @Option(names = "--server", description = "For a server only.")
        private boolean server;

        @Option(names = "--client", description = "For a user or a device.")
        private boolean client;

        Role role() {
            if (client) {
                return Role.CLIENT;
            }
            return server && !gateway ? Role.SERVER : Role.GATEWAY;
        }
    }

    @Override
    void run(PrintWriter out) throws IOException {
        For chosen = purpose;
        Credential made = authority()
                .issue(new Authority.Request(
                        name,
                        chosen == null ? Role.GATEWAY : chosen.role(),
                        names,
                        days,
                        rsa ? KeyKind.RSA : KeyKind.EC));
        out.println("issued '" + name + "', valid until "
                + made.certificate().getNotAfter().toInstant() + ": "
                + credentialsDirectory().resolve(name + ".pem"));
    }
}
