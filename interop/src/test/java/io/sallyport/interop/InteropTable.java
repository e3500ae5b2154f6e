package io.sallyport.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/** Keeps how each test that {@link Shows} something ended: a line each, for the script that draws docs/interop.md. */
final class InteropTable implements TestWatcher {
    private static final Path LINES = Path.of("target", "interop-results.tsv");

    @Override
    public void testSuccessful(ExtensionContext context) {
        keep(context, "passed");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        keep(context, "failed");
    }

    private static synchronized void keep(ExtensionContext context, String result) {
        Optional<Shows> shows = context.getTestMethod().flatMap(m -> AnnotationSupport.findAnnotation(m, Shows.class));
        if (shows.isEmpty()) {
            return;
        }
        String line = String.join(
                "\t",
                shows.get().peer(),
                shows.get().feature(),
                shows.get().role(),
                context.getRequiredTestClass().getSimpleName() + "."
                        + context.getRequiredTestMethod().getName(),
                result);
        try {
            Files.createDirectories(LINES.getParent());
            Files.writeString(LINES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
