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
            {"id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/Microsoft.Network/connections/hub-to-branch","name":"hub-to-branch","state":"Connected","since":"2026-01-01T00:00:00Z","peer":"192.0.2.2",
             "initiates":true,"bytesIn":1234567,"bytesOut":999,"weak":["PRF-HMAC-SHA1"],
             "ike":{"suite":"AES-CBC-256/HMAC-SHA1-96/PRF-HMAC-SHA1/MODP-1024 (group 2)"},
             "children":[{"suite":"AES-GCM-256"}]}""";
    private static final String DOWN = """
            {"id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/Microsoft.Network/connections/hub-to-lab","name":"hub-to-lab","state":"NotConnected","since":"2026-01-01T00:00:00Z","peer":"192.0.2.3",
             "initiates":true,"bytesIn":0,"bytesOut":0,"weak":[],"children":[],
             "lastFailure":"no common algorithms in IKE_SA_INIT","lastFailureKind":"NoProposalChosen",
             "lastFailureAt":"2999-01-01T00:00:00Z","nextTry":"2026-01-01T00:00:00Z"}""";

    private static final String NOT_CARRIED = """
            {"id":"/subscriptions/s/resourceGroups/far/providers/Microsoft.Network/connections/old",
             "state":"NotConnected","error":"IKEv1 is not carried"}""";
    private static final String SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
    private static final String CONNECTION =
            SUBSCRIPTION + "/resourceGroups/local/providers/Microsoft.Network/connections/hub-to-branch";

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
        answer(_ -> ok("{\"value\":[" + UP + "," + DOWN + "," + NOT_CARRIED + "]}"));
        Result result = run("status");
        assertThat(result.err).isEmpty();
        assertThat(result.code).isZero();
        assertThat(result.out)
                .contains("hub-to-branch  Connected")
                .contains("1.2 MB  999 B")
                .contains("(WEAK)")
                .contains("hub-to-branch: weak algorithms: PRF-HMAC-SHA1")
                .contains("hub-to-lab: no common algorithms in IKE_SA_INIT; next try in 0 s; sallyport why hub-to-lab")
                .contains("far:old: IKEv1 is not carried");
        assertThat(run("status", "-o", "json").out).contains("\"peer\" : \"192.0.2.2\"");
        assertThat(run("status", "-o", "yaml").out).contains("peer: 192.0.2.2");
        assertThat(requests.getFirst())
                .contains(SUBSCRIPTION + "/providers/Sallyport.Gateway/connections?api-version=");
    }

    @Test
    void everyPageOfAListIsRead() throws IOException {
        answer(r -> r.contains("page=2")
                ? ok("{\"value\":[" + DOWN + "]}")
                : ok("{\"value\":[" + UP + "],\"nextLink\":\"/next?page=2&api-version=1\"}"));
        assertThat(run("status").out).contains("hub-to-branch  Connected", "hub-to-lab     NotConnected");
    }

    @Test
    void whyShowsTheSentenceTheComparisonAndWhatToDo() throws IOException {
        answer(r -> r.contains("/why?") ? ok("""
                {"sentence":"They do not agree.","advice":["Change it."],
                 "table":[{"what":"encryption","ours":"A","peers":"B","differs":true},
                          {"what":"key exchange","ours":"C","peers":"C","differs":false}],
                 "timeline":[{"at":"2026-01-01T00:00:00.123Z","text":"it began"}]}""") : ok("{\"value\":[" + UP + "]}"));
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
        assertThat(requests.getLast()).contains("\"method\":\"POST\"", "/connections/hub-to-branch/why?");
    }

    @Test
    void anUnknownConnectionIsRefusedWithTheNamesOfTheOthers() throws IOException {
        answer(_ -> ok("{\"value\":[" + UP + "," + DOWN + "]}"));
        Result result = run("why", "hub-to-brunch");
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err)
                .isEqualToNormalizingNewlines(
                        "sallyport: there is no connection 'hub-to-brunch'; there is: hub-to-branch, hub-to-lab\n");
    }

    @Test
    void applyIsOneDeploymentWhoseSecretsAreParameters() throws IOException {
        answer(r -> r.contains("deployments/apply-")
                ? ok("{\"id\":\"/d\",\"properties\":{\"sallyport\":{\"changed\":[\"" + CONNECTION
                        + "\"],\"warnings\":[\"beware\"]}}}")
                : ok("{\"value\":[" + UP + "]}"));
        Result result = run("apply", "-f", site().toString());
        assertThat(result.err).isEqualToNormalizingNewlines("warning: beware\n");
        assertThat(result.code).isZero();
        assertThat(result.out).contains("connections/hub-to-branch applied", "hub-to-branch: Connected");
        String put = requests.stream()
                .filter(r -> r.contains("deployments/apply-"))
                .findFirst()
                .orElseThrow();
        assertThat(put)
                .contains("\"sharedKey\":\"[parameters('secrets').s0]\"", "\"s0\":\"not-a-real-secret\"")
                .contains("\"strict\":true", "\"routingWeight\":10", "\"note\":\"[[no expression]\"");
    }

    @Test
    void whatTheGatewayFindsWrongIsSaidWithFileAndLine() throws IOException {
        answer(r -> r.contains("deployments/apply-")
                ? "{\"status\":400,\"headers\":{},\"body\":{\"error\":{\"code\":\"A\",\"message\":\"several\",\"details\":["
                        + "{\"code\":\"B\",\"message\":\"found 'x'\",\"target\":\"" + CONNECTION
                        + "#properties.routingWeight\"},"
                        + "{\"code\":\"B\",\"message\":\"gone\",\"target\":\"" + CONNECTION
                        + "#properties.list[1].a\"}]}}}"
                : ok("{}"));
        Path file = site();
        Result result = run("apply", "-f", file.toString());
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.lines())
                .containsExactly(
                        "sallyport: " + file + ":6: connections/hub-to-branch: properties.routingWeight: found 'x'",
                        "sallyport: " + file + ":9: connections/hub-to-branch: properties.list[1].a: gone");
    }

    @Test
    void aGroupThatIsNotThereIsMadeAndGoesAgainWhenTheRestIsRefused() throws IOException {
        answer(r -> r.contains("deployments/apply-")
                ? "{\"status\":400,\"headers\":{},\"body\":{\"error\":{\"code\":\"A\",\"message\":\"no\"}}}"
                : r.contains("GET") ? "{\"status\":404,\"headers\":{},\"body\":{}}" : ok("{}"));
        assertThat(run("apply", "-f", site().toString(), "-g", "branches").code).isEqualTo(1);
        assertThat(requests.stream().map(r -> r.substring(0, 28)).toList())
                .containsExactly(
                        "{\"method\":\"GET\",\"path\":\"/sub",
                        "{\"method\":\"PUT\",\"path\":\"/sub",
                        "{\"method\":\"PUT\",\"path\":\"/sub",
                        "{\"method\":\"DELETE\",\"path\":\"/");
        assertThat(requests.getLast()).contains("/resourceGroups/branches?");
    }

    @Test
    void applyFailsAtOnceWhenAPersonHasToChangeSomething() throws IOException {
        answer(r -> r.contains("deployments/apply-")
                ? ok("{\"id\":\"/d\",\"properties\":{\"sallyport\":{\"changed\":[\""
                        + CONNECTION.replace("hub-to-branch", "hub-to-lab") + "\"]}}}")
                : ok("{\"value\":[" + DOWN + "]}"));
        Result result = run("apply", "-f", site().toString());
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err)
                .contains("'hub-to-lab' is not up")
                .contains("no common algorithms")
                .contains("sallyport why");
        assertThat(run("apply", "-f", site().toString(), "--wait", "0").code).isZero();
    }

    @Test
    void aLongRunningOperationIsAwaitedAndItsFailureIsSaid() throws IOException {
        answer(r -> r.contains("DELETE")
                ? "{\"status\":202,\"headers\":{\"Azure-AsyncOperation\":\"/operation/1?api-version=1\"},\"body\":null}"
                : r.contains("/operation/1")
                        ? requests.size() < 5
                                ? ok("{\"status\":\"InProgress\"}")
                                : ok(
                                        "{\"status\":\"Failed\",\"error\":{\"code\":\"InUse\",\"message\":\"it is needed\"}}")
                        : ok("{}"));
        Result result = run("delete", "site", "branch");
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).isEqualToNormalizingNewlines("sallyport: InUse: it is needed\n");
        assertThat(requests).hasSize(5);
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        answer(_ -> ok("{}"));
        Result result = run("apply", "-f", data.resolve("nowhere.yaml").toString());
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).contains("nowhere.yaml: no such file");
        assertThat(run("apply", "-f", data.toString()).err).contains("no .yaml, .yml or .json file");
        assertThat(run(
                                "apply",
                                "-f",
                                write("twice.yaml", "type: a\nname: b\n---\ntype: a\nname: B\n")
                                        .toString())
                        .err)
                .contains("twice.yaml:4: a: name: found 'B' a second time; the first is at");
        assertThat(run("apply", "-f", write("nameless.yaml", "type: a\n").toString()).err)
                .contains("nameless.yaml:1: name: missing; it is required");
    }

    @Test
    void getShowsATableOrDocuments() throws IOException {
        answer(r -> ok(
                r.contains("/connections?")
                        ? "{\"value\":[{\"id\":\"" + CONNECTION
                                + "\",\"type\":\"Microsoft.Network/connections\",\"name\":\"c\",\"properties\":{\"provisioningState\":\"Succeeded\","
                                + "\"connectionStatus\":\"Connected\",\"n\":45,\"b\":true,\"l\":[\"10.1.0.0/16\"]}}]}"
                        : r.contains("/virtualNetworks?")
                                ? "{\"value\":[{\"id\":\"" + CONNECTION
                                        + "\",\"type\":\"Microsoft.Network/virtualNetworks\",\"name\":\"v\",\"properties\":{\"provisioningState\":\"Succeeded\"}}]}"
                                : "{\"value\":[]}"));
        assertThat(run("get").out).contains("connections      c     Connected", "virtualNetworks  v     Succeeded");
        assertThat(run("get", "-o", "yaml").out)
                .contains("---")
                .contains("n: 45")
                .contains("b: true")
                .contains("- 10.1.0.0/16");
        Result json = run("get", "-o", "JSON");
        assertThat(json.err).isEmpty();
        assertThat(json.out).startsWith("[");
        assertThat(run("get", "vpnets").err).contains("'vpnets' is no type; allowed: virtualNetworks,");
    }

    @Test
    void captureSpeaksAzuresFilterAndFetchesTheFile() throws IOException {
        answer(r -> r.contains("/captures/")
                ? ok("\"" + java.util.Base64.getEncoder().encodeToString("packets".getBytes(StandardCharsets.UTF_8))
                        + "\"")
                : r.contains("stopPacketCapture")
                        ? ok("\"https://localhost:8443" + CONNECTION + "/captures/a.pcapng\"")
                        : ok("null"));
        assertThat(run("capture", "start", "connection", "hub-to-branch", "--source", "10.1.0.0/16", "--ike").code)
                .isZero();
        assertThat(requests.getLast())
                .contains("/connections/hub-to-branch/startPacketCapture?", "\\\"TracingFlags\\\":2", "10.1.0.0/16");
        Path file = data.resolve("out.pcapng");
        assertThat(run("capture", "stop", "connection", "hub-to-branch", "--to", file.toString()).err)
                .isEmpty();
        assertThat(file).hasContent("packets");
        assertThat(run("capture", "stop", "connection", "hub-to-branch", "--to", file.toString()).err)
                .contains("exists already");
        assertThat(run("capture", "start", "vnet", "hub").err).contains("allowed: gateway, connection");
    }

    @Test
    void azSetupWritesAllThatAzNeedsAndThreeLines() throws IOException {
        write("ca.crt", "-----BEGIN CERTIFICATE-----\n");
        write("az-login.json", """
                {"endpoint":"https://localhost:8443","clientId":"me","secret":"not-a-real-secret","tenant":"t"}""");
        Path to = data.resolve("az");
        Result result = run("az-setup", "--to", to.toString());
        assertThat(result.err).isEmpty();
        assertThat(result.out.lines()).hasSize(3);
        assertThat(result.out)
                .contains("source " + to + "/env", "--endpoint-resource-manager https://localhost:8443", "-p @" + to)
                .doesNotContain("not-a-real-secret");
        assertThat(Files.getPosixFilePermissions(to.resolve("secret"))).hasSize(2);
        assertThat(Files.isExecutable(to.resolve("az"))).isTrue();
        assertThat(Files.readString(to.resolve("ca-bundle.crt"))).startsWith("-----BEGIN CERTIFICATE");
    }

    @Test
    void completionKnowsTheVerbs() {
        assertThat(run("completion").out).contains("complete", "az-setup", "capture");
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

    private Path site() throws IOException {
        return write("site.yaml", """
                # one connection
                type: Microsoft.Network/connections
                name: hub-to-branch
                properties:
                  sharedKey: not-a-real-secret
                  routingWeight: 10
                  list:
                    - a: 1
                    - a: 2
                  note: "[no expression]"
                """);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(data.resolve(name), text);
    }

    private static String ok(String body) {
        return "{\"status\":200,\"headers\":{},\"body\":" + body + "}";
    }

    private Result run(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        if (words.length > 0
                && !words[0].startsWith("-")
                && !List.of("explode", "completion", "capture").contains(words[0])) {
            args.add("--data");
            args.add(data.toString());
        }
        if (words.length > 1 && words[0].equals("capture")) {
            args.addAll(2, List.of("--data", data.toString()));
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
