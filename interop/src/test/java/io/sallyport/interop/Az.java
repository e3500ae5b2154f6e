package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Sallyport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Debian's az on a host of the lab, set up by {@code sallyport az-setup} as a person would. The code is Debian's; the
 * launcher joins two of its packages that do not fit together.
 */
final class Az {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Host host;
    private final Path directory;

    private Az(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    /** Follows the three lines that {@code az-setup} prints. */
    static Az loggedIn(Host host, Sallyport sallyport) {
        Path directory = sallyport.data().resolveSibling("az-" + host.name());
        Commands.Finished setup = sallyport.command("az-setup", "--to", directory.toString());
        assertThat(setup.exit()).as(setup.output()).isZero();
        List<String> lines = setup.output().lines().toList();
        assertThat(lines).hasSize(3);
        Az az = new Az(host, directory);
        for (String line : lines.subList(1, lines.size())) {
            Commands.Finished finished = az.shell(line);
            assertThat(finished.exit()).as(line + ": " + finished.output()).isZero();
        }
        return az;
    }

    /** Runs a line of shell in which {@code az} is set up. */
    Commands.Finished shell(String line) {
        return Commands.run(PATIENCE, host.command(List.of("bash", "-c", "source " + directory + "/env; " + line)));
    }

    /** Runs {@code az} with these words. */
    Commands.Finished run(String... words) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "source \"$0\"/env; exec az \"$@\""));
        command.add(directory.toString());
        command.addAll(List.of(words));
        return Commands.run(PATIENCE, host.command(command));
    }

    /** What {@code az} prints; it must end with 0. */
    JsonNode must(String line) {
        Commands.Finished finished = run(words(line));
        assertThat(finished.exit()).as("az " + line + "\n" + finished.output()).isZero();
        String output = finished.output().strip();
        return output.isEmpty() ? MissingNode.getInstance() : JSON.readTree(output);
    }

    /** The words that {@code az} says when it must not succeed. */
    String refused(String line) {
        Commands.Finished finished = run(words(line));
        assertThat(finished.exit()).as("az " + line + "\n" + finished.output()).isNotZero();
        return finished.output();
    }

    /** Blanks separate words; nothing here needs quotes. */
    private static String[] words(String line) {
        return line.strip().split("\\s+");
    }
}
