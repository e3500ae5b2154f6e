package io.sallyport.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A login to a gateway elsewhere, kept in a file that only its user can read.
 *
 * @param endpoint {@code https://HOST:PORT}, without a slash at its end
 * @param authority certificates in PEM that sign the gateway's; empty: those that Java trusts
 * @param accessToken presented with every request
 * @param refreshToken for a new one; empty when the login gave none
 */
record Session(String endpoint, String authority, String accessToken, String refreshToken, Instant expires) {
    private static final String VARIABLE = "SALLYPORT_LOGIN";

    static Path file() {
        String said = System.getenv(VARIABLE);
        return said == null
                ? Path.of(System.getProperty("user.home", "."), ".config", "sallyport", "login.json")
                : Path.of(said);
    }

    /** The login that was made last, if any. */
    static Optional<Session> load() throws Refusal {
        Path file = file();
        try {
            JsonNode json = Client.JSON.readTree(Files.readString(file));
            return Optional.of(new Session(
                    json.path("endpoint").asString(""),
                    json.path("authority").asString(""),
                    json.path("accessToken").asString(""),
                    json.path("refreshToken").asString(""),
                    Instant.parse(json.path("expires").asString("1970-01-01T00:00:00Z"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException | java.time.format.DateTimeParseException e) {
            throw new Refusal(file + ": cannot be read; sallyport logout removes it");
        }
    }

    void save() throws Refusal {
        Path file = file();
        ObjectNode json = Client.JSON.createObjectNode();
        json.put("endpoint", endpoint);
        json.put("authority", authority);
        json.put("accessToken", accessToken);
        json.put("refreshToken", refreshToken);
        json.put("expires", expires.toString());
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(
                    directory,
                    "login",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, Client.JSON.writeValueAsString(json), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Refusal(file + ": cannot be written: " + e.getMessage());
        }
    }

    static boolean forget() throws Refusal {
        try {
            return Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new Refusal(file() + ": cannot be removed: " + e.getMessage());
        }
    }

    /** The tokens are secrets. */
    @Override
    public String toString() {
        return "Session[" + endpoint + "]";
    }
}
