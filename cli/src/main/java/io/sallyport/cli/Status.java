package io.sallyport.cli;

import static io.sallyport.cli.Words.text;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code sallyport status}. */
@Command(
        name = "status",
        description = "Shows every configured connection, up or down, with the reason when it is down.",
        footer = {"  sallyport status", "  sallyport status --watch", "  sallyport status -o json"})
final class Status extends Verb {
    private static final long WATCH_MILLIS = 1000;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(names = "--watch", description = "Shows it anew every second until interrupted.")
    private boolean watch;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table (default), json or yaml.", defaultValue = "table")
    private Output output = Output.table;

    @Override
    int run(Client client) throws Refusal {
        while (true) {
            JsonNode answer = Connections.list(client, scope());
            if (watch) {
                out().print(CLEAR);
            }
            switch (output) {
                case table -> table(answer, Instant.now()).forEach(out()::println);
                case json, yaml -> Rendered.print(answer, output, out());
            }
            out().flush();
            if (!watch) {
                return 0;
            }
            try {
                Thread.sleep(WATCH_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
    }

    static List<String> table(JsonNode answer, Instant now) {
        if (answer.isEmpty()) {
            return List.of("no connections are configured; sallyport apply -f FILE makes some");
        }
        Table table = new Table("CONNECTION", "STATE", "SINCE", "PEER", "IN", "OUT", "ALGORITHMS");
        List<String> notes = new ArrayList<>();
        for (JsonNode c : answer) {
            boolean up = text(c, "state").equals("Connected");
            table.row(
                    text(c, "name"),
                    text(c, "state"),
                    text(c, "since").isEmpty() ? "-" : Words.ago(Instant.parse(text(c, "since")), now),
                    text(c, "peer"),
                    Words.bytes(c.path("bytesIn").asLong(0)),
                    Words.bytes(c.path("bytesOut").asLong(0)),
                    algorithms(c));
            if (!up) {
                notes.add(text(c, "name") + ": " + reason(c, now));
            } else if (!c.path("weak").isEmpty()) {
                notes.add(text(c, "name") + ": weak algorithms: " + join(c.path("weak")));
            }
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (!notes.isEmpty()) {
            lines.add("");
            lines.addAll(notes);
        }
        return lines;
    }

    private static String reason(JsonNode c, Instant now) {
        String error = text(c, "error");
        if (!error.isEmpty()) {
            return error;
        }
        String failure = text(c, "lastFailure");
        String next = text(c, "nextTry");
        if (failure.isEmpty()) {
            return c.path("initiates").asBoolean(true) ? "not tried yet" : "waits for the peer to begin";
        }
        long seconds = next.isEmpty()
                ? 0
                : Math.max(0, Duration.between(now, Instant.parse(next)).toSeconds());
        return failure + (next.isEmpty() ? "" : "; next try in " + seconds + " s") + "; sallyport why "
                + text(c, "name");
    }

    private static String algorithms(JsonNode c) {
        String ike = text(c.path("ike"), "suite");
        if (ike.isEmpty()) {
            return "-";
        }
        String esp = c.path("children").isEmpty() ? "" : text(c.path("children").get(0), "suite");
        String mark = c.path("weak").isEmpty() ? "" : " (WEAK)";
        return "IKE " + ike + (esp.isEmpty() ? "" : "; ESP " + esp) + mark;
    }

    private static String join(JsonNode list) {
        List<String> out = new ArrayList<>();
        list.forEach(item -> out.add(item.asString("")));
        return String.join(", ", out);
    }
}
