package io.sallyport.store;

import static io.sallyport.store.StoreContract.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.store.Change.Expectation;
import io.sallyport.store.Document.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that take nothing more. Needs root, because it mounts small ones. */
class FullDiskTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void aFullDiskRefusesACommitAndHarmsNothing() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=1m", "none", temp.toString());
        try (Store store = SqliteStore.open(temp)) {
            store.commit(List.of(put("small", "1")));
            long before = store.revision();
            Path ballast = temp.resolve("ballast");
            fill(ballast);

            assertThatThrownBy(() -> store.commit(List.of(put("large", "x".repeat(100_000)))))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("the disk is full")
                    .hasMessageContaining("make room and try again");
            assertThat(store.get("large")).isEmpty();
            assertThat(store.revision()).isEqualTo(before);
            store.commit(List.of(new Change.Put("e", Expectation.ANY, "x", Map.of(), Lifetime.EPHEMERAL)));

            Files.delete(ballast);
            store.commit(List.of(put("large", "x".repeat(100_000))));
        } finally {
            try (Store again = SqliteStore.open(temp)) {
                assertThat(again.list("")).extracting(Document::key).containsExactly("large", "small");
            } finally {
                run("umount", temp.toString());
            }
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 1024; i++) {
                out.write(block);
            }
            throw new IllegalStateException("the disk is larger than it should be");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Test
    void aStoreThatMayNotGrowKeepsWhatItHasAndTakesSmallThings() throws Exception {
        try (Store store = SqliteStore.open(temp, 40)) {
            store.commit(List.of(put("keep", "x".repeat(50_000))));
            assertThatThrownBy(() -> store.commit(List.of(put("large", "x".repeat(200_000)))))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("the disk is full");
            store.commit(List.of(put("small", "1")));
            store.commit(List.of(new Change.Delete("keep", Expectation.ANY)));
            store.commit(List.of(put("next", "x".repeat(50_000))));
            assertThat(store.list("")).extracting(Document::key).containsExactly("next", "small");
        }
    }

    @Test
    void aReadOnlyDiskIsNamedAndOpensWhenItIsWritableAgain() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=1m", "none", temp.toString());
        try {
            try (Store store = SqliteStore.open(temp)) {
                store.commit(List.of(put("a", "1")));
            }
            run("mount", "-o", "remount,ro", temp.toString());
            assertThatThrownBy(() -> SqliteStore.open(temp))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining(temp.toString())
                    .hasMessageContaining("Read-only file system")
                    .hasMessageNotContaining("\n");
            run("mount", "-o", "remount,rw", temp.toString());
            try (Store store = SqliteStore.open(temp)) {
                assertThat(store.get("a")).isPresent();
            }
        } finally {
            run("umount", temp.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
