package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a gateway whose answers the test writes down. */
@Timeout(30)
class CommandsTest {
    private static final String UP = """
            {"name":"hub-to-branch","state":"Connected","since":"2026-01-01T00:00:00Z","peer":"192.0.2.2",
             "initiates":true,"bytesIn":1234567,"bytesOut":999,"weak":["PRF-HMAC-SHA1"],
             "ike":{"suite":"AES-CBC-256/HMAC-SHA1-96/PRF-HMAC-SHA1/MODP-1024 (group 2)"},
             "children":[{"suite":"AES-GCM-256"}]}""";
    private static final String DOWN = """
            {"name":"hub-to-lab","state":"NotConnected","since":"2026-01-01T00:00:00Z","peer":"192.0.2.3",
             "initiates":true,"bytesIn":0,"bytesOut":0,"weak":[],"children":[],
             "lastFailure":"no common algorithms in IKE_SA_INIT","lastFailureKind":"NoProposalChosen",
             "lastFailureAt":"2999-01-01T00:00:00Z","nextTry":"2026-01-01T00:00:00Z"}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocketChannel server;

    private record Result(int code, String out, String err) {}

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void everyVerbHasHelpWithExamples() {
        CommandLine commands = Sallyport.commands();
        for (CommandLine verb : commands.getSubcommands().values()) {
            if (!verb.getCommandName().equals("help")) {
                assertThat(verb.getUsageMessage()).contains("Examples:", "sallyport " + verb.getCommandName());
            }
        }
        assertThat(run("--help").code).isZero();
        assertThat(run("status", "--help").code).isZero();
    }

    @Test
    void wrongUsageIsExitCode2() {
        assertThat(run("explode").code).isEqualTo(2);
        assertThat(run().code).isEqualTo(2);
        assertThat(run("apply").code).isEqualTo(2);
        assertThat(run("rekey", "x").code).isEqualTo(2);
        assertThat(run("rekey", "x", "--ike", "--child").code).isEqualTo(2);
        assertThat(run("status", "-o", "xml").code).isEqualTo(2);
    }

    @Test
    void withoutAGatewayEveryVerbSaysSoInOneLine() {
        Result result = run("status");
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.lines()).hasSize(1);
        assertThat(result.err).contains("no gateway serves here").contains("sallyport serve");
    }

    @Test
    void aSocketThatNobodyServesIsSaidSo() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(data.resolve("control.sock")));
        }
        assertThat(run("status").err).contains("the gateway that served here is gone");
    }

    @Test
    void statusShowsWhatIsUpAndWhyTheRestIsDown() throws IOException {
        answer(_ -> "{\"ok\":true,\"connections\":[" + UP + "," + DOWN + "]}");
        Result result = run("status");
        assertThat(result.code).isZero();
        assertThat(result.out)
                .contains("hub-to-branch  Connected")
                .contains("1.2 MB  999 B")
                .contains("(WEAK)")
                .contains("hub-to-branch: weak algorithms: PRF-HMAC-SHA1")
                .contains("hub-to-lab: no common algorithms in IKE_SA_INIT; next try in 0 s; sallyport why hub-to-lab");
        assertThat(run("status", "-o", "json").out)
                .contains("\"peer\" : \"192.0.2.2\"")
                .doesNotContain("\"ok\"");
        assertThat(run("status", "-o", "yaml").out).contains("peer: 192.0.2.2");
    }

    @Test
    void whyShowsTheSentenceTheComparisonAndWhatToDo() throws IOException {
        answer(_ -> """
                {"ok":true,"why":{"sentence":"They do not agree.","advice":["Change it."],
                 "table":[{"what":"encryption","ours":"A","peers":"B","differs":true},
                          {"what":"key exchange","ours":"C","peers":"C","differs":false}],
                 "timeline":[{"at":"2026-01-01T00:00:00.123Z","text":"it began"}]}}""".replace("\n", ""));
        assertThat(run("why", "hub-to-branch").out).isEqualToNormalizingNewlines("""
                        They do not agree.

                            WHAT          OURS  THE PEER'S
                        !=  encryption    A     B
                            key exchange  C     C

                        What to do:
                          - Change it.

