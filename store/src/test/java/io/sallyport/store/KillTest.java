package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.store.Change.Expectation;
import io.sallyport.store.Document.Lifetime;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed at any moment has lost nothing that it acknowledged, and its store opens. */
class KillTest {
    private static final int ROUNDS = 6;
    private static final int WRITERS = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void everyAcknowledgedCommitSurvivesAKill() throws Exception {
        SortedMap<String, Long> acknowledged = new TreeMap<>();
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.putAll(killedAfter(50 + random.nextInt(400), round));
            try (Store store = SqliteStore.open(temp.resolve("data"))) {
                Map<String, Document> there = new HashMap<>();
                store.list("").forEach(d -> there.put(d.key(), d));
                acknowledged.forEach((key, revision) -> {
                    assertThat(there).containsKey(key);
                    Document document = Objects.requireNonNull(there.get(key));
                    assertThat(document.revision()).as(key).isEqualTo(revision);
                    assertThat(document.secrets()).containsEntry("k", Secret.utf8("secret of " + key));
                });
                assertPairsAreWhole(there.keySet());
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 50);
    }

    /** Each commit wrote two documents: one without the other would be half a commit. */
    private static void assertPairsAreWhole(Set<String> keys) {
        Set<String> firsts = new HashSet<>();
        Set<String> seconds = new HashSet<>();
        for (String key : keys) {
            (key.startsWith("a/") ? firsts : seconds).add(key.substring(2));
        }
        assertThat(firsts).isEqualTo(seconds);
    }

    /** What a writer acknowledged before it was killed after {@code lines} lines. */
    private Map<String, Long> killedAfter(int lines, int round) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writers.class.getName(),
                        temp.resolve("data").toString(),
                        String.valueOf(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Long> out = new HashMap<>();
        try (BufferedReader reader = process.inputReader()) {
            String line = reader.readLine();
            for (int i = 0; line != null; i++) {
                String[] parts = line.split(" ");
                // The last line may have been cut by the kill.
                if (parts.length == 3 && parts[2].equals(".")) {
                    out.put(parts[0], Long.parseLong(parts[1]));
                }
                if (i == lines) {
                    process.toHandle().destroyForcibly();
                }
                line = reader.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        return out;
    }

    /** The process that is killed. */
    static final class Writers {
        private Writers() {}

        public static void main(String[] args) throws Exception {
            @SuppressWarnings("resource") // nobody closes a killed process's store
            Store store = SqliteStore.open(Path.of(args[0]));
            for (int writer = 0; writer < WRITERS; writer++) {
                String name = args[1] + "-" + writer;
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; ; i++) {
                        write(store, name + "-" + i);
                    }
                });
            }
        }

        private static void write(Store store, String name) {
            try {
                long revision = store.commit(List.of(document("a/" + name), document("b/" + name)));
                synchronized (Writers.class) {
                    System.out.println("a/" + name + " " + revision + " .");
                    System.out.flush();
                }
            } catch (Conflict | StoreFailure e) {
                throw new IllegalStateException(e);
            }
        }

        private static Change document(String key) {
            return new Change.Put(
                    key,
                    Expectation.ABSENT,
                    "{\"name\":\"" + key + "\"}",
                    Map.of("k", Secret.utf8("secret of " + key)),
                    Lifetime.DURABLE);
        }
    }
}
