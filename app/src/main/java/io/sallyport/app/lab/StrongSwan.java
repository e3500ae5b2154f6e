package io.sallyport.app.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * strongSwan with its user-space data path (plugin kernel-libipsec: ESP in UDP through a device {@code ipsec0}). Each
 * has a mount namespace of its own, so that several run side by side.
 */
public final class StrongSwan implements AutoCloseable {
    private static final String CHARON = "/usr/sbin/charon-systemd";

    private final Lab lab;
    private final Host host;
    private final Path settings;
    private int starts;
    private Daemon daemon;

    private StrongSwan(Lab lab, Host host, String extra) {
        this.lab = lab;
        this.host = host;
        this.settings = lab.write(host.name() + "/strongswan.conf", """
                charon-systemd {
                  load_modular = yes
                  plugins {
                    include /etc/strongswan.d/charon/*.conf
                    kernel-libipsec {
                      load = yes
                      allow_peer_ts = yes
                    }
                  }
                  filelog {
                    stderr {
                      default = 1
                      ike = 2
                      cfg = 2
                    }
                  }
                %s
                }
                libtls {
                  version_max = 1.2
                }
                """.formatted(extra));
        this.daemon = launch();
    }

    /** Whether the packages are there. */
    public static boolean isInstalled() {
        return Files.isExecutable(Path.of(CHARON)) && Commands.exists("swanctl");
    }

    /**
     * Starts it.
     *
     * @param extra lines for the {@code charon-systemd} section of strongswan.conf
     */
    public static StrongSwan start(Lab lab, Host host, String extra) {
        return new StrongSwan(lab, host, extra);
    }

    /** Loads connections and secrets, in the language of swanctl.conf. */
    public void load(String swanctlConf) {
        Path file = lab.write(host.name() + "/swanctl.conf", swanctlConf);
        swanctl("--load-all", "--noprompt", "--file", file.toString());
    }

    /**
     * Loads connections, secrets, certificates and keys from a directory laid out as {@code /etc/swanctl} is: {@code x509},
     * {@code x509ca}, {@code private}…
     */
    public void load(String swanctlConf, Path directory) {
        lab.write(directory.resolve("swanctl.conf").toString(), swanctlConf);
        Commands.Finished finished = Commands.run(
                Duration.ofSeconds(30),
                List.of(
                        "nsenter",
                        "-m",
                        "-n",
                        "-t",
                        Long.toString(daemon.pid()),
                        "env",
                        "SWANCTL_DIR=" + directory,
                        "swanctl",
                        "--load-all",
                        "--noprompt"));
        if (!finished.ok()) {
            throw new LabFailure("swanctl --load-all ended with " + finished.exit() + ":\n" + finished.output());
        }
    }

    /** @throws LabFailure when swanctl says no */
    public String swanctl(String... arguments) {
        Commands.Finished finished = trySwanctl(arguments);
        if (!finished.ok()) {
            throw new LabFailure("swanctl " + String.join(" ", arguments) + " ended with " + finished.exit() + ":\n"
                    + finished.output());
        }
        return finished.output();
    }

    public Commands.Finished trySwanctl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "-m", "-n", "-t", Long.toString(daemon.pid()), "swanctl"));
        command.addAll(List.of(arguments));
        return Commands.run(Duration.ofSeconds(30), command);
    }

    public Daemon daemon() {
        return daemon;
    }

    public String log() {
        return daemon.log();
    }

    /** Kills it without a goodbye. */
    public void kill() {
        daemon.kill();
        Commands.run(Duration.ofSeconds(5), List.of("ip", "-n", host.netns(), "link", "del", "ipsec0"));
    }

    /** Starts it anew after {@link #kill()}. */
    public void restart() {
        daemon = launch();
    }

    @Override
    public void close() {
        daemon.close();
    }

    private Daemon launch() {
        Daemon started = lab.start(
                host,
                "strongswan-" + host.name() + "-" + ++starts,
                List.of(
                        "unshare",
                        "-m",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount -t tmpfs tmpfs /run && mkdir -p /run/lock && mount --bind " + settings
                                + " /etc/strongswan.conf && exec " + CHARON));
        started.await(
                "listening",
                Duration.ofSeconds(15),
                () -> Commands.run(
                                Duration.ofSeconds(5),
                                List.of(
                                        "nsenter",
                                        "-m",
                                        "-n",
                                        "-t",
                                        Long.toString(started.pid()),
                                        "swanctl",
                                        "--stats"))
                        .ok());
        return started;
    }
}
