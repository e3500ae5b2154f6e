package io.sallyport.app;

import io.sallyport.app.demo.SiteToSiteDemo;
import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.StrongSwan;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Builds a topology on this machine, sends real traffic through it, and shows it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Builds a topology on this machine in network namespaces, sends real traffic through it, prints the"
                        + " drawing, the tunnels and what it measured, and cleans up.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sallyport demo",
            "  sallyport demo --far sallyport --seconds 10     Sallyport at both ends: the throughput of two",
            "  sallyport demo --keep                           leaves it running until you press Enter"
        })
public final class Demo implements Callable<Integer> {
    /** What stands at the far end. */
    enum Far {
        AUTO,
        STRONGSWAN,
        SALLYPORT
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "TOPOLOGY",
            defaultValue = "site-to-site",
            description = "site-to-site (the only one so far)")
    private String topology = "site-to-site";

    @Option(
            names = "--far",
            defaultValue = "auto",
            description = "strongswan, sallyport, or auto: strongSwan when it is installed. Default: auto.")
    private Far far = Far.AUTO;

    @Option(names = "--seconds", defaultValue = "3", description = "How long each transfer lasts. Default: 3.")
    private int seconds = 3;

    @Option(names = "--keep", description = "Leaves it running until you press Enter, and says how to look around.")
    private boolean keep;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = java.util.Objects.requireNonNull(spec).commandLine().getErr();
        if (!topology.equals("site-to-site")) {
            err.println("sallyport: '" + topology + "' is not a topology; allowed: site-to-site");
            return 2;
        }
        if (seconds < 1 || seconds > 600) {
            err.println("sallyport: --seconds " + seconds + " is not in 1..600");
            return 2;
        }
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            err.println("sallyport: " + missing.get());
            return 1;
        }
        boolean strongSwan = switch (far) {
            case AUTO -> StrongSwan.isInstalled();
            case STRONGSWAN -> true;
            case SALLYPORT -> false;
        };
        try {
            new SiteToSiteDemo(out, isTerminal(), strongSwan, seconds)
                    .run(keep ? Optional.of((namespaces, data) -> hold(out, namespaces, data)) : Optional.empty());
            return 0;
        } catch (LabFailure e) {
            err.println("sallyport: " + e.getMessage());
            return 1;
        }
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static Optional<String> missing() {
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            return Optional.of("the demo makes TUN devices and may not open /dev/net/tun; run it as root");
        }
        for (String program : List.of("ip", "ping", "iperf3")) {
            if (!Commands.exists(program)) {
                return Optional.of(
                        "the demo needs the program " + program + " (Debian packages iproute2, iputils-ping, iperf3)");
            }
        }
        return Optional.empty();
    }

    private static void hold(PrintWriter out, List<String> namespaces, Path data) {
        out.println("\nIt keeps running. In another terminal:");
        for (String netns : namespaces) {
            out.println("  ip netns exec " + netns + " bash");
        }
        out.println("  ./sallyport status --watch --data " + data);
        out.println("Press Enter to end it.");
        out.flush();
        try {
            int read = System.in.read();
            if (read < 0) {
                Thread.currentThread().join();
            }
        } catch (IOException e) {
            out.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
