package io.sallyport.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code sallyport az-setup}. */
@Command(
        name = "az-setup",
        mixinStandardHelpOptions = true,
        description = {
            "Prepares a directory from which the Azure command line, az, drives this gateway, and prints the three",
            "lines that do it: trust in the gateway's certificate, a launcher that also starts Debian's az (whose",
            "packages do not fit together as shipped), and the first login. Nothing outside the directory changes."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  sallyport az-setup", "  sallyport az-setup --to /opt/az-for-hub --data /var/lib/sallyport"})
final class AzSetup implements Callable<Integer> {
    private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    @Mixin
    private Data data = new Data();

    @Option(names = "--to", paramLabel = "DIR", description = "Where to put it. Default: ~/.config/sallyport/az.")
    private @Nullable Path to;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "How az reaches the gateway. Default: what the gateway itself listens on.")
    private @Nullable String url;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Path directory =
                    to == null ? Path.of(System.getProperty("user.home", "."), ".config", "sallyport", "az") : to;
            write(directory.toAbsolutePath()).lines().forEach(out::println);
            out.flush();
            return 0;
        } catch (Refusal e) {
            e.lines().forEach(line -> spec.commandLine().getErr().println("sallyport: " + line));
            return 1;
        }
    }

    /** @return the lines for a person */
    private String write(Path directory) throws Refusal {
        Path login = data.directory().resolve("az-login.json");
        JsonNode known;
        String authority;
        try {
            known = Client.JSON.readTree(Files.readString(login));
            authority = Files.readString(data.directory().resolve("ca.crt"));
        } catch (IOException | JacksonException e) {
            throw new Refusal(login + ": cannot be read; it is there when the gateway has been started once"
                    + " (sallyport serve), and only root and the gateway's user may read it");
        }
        String endpoint = url == null ? known.path("endpoint").asString("") : url.replaceFirst("/+$", "");
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(
                    directory.resolve("ca-bundle.crt"),
                    authority + (Files.isReadable(SYSTEM_AUTHORITIES) ? Files.readString(SYSTEM_AUTHORITIES) : ""));
            file(directory.resolve("secret"), known.path("secret").asString(""), "rw-------");
            file(directory.resolve("az"), launcher(), "rwxr-xr-x");
            file(directory.resolve("env"), environment(directory), "rw-r--r--");
        } catch (IOException e) {
            throw new Refusal(directory + ": cannot be written: " + e.getMessage());
        }
        return """
                source %1$s/env
                az cloud register -n sallyport --endpoint-resource-manager %2$s && az cloud set -n sallyport
                az login --service-principal -u %3$s -p @%1$s/secret --tenant %4$s
                """.formatted(
                        directory,
                        endpoint,
                        known.path("clientId").asString(""),
                        known.path("tenant").asString(""));
    }

    private static String environment(Path directory) {
        return """
                # Makes az of this shell talk to Sallyport; other shells keep theirs.
                export PATH=%1$s:$PATH
                export AZURE_CONFIG_DIR=%1$s/config
                export REQUESTS_CA_BUNDLE=%1$s/ca-bundle.crt
                export AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_ONLY_SHOW_ERRORS=yes
                export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no
                """.formatted(directory);
    }

    private static void file(Path file, String text, String permissions) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String launcher() throws IOException {
        try (InputStream in = Objects.requireNonNull(AzSetup.class.getResourceAsStream("az.py"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
