package io.sallyport.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Drives a gateway process over HTTPS as many clients would; {@code bench/api} prepares the place. Arguments: the
 * command {@code sallyport}, a directory, the number of connections, the number of clients.
 */
final class ApiBench {
    private static final String ENDPOINT = "https://localhost:8443";
    private static final String GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local";
    private static final String NETWORK = GROUP + "/providers/Microsoft.Network/";
    private static final String VERSION = "?api-version=2025-03-01";
    /** Enough for all on one, the hardest case. */
    private static final int CONNECTIONS_PER_GATEWAY = 10_000;

    private static final int GETS = 20_000;
    private static final Pattern NEXT = Pattern.compile("\"nextLink\"\\s*:\\s*\"([^\"]+)\"");

    private final String command;
    private final Path directory;
    private final int connections;
    private final int clients;

    private ApiBench(String command, Path directory, int connections, int clients) {
        this.command = command;
        this.directory = directory;
        this.connections = connections;
        this.clients = clients;
    }

    public static void main(String[] args) throws Exception {
        new ApiBench(args[0], Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Process first = start("first start, empty, making its certificates");
        stop(first);
        Process gateway = start("start, empty");
        try (HttpClient http = client()) {
            String token = Files.readString(data().resolve("local-token")).strip();
            say("memory at rest, empty: %d MB resident", residentMegabytes(gateway));
            int gateways = (connections + CONNECTIONS_PER_GATEWAY - 1) / CONNECTIONS_PER_GATEWAY;
            for (int i = 0; i < gateways; i++) {
                must(http, token, "PUT", "virtualNetworks/v" + i, network(i));
                must(http, token, "PUT", "publicIPAddresses/p" + i, address(i));
                must(http, token, "PUT", "virtualNetworkGateways/g" + i, gateway(i));
            }
            measure(
                    "PUT local network gateways",
                    connections,
                    i -> must(http, token, "PUT", "localNetworkGateways/l" + i, site(i)));
            measure("PUT connections", connections, i -> must(http, token, "PUT", "connections/c" + i, connection(i)));
            ThreadLocalRandom random = ThreadLocalRandom.current();
            int[] chosen = random.ints(GETS, 0, connections).toArray();
            measure("GET connection (warm-up)", GETS, i -> must(http, token, "GET", "connections/c" + chosen[i], ""));
            measure("GET connection", GETS, i -> must(http, token, "GET", "connections/c" + chosen[i], ""));
            measure(
                    "GET local network gateway",
                    GETS,
                    i -> must(http, token, "GET", "localNetworkGateways/l" + chosen[i], ""));
            for (int i = 0; i < 5; i++) {
                list(http, token, "connections");
            }
            list(http, token, "localNetworkGateways");
            TimeUnit.SECONDS.sleep(3);
            say("memory with %d resources: %d MB resident", 2 * connections + 3 * gateways, residentMegabytes(gateway));
        }
        stop(gateway);
        stop(start("start with " + 2 * connections + " resources"));
    }

    /** One request, by its number. */
    private interface Request {
        void run(int number) throws IOException, InterruptedException;
    }

    private void measure(String what, int count, Request request) throws InterruptedException, ExecutionException {
        long[] nanos = new long[count];
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> done = new ArrayList<>();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int c = 0; c < clients; c++) {
                done.add(threads.submit(() -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        long from = System.nanoTime();
                        request.run(i);
                        nanos[i] = System.nanoTime() - from;
                    }
                    return true;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Arrays.sort(nanos);
        say(
                "%-28s %7d requests, %2d clients: %7.0f/s, median %6.2f ms, p99 %6.2f ms, worst %6.2f ms",
                what,
                count,
                clients,
                count / seconds,
                nanos[count / 2] / 1e6,
                nanos[(int) (count * 0.99)] / 1e6,
                nanos[count - 1] / 1e6);
    }

    private void list(HttpClient http, String token, String type) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int pages = 0;
        int items = 0;
        long octets = 0;
        String next = ENDPOINT + NETWORK + type + VERSION;
        while (!next.isEmpty()) {
            String body = send(http, token, "GET", next, "");
            pages++;
            octets += body.length();
            items += body.split("\"etag\"", -1).length - 1;
            Matcher link = NEXT.matcher(body);
            next = link.find() ? link.group(1) : "";
        }
        say(
                "LIST %-23s %7d items in %d pages, %.1f MB: %.0f ms",
                type, items, pages, octets / 1e6, (System.nanoTime() - begin) / 1e6);
    }

    private Process start(String what) throws IOException, InterruptedException, GeneralSecurityException {
        Path node = directory.resolve("node.yaml");
        StringBuilder yaml = new StringBuilder("node: n1\npublicAddresses:\n");
        for (int i = 1; i <= 200; i++) {
            yaml.append("  - { address: 192.0.2.").append(i).append(", device: pub0 }\n");
        }
        Files.writeString(node, yaml);
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command, "serve", "--data", data().toString(), "--node", node.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("serve.log").toFile())
                .start();
        long deadline = begin + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.exists(data().resolve("local-token")) && isAnswering()) {
                say("%s: %.2f s to the first answer", what, (System.nanoTime() - begin) / 1e9);
                return process;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IOException("the gateway did not start: " + Files.readString(directory.resolve("serve.log")));
    }

    private boolean isAnswering() throws InterruptedException, GeneralSecurityException {
        try (HttpClient http = client()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(ENDPOINT + "/metadata/endpoints?api-version=2015-01-01"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private static long residentMegabytes(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS in /proc");
    }

    private HttpClient client() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(data().resolve("ca.crt")))));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static void must(HttpClient http, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        send(http, token, method, ENDPOINT + NETWORK + path + VERSION, body);
    }

    private static String send(HttpClient http, String token, String method, String url, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + url + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static String network(int i) {
        return """
                {"location":"local","properties":{"addressSpace":{"addressPrefixes":["10.%1$d.0.0/16"]},
                 "subnets":[{"name":"GatewaySubnet","properties":{"addressPrefix":"10.%1$d.255.0/27"}}]}}""".formatted(i);
    }

    private static String address(int i) {
        return """
                {"location":"local","sku":{"name":"Standard"},
                 "properties":{"publicIPAllocationMethod":"Static","ipAddress":"192.0.2.%d"}}""".formatted(i + 1);
    }

    private static String gateway(int i) {
        return """
                {"location":"local","properties":{"gatewayType":"Vpn","vpnType":"RouteBased",
                 "sku":{"name":"VpnGw5AZ","tier":"VpnGw5AZ"},"ipConfigurations":[{"name":"default","properties":{
                 "subnet":{"id":"%1$svirtualNetworks/v%2$d/subnets/GatewaySubnet"},
                 "publicIPAddress":{"id":"%1$spublicIPAddresses/p%2$d"}}}]}}""".formatted(NETWORK, i);
    }

    private static String site(int i) {
        return """
                {"location":"local","properties":{"gatewayIpAddress":"198.18.%d.%d",
                 "localNetworkAddressSpace":{"addressPrefixes":["11.%d.%d.0/24"]}}}""".formatted(i / 200, i % 200 + 1, i / 200, i % 200);
    }

    private static String connection(int i) {
        return """
                {"location":"local","properties":{"connectionType":"IPsec","connectionMode":"ResponderOnly",
                 "sharedKey":"not-a-real-secret-%2$d",
                 "virtualNetworkGateway1":{"id":"%1$svirtualNetworkGateways/g%3$d"},
                 "localNetworkGateway2":{"id":"%1$slocalNetworkGateways/l%2$d"}}}""".formatted(NETWORK, i, i / CONNECTIONS_PER_GATEWAY);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
