package io.sallyport.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of one gateway, over whichever way leads to it: its own socket, or HTTPS after {@code sallyport login}. */
public abstract class Client implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    /** Sallyport takes any version; this is the one whose shapes the commands were written against. */
    private static final String VERSION = "2025-09-01";

    private static final int NOT_FOUND = 404;
    private static final long POLL_MILLIS_FIRST = 50;
    private static final long POLL_MILLIS_MAX = 1000;
    private static final int PAGES_MAX = 10_000;

    /**
     * The gateway that serves on this machine with this data directory.
     *
     * @throws Refusal when there is none, or when this user may not talk to it
     */
    public static Client local(java.nio.file.Path data) throws Refusal {
        return LocalClient.connect(data);
    }

    /** @param path below the endpoint, or a whole address that the gateway gave itself */
    abstract Answer send(String method, String path, @Nullable JsonNode body) throws Refusal;

    @Override
    public abstract void close() throws Refusal;

    /** Asks, and makes a refusal an exception. */
    final Answer call(String method, String path, @Nullable JsonNode body) throws Refusal {
        Answer answer = ask(method, path, body);
        if (answer.isRefused()) {
            throw refusal(answer);
        }
        return answer;
    }

    /** Asks; a refusal is an answer like others. */
    final Answer ask(String method, String path, @Nullable JsonNode body) throws Refusal {
        return send(method, versioned(path), body);
    }

    final JsonNode get(String path) throws Refusal {
        return call("GET", path, null).body();
    }

    final Optional<JsonNode> find(String path) throws Refusal {
        Answer answer = ask("GET", path, null);
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.isRefused()) {
            throw refusal(answer);
        }
        return Optional.of(answer.body());
    }

    /** Every item of every page. */
    final List<JsonNode> list(String path) throws Refusal {
        List<JsonNode> out = new ArrayList<>();
        String next = path;
        for (int page = 0; page < PAGES_MAX && !next.isEmpty(); page++) {
            JsonNode body = get(next);
            body.path("value").forEach(out::add);
            next = body.path("nextLink").asString("");
        }
        return out;
    }

    /**
     * Asks, and waits until a long-running operation has ended.
     *
     * @param waiting told the time that has passed, again and again
     * @return the operation's result, or the first answer when there was no operation
     */
    final Answer finish(String method, String path, @Nullable JsonNode body, Duration patience, Waiting waiting)
            throws Refusal {
        Answer first = call(method, path, body);
        Optional<String> operation = first.header("azure-asyncoperation");
        if (operation.isEmpty()) {
            return first;
        }
        Instant begin = Instant.now();
        long pause = POLL_MILLIS_FIRST;
        while (true) {
            Answer poll = call("GET", operation.get(), null);
            String status = poll.body().path("status").asString("");
            if (status.equals("Succeeded")) {
                Optional<String> result = first.header("location");
                return result.isPresent() ? call("GET", result.get(), null) : poll;
            }
            if (status.equals("Failed") || status.equals("Canceled")) {
                throw refusal(poll);
            }
            Duration passed = Duration.between(begin, Instant.now());
            if (passed.compareTo(patience) > 0) {
                throw new Refusal("not finished after " + patience.toSeconds() + " s; it goes on by itself");
            }
            waiting.passed(passed);
            sleep(pause);
            pause = Math.min(POLL_MILLIS_MAX, pause * 2);
        }
    }

    /** Is told how long an operation has taken so far. */
    public interface Waiting {
        void passed(Duration passed);

        /** Says nothing. */
        static Waiting silent() {
            return _ -> {};
        }
    }

    static Refusal refusal(Answer answer) {
        JsonNode error = answer.error();
        JsonNode details = error.path("details");
        List<String> lines = new ArrayList<>();
        if (details.isEmpty()) {
            lines.add(line(error, answer.status()));
        } else {
            details.forEach(d -> lines.add(line(d, answer.status())));
        }
        return new Refusal(lines);
    }

    /** {@code Code: target: message}. */
    private static String line(JsonNode error, int status) {
        String target = Scope.briefly(error.path("target").asString(""));
        String message = Scope.briefly(error.path("message").asString(""));
        String code = error.path("code").asString("");
        return (code.isEmpty() ? "status " + status : code)
                + ": "
                + (target.isEmpty() || message.contains(target) ? "" : target + ": ")
                + (message.isEmpty() ? "refused without a reason" : message);
    }

    private static String versioned(String path) {
        if (path.contains("api-version=")) {
            return path;
        }
        return path + (path.contains("?") ? "&" : "?") + "api-version=" + VERSION;
    }

    static void sleep(long millis) throws Refusal {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }
}
