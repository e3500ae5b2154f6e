package io.sallyport.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.Service;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Peer;
import io.sallyport.api.web.Request;
import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.MemoryStore;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import tools.jackson.databind.JsonNode;

/** The whole API in this process, over a store in memory, with a clock that is set by hand. */
final class Rig implements AutoCloseable {
    static final String SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
    static final String GROUP = SUBSCRIPTION + "/resourceGroups/local";
    static final String BOXES = GROUP + "/providers/Test.Things/boxes";
    static final String ENGINES = GROUP + "/providers/Test.Things/engines";
    static final String OWNER = "owner";
    static final String OWNER_SECRET = "a secret of the owner";
    static final String OWNER_OBJECT = "99999999-0000-0000-0000-000000000001";
    private static final String VERSION = "api-version=2024-05-01";

    final HandClock clock = new HandClock();
    final Store store;
    final Path data;
    private final Catalog catalog;
    private final List<Service> services;
    private Server server;

    /** A clock that stands until it is moved. */
    static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    Rig(Path data) {
        this(data, Boxes.catalog(), List.of());
    }

    Rig(Path data, Catalog catalog, List<Service> services) {
        this(data, new MemoryStore(), catalog, services);
    }

    Rig(Path data, Store store, Catalog catalog, List<Service> services) {
        this.data = data;
        this.store = store;
        this.catalog = catalog;
        this.services = services;
        makeOwner();
        this.server = open();
    }

    /** Stored as a process before this one would have, but with a hash that costs no time. */
    private void makeOwner() {
        String body = "{\"name\":\"owner\",\"kind\":\"servicePrincipal\",\"objectId\":\"" + OWNER_OBJECT
                + "\",\"clientId\":\"owner-client\",\"displayName\":\"\",\"created\":\"2026-01-01T00:00:00Z\","
                + "\"tokensFrom\":\"1970-01-01T00:00:00Z\"}";
        String role = "{\"name\":\"77777777-0000-0000-0000-000000000001\",\"scope\":\"/\",\"role\":"
                + "\"8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",\"principalId\":\"" + OWNER_OBJECT
                + "\",\"principalType\":\"ServicePrincipal\",\"created\":\"2026-01-01T00:00:00Z\",\"by\":\"test\"}";
        commit(List.of(
                new Change.Put(
                        "identity/owner",
                        Change.Expectation.ANY,
                        body,
                        Map.of("hash", cheapHash(OWNER_SECRET)),
                        Document.Lifetime.DURABLE),
                new Change.Put(
                        "role/77777777-0000-0000-0000-000000000001",
                        Change.Expectation.ANY,
                        role,
                        Map.of(),
                        Document.Lifetime.DURABLE)));
    }

    private static Secret cheapHash(String password) {
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), new byte[16], 1, 256))
                    .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder();
            return Secret.utf8("1:" + base64.encodeToString(new byte[16]) + ":" + base64.encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void commit(List<Change> changes) {
        try {
            store.commit(changes);
        } catch (Conflict | StoreFailure e) {
            throw new IllegalStateException(e);
        }
    }

    private Server open() {
        try {
            return new Server(new Server.Setup(store, catalog, services, data, Optional.empty(), false, clock));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As when the process ends and begins again, the store being the same. */
    void restart() {
        server.close();
        server = open();
    }

    Server server() {
        return server;
    }

    /** As the owner of the machine. */
    Answer local(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, body, headers, new Peer.Local());
    }

    Answer get(String path) {
        return local("GET", path, "", Map.of());
    }

    Answer put(String path, String body) {
        return local("PUT", path, body, Map.of());
    }

    Answer post(String path, String body) {
        return local("POST", path, body, Map.of());
    }

    Answer delete(String path) {
        return local("DELETE", path, "", Map.of());
    }

    /** Over the network, with a token or, when that is empty, without. */
    Answer as(String token, String method, String path, String body) {
        Map<String, String> headers = new HashMap<>();
        if (!token.isEmpty()) {
            headers.put("authorization", "Bearer " + token);
        }
        return send(method, path, body, headers, new Peer.Network("192.0.2.7"));
    }

    Answer send(String method, String path, String body, Map<String, String> headers, Peer peer) {
        int question = path.indexOf('?');
        String query = question < 0 ? "" : path.substring(question + 1);
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent("host", "gw.example:8443");
        return server.front()
                .answer(new Request(
                        method,
                        question < 0 ? path : path.substring(0, question),
                        query.contains("api-version") ? query : query.isEmpty() ? VERSION : query + "&" + VERSION,
                        all,
                        Bytes.wrap(body.getBytes(UTF_8)),
                        peer));
    }

    /** A login with a form, as clients send it. */
    Answer login(String form) {
        return send("POST", "/adfs/oauth2/token", form, Map.of(), new Peer.Network("192.0.2.7"));
    }

    /** A token of the owner. */
    String ownerToken() {
        return token(
                "grant_type=client_credentials&client_id=owner-client&client_secret=" + OWNER_SECRET.replace(' ', '+'));
    }

    String token(String form) {
        return json(login(form)).path("access_token").asString("");
    }

    static JsonNode json(Answer answer) {
        return Json.ours(text(answer));
    }

    static String text(Answer answer) {
        return new String(answer.body().toArray(), UTF_8);
    }

    static String code(Answer answer) {
        return json(answer).at("/error/code").asString("");
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
