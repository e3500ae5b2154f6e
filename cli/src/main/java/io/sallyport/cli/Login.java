package io.sallyport.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport login}. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Logs in to a gateway elsewhere; the other verbs then talk to that one until sallyport logout.",
            "On the gateway's own machine no login is needed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sallyport login https://gw.example:8443 --ca ca.crt            with a code, in a browser",
            "  sallyport login https://gw.example:8443 --ca ca.crt -u anna    asks for the password",
            "  sallyport login https://gw.example:8443 --service-principal -u ID < secret-file"
        })
final class Login implements Callable<Integer> {
    private static final String AUTHORIZATION_PENDING = "authorization_pending";
    private static final String SLOW_DOWN = "slow_down";

    @Parameters(index = "0", paramLabel = "URL", description = "https://HOST:PORT of the gateway.")
    private String endpoint = "";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Certificate of the authority that signed the gateway's (its ca.crt). Default: what Java trusts.")
    private @Nullable Path ca;

    @Option(names = "-u", paramLabel = "USER", description = "User, or id of a service principal.")
    private @Nullable String user;

    @Option(
            names = "--service-principal",
            description = "USER is a service principal; its secret is read from standard input.")
    private boolean servicePrincipal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            String base = endpoint.replaceFirst("/+$", "");
            if (!base.startsWith("https://")) {
                throw new Refusal("found '" + endpoint + "'; allowed: https://HOST:PORT");
            }
            String authority = ca == null ? "" : read(ca);
            try (HttpClient http = RemoteClient.http(authority)) {
                JsonNode token = token(http, base);
                RemoteClient.with(base, authority, token, "").save();
            }
            spec.commandLine().getOut().println("logged in to " + base + "; sallyport logout ends it");
            return 0;
        } catch (Refusal e) {
            e.lines().forEach(line -> err.println("sallyport: " + line));
            return 1;
        }
    }

    private JsonNode token(HttpClient http, String base) throws Refusal {
        String scope = base + "/.default offline_access";
        String name = user;
        if (name == null) {
            if (servicePrincipal) {
                throw new Refusal("a service principal has an id: -u ID");
            }
            return device(http, base, scope);
        }
        return servicePrincipal
                ? RemoteClient.token(
                        http,
                        base,
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                name,
                                "client_secret",
                                password(),
                                "scope",
                                scope))
                : RemoteClient.token(
                        http,
                        base,
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                RemoteClient.CLIENT_ID,
                                "username",
                                name,
                                "password",
                                password(),
                                "scope",
                                scope));
    }

    /** RFC 8628: a person confirms a code in a browser while this asks again and again. */
    private JsonNode device(HttpClient http, String base, String scope) throws Refusal {
        Answer begun = RemoteClient.form(
                http, base, "/adfs/oauth2/devicecode", Map.of("client_id", RemoteClient.CLIENT_ID, "scope", scope));
        if (begun.isRefused()) {
            throw new Refusal(begun.body().path("error_description").asString("no code was given"));
        }
        spec.commandLine().getOut().println(begun.body().path("message").asString(""));
        spec.commandLine().getOut().flush();
        long pause = Math.max(1, begun.body().path("interval").asLong(5)) * 1000;
        while (true) {
            Client.sleep(pause);
            Answer answer = RemoteClient.form(
                    http,
                    base,
                    "/adfs/oauth2/token",
                    Map.of(
                            "grant_type",
                            "urn:ietf:params:oauth:grant-type:device_code",
                            "client_id",
                            RemoteClient.CLIENT_ID,
                            "device_code",
                            begun.body().path("device_code").asString("")));
            if (!answer.isRefused()) {
                return answer.body();
            }
            String error = answer.body().path("error").asString("");
            if (error.equals(SLOW_DOWN)) {
                pause += 5000;
            } else if (!error.equals(AUTHORIZATION_PENDING)) {
                throw new Refusal(answer.body().path("error_description").asString("the login was refused"));
            }
        }
    }

    /** From the terminal, without showing it; else the first line of standard input. Never an argument: those are seen. */
    private static String password() throws Refusal {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Password: ");
            return typed == null ? "" : new String(typed);
        }
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = in.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new Refusal("the password cannot be read: " + e.getMessage());
        }
    }

    private static String read(Path file) throws Refusal {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Refusal(file + ": cannot be read");
        }
    }
}
