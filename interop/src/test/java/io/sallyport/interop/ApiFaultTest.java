package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.Sallyport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the API does when its process is killed and when its disk fails. */
class ApiFaultTest {
    private static final int PUTS = 1000;
    private static final int WRITERS = 8;
    private static final String TABLES = Local.GROUP + "/providers/Microsoft.Network/routeTables/";

    @Test
    void aKillAmidAThousandPutsLosesNothingThatWasAcknowledged() throws IOException, InterruptedException {
        try (Lab lab = new Lab();
                Sallyport sallyport = start(lab)) {
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            AtomicInteger next = new AtomicInteger();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(Thread.ofPlatform().start(() -> write(sallyport.data(), next, acknowledged)));
            }
            while (acknowledged.size() < PUTS / 2) {
                Thread.sleep(1);
            }
            sallyport.kill();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(acknowledged.size()).isBetween(PUTS / 2, PUTS - 1);
            sallyport.restart();
            Set<String> there = ConcurrentHashMap.newKeySet();
            try (Local local = Local.connect(sallyport.data())) {
                for (String name : acknowledged) {
                    JsonNode found = local.ask("GET", TABLES + name, "");
                    assertThat(found.at("/body/tags/written").asString(""))
                            .as(name)
                            .isEqualTo(name);
                    there.add(name);
                }
            }
            assertThat(there).isEqualTo(acknowledged);
        }
    }

    private static void write(Path data, AtomicInteger next, Set<String> acknowledged) {
        try (Local local = Local.connect(data)) {
            for (int i = next.getAndIncrement(); i < PUTS; i = next.getAndIncrement()) {
                if (put(local, "rt" + i).path("status").asInt(0) == 201) {
                    acknowledged.add("rt" + i);
                }
            }
        } catch (IOException e) {
            // The gateway was killed, as it should be.
        }
    }

    @Test
    void aFullDiskAndAReadOnlyOneAreSaidAndRecoveredFrom() throws IOException {
        try (Lab lab = new Lab()) {
            Path data = Files.createDirectories(lab.directory().resolve("hub-data"));
            Commands.must("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", data.toString());
            try (Sallyport sallyport = start(lab);
                    Local local = Local.connect(data)) {
                assertThat(put(local, "before").path("status").asInt(0)).isEqualTo(201);
                Commands.run(
                        java.time.Duration.ofSeconds(20),
                        List.of("dd", "if=/dev/zero", "of=" + data.resolve("filler"), "bs=4k"));
                JsonNode full = untilRefused(local, "full");
                assertThat(full.path("status").asInt(0)).isBetween(500, 599);
                assertThat(full.at("/body/error/message").asString("")).containsIgnoringCase("full");
                assertThat(get(local, "before")).isEqualTo(200);
                Files.delete(data.resolve("filler"));
                assertThat(put(local, "after").path("status").asInt(0)).isEqualTo(201);
                sallyport.kill();
                Commands.must("mount", "-o", "remount,ro", data.toString());
                Commands.Finished refused = Sallyport.run(
                        lab.host("other"), List.of(), "serve", "--data", data.toString(), "--listen", "none");
                assertThat(refused.exit()).as(refused.output()).isEqualTo(1);
                assertThat(refused.output()).containsIgnoringCase("read-only");
                Commands.must("mount", "-o", "remount,rw", data.toString());
                sallyport.restart();
                try (Local anew = Local.connect(data)) {
                    for (String name : List.of("before", "after")) {
                        assertThat(get(anew, name)).as(name).isEqualTo(200);
                    }
                }
            } finally {
                Commands.run(java.time.Duration.ofSeconds(10), List.of("umount", "-l", data.toString()));
            }
        }
    }

    /** Pages that the store already has may take a few more. */
    private static JsonNode untilRefused(Local local, String name) throws IOException {
        for (int i = 0; i < 2000; i++) {
            JsonNode answer = put(local, name + i);
            if (answer.path("status").asInt(0) >= 300) {
                return answer;
            }
        }
        throw new IOException("2000 writes succeeded on a disk that takes none");
    }

    private static JsonNode put(Local local, String name) throws IOException {
        return local.ask(
                "PUT",
                TABLES + name,
                "{\"location\":\"local\",\"tags\":{\"written\":\"" + name + "\"},\"properties\":{}}");
    }

    private static int get(Local local, String name) throws IOException {
        return local.ask("GET", TABLES + name, "").path("status").asInt(0);
    }

    private static Sallyport start(Lab lab) {
        Host hub = lab.host("hub");
        return Sallyport.startEmpty(lab, hub, lab.write("node.yaml", "node: n1\npublicAddresses: []\n"));
    }
}
