package io.sallyport.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a gateway keeps its state, and where it and its commands meet. */
public final class Data {
    /** Overrides the default for a whole shell. */
    private static final String VARIABLE = "SALLYPORT_DATA";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The gateway's directory: its store, its keys, its control socket."
                    + " Default: $SALLYPORT_DATA, else /var/lib/sallyport.")
    private @Nullable Path directory;

    /** Whether a person named one. */
    boolean isSaid() {
        return directory != null || System.getenv(VARIABLE) != null;
    }

    public Path directory() {
        return Optional.ofNullable(directory)
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of))
                .orElse(Path.of("/var/lib/sallyport"));
    }
}
