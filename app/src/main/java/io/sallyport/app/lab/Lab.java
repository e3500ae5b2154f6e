package io.sallyport.app.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A network of hosts on this machine. Closing it ends its processes and removes its namespaces and files. */
public final class Lab implements AutoCloseable {
    private static final String PREFIX = "splab";

    private static int made;

    private final String tag;
    private final Path directory;
    private final List<Host> hosts = new ArrayList<>();
    private final List<AutoCloseable> daemons = new ArrayList<>();
    private final Thread hook;
    private boolean closed;

    /** Makes an empty lab, after removing what labs of dead processes left. */
    public Lab() {
        synchronized (Lab.class) {
            if (made++ == 0) {
                sweep();
            }
            this.tag = PREFIX + ProcessHandle.current().pid() + "x" + made;
        }
        try {
            this.directory = Files.createTempDirectory(tag);
        } catch (IOException e) {
            throw new LabFailure("cannot make a directory for the lab: " + e.getMessage(), e);
        }
        this.hook = new Thread(this::clear, "lab-clear");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where the lab's files are, until it is closed. */
    public Path directory() {
        return directory;
    }

    public Host host(String name) {
        Host host = new Host(name, tag + "-" + name);
        hosts.add(host);
        return host;
    }

    /** Joins two hosts by a cable; an empty address gives none. */
    public void link(Host a, String deviceA, String cidrA, Host b, String deviceB, String cidrB) {
        Commands.must(
                "ip", "link", "add", deviceA, "netns", a.netns(), "type", "veth", "peer", "name", deviceB, "netns",
                b.netns());
        up(a, deviceA, cidrA);
        up(b, deviceB, cidrB);
    }

    /** Makes {@code host} a switch; cables are plugged in with {@link #plug}. */
    public void bridge(Host host, String device) {
        host.ip("link", "add", device, "type", "bridge", "forward_delay", "0", "stp_state", "0");
        host.ip("link", "set", device, "up");
    }

    /** A cable from {@code host} to the switch. */
    public void plug(Host host, String device, String cidr, Host bridgeHost, String bridge) {
        String port = "p-" + host.name();
        link(host, device, cidr, bridgeHost, port, "");
        bridgeHost.ip("link", "set", port, "master", bridge);
    }

    /** Starts a program on {@code host}; it ends with the lab at the latest. */
    public Daemon start(Host host, String name, List<String> command) {
        Daemon daemon = new Daemon(name, host.command(command), directory.resolve(name + ".log"));
        daemons.add(daemon);
        return daemon;
    }

    public Path write(String file, String content) {
        try {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            return Files.writeString(path, content);
        } catch (IOException e) {
            throw new LabFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook is what called us.
        }
    }

    private synchronized void clear() {
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable daemon : daemons.reversed()) {
            try {
                daemon.close();
            } catch (Exception e) {
                System.Logger log = System.getLogger(Lab.class.getName());
                log.log(System.Logger.Level.WARNING, "cannot end a process of the lab: {0}", e.getMessage());
            }
        }
        hosts.reversed().forEach(Host::delete);
        remove(directory);
    }

    private static void up(Host host, String device, String cidr) {
        if (!cidr.isEmpty()) {
            if (cidr.indexOf(':') >= 0) {
                host.ip("addr", "add", cidr, "dev", device, "nodad");
            } else {
                host.ip("addr", "add", cidr, "dev", device);
            }
        }
        host.ip("link", "set", device, "up");
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(Lab.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot remove {0}: {1}", directory, e.getMessage());
        }
    }

    private static void sweep() {
        for (String line : Commands.run(Duration.ofSeconds(10), List.of("ip", "netns", "list"))
                .output()
                .split("\n", -1)) {
            String name = line.split(" ", -1)[0];
            int x = name.indexOf('x');
            if (name.startsWith(PREFIX) && x > 0) {
                String pid = name.substring(PREFIX.length(), x);
                if (pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    for (String left : Commands.run(Duration.ofSeconds(10), List.of("ip", "netns", "pids", name))
                            .output()
                            .split("\n", -1)) {
                        if (left.matches("\\d+")) {
                            ProcessHandle.of(Long.parseLong(left)).ifPresent(ProcessHandle::destroyForcibly);
                        }
                    }
                    Commands.run(Duration.ofSeconds(10), List.of("ip", "netns", "del", name));
                }
            }
        }
    }
}