                        What happened:
                          2026-01-01T00:00:00Z  it began
                        """);
        assertThat(requests).containsExactly("{\"verb\":\"why\",\"connection\":\"hub-to-branch\"}");
    }

    @Test
    void applyWaitsUntilWhatItMadeIsUp() throws IOException {
        Path file = Files.writeString(data.resolve("site.yaml"), "a: 1\n");
        answer(r -> r.contains("apply")
                ? "{\"ok\":true,\"changed\":[\"connections/hub-to-branch\"],\"warnings\":[\"beware\"]}"
                : "{\"ok\":true,\"connections\":[" + UP + "]}");
        Result result = run("apply", "-f", file.toString());
        assertThat(result.code).isZero();
        assertThat(result.out).contains("connections/hub-to-branch applied", "hub-to-branch: Connected");
        assertThat(result.err).contains("beware");
        assertThat(requests.getFirst()).contains("\"text\":\"a: 1\\n\"");
    }

    @Test
    void applyFailsAtOnceWhenAPersonHasToChangeSomething() throws IOException {
        Path file = Files.writeString(data.resolve("site.yaml"), "a: 1\n");
        answer(r -> r.contains("apply")
                ? "{\"ok\":true,\"changed\":[\"connections/hub-to-lab\"],\"warnings\":[]}"
                : "{\"ok\":true,\"connections\":[" + DOWN + "]}");
        Result result = run("apply", "-f", file.toString());
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err)
                .contains("'hub-to-lab' is not up")
                .contains("no common algorithms")
                .contains("sallyport why");
        assertThat(run("apply", "-f", file.toString(), "--wait", "0").code).isZero();
    }

    @Test
    void refusalsGoToStandardErrorLineByLine() throws IOException {
        answer(_ -> "{\"ok\":false,\"errors\":[\"site.yaml:3: a: b\",\"site.yaml:4: c: d\"]}");
        Result result = run("delete", "site", "branch");
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.lines()).containsExactly("sallyport: site.yaml:3: a: b", "sallyport: site.yaml:4: c: d");
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        answer(_ -> "{\"ok\":true}");
        Result result = run("apply", "-f", data.resolve("nowhere.yaml").toString());
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).contains("nowhere.yaml: no such file");
        assertThat(run("apply", "-f", data.toString()).err).contains("no .yaml, .yml or .json file");
    }

    @Test
    void getShowsATableOrDocuments() throws IOException {
        answer(
                _ -> "{\"ok\":true,\"resources\":[{\"type\":\"Microsoft.Network/connections\",\"name\":\"c\","
                        + "\"properties\":{\"connectionStatus\":\"Connected\",\"n\":45,\"b\":true,\"l\":[\"10.1.0.0/16\"]}},"
                        + "{\"type\":\"Microsoft.Network/virtualNetworks\",\"name\":\"v\",\"properties\":{\"provisioningState\":\"Succeeded\"}}]}");
        assertThat(run("get").out).contains("connections      c     Connected", "virtualNetworks  v     Succeeded");
        assertThat(run("get", "-o", "yaml").out)
                .contains("---")
                .contains("n: 45")
                .contains("b: true")
                .contains("- 10.1.0.0/16");
        Result json = run("get", "-o", "JSON");
        assertThat(json.err).isEmpty();
        assertThat(json.out).startsWith("[");
    }

    @Test
    void bytesAndTimesReadAsPeopleSayThem() {
        assertThat(List.of(
                        Words.bytes(0),
                        Words.bytes(999),
                        Words.bytes(1000),
                        Words.bytes(12_345_678),
                        Words.bytes(Long.MAX_VALUE)))
                .containsExactly("0 B", "999 B", "1.0 kB", "12 MB", "9.2 EB");
        Instant now = Instant.parse("2026-01-03T00:00:00Z");
        assertThat(List.of(
                        Words.ago(now.minusSeconds(5), now),
                        Words.ago(now.minusSeconds(600), now),
                        Words.ago(now.minusSeconds(10_000), now),
                        Words.ago(now.minusSeconds(200_000), now)))
                .containsExactly("5 s", "10 min", "2 h", "2 d");
    }

    private Result run(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        if (words.length > 0 && !words[0].startsWith("-") && !words[0].equals("explode")) {
            args.add("--data");
            args.add(data.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sallyport.commands()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    /** Serves on the data directory's socket with one answer for each request. */
    private void answer(Function<String, String> answers) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(data.resolve("control.sock")));
        server = channel;
        Thread.ofPlatform().daemon(true).start(() -> {
            while (channel.isOpen()) {
                try (SocketChannel client = channel.accept();
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))) {
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        requests.add(line);
                        String answer = answers.apply(line).replace("\n", "") + "\n";
                        Channels.newOutputStream(client).write(answer.getBytes(StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    return;
                }
            }
        });
    }
}
