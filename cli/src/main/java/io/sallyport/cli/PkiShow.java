package io.sallyport.cli;

import io.sallyport.pki.AlternativeNames;
import io.sallyport.pki.Digests;
import io.sallyport.pki.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows a certificate and its chain; never its key.",
        footer = "  sallyport pki show gw")
final class PkiShow extends PkiVerb {
    @Parameters(paramLabel = "NAME", description = "Its name here.")
    private String name = "";

    @Override
    void run(PrintWriter out) throws IOException {
        List<X509Certificate> chain = credential(name).chain();
        for (X509Certificate each : chain) {
            out.println("subject     " + each.getSubjectX500Principal().getName());
            out.println("issuer      " + each.getIssuerX500Principal().getName());
            out.println("names       " + String.join(", ", AlternativeNames.texts(each)));
            if (each.getBasicConstraints() < 0) {
                out.println("for         " + Role.of(each).name().toLowerCase(Locale.ROOT));
            }
            out.println("valid       " + each.getNotBefore().toInstant() + " to "
                    + each.getNotAfter().toInstant());
            out.println("serial      " + each.getSerialNumber().toString(16));
            out.println("key         " + each.getPublicKey().getAlgorithm() + ", signed with " + each.getSigAlgName());
            out.println("thumbprint  " + Digests.thumbprint(each).toUpperCase(Locale.ROOT));
            out.println();
        }
    }
}
