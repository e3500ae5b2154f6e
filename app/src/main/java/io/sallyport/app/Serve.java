package io.sallyport.app;

import io.sallyport.cli.Data;
import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.engine.NodeFiles;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.control.Control;
import io.sallyport.engine.control.IdlePath;
import io.sallyport.engine.control.PathMaker;
import io.sallyport.engine.path.LinuxPacketPath;
import io.sallyport.engine.socket.ControlSocket;
import io.sallyport.engine.socket.Requests;
import io.sallyport.model.NodeFile;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            "  sallyport serve -f sites/ --data /var/lib/sallyport",
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
        PathMaker paths = check ? _ -> new IdlePath() : LinuxPacketPath::new;
        try (Control control = new Control(lent, paths, new JdkKeyExchanges(new OsEntropy()), new OsEntropy())) {
            if (check) {
                return begin(control, sources, err) ? 0 : 1;
            }
            try (ControlSocket socket = new ControlSocket(data.directory(), new Requests(control))) {
                if (!sources.isEmpty() && !begin(control, sources, err)) {
                    return 1;
                }
                err.println("sallyport: serving " + control.status().size() + " connections; control socket "
                        + socket.path());
                stop.await();
            }
        }
        return 0;
    }

    private static boolean begin(Control control, List<Source> sources, PrintWriter err) {
        Control.Outcome outcome = control.apply(sources);
        for (Problem warning : outcome.warnings()) {
            err.println(warning);
        }
        for (Problem error : outcome.errors()) {
            err.println(error);
        }
        return !outcome.isRefused();
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
