package io.sallyport.store;

import io.sallyport.base.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database file: durable documents, their sealed secrets, and a few facts about itself. One connection, used by one
 * thread at a time. Commits go through a write-ahead log that is flushed to the disk before they are acknowledged.
 */
final class SqliteFile implements AutoCloseable {
    static final String DATABASE = "sallyport.db";
    static final String KEY = "store.key";

    /** "SPrt": says to this program and to file(1) whose database it is. */
    private static final int APPLICATION_ID = 0x53507274;

    private static final int SCHEMA = 1;
    /** The log is cut back to this when a burst is over. */
    private static final int LOG_OCTETS_MAX = 16 << 20;

    /** What the key file must be able to open. */
    private static final String PROBE = "probe";

    private final Path file;
    private final Connection connection;
    private final Sealer sealer;
    private final long epoch;
    private @Nullable Statements statements;
    private boolean epochWritten;

    private SqliteFile(Path file, Connection connection, Sealer sealer, long epoch) {
        this.file = file;
        this.connection = connection;
        this.sealer = sealer;
        this.epoch = epoch;
    }

    /**
     * Opens or makes the files; the directory is there and locked.
     *
     * @param pagesMax the database grows to so many pages of 4 KiB and no further; 0: as the disk allows
     */
    static SqliteFile open(Path directory, int pagesMax) throws StoreFailure {
        Path file = directory.resolve(DATABASE);
        Path keyFile = directory.resolve(KEY);
        boolean isNew = isNew(file);
        Optional<Sealer> found = Sealer.read(keyFile);
        if (found.isEmpty() && !isNew) {
            throw new StoreFailure(keyFile + " is missing, and without it the secrets in " + DATABASE
                    + " cannot be opened; put it back, or move " + DATABASE + " away to begin anew");
        }
        Sealer sealer = found.isPresent() ? found.get() : Sealer.create(keyFile);
        try {
            createForOwner(file);
            Connection connection = connect(file, pagesMax);
            try {
                return begin(file, connection, sealer);
            } catch (SQLException | StoreFailure e) {
                closeQuietly(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        } catch (IOException e) {
            throw new StoreFailure(file + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static boolean isNew(Path file) throws StoreFailure {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw new StoreFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** SQLite gives its log the same permissions as the database. */
    private static void createForOwner(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return;
        }
    }

    private static Connection connect(Path file, int pagesMax) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(LOG_OCTETS_MAX);
        if (pagesMax > 0) {
            config.setMaxPageCount(pagesMax);
        }
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static SqliteFile begin(Path file, Connection connection, Sealer sealer) throws SQLException, StoreFailure {
        try (Statement sql = connection.createStatement()) {
            long application = number(sql, "PRAGMA application_id");
            long schema = number(sql, "PRAGMA user_version");
            if (application == 0 && schema == 0 && number(sql, "SELECT count(*) FROM sqlite_schema") == 0) {
                create(connection, sql, sealer);
            } else if (application != APPLICATION_ID) {
                throw new StoreFailure(
                        file + " is a database of another program; allowed: one that Sallyport made; move it away");
            } else if (schema > SCHEMA) {
                throw new StoreFailure(
                        file + " was written by a newer Sallyport (schema " + schema + "); allowed: up to " + SCHEMA);
            }
            checkWhole(file, sql);
            checkKey(file, sql, sealer);
            return new SqliteFile(
                    file, connection, sealer, number(sql, "SELECT value FROM facts WHERE name = 'epoch'"));
        }
    }

    private static void create(Connection connection, Statement sql, Sealer sealer) throws SQLException {
        sql.execute("BEGIN IMMEDIATE");
        sql.execute("PRAGMA application_id = " + APPLICATION_ID);
        sql.execute("PRAGMA user_version = " + SCHEMA);
        sql.execute("CREATE TABLE documents (key TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL,"
                + " body TEXT NOT NULL) STRICT");
        sql.execute("CREATE TABLE secrets (key TEXT NOT NULL, name TEXT NOT NULL, sealed BLOB NOT NULL,"
                + " PRIMARY KEY (key, name)) STRICT, WITHOUT ROWID");
        sql.execute("CREATE TABLE facts (name TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT");
        sql.execute("INSERT INTO facts VALUES ('epoch', 0)");
        try (PreparedStatement probe = connection.prepareStatement("INSERT INTO facts VALUES ('probe', ?)")) {
            probe.setBytes(1, sealer.seal("", PROBE, Secret.utf8(PROBE)));
            probe.execute();
        }
        sql.execute("COMMIT");
    }

    private static void checkWhole(Path file, Statement sql) throws SQLException, StoreFailure {
        try (ResultSet row = sql.executeQuery("PRAGMA quick_check(1)")) {
            if (!row.next() || !"ok".equals(row.getString(1))) {
                throw damaged(file);
            }
        }
    }

    private static void checkKey(Path file, Statement sql, Sealer sealer) throws SQLException, StoreFailure {
        try (ResultSet row = sql.executeQuery("SELECT value FROM facts WHERE name = 'probe'")) {
            if (!row.next() || sealer.open("", PROBE, row.getBytes(1)).isEmpty()) {
                throw new StoreFailure(
                        file + ": " + KEY + " beside it is not the key with which its secrets were sealed;"
                                + " put back the file that was written together with it");
            }
        }
    }

    /** Which opening of the file this is: 0 for the first one that commits, then 1, and so on. */
    long epoch() {
        return epoch;
    }

    /** Every durable document with its secrets. */
    List<Document> load() throws StoreFailure {
        try (Statement sql = connection.createStatement()) {
            Map<String, TreeMap<String, Secret>> secrets = new HashMap<>();
            try (ResultSet row = sql.executeQuery("SELECT key, name, sealed FROM secrets")) {
                while (row.next()) {
                    String key = row.getString(1);
                    String name = row.getString(2);
                    Secret secret = sealer.open(key, name, row.getBytes(3))
                            .orElseThrow(() -> new StoreFailure(file + ": the secret " + name + " of " + key
                                    + " cannot be opened; somebody altered it. Restore a copy of the files"));
                    secrets.computeIfAbsent(key, _ -> new TreeMap<>()).put(name, secret);
                }
            }
            List<Document> out = new ArrayList<>();
            try (ResultSet row = sql.executeQuery("SELECT key, revision, body FROM documents")) {
                while (row.next()) {
                    String key = row.getString(1);
                    TreeMap<String, Secret> own = secrets.getOrDefault(key, new TreeMap<>());
                    out.add(new Document(key, row.getLong(2), row.getString(3), own, Document.Lifetime.DURABLE));
                }
            }
            return out;
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /** Writes all or nothing, and returns when it is on the disk. */
    void write(List<Shelf.Prepared> commits) throws StoreFailure {
        try (Statement sql = connection.createStatement()) {
            try {
                Statements prepared = statements();
                sql.execute("BEGIN IMMEDIATE");
                if (!epochWritten) {
                    sql.execute("UPDATE facts SET value = " + (epoch + 1) + " WHERE name = 'epoch'");
                }
                for (Shelf.Prepared commit : commits) {
                    for (Shelf.Step step : commit.steps()) {
                        if (step.isDurable()) {
                            prepared.write(step);
                        }
                    }
                }
                sql.execute("COMMIT");
                epochWritten = true;
            } catch (SQLException e) {
                rollBack(sql, e);
                // The driver has closed the one that failed.
                statements = null;
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private Statements statements() throws SQLException {
        Statements there = statements;
        if (there == null) {
            there = new Statements(connection, sealer);
            statements = there;
        }
        return there;
    }

    /** After some errors SQLite has rolled back by itself; then there is nothing to roll back, and it says so. */
    private static void rollBack(Statement sql, SQLException why) {
        try {
            sql.execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() throws StoreFailure {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static void closeQuietly(Connection connection, Exception why) {
        try {
            connection.close();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private static long number(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static StoreFailure damaged(Path file) {
        return new StoreFailure(
                file + " is damaged or not a database; put back a copy of it, or move it away to begin anew");
    }

    /** One line for a person instead of SQLite's. */
    private static StoreFailure failure(Path file, SQLException e) {
        int code = e instanceof SQLiteException own ? own.getResultCode().code & 0xff : 0;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return new StoreFailure(
                    "the disk is full: nothing can be written to " + file + "; make room and try again", e);
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return new StoreFailure(
                    file + " cannot be written: the disk or the file is read-only; make it writable and try again", e);
        }
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return damaged(file);
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return new StoreFailure(file + ": another process has it open; allowed: one at a time", e);
        }
        return new StoreFailure(file + " cannot be read or written: " + e.getMessage(), e);
    }
}
