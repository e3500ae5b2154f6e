package io.sallyport.app.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Sallyport of this very build, serving on a host of the lab as a person would start it there. */
public final class Sallyport implements AutoCloseable {
    private final Lab lab;
    private final Host host;
    private final Path data;
    private final List<String> serve;
    private int starts;
    private Daemon daemon;

    private Sallyport(Lab lab, Host host, Optional<Path> resources, Optional<Path> node, List<String> javaOptions) {
        this.lab = lab;
        this.host = host;
        this.data = lab.directory().resolve(host.name() + "-data");
        this.serve = new ArrayList<>(java(javaOptions));
        serve.addAll(List.of("serve", "--data", data.toString()));
        resources.ifPresent(file -> serve.addAll(List.of("-f", file.toString())));
        node.ifPresent(file -> serve.addAll(List.of("--node", file.toString())));
        this.daemon = launch();
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param resources a file of resources
     * @param node the node file, if any
     * @param javaOptions such as {@code -Dsallyport.crypto=jdk}
     */
    public static Sallyport start(Lab lab, Host host, Path resources, Optional<Path> node, List<String> javaOptions) {
        return new Sallyport(lab, host, Optional.of(resources), node, javaOptions);
    }

    /** Starts it with nothing but what its store holds from earlier, and waits until it answers. */
    public static Sallyport startEmpty(Lab lab, Host host, Path node) {
        return new Sallyport(lab, host, Optional.empty(), Optional.of(node), List.of());
    }

    /** Runs {@code sallyport} with these arguments on {@code host}, to its end. */
    public static Commands.Finished run(Host host, List<String> prefix, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java(List.of("-XX:TieredStopAtLevel=1")));
        command.addAll(List.of(arguments));
        return Commands.run(Duration.ofSeconds(90), host.command(command));
    }

    /** Runs another verb of the command against it: {@code status}, {@code why}, {@code apply}… */
    public Commands.Finished command(String... arguments) {
        List<String> command = new ArrayList<>(java(List.of("-XX:TieredStopAtLevel=1")));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        return Commands.run(Duration.ofSeconds(90), host.command(command));
    }

    /** The directory in which it keeps its state and its control socket. */
    public Path data() {
        return data;
    }

    public Daemon daemon() {
        return daemon;
    }

    public String log() {
        return daemon.log();
    }

    public void kill() {
        daemon.kill();
    }

    public void restart() {
        daemon = launch();
    }

    @Override
    public void close() {
        daemon.close();
    }

    private Daemon launch() {
        Daemon started = lab.start(host, "sallyport-" + host.name() + "-" + ++starts, serve);
        started.await(
                "ready",
                Duration.ofSeconds(90),
                () -> java.nio.file.Files.exists(data.resolve("control.sock"))
                        && started.log().contains("serving"));
        return started;
    }

    private static List<String> java(List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=deny"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.sallyport.app.Main"));
        return command;
    }
}
