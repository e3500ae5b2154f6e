package io.sallyport.api.identity;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What lets a person stay logged in for two weeks. The store holds hashes only. */
final class RefreshTokens {
    private static final String ROOM = "token/refresh/";
    private static final Duration LIFE = Duration.ofDays(14);
    private static final int KEPT_MAX = 5000;

    private final Store store;
    private final Clock clock;
    private final Passwords passwords;

    RefreshTokens(Store store, Clock clock, Passwords passwords) {
        this.store = store;
        this.clock = clock;
        this.passwords = passwords;
    }

    String issue(Identity identity, String client) throws Refused {
        String token = passwords.random();
        Instant now = clock.instant();
        ObjectNode body = Json.object();
        body.put("objectId", identity.objectId()).put("clientId", client);
        body.put("issued", now.toString()).put("until", now.plus(LIFE).toString());
        List<Change> changes = new ArrayList<>(expired(now));
        changes.add(new Change.Put(
                key(token), Change.Expectation.ANY, Json.text(body), Map.of(), Document.Lifetime.DURABLE));
        Identities.commit(store, changes);
        return token;
    }

    private List<Change> expired(Instant now) {
        List<Document> all = store.list(ROOM);
        List<Change> gone = new ArrayList<>();
        for (Document document : all) {
            String until = Json.ours(document.body()).path("until").asString("");
            if (Instant.parse(until).isBefore(now) || all.size() - gone.size() > KEPT_MAX) {
                gone.add(new Change.Delete(document.key(), Change.Expectation.ANY));
            }
        }
        return gone;
    }

    /** Whose it is and when it was issued. */
    record Known(String objectId, Instant issued) {}

    Optional<Known> find(String token) {
        return store.get(key(token))
                .map(d -> Json.ours(d.body()))
                .filter(b -> Instant.parse(b.path("until").asString("")).isAfter(clock.instant()))
                .map(b -> new Known(
                        b.path("objectId").asString(""),
                        Instant.parse(b.path("issued").asString(""))));
    }

    /** Ends one person's logins; goes into the same commit as what was the reason. */
    List<Change> revoke(String objectId) {
        List<Change> gone = new ArrayList<>();
        for (Document document : store.list(ROOM)) {
            if (Json.ours(document.body()).path("objectId").asString("").equals(objectId)) {
                gone.add(new Change.Delete(document.key(), Change.Expectation.ANY));
            }
        }
        return gone;
    }

    private static String key(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return ROOM + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }
}
