package io.sallyport.engine.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.Site;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.control.MemoryPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class ControlSocketTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @SuppressWarnings("NullAway.Init")
    private Control control;

    @SuppressWarnings("NullAway.Init")
    private ControlSocket socket;

    @BeforeEach
    void start() throws IOException {
        control = new Control(
                Site.node(Site.NODE), _ -> new MemoryPath(), new JdkKeyExchanges(new OsEntropy()), new OsEntropy());
        socket = new ControlSocket(data, new Requests(control));
    }

    @AfterEach
    void stop() {
        socket.close();
        control.close();
    }

    @Test
    void onlyItsOwnerMayConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(data)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("control.lock", "control.sock");
        }
    }

    @Test
    void aSecondGatewayOnTheSameDirectoryIsRefusedInOneLine() {
        assertThatThrownBy(() -> new ControlSocket(data, new Requests(control)))
                .isInstanceOf(IOException.class)
                .hasMessage(data + ": another sallyport serves from this directory; stop it or use --data DIR");
        assertThat(Files.exists(socket.path())).isTrue();
    }

    @Test
    void aSocketLeftBehindByADeadGatewayIsReplaced() throws IOException {
        socket.close();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(data.resolve(ControlSocket.SOCKET)));
        }
        assertThat(Files.exists(data.resolve(ControlSocket.SOCKET))).isTrue();
        socket = new ControlSocket(data, new Requests(control));
        assertThat(ask("{\"verb\":\"status\"}").path("ok").asBoolean()).isTrue();
    }

    @Test
    void closingRemovesTheSocket() {
        socket.close();
        assertThat(Files.exists(data.resolve(ControlSocket.SOCKET))).isFalse();
    }

    @Test
    void aPathTooLongForASocketIsSaidSo() {
        Path deep = data.resolve("x".repeat(100));
        assertThatThrownBy(() -> new ControlSocket(deep, new Requests(control))).hasMessageContaining("107 octets");
    }

    @Test
    void resourcesAreAppliedShownAndDeletedAndTheirSecretsStay() throws IOException {
        JsonNode applied = apply(Site.YAML);
        assertThat(applied.path("ok").asBoolean()).isTrue();
        assertThat(applied.path("changed").size()).isEqualTo(5);
        for (String request : new String[] {
            "{\"verb\":\"get\"}",
            "{\"verb\":\"get\",\"type\":\"connection\",\"name\":\"HUB-to-branch\"}",
            "{\"verb\":\"status\"}",
            "{\"verb\":\"why\",\"connection\":\"hub-to-branch\"}"
        }) {
            JsonNode answer = ask(request);
            assertThat(answer.path("ok").asBoolean()).as(request).isTrue();
            assertThat(answer.toString()).doesNotContain("not-a-real").doesNotContain("sharedKey");
        }
        JsonNode connection = ask("{\"verb\":\"get\",\"type\":\"connections\"}")
                .path("resources")
                .get(0);
        assertThat(connection.path("id").asString())
                .isEqualTo("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers"
                        + "/Microsoft.Network/connections/hub-to-branch");
        assertThat(connection.path("properties").path("connectionStatus").asString())
                .isNotEmpty();
        assertThat(ask("{\"verb\":\"delete\",\"type\":\"site\",\"name\":\"branch\"}")
                        .path("errors")
                        .toString())
                .contains("connections/hub-to-branch uses it");
        assertThat(ask("{\"verb\":\"delete\",\"type\":\"connection\",\"name\":\"hub-to-branch\"}")
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aWrongFileIsRefusedWithItsLines() throws IOException {
        JsonNode answer = apply(Site.with("vpnType: RouteBased", "vpnType: PolicyBased"));
        assertThat(answer.path("ok").asBoolean()).isFalse();
        assertThat(answer.path("errors").get(0).asString())
                .startsWith("site.yaml:17: virtualNetworkGateways/hub-gw: properties.vpnType: found 'PolicyBased'");
        assertThat(ask("{\"verb\":\"get\"}").path("resources").size()).isZero();
    }

    @Test
    void nonsenseIsAnsweredNotSuffered() throws IOException {
        for (String request : new String[] {
            "",
            "nonsense",
            "[]",
            "null",
            "{}",
            "{\"verb\":7}",
            "{\"verb\":\"explode\"}",
            "{\"verb\":\"apply\",\"documents\":7}",
            "{\"verb\":\"get\",\"type\":\"x\"}",
            "{\"verb\":\"why\"}",
            "{\"verb\":\"rekey\",\"connection\":\"x\",\"keys\":\"ike\"}",
            "{\"verb\":\"rekey\",\"keys\":\"all\"}",
            "{\"verb\":\"delete\",\"type\":\"vnet\",\"name\":\"\"}"
        }) {
            JsonNode answer = ask(request);
            assertThat(answer.path("ok").asBoolean()).as(request).isFalse();
            assertThat(answer.path("errors").size()).as(request).isPositive();
            assertThat(answer.toString()).doesNotContain("its log says more");
        }
    }

    private JsonNode apply(String yaml) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("verb", "apply");
        ObjectNode document = request.putArray("documents").addObject();
        document.put("file", "site.yaml");
        document.put("text", yaml);
        return ask(JSON.writeValueAsString(request));
    }

    private JsonNode ask(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
            Channels.newOutputStream(channel).write((line + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            String answer = in.readLine();
            assertThat(answer).as(line).isNotNull();
            return JSON.readTree(answer);
        }
    }
}
