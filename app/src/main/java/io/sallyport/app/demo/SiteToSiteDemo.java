package io.sallyport.app.demo;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.SiteFile;
import io.sallyport.app.lab.StrongSwan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One tunnel between two sites over an internet:
 *
 * <pre>
 *   hub  10.1.0.4              internet (a switch)            branch  10.2.0.4
 *   Sallyport  192.0.2.1 ─────────────────────────── 192.0.2.2  strongSwan or Sallyport
 * </pre>
 */
public final class SiteToSiteDemo {
    private static final String KEY = "not-a-real-secret-0123456789";
    private static final int REKEY_PINGS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final Progress progress;
    private final boolean farIsStrongSwan;
    private final int seconds;

    /**
     * @param terminal whether {@code out} is one, so that a line may be written over
     * @param farIsStrongSwan what stands at the branch; otherwise a second Sallyport
     * @param seconds how long each transfer lasts
     */
    public SiteToSiteDemo(PrintWriter out, boolean terminal, boolean farIsStrongSwan, int seconds) {
        this.out = out;
        this.progress = new Progress(out, terminal);
        this.farIsStrongSwan = farIsStrongSwan;
        this.seconds = seconds;
    }

    /** What was measured. */
    private record Measured(double bareGbits, double tunnelGbits, int pinged, int answered, int rekeyAnswered) {}

    /**
     * Builds, drives, shows and removes it.
     *
     * @param keep called while everything runs, after all was shown; returns when it may go
     * @throws LabFailure when a part does not work, with the reason
     */
    public void run(Optional<Keep> keep) {
        out.println("Sallyport demo: one site-to-site tunnel, "
                + (farIsStrongSwan ? "strongSwan" : "a second Sallyport") + " at the far end\n");
        try (Lab lab = new Lab()) {
            Host internet = lab.host("internet");
            Host hub = lab.host("hub");
            Host branch = lab.host("branch");
            progress.step("two sites and an internet out of network namespaces", () -> {
                lab.bridge(internet, "br0");
                lab.plug(hub, "eth0", "192.0.2.1/24", internet, "br0");
                lab.plug(branch, "eth0", "192.0.2.2/24", internet, "br0");
                hub.address("10.1.0.4/32");
                branch.address("10.2.0.4/32");
                return lab;
            });
            double bare = progress.step(
                    "the bare link, one TCP stream for " + seconds + " s",
                    () -> transfer(lab, hub, branch, "192.0.2.1", "192.0.2.2"));
            Optional<StrongSwan> swan = farIsStrongSwan
                    ? Optional.of(progress.step("strongSwan at the branch", () -> strongSwan(lab, branch)))
                    : Optional.empty();
            if (!farIsStrongSwan) {
                progress.step("Sallyport at the branch", () -> sallyport(lab, branch, branchFile()));
            }
            SiteFile file = hubFile();
            Sallyport sallyport = progress.step("Sallyport at the hub", () -> sallyport(lab, hub, file));
            progress.step("the tunnel, until the first ping is answered", () -> awaitPing(hub, sallyport));
            int answered = progress.step(
                    "20 pings from each side",
                    () -> hub.ping("10.1.0.4", "10.2.0.4", 20, Duration.ofMillis(20))
                            + branch.ping("10.2.0.4", "10.1.0.4", 20, Duration.ofMillis(20)));
            double gbits = progress.step(
                    "through the tunnel, one TCP stream for " + seconds + " s",
                    () -> transfer(lab, hub, branch, "10.1.0.4", "10.2.0.4"));
            int rekeyAnswered =
                    progress.step("rekeys of the child and of the IKE SA under " + REKEY_PINGS + " pings", () -> {
                        rekeys(hub, sallyport, file, swan);
                        return rekeyPings;
                    });
            show(sallyport, new Measured(bare, gbits, 40, answered, rekeyAnswered));
            keep.ifPresent(k -> k.hold(List.of(hub.netns(), branch.netns()), sallyport.data()));
        }
        out.println("\nEverything the demo made is gone again.");
        out.flush();
    }

    /** Lets a person look around while the demo stands. */
    public interface Keep {
        /**
         * @param namespaces of the hub and the branch
         * @param data the {@code --data} of the hub's Sallyport
         */
        void hold(List<String> namespaces, Path data);
    }

    private int rekeyPings;

    private void rekeys(Host hub, Sallyport sallyport, SiteFile file, Optional<StrongSwan> swan) {
        CompletableFuture<Integer> pings = CompletableFuture.supplyAsync(
                () -> hub.ping("10.1.0.4", "10.2.0.4", REKEY_PINGS, Duration.ofMillis(10)));
        must(sallyport.command("rekey", file.connectionName(), "--child"));
        must(sallyport.command("rekey", file.connectionName(), "--ike"));
        swan.ifPresent(s -> s.swanctl("--rekey", "--child", "net"));
        rekeyPings = pings.join();
    }

