package io.sallyport.cli;

import io.sallyport.pki.Authority;
import io.sallyport.pki.Credential;
import io.sallyport.pki.Credentials;
import io.sallyport.pki.NoCredential;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all verbs of {@code pki} have in common. */
@Command(mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n")
abstract class PkiVerb implements Callable<Integer> {
    @Mixin
    private Data data = new Data();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            run(spec.commandLine().getOut());
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("sallyport: " + e.getMessage());
            return 1;
        } finally {
            spec.commandLine().getOut().flush();
            spec.commandLine().getErr().flush();
        }
    }

    abstract void run(PrintWriter out) throws IOException;

    Path directory() {
        return data.directory().resolve("pki");
    }

    Path credentialsDirectory() {
        return directory().resolve("credentials");
    }

    static Clock clock() {
        return Clock.systemUTC();
    }

    Authority authority() throws IOException {
        return Authority.open(directory(), clock());
    }

    Credential credential(String name) throws IOException {
        try {
            return new Credentials(credentialsDirectory(), clock()).named(name);
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        }
    }

    /** Never an argument: those are seen by everybody on the machine. */
    static Optional<char[]> password(@Nullable Path file, String prompt, boolean twice) throws IOException {
        if (file != null) {
            return Optional.of(
                    Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray());
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return Optional.empty();
        }
        char[] once = console.readPassword("%s: ", prompt);
        if (once == null) {
            return Optional.empty();
        }
        if (twice && !java.util.Arrays.equals(once, console.readPassword("%s again: ", prompt))) {
            throw new IOException("the two passwords differ");
        }
        return Optional.of(once);
    }
}
