package io.sallyport.api.http;

import io.sallyport.api.web.Front;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for HTTPS. Bounded in connections, headers, bodies and idle time. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int CONNECTIONS_MAX = 2000;
    private static final int HEADER_MAX = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration RELOAD = Duration.ofMinutes(10);
    private static final int COMPRESS_FROM = 1024;

    private final Server server;
    private final ServerConnector connector;
    private final KeyMaterial keys;
    private final SslContextFactory.Server tls;
    private final ScheduledExecutorService reloading;
    private final ScheduledFuture<?> reloads;
    private KeyStore served;

    /**
     * Listens from now on.
     *
     * @throws IOException with one clear line when the address cannot be used
     */
    public HttpServer(Front front, KeyMaterial keys, InetSocketAddress address) throws IOException {
        this.keys = keys;
        this.served = keys.current();
        this.tls = new SslContextFactory.Server();
        tls.setKeyStore(served);
        tls.setKeyStorePassword(KeyMaterial.PASSWORD);
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setSniRequired(false);
        this.server = new Server(new VirtualThreadPool());
        this.connector = connector(server, tls, address);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        CompressionHandler compression = new CompressionHandler(new FrontHandler(front));
        compression.putCompression(gzip());
        compression.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .compressIncludeMimeType("application/json")
                        .decompressExcludePath("/*")
                        .build());
        server.setHandler(compression);
        server.setErrorHandler(new ErrorAnswers());
        server.setStopTimeout(2000);
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw new IOException(address + ": cannot listen there: " + reason(e), e);
        }
        this.reloading = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("tls-reload").daemon(true).factory());
        this.reloads = reloading.scheduleWithFixedDelay(
                this::reload, RELOAD.toSeconds(), RELOAD.toSeconds(), TimeUnit.SECONDS);
    }

    private static GzipCompression gzip() {
        GzipCompression gzip = new GzipCompression();
        gzip.setMinCompressSize(COMPRESS_FROM);
        return gzip;
    }

    private static ServerConnector connector(Server server, SslContextFactory.Server tls, InetSocketAddress address) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_MAX);
        http.setResponseHeaderSize(HEADER_MAX);
        http.setIdleTimeout(IDLE.toMillis());
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        HttpConnectionFactory one = new HttpConnectionFactory(http);
        HTTP2ServerConnectionFactory two = new HTTP2ServerConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(one.getProtocol());
        SslConnectionFactory ssl = new SslConnectionFactory(tls, alpn.getProtocol());
        ServerConnector connector = new ServerConnector(server, ssl, alpn, two, one);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    /** Serves the present certificate from now on, when it is another one. */
    public synchronized void reload() {
        try {
            KeyStore now = keys.current();
            if (now != served) {
                tls.reload(factory -> ((SslContextFactory.Server) factory).setKeyStore(now));
                served = now;
                LOG.info("a new certificate is served");
            }
        } catch (Exception e) {
            LOG.warn("the certificate could not be renewed: {}", e.getMessage());
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** Where it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        reloads.cancel(true);
        reloading.shutdownNow();
        stop();
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the HTTPS server did not stop cleanly: {}", e.getMessage());
        }
    }
}
