package io.sallyport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.api.http.KeyMaterial;
import io.sallyport.api.web.Json;
import io.sallyport.base.Bytes;
import io.sallyport.pki.ServerIdentity;
import io.sallyport.store.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The two ways in, with real sockets on this machine. */
class FrontsTest {
    @TempDir
    static Path data;

    private static MemoryStore store;
    private static Server server;
    private static HttpClient client;
    private static SSLContext context;
    private static String base;

    @BeforeAll
    static void open() throws Exception {
        store = new MemoryStore();
        ServerIdentity identity = ServerIdentity.open(data, List.of(), Clock.systemUTC(), KeyMaterial.PASSWORD);
        server = new Server(setup(store, data, identity));
        base = "https://localhost:" + server.port().orElseThrow();
        context = trusting(identity.authority());
        client = HttpClient.newBuilder().sslContext(context).build();
    }

    private static Server.Setup setup(MemoryStore store, Path data, ServerIdentity identity) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Server.Setup(
                store, Boxes.catalog(), List.of(), data, Optional.of(new Server.Https(any, identity::current)));
    }

    private static SSLContext trusting(Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void close() {
        client.close();
        server.close();
        store.close();
    }

    private static HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(data.resolve("local-token")).trim());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String versioned(String path) {
        return path + "?api-version=2024-05-01";
    }

    @Test
    void javaTrustsTheCertificateAndSpeaksHttp2() throws Exception {
        HttpResponse<String> answer = send(request(versioned("/subscriptions")).build());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.headers().firstValue("server")).isEmpty();
    }

    @Test
    void http1IsSpokenToo() throws Exception {
        HttpResponse<String> answer = send(request("/metadata/endpoints?api-version=2015-01-01")
                .version(HttpClient.Version.HTTP_1_1)
                .build());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).contains(base + "/adfs");
    }

    @Test
    void aBodyOfTenMegabytesIs413AsSoonAsItIsAnnounced() throws Exception {
        String head = "PUT " + versioned(Rig.BOXES + "/large") + " HTTP/1.1\r\nHost: localhost\r\n";
        assertThat(statusLine(head + "Content-Length: 10000000\r\n\r\n")).startsWith("HTTP/1.1 413");
        assertThat(send(request(versioned(Rig.BOXES + "/large")).build()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aBodyWithoutLengthIs413WhenItIsLongerThanFourMegabytes() throws Exception {
        String head = "PUT " + versioned(Rig.BOXES + "/large") + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(statusLine(head + "400001\r\n" + "a".repeat(0x400001))).startsWith("HTTP/1.1 413");
    }

    /** What the server answers first; whatever is sent goes out whole before. */
    private static String statusLine(String sent) throws Exception {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port().orElseThrow())) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return in.readLine();
        }
    }

    @Test
    void longAnswersAreCompressedForThoseWhoWantIt() throws Exception {
        for (int i = 0; i < 40; i++) {
            send(request(versioned(Rig.BOXES + "/zip" + i))
                    .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
        }
        HttpResponse<byte[]> answer = client.send(
                request(versioned(Rig.BOXES)).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(answer.body().length).isLessThan(3000);
    }

    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        HttpResponse<String> answer = send(request(versioned("/subscriptions"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("x-long", "a".repeat(40_000))
                .build());
        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(answer.body()).contains("\"code\"").doesNotContain("jetty");
    }

    @Test
    void aFileGoesOutAsItIs() throws Exception {
        Path file = data.resolve("c1.pcapng");
        byte[] octets = new byte[300_000];
        new java.util.Random(1).nextBytes(octets);
        Files.write(file, octets);
        String id = Rig.GROUP + "/providers/Microsoft.Network/connections/c1";
        store.commit(List.of(
                new io.sallyport.store.Change.Put(
                        "capture" + id.toLowerCase(java.util.Locale.ROOT) + "/c1.pcapng",
                        io.sallyport.store.Change.Expectation.ANY,
                        "{\"name\":\"c1.pcapng\",\"file\":\"" + file + "\"}",
                        java.util.Map.of(),
                        io.sallyport.store.Document.Lifetime.EPHEMERAL),
                new io.sallyport.store.Change.Put(
                        "resource" + id.toLowerCase(java.util.Locale.ROOT),
                        io.sallyport.store.Change.Expectation.ANY,
                        "{\"id\":\"" + id + "\",\"name\":\"c1\",\"properties\":{}}",
                        java.util.Map.of(),
                        io.sallyport.store.Document.Lifetime.EPHEMERAL)));
        HttpResponse<byte[]> answer = fetch(id);
        for (int i = 0; i < 100 && answer.statusCode() == 404; i++) {
            Thread.sleep(20);
            answer = fetch(id);
        }
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-pcapng");
        assertThat(answer.body()).isEqualTo(octets);
        assertThat(ask("{\"method\":\"GET\",\"path\":\"" + id + "/captures/c1.pcapng\"}")
                        .path("body")
                        .binaryValue())
                .isEqualTo(octets);
        assertThat(send(request(id + "/captures/other").build()).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<byte[]> fetch(String id) throws Exception {
        return client.send(request(id + "/captures/c1.pcapng").build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void theSocketAsksAndAnswersInLines() throws Exception {
        JsonNode answer = ask("{\"method\":\"PUT\",\"path\":\"" + versioned(Rig.BOXES + "/s1")
                + "\",\"headers\":{\"If-None-Match\":\"*\"},\"body\":{\"properties\":{\"size\":1}}}");
        assertThat(answer.path("status").asInt()).isEqualTo(201);
        assertThat(answer.at("/headers/ETag").asString()).startsWith("W/");
        assertThat(answer.at("/body/properties/size").asInt()).isEqualTo(1);
        assertThat(ask("{\"method\":\"DELETE\",\"path\":\"" + versioned(Rig.BOXES + "/s1") + "\"}")
                        .path("body")
                        .isNull())
                .isTrue();
        assertThat(ask("nonsense").path("status").asInt()).isEqualTo(400);
        assertThat(ask("{}").path("status").asInt()).isEqualTo(400);
        assertThat(ask("{\"method\":\"GET\",\"path\":\"/metadata/endpoints?api-version=2015-01-01\"}")
                        .at("/body/portalEndpoint")
                        .asString())
                .startsWith("https://localhost:");
    }

    @Test
    void onlyTheServiceMayOpenTheSocket() throws IOException {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("control.sock")));
        assertThat(permissions).isIn("rw-------", "rw-rw----");
    }

    @Test
    void aSecondServerOfTheSameDirectoryIsRefused() throws Exception {
        ServerIdentity identity = ServerIdentity.open(data, List.of(), Clock.systemUTC(), KeyMaterial.PASSWORD);
        try (MemoryStore other = new MemoryStore()) {
            assertThatThrownBy(() -> new Server(setup(other, data, identity)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another sallyport serves from this directory");
        }
    }

    @Test
    void anAddressThatIsTakenIsSaid(@TempDir Path elsewhere) throws Exception {
        ServerIdentity identity = ServerIdentity.open(elsewhere, List.of(), Clock.systemUTC(), KeyMaterial.PASSWORD);
        InetSocketAddress taken = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.port().orElseThrow());
        try (MemoryStore other = new MemoryStore()) {
            assertThatThrownBy(() -> new Server(new Server.Setup(
                            other,
                            Boxes.catalog(),
                            List.of(),
                            elsewhere,
                            Optional.of(new Server.Https(taken, identity::current)))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen there");
        }
    }

    private static JsonNode ask(String line) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(data.resolve("control.sock")));
            ByteBuffer octets = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            return Json.read(Bytes.wrap(in.readLine().getBytes(StandardCharsets.UTF_8)));
        }
    }
}