    private void show(Sallyport sallyport, Measured measured) {
        out.println();
        out.print(drawing(farIsStrongSwan ? "strongSwan" : "Sallyport"));
        out.println();
        out.print(must(sallyport.command("status")).output());
        out.println();
        out.printf(Locale.ROOT, "  pings answered            %d of %d%n", measured.answered, measured.pinged);
        out.printf(Locale.ROOT, "  pings during the rekeys   %d of %d answered%n", measured.rekeyAnswered, REKEY_PINGS);
        out.printf(Locale.ROOT, "  bare link                 %6.2f Gbit/s%n", measured.bareGbits);
        out.printf(
                Locale.ROOT,
                "  through the tunnel        %6.2f Gbit/s%s%n",
                measured.tunnelGbits,
                farIsStrongSwan ? "  (strongSwan's end is the slower; --far sallyport shows two of ours)" : "");
        out.flush();
        if (measured.answered != measured.pinged || measured.rekeyAnswered != REKEY_PINGS) {
            throw new LabFailure("pings were lost");
        }
    }

    private static String drawing(String far) {
        return """
                  ┌─ hub ────────────────┐      ┌ internet ┐      ┌─ branch ─────────────┐
                  │ VNet    10.1.0.0/16  │      │          │      │ network 10.2.0.0/16  │
                  │ host    10.1.0.4     │      │          │      │ host    10.2.0.4     │
                  │ gateway Sallyport    ╞══════╪═══ESP════╪══════╡ gateway %-12s │
                  │ public  192.0.2.1    │      │          │      │ public  192.0.2.2    │
                  └──────────────────────┘      └──────────┘      └──────────────────────┘
                """.formatted(far);
    }

    private Sallyport awaitPing(Host hub, Sallyport sallyport) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(100)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("the tunnel did not come up within " + PATIENCE.toSeconds() + " s:\n"
                        + sallyport.command("why", "hub-to-branch").output());
            }
        }
        return sallyport;
    }

    private double transfer(Lab lab, Host from, Host to, String source, String destination) {
        Daemon server = lab.start(to, "iperf3-" + destination, List.of("iperf3", "-s", "-1", "-B", destination));
        server.await(
                "listening",
                Duration.ofSeconds(5),
                () -> to.run(Duration.ofSeconds(2), "sh", "-c", "ss -ltn | grep -q :5201")
                        .ok());
        Commands.Finished finished = from.run(
                Duration.ofSeconds(seconds + 15L),
                "iperf3",
                "-c",
                destination,
                "-B",
                source,
                "-t",
                Integer.toString(seconds),
                "-J");
        Matcher received = Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"bits_per_second\":\\s*([0-9.e+]+)")
                .matcher(finished.output());
        if (!finished.ok() || !received.find()) {
            throw new LabFailure("iperf3: " + finished.output().strip());
        }
        return Double.parseDouble(received.group(1)) / 1e9;
    }

    private static Sallyport sallyport(Lab lab, Host host, SiteFile file) {
        return Sallyport.start(lab, host, lab.write(host.name() + ".yaml", file.yaml()), Optional.empty(), List.of());
    }

    private static SiteFile hubFile() {
        return new SiteFile(
                "hub",
                "10.1.0.0/16",
                "10.1.255.0/27",
                "192.0.2.1",
                "branch",
                "192.0.2.2",
                List.of("10.2.0.0/16"),
                KEY,
                List.of());
    }

    private static SiteFile branchFile() {
        return new SiteFile(
                "branch",
                "10.2.0.0/16",
                "10.2.255.0/27",
                "192.0.2.2",
                "hub",
                "192.0.2.1",
                List.of("10.1.0.0/16"),
                KEY,
                List.of());
    }

    private static StrongSwan strongSwan(Lab lab, Host branch) {
        StrongSwan swan = StrongSwan.start(lab, branch, "");
        swan.load("""
                connections {
                  hub {
                    version = 2
                    local_addrs = 192.0.2.2
                    remote_addrs = 192.0.2.1
                    encap = yes
                    proposals = aes256gcm16-prfsha384-ecp384
                    local {
                      auth = psk
                    }
                    remote {
                      auth = psk
                    }
                    children {
                      net {
                        local_ts = 10.2.0.0/16
                        remote_ts = 10.1.0.0/16
                        esp_proposals = aes256gcm16
                      }
                    }
                  }
                }
                secrets {
                  ike-hub {
                    secret = "%s"
                  }
                }
                """.formatted(KEY));
        return swan;
    }

    private static Commands.Finished must(Commands.Finished finished) {
        if (!finished.ok()) {
            throw new LabFailure(finished.output().strip());
        }
        return finished;
    }
}
