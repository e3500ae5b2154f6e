package io.sallyport.app.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, run to their end. */
public final class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Commands() {}

    /**
     * What a program left behind.
     *
     * @param output standard output and standard error, mixed
     */
    public record Finished(int exit, String output) {
        public boolean ok() {
            return exit == 0;
        }
    }

    /** Runs it whatever comes; a program that takes longer than {@code patience} is killed and counts as exit 124. */
    public static Finished run(Duration patience, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            Thread killer = Thread.ofVirtual().start(() -> {
                try {
                    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            killer.interrupt();
            return new Finished(exit, output);
        } catch (IOException e) {
            return new Finished(127, command.getFirst() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Finished(130, "interrupted");
        }
    }

    /** @throws LabFailure when it does not end with 0 */
    public static String must(List<String> command) {
        Finished finished = run(PATIENCE, command);
        if (!finished.ok()) {
            throw new LabFailure(String.join(" ", command) + " ended with " + finished.exit() + ": "
                    + finished.output().strip());
        }
        return finished.output();
    }

    public static String must(String... command) {
        return must(List.of(command));
    }

    /** Whether a program of this name is on the path. */
    public static boolean exists(String program) {
        return run(PATIENCE, List.of("sh", "-c", "command -v " + program)).ok();
    }
}
