package io.sallyport.cli;

import io.sallyport.pki.AlternativeNames;
import io.sallyport.pki.Authority;
import io.sallyport.pki.Credential;
import io.sallyport.pki.Credentials;
import io.sallyport.pki.NoCredential;
import io.sallyport.pki.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists certificates and when they end.", footer = "  sallyport pki list")
final class PkiList extends PkiVerb {
    private static final Duration SOON = Duration.ofDays(30);

    @Override
    void run(PrintWriter out) throws IOException {
        Table table = new Table("NAME", "FOR", "NAMES", "UNTIL", "STATE");
        Optional<Authority> authority =
                Files.exists(directory().resolve("ca.key")) ? Optional.of(authority()) : Optional.empty();
        if (authority.isPresent()) {
            X509Certificate own = authority.get().certificate();
            table.row("(authority)", "authority", own.getSubjectX500Principal().getName(), day(own), state(own, false));
        }
        Credentials credentials = new Credentials(credentialsDirectory(), clock());
        for (String name : credentials.names()) {
            try {
                Credential credential = credentials.named(name);
                X509Certificate end = credential.certificate();
                boolean revoked = authority.isPresent() && authority.get().isRevoked(end);
                table.row(
                        name,
                        Role.of(end).name().toLowerCase(Locale.ROOT),
                        String.join(", ", AlternativeNames.texts(end)),
                        day(end),
                        state(end, revoked));
            } catch (NoCredential e) {
                table.row(name, "", "", "", "cannot be used: " + e.detail());
            }
        }
        table.lines().forEach(out::println);
    }

    private static String day(X509Certificate certificate) {
        return certificate
                .getNotAfter()
                .toInstant()
                .truncatedTo(ChronoUnit.DAYS)
                .toString()
                .substring(0, 10);
    }

    private static String state(X509Certificate certificate, boolean revoked) {
        Instant now = clock().instant();
        Instant end = certificate.getNotAfter().toInstant();
        if (revoked) {
            return "revoked";
        }
        if (end.isBefore(now)) {
            return "ended; renew it";
        }
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            return "not yet valid";
        }
        long days = Duration.between(now, end).toDays();
        return Duration.between(now, end).compareTo(SOON) < 0 ? "ends in " + days + " days; renew it" : "valid";
    }
}
