package io.sallyport.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.web.Access;
import io.sallyport.api.web.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of all routes is a golden file; {@code -Dsallyport.write=true} writes it anew. */
class RoutesTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sallyport.root", ".."), "docs", "api-routes.txt");

    @TempDir
    Path data;

    @Test
    void theTableOfRoutesIsWhatTheDocumentSays() throws IOException {
        try (Rig rig = new Rig(data, Providers.catalog(), Providers.services())) {
            String table = "What the API answers: method, right, address. Made by RoutesTest.\n\n"
                    + rig.server().routes().stream()
                            .map(RoutesTest::line)
                            .sorted()
                            .distinct()
                            .collect(Collectors.joining());
            if (Boolean.getBoolean("sallyport.write")) {
                Files.writeString(GOLDEN, table);
            }
            assertThat(table).isEqualTo(Files.readString(GOLDEN));
        }
    }

    private static String line(Route route) {
        String right = switch (route.access()) {
            case Access.Open open -> "anybody";
            case Access.SignedIn signedIn -> "whoever logged in";
            case Access.Needs needs -> needs.action();
            case Access.NeedsEverywhere needs -> needs.action() + " on /";
        };
        return String.format(Locale.ROOT, "%-6s %s%n       %s%n", route.method(), route.pattern(), right);
    }
}
