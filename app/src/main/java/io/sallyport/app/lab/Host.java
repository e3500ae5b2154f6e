package io.sallyport.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A machine in the lab: a network namespace. */
public final class Host {
    private final String netns;
    private final String name;

    Host(String name, String netns) {
        this.name = name;
        this.netns = netns;
        Commands.must("ip", "netns", "add", netns);
        ip("link", "set", "lo", "up");
    }

    public String name() {
        return name;
    }

    /** As {@code ip netns} knows it. */
    public String netns() {
        return netns;
    }

    /** Runs {@code ip} on this host. */
    public String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", netns));
        command.addAll(List.of(arguments));
        return Commands.must(command);
    }

    /** Gives it an address of its own, as a machine behind the gateway would have, on the loopback device. */
    public void address(String cidr) {
        ip("addr", "add", cidr, "dev", "lo");
    }

    public void sysctl(String key, String value) {
        must("sh", "-c", "echo " + value + " > /proc/sys/" + key.replace('.', '/'));
    }

    /** The command line that runs {@code command} here. */
    public List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", netns));
        all.addAll(command);
        return all;
    }

    public Commands.Finished run(Duration patience, String... command) {
        return Commands.run(patience, command(List.of(command)));
    }

    /** @throws LabFailure when it does not end with 0 */
    public String must(String... command) {
        return Commands.must(command(List.of(command)));
    }

    /** How many of {@code count} echo requests were answered. */
    public int ping(String source, String destination, int count, Duration interval) {
        Commands.Finished finished = run(
                interval.multipliedBy(count).multipliedBy(5).plusSeconds(20),
                "ping",
                "-n",
                "-c",
                Integer.toString(count),
                "-i",
                String.valueOf(interval.toMillis() / 1000.0),
                "-W",
                "1",
                "-I",
                source,
                destination);
        var received = java.util.regex.Pattern.compile("(\\d+) received").matcher(finished.output());
        return received.find() ? Integer.parseInt(received.group(1)) : 0;
    }

    void delete() {
        Commands.run(Duration.ofSeconds(10), List.of("ip", "netns", "del", netns));
    }
}
