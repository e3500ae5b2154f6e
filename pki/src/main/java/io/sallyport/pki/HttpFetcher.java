package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Over HTTP, without redirects: what a certificate names is asked, and nobody else. */
public final class HttpFetcher implements Fetcher, AutoCloseable {
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @Override
    public Bytes fetch(String url, Optional<Bytes> question, int sizeMax, Duration within)
            throws IOException, InterruptedException {
        URI uri = uri(url);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(within);
        if (question.isPresent()) {
            request.header("Content-Type", "application/ocsp-request")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(question.get().toArray()));
        }
        CompletableFuture<HttpResponse<byte[]>> coming = client.sendAsync(
                request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), sizeMax));
        try {
            // The request's own timeout ends with the headers; a body may drip.
            HttpResponse<byte[]> response = coming.get(within.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException(url + " answers " + response.statusCode());
            }
            return Bytes.wrap(response.body());
        } catch (TimeoutException e) {
            throw new IOException(url + " does not answer within " + within.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(url + " cannot be read: " + String.valueOf(e.getCause()), e);
        } finally {
            coming.cancel(true);
        }
    }

    private static URI uri(String url) throws IOException {
        try {
            URI uri = URI.create(url);
            if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new IOException("found '" + Certificates.text(url) + "'; allowed: http://HOST/…");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new IOException("found '" + Certificates.text(url) + "', which is no address", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
