package io.sallyport.app;

import io.sallyport.api.Providers;
import io.sallyport.api.Server;
import io.sallyport.api.http.KeyMaterial;
import io.sallyport.cli.Application;
import io.sallyport.cli.Client;
import io.sallyport.cli.Data;
import io.sallyport.cli.Refusal;
import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.engine.NodeFiles;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.control.FastestKeyExchanges;
import io.sallyport.engine.control.IdlePath;
import io.sallyport.engine.follow.Follower;
import io.sallyport.engine.identity.Identities;
import io.sallyport.engine.path.LinuxPacketPath;
import io.sallyport.model.NodeFile;
import io.sallyport.model.document.Problems;
import io.sallyport.os.LibcryptoSignatures;
import io.sallyport.pki.HostName;
import io.sallyport.pki.HttpFetcher;
import io.sallyport.pki.ServerIdentity;
import io.sallyport.store.MemoryStore;
import io.sallyport.store.SqliteStore;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything that a gateway consists of, put together on one page. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs the gateway on this machine until it is told to stop.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sallyport serve -f site.yaml --node node.yaml",
            "  sallyport serve                            brings back what was applied before",
            "  sallyport serve -f sites/ --data /tmp/lab --listen none",
            "  sallyport serve --listen [::]:8443 --name gw.example",
            "  sallyport serve --check -f site.yaml      looks at the files and runs nothing"
        })
public final class Serve implements Callable<Integer> {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|DIR",
            description = "Resources to begin with; may be given several times.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--node",
            paramLabel = "FILE",
            description = "What this machine lends to the gateways. Default: every address it has.")
    private @Nullable Path node;

    @Option(names = "--check", description = "Only says whether the files are in order.")
    private boolean check;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:8443",
            description = "Where the API is served over HTTPS; none for the local socket alone. Default:"
                    + " 127.0.0.1:8443, which nobody else reaches.")
    private String listen = "127.0.0.1:8443";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "A name or address by which others reach the API; goes into its certificate. May be given"
                    + " several times.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private Data data = new Data();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<Source> sources = new ArrayList<>();
            for (Path file : files) {
                sources.addAll(Documents.sources(file));
            }
            Problems problems = new Problems();
            Path file = node;
            Optional<NodeFile> lent =
                    file == null ? Optional.of(NodeFiles.ofThisMachine()) : NodeFiles.read(file, problems);
            if (lent.isEmpty()) {
                problems.errors().forEach(p -> err.println(p));
                return 1;
            }
            Stop stop = new Stop();
            try {
                if (check) {
                    return check(lent.get(), sources, err);
                }
                Runtime.getRuntime().addShutdownHook(stop.hook());
                return serve(lent.get(), sources, err, stop);
            } finally {
                stop.everythingIsClosed();
            }
        } catch (IOException e) {
            err.println("sallyport: " + e.getMessage());
            return 1;
        }
    }

    private int serve(NodeFile lent, List<Source> sources, PrintWriter err, Stop stop)
            throws IOException, InterruptedException {
        LibcryptoSignatures.prefer();
        Path directory = data.directory();
        boolean isFirst = !Files.exists(directory.resolve("az-login.json"));
        try (Store store = SqliteStore.open(directory);
                HttpFetcher fetcher = new HttpFetcher();
                Identities identities = new Identities(directory, store, Clock.systemUTC(), fetcher);
                Control control = new Control(
                        lent,
                        LinuxPacketPath::new,
                        new FastestKeyExchanges(new OsEntropy()),
                        new OsEntropy(),
                        identities);
                Follower _ = new Follower(store, control, directory.resolve("captures"));
                Server server = new Server(new Server.Setup(
                        store, Providers.catalog(), Providers.services(), directory, https(directory)))) {
            if (!sources.isEmpty() && !apply(directory, sources, err)) {
                return 1;
            }
            err.println("sallyport: serving"
                    + server.port().map(port -> " https://localhost:" + port).orElse("")
                    + "; data and control socket in "
                    + directory);
            if (isFirst && server.port().isPresent()) {
                err.println("sallyport: to drive it with az: sallyport az-setup");
            }
            stop.await();
        } catch (StoreFailure e) {
            throw new IOException(e.getMessage(), e);
        }
        return 0;
    }

    private Optional<Server.Https> https(Path directory) throws IOException {
        if (listen.equals("none")) {
            return Optional.empty();
        }
        InetSocketAddress address = address(listen);
        ServerIdentity identity = ServerIdentity.open(
                directory, names.stream().map(HostName::of).toList(), Clock.systemUTC(), KeyMaterial.PASSWORD);
        return Optional.of(new Server.Https(address, identity::current));
    }

    private static InetSocketAddress address(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "8443" : text.substring(colon + 1);
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")), Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "--listen: found '" + text
                            + "'; allowed: ADDRESS:PORT such as 127.0.0.1:8443 or [::]:8443, or none",
                    e);
        }
    }

    /** Everything that serving would do, but with a store in memory and without devices. */
    private int check(NodeFile lent, List<Source> sources, PrintWriter err) throws IOException {
        Path directory = Files.createTempDirectory("sallyport-check");
        try (Store store = new MemoryStore();
                Control control = new Control(
                        lent, _ -> new IdlePath(), new FastestKeyExchanges(new OsEntropy()), new OsEntropy());
                Follower _ = new Follower(store, control, directory.resolve("captures"));
                Server _ = new Server(new Server.Setup(
                        store, Providers.catalog(), Providers.services(), directory, Optional.empty()))) {
            return apply(directory, sources, err) ? 0 : 1;
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Hands the files to the API, as {@code sallyport apply} would; false when they are refused. */
    private static boolean apply(Path directory, List<Source> sources, PrintWriter err) {
        try (Client client = Client.local(directory)) {
            Application.Outcome outcome = Application.read(sources).apply(client, Client.Waiting.silent());
            outcome.warnings().forEach(w -> err.println("warning: " + w));
            return true;
        } catch (Refusal e) {
            e.lines().forEach(err::println);
            return false;
        }
    }

    /** SIGTERM and SIGINT end the process only when everything has been closed, and then with exit code 0. */
    private static final class Stop {
        private static final long PATIENCE_SECONDS = 10;

        private final CountDownLatch told = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        Thread hook() {
            return Thread.ofPlatform().name("shutdown").unstarted(() -> {
                if (closed.getCount() == 0) {
                    return;
                }
                told.countDown();
                try {
                    Runtime.getRuntime().halt(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS) ? 0 : 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        void await() throws InterruptedException {
            told.await();
        }

        void everythingIsClosed() {
            closed.countDown();
        }
    }
}
