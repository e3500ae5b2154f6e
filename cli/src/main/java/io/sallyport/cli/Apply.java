package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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

    @Override
    int run(Client client) throws Client.Refusal {
        ObjectNode request = Client.request("apply");
        ArrayNode documents = request.putArray("documents");
        for (Path file : files) {
            for (Path each : expand(file)) {
                ObjectNode document = documents.addObject();
                document.put("file", each.toString());
                document.put("text", read(each));
            }
        }
        Instant begin = Instant.now();
        JsonNode answer = client.ask(request);
        answer.path("warnings").forEach(w -> err().println(w.asString("")));
        List<String> connections = new ArrayList<>();
        for (JsonNode changed : answer.path("changed")) {
            String id = changed.asString("");
            out().println(id + " applied");
            String type = "connections/";
            int at = id.indexOf(type);
            if (at >= 0) {
                connections.add(id.substring(0, at) + id.substring(at + type.length()));
            }
        }
        if (answer.path("changed").isEmpty()) {
            out().println("nothing has changed");
        }
        out().flush();
        return waitSeconds > 0 ? await(client, connections, begin) : 0;
    }

    /** Prints each connection's way until all are up, one is refused, or time is over. */
    private int await(Client client, List<String> wanted, Instant begin) throws Client.Refusal {
        Instant end = begin.plusSeconds(waitSeconds);
        Map<String, String> said = new LinkedHashMap<>();
        while (true) {
            List<JsonNode> waiting = new ArrayList<>();
            for (JsonNode c : client.ask(Client.request("status")).path("connections")) {
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
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
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

    private static List<Path> expand(Path file) throws Client.Refusal {
        if (!Files.isDirectory(file)) {
            return List.of(file);
        }
        try (Stream<Path> inside = Files.list(file)) {
            List<Path> out = inside.filter(Apply::isDocument).sorted().toList();
            if (out.isEmpty()) {
                throw new Client.Refusal(List.of(file + ": no .yaml, .yml or .json file in this directory"));
            }
            return out;
        } catch (IOException e) {
            throw new Client.Refusal(List.of(file + ": cannot be listed: " + e.getMessage()));
        }
    }

    private static boolean isDocument(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    private static String read(Path file) throws Client.Refusal {
        if (!Files.exists(file)) {
            throw new Client.Refusal(List.of(file + ": no such file"));
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Client.Refusal(List.of(file + ": cannot be read as UTF-8 text"));
        }
    }
}
