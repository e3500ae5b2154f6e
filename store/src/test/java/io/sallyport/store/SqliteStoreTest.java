package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Secret;
import io.sallyport.store.Change.Expectation;
import io.sallyport.store.Document.Lifetime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on disk does what every store does, and keeps it. */
class SqliteStoreTest extends StoreContract {
    private static final Secret KEY = Secret.utf8("a-key-that-nobody-may-find-on-the-disk");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Override
    Store open() throws StoreFailure {
        return SqliteStore.open(directory());
    }

    private Path directory() {
        return temp.resolve("data");
    }

    @Test
    void whatIsDurableOutlivesTheProcessAndTheRestDoesNot() throws Exception {
        store.commit(List.of(
                secret("resource/a"),
                put("resource/b", "{}"),
                new Change.Put("status/a", Expectation.ANY, "{}", Map.of(), Lifetime.EPHEMERAL)));
        store.commit(List.of(new Change.Delete("resource/b", Expectation.ANY)));
        Document before = store.get("resource/a").orElseThrow();

        reopen();

        assertThat(store.list("")).containsExactly(before);
        assertThat(before.secrets()).containsEntry("/properties/sharedKey", KEY);
    }

    @Test
    void aDocumentThatBecameEphemeralIsGoneAfterARestart() throws Exception {
        store.commit(List.of(secret("a")));
        store.commit(List.of(new Change.Put("a", Expectation.ANY, "2", Map.of(), Lifetime.EPHEMERAL)));

        reopen();

        assertThat(store.get("a")).isEmpty();
        store.commit(List.of(put("a", "3")));
        reopen();
        assertThat(store.get("a").orElseThrow().secrets()).isEmpty();
    }

    @Test
    void secretsThatAreReplacedOrTakenAwayLeaveTheDatabase() throws Exception {
        store.commit(List.of(secret("a")));
        store.commit(List.of(put("a", "{}")));

        reopen();

        assertThat(store.get("a").orElseThrow().secrets()).isEmpty();
    }

    @Test
    void revisionsGrowOverRestarts() throws Exception {
        store.commit(List.of(put("a", "1")));
        long last = store.commit(List.of(new Change.Delete("a", Expectation.ANY)));
        for (int i = 0; i < 3; i++) {
            last = Math.max(
                    last,
                    store.commit(List.of(new Change.Put("e", Expectation.ANY, "x", Map.of(), Lifetime.EPHEMERAL))));
            reopen();
            long next = store.commit(List.of(put("b", "2")));
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void noSecretCanBeReadFromTheFiles() throws Exception {
        store.commit(List.of(secret("a")));
        assertNothingReadable();
        store.close();
        assertNothingReadable();
    }

    private void assertNothingReadable() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.toList()) {
                String octets = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(octets)
                        .as(file.toString())
                        .doesNotContain(new String(KEY.expose(), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void filesAreForTheirOwnerOnly() throws Exception {
        store.commit(List.of(secret("a")));
        assertThat(mode(directory())).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.toList())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(
                            file -> assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void oneDirectoryIsOpenOnceOnly() throws Exception {
        refusesToOpen("another process has this store open");
        store.close();
        store = open();
        refusesToOpen("another process has this store open");
    }

    @Test
    void withoutItsKeyFileNothingIsOpenedAndNothingIsHarmed() throws Exception {
        store.commit(List.of(secret("a")));
        store.close();
        Path key = directory().resolve("store.key");
        byte[] right = Files.readAllBytes(key);

        Files.delete(key);
        refusesToOpen("store.key is missing");
        assertThat(key).doesNotExist();

        writeKey(new byte[32]);
        refusesToOpen("store.key beside it is not the key with which its secrets were sealed");

        writeKey(new byte[31]);
        refusesToOpen("found 31 octets; allowed: a key of 32");

        writeKey(right);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        refusesToOpen("found mode rw-r--r--; allowed: readable by its owner only");

        writeKey(right);
        store = open();
        assertThat(store.get("a").orElseThrow().secrets()).containsEntry("/properties/sharedKey", KEY);
    }

    private void writeKey(byte[] octets) throws IOException {
        Path key = directory().resolve("store.key");
        Files.deleteIfExists(key);
        Files.write(key, octets);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aSecretThatSomebodyMovedToAnotherPlaceDoesNotOpen() throws Exception {
        store.commit(List.of(secret("a"), put("b", "{}")));
        store.close();
        sql("UPDATE secrets SET key = 'b'");

        refusesToOpen("the secret /properties/sharedKey of b cannot be opened");
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAlone() throws Exception {
        store.close();
        Path database = directory().resolve("sallyport.db");
        Files.writeString(database, "dear diary, ".repeat(1000));

        refusesToOpen("damaged or not a database");
        assertThat(Files.readString(database)).startsWith("dear diary");
    }

    @Test
    void aDamagedDatabaseIsNotOpened() throws Exception {
        for (int i = 0; i < 50; i++) {
            store.commit(List.of(put("key" + i, "x".repeat(5000))));
        }
        store.close();
        Path database = directory().resolve("sallyport.db");
        byte[] octets = Files.readAllBytes(database);
        for (int page = 1; page < 40; page++) {
            java.util.Arrays.fill(octets, page * 4096, page * 4096 + 64, (byte) 0xa5);
        }
        Files.write(database, octets);

        refusesToOpen("damaged or not a database");
    }

    @Test
    void theDatabaseOfAnotherProgramIsNotTouched() throws Exception {
        store.close();
        Files.delete(directory().resolve("sallyport.db"));
        sql("CREATE TABLE songs (title TEXT)");

        refusesToOpen("is a database of another program");
    }

    @Test
    void aDatabaseOfANewerSallyportIsNotTouched() throws Exception {
        store.close();
        sql("PRAGMA user_version = 2");

        refusesToOpen("was written by a newer Sallyport (schema 2); allowed: up to 1");
    }

    private void sql(String statement) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("sallyport.db"));
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private void refusesToOpen(String words) {
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }

    private void reopen() throws StoreFailure {
        store.close();
        store = open();
    }

    private static Change secret(String key) {
        return new Change.Put(key, Expectation.ANY, "{}", Map.of("/properties/sharedKey", KEY), Lifetime.DURABLE);
    }
}
