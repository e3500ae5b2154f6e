package io.sallyport.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A gateway elsewhere, over HTTPS. */
final class RemoteClient extends Client {
    /** The command line's own client id, as az has one. */
    static final String CLIENT_ID = "sallyport-cli";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration RENEW_BEFORE = Duration.ofMinutes(5);
    private static final int UNAUTHORIZED = 401;

    private final HttpClient http;
    private Session session;

    RemoteClient(Session session) throws Refusal {
        this.session = session;
        this.http = http(session.authority());
    }

    @Override
    Answer send(String method, String path, @Nullable JsonNode body) throws Refusal {
        if (!session.refreshToken().isEmpty()
                && Instant.now().isAfter(session.expires().minus(RENEW_BEFORE))) {
            renew();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + session.accessToken())
                .header("Accept", "application/json");
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        Answer answer = exchange(http, session.endpoint(), request.build());
        if (answer.status() == UNAUTHORIZED) {
            throw new Refusal("the login to " + session.endpoint() + " is not valid any more; sallyport login "
                    + session.endpoint());
        }
        return answer;
    }

    private URI address(String path) throws Refusal {
        // The token goes to nobody but the gateway, whatever address an answer names.
        if (path.startsWith("https:") && !path.startsWith(session.endpoint() + "/")) {
            throw new Refusal("the gateway names an address that is not its own");
        }
        return URI.create(path.startsWith("https:") ? path : session.endpoint() + path);
    }

    private void renew() throws Refusal {
        JsonNode token = token(
                http,
                session.endpoint(),
                Map.of("grant_type", "refresh_token", "client_id", CLIENT_ID, "refresh_token", session.refreshToken()));
        session = with(session.endpoint(), session.authority(), token, session.refreshToken());
        session.save();
    }

    /** A session out of a token answer. */
    static Session with(String endpoint, String authority, JsonNode token, String refreshBefore) {
        return new Session(
                endpoint,
                authority,
                token.path("access_token").asString(""),
                token.path("refresh_token").asString(refreshBefore),
                Instant.now().plusSeconds(token.path("expires_in").asLong(0)));
    }

    /**
     * Asks for a token.
     *
     * @throws Refusal with the gateway's reason
     */
    static JsonNode token(HttpClient http, String endpoint, Map<String, String> form) throws Refusal {
        Answer answer = form(http, endpoint, "/adfs/oauth2/token", form);
        if (answer.isRefused()) {
            throw new Refusal(answer.body()
                    .path("error_description")
                    .asString("the login was refused, status " + answer.status()));
        }
        return answer.body();
    }

    static Answer form(HttpClient http, String endpoint, String path, Map<String, String> form) throws Refusal {
        String body = form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return exchange(
                http,
                endpoint,
                HttpRequest.newBuilder(URI.create(endpoint + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private static Answer exchange(HttpClient http, String endpoint, HttpRequest request) throws Refusal {
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            byte[] octets = response.body();
            boolean json = headers.getOrDefault("content-type", "").contains("json");
            return octets.length == 0 || !json
                    ? new Answer(
                            response.statusCode(),
                            headers,
                            octets.length == 0
                                    ? MissingNode.getInstance()
                                    : JSON.getNodeFactory().binaryNode(octets))
                    : new Answer(response.statusCode(), headers, JSON.readTree(octets));
        } catch (SSLHandshakeException e) {
            throw new Refusal(endpoint + ": its certificate is not trusted; give its authority with --ca FILE"
                    + " (ca.crt in the gateway's data directory)");
        } catch (IOException e) {
            throw new Refusal(endpoint + ": cannot be reached: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } catch (JacksonException e) {
            throw new Refusal(endpoint + ": the answer is not JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    /** @param authority PEM; empty: what Java trusts */
    static HttpClient http(String authority) throws Refusal {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
        if (!authority.isEmpty()) {
            try {
                KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
                trusted.load(null, null);
                int count = 0;
                for (Certificate certificate : CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(authority.getBytes(StandardCharsets.UTF_8)))) {
                    trusted.setCertificateEntry("ca" + count++, certificate);
                }
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(trusted);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers.getTrustManagers(), null);
                builder.sslContext(context);
            } catch (GeneralSecurityException | IOException e) {
                throw new Refusal("the authority's certificate cannot be read: " + e.getMessage());
            }
        }
        return builder.build();
    }

    @Override
    public void close() {
        http.close();
    }
}
