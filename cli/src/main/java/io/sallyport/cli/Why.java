package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sallyport why}. */
@Command(
        name = "why",
        description =
                "Explains the last failure of a connection, or of a gateway's clients: what the peer wants, what we"
                        + " accept, what to change.",
        footer = {"  sallyport why hub-to-branch", "  sallyport why hub-gw", "  sallyport why hub-to-branch -o json"})
final class Why extends Verb {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WIDTH = 100;
    private static final int CELL = 60;
    private static final int MOMENTS = 12;

    @Parameters(index = "0", paramLabel = "NAME", description = "Of a connection, or of a gateway with clients.")
    private String name = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "table (default), json or yaml.", defaultValue = "table")
    private Output output = Output.table;

    @Override
    int run(Client client) throws Refusal {
        JsonNode answer = client.finish(
                        "POST",
                        Connections.findWithGateways(client, scope(), name) + "/why",
                        null,
                        PATIENCE,
                        Client.Waiting.silent())
                .body();
        switch (output) {
            case table -> lines(answer).forEach(out()::println);
            case json, yaml -> Rendered.print(answer, output, out());
        }
        return 0;
    }

    static List<String> lines(JsonNode why) {
        List<String> out = new ArrayList<>(wrap(text(why, "sentence"), "", ""));
        if (!why.path("table").isEmpty()) {
            out.add("");
            Table table = new Table("", "WHAT", "OURS", "THE PEER'S");
            for (JsonNode row : why.path("table")) {
                table.row(
                        row.path("differs").asBoolean(false) ? "!=" : "",
                        text(row, "what"),
                        cut(text(row, "ours")),
                        cut(text(row, "peers")));
            }
            out.addAll(table.lines());
        }
        if (!why.path("advice").isEmpty()) {
            out.add("");
            out.add("What to do:");
            why.path("advice").forEach(a -> out.addAll(wrap(a.asString(""), "  - ", "    ")));
        }
        JsonNode timeline = why.path("timeline");
        if (!timeline.isEmpty()) {
            out.add("");
            out.add("What happened:");
            for (int i = Math.max(0, timeline.size() - MOMENTS); i < timeline.size(); i++) {
                out.add("  " + text(timeline.get(i), "at").replaceFirst("\\.\\d+Z$", "Z") + "  "
                        + text(timeline.get(i), "text"));
            }
        }
        return out;
    }

    private static String cut(String cell) {
        return cell.length() <= CELL ? cell : cell.substring(0, CELL - 1) + "…";
    }

    private static List<String> wrap(String text, String first, String others) {
        List<String> out = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.split(" ")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                out.add(line.toString());
                line = new StringBuilder(others);
                empty = true;
            }
            if (!empty) {
                line.append(' ');
            }
            line.append(word);
            empty = false;
        }
        out.add(line.toString());
        return out;
    }
}
