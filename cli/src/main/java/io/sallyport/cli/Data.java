package io.sallyport.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a gateway and its commands meet. */
public final class Data {
    /** Overrides the default for a whole shell. */
    private static final String VARIABLE = "SALLYPORT_DATA";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The gateway's directory, which holds its control socket."
                    + " Default: $SALLYPORT_DATA, else /run/sallyport.")
    private @Nullable Path directory;

    public Path directory() {
        return Optional.ofNullable(directory)
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of))
                .orElse(Path.of("/run/sallyport"));
    }
}
