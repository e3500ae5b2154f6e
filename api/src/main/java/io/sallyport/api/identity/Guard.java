package io.sallyport.api.identity;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.resource.Audit;
import io.sallyport.api.resource.Resources;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Peer;
import io.sallyport.api.web.Request;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Route;
import io.sallyport.base.Secret;
import io.sallyport.store.Change;
import io.sallyport.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says who asks, and whether he may. Makes at first start a service principal that owns everything, and leaves its secret
 * in {@code az-login.json}; makes at every start a token for the machine itself, in {@code local-token}.
 */
public final class Guard implements AutoCloseable {
    private static final String FIRST = "az";
    private static final String LOGIN_FILE = "az-login.json";
    private static final String LOCAL_TOKEN_FILE = "local-token";
    private static final String KEY_FILE = "token.key";
    private static final String BEARER = "bearer ";

    private final Passwords passwords;
    private final Identities identities;
    private final Roles roles;
    private final Tokens tokens;
    private final RefreshTokens refreshTokens;
    private final Throttle throttle;
    private final Clock clock;
    private final Audit audit;
    private final Secret localToken;

    /**
     * Opens identities, roles and keys.
     *
     * @param endpoint under which clients reach the API: {@code https://localhost:8443}
     * @throws IOException with one clear line when a file cannot be read or written
     */
    public Guard(Store store, Audit audit, Path data, String endpoint, Clock clock) throws IOException, Refused {
        this(store, audit, data, endpoint, clock, new Passwords());
    }

    Guard(Store store, Audit audit, Path data, String endpoint, Clock clock, Passwords passwords)
            throws IOException, Refused {
        this.clock = clock;
        this.audit = audit;
        this.passwords = passwords;
        this.identities = new Identities(store, audit);
        this.roles = new Roles(store);
        this.tokens = new Tokens(store, clock, data.resolve(KEY_FILE));
        this.refreshTokens = new RefreshTokens(store, clock, passwords);
        this.throttle = new Throttle(clock);
        String local = passwords.random();
        this.localToken = Secret.utf8(local);
        PrivateFiles.writeForGroup(data.resolve(LOCAL_TOKEN_FILE), local + "\n");
        if (identities.all().isEmpty()) {
            makeFirst(data.resolve(LOGIN_FILE), endpoint);
        }
    }

    private void makeFirst(Path file, String endpoint) throws IOException, Refused {
        String secret = passwords.random();
        Identity first = create(FIRST, Identity.Kind.SERVICE_PRINCIPAL, "az on this machine", secret);
        ObjectNode login = Json.object();
        login.put("endpoint", endpoint).put("clientId", first.clientId()).put("secret", secret);
        login.put("tenant", Resources.TENANT).put("subscription", Resources.LOCAL_SUBSCRIPTION);
        // The file comes first: a secret that nobody knows would lock everybody out.
        PrivateFiles.write(file, Json.text(login) + "\n");
        Roles.Assignment owner = new Roles.Assignment(
                UUID.randomUUID().toString(),
                "/",
                Role.OWNER,
                first.objectId(),
                first.kind().principalType(),
                clock.instant(),
                "first start");
        List<Change> also = new ArrayList<>();
        also.add(owner.put());
        identities.save("first start", first, also);
        roles.settle(owner);
    }

    /** A new identity, not yet stored. */
    Identity create(String name, Identity.Kind kind, String displayName, String password) throws Refused {
        try {
            return new Identity(
                    name,
                    kind,
                    UUID.randomUUID().toString(),
                    UUID.randomUUID().toString(),
                    displayName,
                    clock.instant(),
                    Instant.EPOCH,
                    passwords.hash(password));
        } catch (Passwords.Busy e) {
            throw new Refused(ArmError.of(503, "ServerBusy", "too many logins at once; try again"));
        }
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new DiscoveryRoutes(tokens).routes());
        routes.addAll(new LoginRoutes(this).routes());
        routes.addAll(new IdentityRoutes(this).routes());
        routes.addAll(new RoleRoutes(this).routes());
        return routes;
    }

    public Rights rights() {
        return roles;
    }

    /**
     * Who sent the request.
     *
     * @throws Refused with status 401
     */
    public Caller caller(Request request) throws Refused {
        if (request.peer() instanceof Peer.Local) {
            return Caller.LOCAL;
        }
        String token = bearer(request);
        boolean isHere = request.peer() instanceof Peer.Network network && network.isLoopback();
        if (isHere && localToken.equals(Secret.utf8(token))) {
            return Caller.LOCAL;
        }
        Tokens.Verified verified = tokens.verify(token);
        Optional<Identity> identity = identities.object(verified.objectId());
        if (identity.isEmpty() || verified.issued().isBefore(identity.get().tokensFrom())) {
            throw new Refused(ArmError.of(
                    401, "InvalidAuthenticationToken", "the identity or its tokens are no longer valid; log in again"));
        }
        return new Caller(identity.get().objectId(), identity.get().name());
    }

    /** The token of the Authorization header. */
    static String bearer(Request request) throws Refused {
        String header = request.header("Authorization").orElse("");
        if (header.length() <= BEARER.length() || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new Refused(
                    ArmError.of(401, "AuthenticationFailed", "no bearer token came with the request; log in first"));
        }
        return header.substring(BEARER.length()).trim();
    }

    Passwords passwords() {
        return passwords;
    }

    Identities identities() {
        return identities;
    }

    Roles roles() {
        return roles;
    }

    Tokens tokens() {
        return tokens;
    }

    RefreshTokens refreshTokens() {
        return refreshTokens;
    }

    Throttle throttle() {
        return throttle;
    }

    Clock clock() {
        return clock;
    }

    Audit audit() {
        return audit;
    }

    @Override
    public void close() {
        identities.close();
        roles.close();
        tokens.close();
    }
}
