package io.sallyport.engine.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Network namespaces and programs in them, for tests; everything goes when it is closed.
 *
 * <pre>
 *   left ── vL ───────────── vR ── right
 *        192.0.2.1/24   192.0.2.2/24
 *        2001:db8:f::1  2001:db8:f::2
 * </pre>
 */
public final class Lab implements AutoCloseable {
    private final List<String> namespaces = new ArrayList<>();
    private final List<Process> programs = new ArrayList<>();
    private final String left;
    private final String right;

    public Lab() throws IOException {
        this(1500);
    }

    Lab(int mtu) throws IOException {
        String tag = "sp" + ProcessHandle.current().pid() + "x" + Long.toString(System.nanoTime() & 0xfffff, 36);
        left = tag + "L";
        right = tag + "R";
        try {
            namespace(left);
            namespace(right);
            run("ip", "link", "add", "vL", "netns", left, "type", "veth", "peer", "name", "vR", "netns", right);
            for (String side : List.of("L", "R")) {
                String ns = tag + side;
                String host = side.equals("L") ? "1" : "2";
                run("ip", "-n", ns, "addr", "add", "192.0.2." + host + "/24", "dev", "v" + side);
                run("ip", "-n", ns, "addr", "add", "2001:db8:f::" + host + "/64", "dev", "v" + side, "nodad");
                run("ip", "-n", ns, "link", "set", "v" + side, "mtu", String.valueOf(mtu), "up");
                run("ip", "-n", ns, "link", "set", "lo", "up");
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    public String left() {
        return left;
    }

    public String right() {
        return right;
    }

    /** Adds a third namespace behind the right one: vH 198.51.100.2/24 there, vF 198.51.100.3/24 here. */
    void addFar() throws IOException {
        namespace(far());
        run("ip", "link", "add", "vH", "netns", right, "type", "veth", "peer", "name", "vF", "netns", far());
        run("ip", "-n", right, "addr", "add", "198.51.100.2/24", "dev", "vH");
        run("ip", "-n", far(), "addr", "add", "198.51.100.3/24", "dev", "vF");
        run("ip", "-n", right, "link", "set", "vH", "up");
        run("ip", "-n", far(), "link", "set", "vF", "up");
        run("ip", "-n", far(), "link", "set", "lo", "up");
    }

    String far() {
        return left + "F";
    }

    private void namespace(String name) throws IOException {
        run("ip", "netns", "add", name);
        namespaces.add(name);
    }

    /** Runs a program in a namespace and answers what it printed; fails when it fails. */
    public String in(String namespace, String... command) throws IOException {
        return run(entering(namespace, command));
    }

    /** Whether a program in a namespace succeeds. */
    public boolean succeeds(String namespace, String... command) throws IOException {
        return finish(start(entering(namespace, command))).code() == 0;
    }

    /** Starts a program in a namespace that ends with the lab. */
    public Process background(String namespace, String... command) throws IOException {
        Process process = start(entering(namespace, command));
        programs.add(process);
        return process;
    }

    static String[] entering(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return all.toArray(String[]::new);
    }

    private record Outcome(int code, String text) {}

    public static String run(String... command) throws IOException {
        Outcome outcome = finish(start(command));
        if (outcome.code() != 0) {
            throw new IOException(String.join(" ", command) + ": " + outcome.text());
        }
        return outcome.text();
    }

    private static Process start(String... command) throws IOException {
        Path out = Files.createTempFile("lab", ".out");
        out.toFile().deleteOnExit();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        OUTPUTS.put(process, out);
        return process;
    }

    private static final java.util.concurrent.ConcurrentHashMap<Process, Path> OUTPUTS =
            new java.util.concurrent.ConcurrentHashMap<>();

    private static Outcome finish(Process process) throws IOException {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("a program did not end within a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Path out = OUTPUTS.remove(process);
        String text = out == null ? "" : Files.readString(out);
        if (out != null) {
            Files.deleteIfExists(out);
        }
        return new Outcome(process.exitValue(), text);
    }

    @Override
    public void close() {
        programs.forEach(Process::destroyForcibly);
        for (String name : namespaces) {
            try {
                run("ip", "netns", "del", name);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
