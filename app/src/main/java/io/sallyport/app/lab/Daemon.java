package io.sallyport.app.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that keeps running in the lab, its output in a file. */
public final class Daemon implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;

    Daemon(String name, List<String> command, Path log) {
        this.name = name;
        this.log = log;
        try {
            this.process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new LabFailure("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything it has printed. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until {@code ready}; fails when it dies before or time is up. */
    public void await(String what, Duration patience, BooleanSupplier ready) {
        long until = System.nanoTime() + patience.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new LabFailure(name + " ended with " + process.exitValue() + " before " + what + ":\n" + tail());
            }
            if (System.nanoTime() > until) {
                throw new LabFailure(name + ": not " + what + " after " + patience.toSeconds() + " s:\n" + tail());
            }
            sleep(Duration.ofMillis(50));
        }
    }

    /** Sends a signal by name, such as {@code STOP}. */
    public void signal(String signal) {
        Commands.must("kill", "-" + signal, Long.toString(pid()));
    }

    /** Waits for its end. */
    public int exit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabFailure(name + " still runs after " + patience.toSeconds() + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabFailure("interrupted", e);
        }
    }

    /** Asks it to end, and ends it when it does not within some seconds. */
    @Override
    public void close() {
        Commands.run(Duration.ofSeconds(5), List.of("kill", "-CONT", Long.toString(pid())));
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it without a chance to say goodbye. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String tail() {
        // swanctl's own conversations with the daemon would drown the rest.
        String all = log().replaceAll("(?m)^\\d+\\[CFG\\] vici .*\n", "");
        return all.length() > 6000 ? "…" + all.substring(all.length() - 6000) : all;
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabFailure("interrupted", e);
        }
    }
}
