package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sallyport apply}. */
@Command(
        name = "apply",
        description = {
            "Creates or updates resources: all of them, or none when one is wrong.",
            "Then waits until the connections among them are up, and fails when one is refused."
        },
        footer = {
            "  sallyport apply -f site.yaml",
            "  sallyport apply -f sites/ --wait 60",
            "  sallyport apply -f site.yaml --check      only says whether it would be taken",
            "  sallyport apply -f site.yaml --wait 0     does not wait"
        })
final class Apply extends Verb {
    private static final long POLL_MILLIS = 200;
    /** Trying again does not change these; a person has to. */
    private static final List<String> FINAL = List.of(
            "NoProposalChosen",
            "TrafficSelectorsUnacceptable",
            "AuthenticationFailed",
            "WrongIdentity",
            "WrongGroup",
            "WrongVersion");

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE|DIR",
            description = "YAML or JSON; of a directory every .yaml, .yml and .json file. May be given several times.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long connections may take to come up. Default: 30.")
    private int waitSeconds = 30;

    @Option(names = "--check", description = "Only says whether the gateway would take them.")
    private boolean check;

    @Override
    int run(Client client) throws Refusal {
        Application application = Application.read(sources(files), scope());
        if (check) {
            application.validate(client).forEach(w -> err().println("warning: " + w));
            out().println("all in order");
            return 0;
        }
        Instant begin = Instant.now();
        Application.Outcome outcome = application.apply(client, progress("applying"));
        outcome.warnings().forEach(w -> err().println("warning: " + w));
        for (String id : outcome.changed()) {
            out().println(Scope.brief(id) + " applied");
        }
        if (outcome.changed().isEmpty()) {
            out().println("nothing has changed");
        }
        out().flush();
        List<String> connections = outcome.changed().stream()
                .filter(id -> id.toLowerCase(Locale.ROOT).contains("/connections/"))
                .map(Connections::name)
                .toList();
        return waitSeconds > 0 ? await(client, connections, begin) : 0;
    }

    private static List<Source> sources(List<Path> files) throws Refusal {
        List<Source> out = new ArrayList<>();
        try {
            for (Path file : files) {
                out.addAll(Documents.sources(file));
            }
        } catch (IOException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
        return out;
    }

    /** Prints each connection's way until all are up, one is refused, or time is over. */
    private int await(Client client, List<String> wanted, Instant begin) throws Refusal {
        Instant end = begin.plusSeconds(waitSeconds);
        Map<String, String> said = new LinkedHashMap<>();
        while (true) {
            List<JsonNode> waiting = new ArrayList<>();
            for (JsonNode c : Connections.list(client, scope())) {
                if (!wanted.contains(text(c, "name"))) {
                    continue;
                }
                say(c, said);
                if (!text(c, "state").equals("Connected") && c.path("initiates").asBoolean(true)) {
                    waiting.add(c);
                }
            }
            List<JsonNode> refused =
                    waiting.stream().filter(c -> isFinal(c, begin)).toList();
            boolean late = !Instant.now().isBefore(end);
            if (waiting.isEmpty()) {
                return 0;
            }
            if (!refused.isEmpty() || late) {
                for (JsonNode c : late ? waiting : refused) {
                    String failure = text(c, "lastFailure");
                    err().println("sallyport: connection '" + text(c, "name") + "' is not up after "
                            + Duration.between(begin, Instant.now()).toSeconds() + " s: "
                            + (failure.isEmpty() ? "no answer yet" : failure) + "; sallyport why " + text(c, "name"));
                }
                return 1;
            }
            Client.sleep(POLL_MILLIS);
        }
    }

    private void say(JsonNode c, Map<String, String> said) {
        String state = text(c, "state");
        if (!state.equals(said.put(text(c, "name"), state))) {
            out().println(text(c, "name") + ": " + state
                    + (c.path("initiates").asBoolean(true) || state.equals("Connected") ? "" : ", waits for the peer"));
            out().flush();
        }
    }

    private static boolean isFinal(JsonNode c, Instant begin) {
        String at = text(c, "lastFailureAt");
        return !at.isEmpty() && !Instant.parse(at).isBefore(begin) && FINAL.contains(text(c, "lastFailureKind"));
    }
}
