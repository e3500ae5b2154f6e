package io.sallyport.store;

import io.sallyport.base.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** What is written to the database, inside a transaction of the caller. */
final class Statements {
    private final Sealer sealer;
    private final PreparedStatement put;
    private final PreparedStatement delete;
    private final PreparedStatement putSecret;
    private final PreparedStatement deleteSecrets;

    Statements(Connection connection, Sealer sealer) throws SQLException {
        this.sealer = sealer;
        this.put = connection.prepareStatement("INSERT INTO documents (key, revision, body) VALUES (?, ?, ?)"
                + " ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, body = excluded.body");
        this.delete = connection.prepareStatement("DELETE FROM documents WHERE key = ?");
        this.putSecret = connection.prepareStatement("INSERT INTO secrets (key, name, sealed) VALUES (?, ?, ?)");
        this.deleteSecrets = connection.prepareStatement("DELETE FROM secrets WHERE key = ?");
    }

    void write(Shelf.Step step) throws SQLException {
        if (step.wasDurable()) {
            run(deleteSecrets, step.event().key());
        }
        if (step.event() instanceof Store.Event.Written(Document document)
                && document.lifetime() == Document.Lifetime.DURABLE) {
            put(document);
        } else {
            run(delete, step.event().key());
        }
    }

    private void put(Document document) throws SQLException {
        put.setString(1, document.key());
        put.setLong(2, document.revision());
        put.setString(3, document.body());
        put.executeUpdate();
        for (Map.Entry<String, Secret> secret : document.secrets().entrySet()) {
            putSecret.setString(1, document.key());
            putSecret.setString(2, secret.getKey());
            putSecret.setBytes(3, sealer.seal(document.key(), secret.getKey(), secret.getValue()));
            putSecret.executeUpdate();
        }
    }

    private static void run(PreparedStatement statement, String key) throws SQLException {
        statement.setString(1, key);
        statement.executeUpdate();
    }
}
