package io.sallyport.api;

import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Service;
import io.sallyport.api.http.HttpServer;
import io.sallyport.api.http.KeyMaterial;
import io.sallyport.api.identity.Guard;
import io.sallyport.api.resource.Audit;
import io.sallyport.api.resource.Resources;
import io.sallyport.api.socket.SocketServer;
import io.sallyport.api.web.Front;
import io.sallyport.api.web.Route;
import io.sallyport.api.web.Router;
import io.sallyport.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The whole API over a store, listening for HTTPS and on the local socket. */
public final class Server implements AutoCloseable {
    /** Where it listens when nobody says otherwise: never beyond this machine. */
    public static final InetSocketAddress DEFAULT_ADDRESS =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8443);

    private final Audit audit;
    private final Guard guard;
    private final Resources resources;
    private final Front front;
    private final Router router;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Optional<HttpServer> http;

    /**
     * What it serves and where.
     *
     * @param services such as deployments
     * @param data for keys, tokens and the local socket
     * @param https where to listen for HTTPS and with which key; nothing for no HTTPS
     * @param socket whether the local socket is served
     */
    public record Setup(
            Store store,
            Catalog catalog,
            List<Service> services,
            Path data,
            Optional<Https> https,
            boolean socket,
            Clock clock) {
        public Setup {
            services = List.copyOf(services);
        }

        public Setup(Store store, Catalog catalog, List<Service> services, Path data, Optional<Https> https) {
            this(store, catalog, services, data, https, true, Clock.systemUTC());
        }

        /** Under which clients on this machine reach it. */
        String endpoint() {
            InetSocketAddress address = https.map(Https::address).orElse(DEFAULT_ADDRESS);
            boolean isHere =
                    address.getAddress() == null || address.getAddress().isLoopbackAddress();
            boolean isAny = address.getAddress() != null && address.getAddress().isAnyLocalAddress();
            String host = isHere || isAny ? "localhost" : address.getHostString();
            return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /** Where HTTPS is served, and with which key. */
    public record Https(InetSocketAddress address, KeyMaterial keys) {}

    /**
     * Serves from now on.
     *
     * @throws IOException with one clear line: an address is taken, a file cannot be used, the store cannot write
     */
    @SuppressWarnings("this-escape")
    public Server(Setup setup) throws IOException {
        this.audit = new Audit(setup.store(), setup.clock());
        opened.add(audit);
        try {
            this.guard = new Guard(setup.store(), audit, setup.data(), setup.endpoint(), setup.clock());
            opened.add(guard);
            this.resources = new Resources(
                    setup.store(), setup.catalog(), setup.services(), guard.rights(), audit, setup.clock());
            opened.add(resources);
            this.router = new Router(routes(resources, guard));
            this.front = new Api(router, guard, resources.replies(), setup.endpoint());
            if (setup.socket()) {
                opened.add(new SocketServer(setup.data(), front));
            }
            Optional<HttpServer> listening = Optional.empty();
            if (setup.https().isPresent()) {
                Https https = setup.https().get();
                listening = Optional.of(new HttpServer(front, https.keys(), https.address()));
                opened.add(listening.get());
            }
            this.http = listening;
        } catch (Refused e) {
            close();
            throw new IOException(e.error().message(), e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static List<Route> routes(Resources resources, Guard guard) {
        List<Route> routes = new ArrayList<>(guard.routes());
        routes.addAll(resources.routes());
        return routes;
    }

    /** Answers without a network, for instance in the same process. */
    public Front front() {
        return front;
    }

    /** Everything that is answered. */
    List<Route> routes() {
        return router.routes();
    }

    /** The port on which HTTPS is served. */
    public Optional<Integer> port() {
        return http.map(HttpServer::port);
    }

    @Override
    public void close() {
        for (AutoCloseable part : opened.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException("not closed", e);
            }
        }
        opened.clear();
    }
}
