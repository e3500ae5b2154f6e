package io.sallyport.api.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.resource.Resources;
import io.sallyport.api.resource.Watching;
import io.sallyport.api.web.Json;
import io.sallyport.store.Change;
import io.sallyport.store.Document;
import io.sallyport.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens: JSON Web Tokens (RFC 7519) signed with ES256, valid for an hour, revocable one by one (by {@code jti}) or all
 * of one identity.
 */
final class Tokens implements AutoCloseable {
    static final Duration LIFE = Duration.ofHours(1);
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final String AUDIENCE = "urn:sallyport:arm";
    private static final String REVOKED = "token/revoked/";
    private static final int LENGTH_MAX = 8192;

    private final Store store;
    private final Clock clock;
    private final ECKey key;
    private final Map<String, Instant> revoked = new ConcurrentHashMap<>();
    private final Store.Watch watch;

    Tokens(Store store, Clock clock, Path keyFile) throws IOException {
        this.store = store;
        this.clock = clock;
        this.key = key(keyFile);
        this.watch = Watching.begin(store, REVOKED, (events, revision) -> events.forEach(this::take));
    }

    private void take(Store.Event event) {
        String id = event.key().substring(REVOKED.length());
        switch (event) {
            case Store.Event.Written written ->
                revoked.put(
                        id,
                        Instant.parse(Json.ours(written.document().body())
                                .path("until")
                                .asString("")));
            case Store.Event.Deleted gone -> revoked.remove(id);
        }
    }

    private static ECKey key(Path file) throws IOException {
        try {
            if (Files.exists(file)) {
                return ECKey.parse(Files.readString(file, StandardCharsets.UTF_8));
            }
            ECKey made = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
            PrivateFiles.write(file, made.toJSONString() + "\n");
            return made;
        } catch (ParseException e) {
            throw new IOException(file + ": holds no key; move it away and a new one is made (all logins end then)", e);
        } catch (JOSEException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    /** The public half, as clients fetch it. */
    String keySet() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /** A token for the API. */
    String access(Identity identity, String issuer, String audience, String client) {
        JWTClaimsSet.Builder claims = claims(identity, issuer)
                .audience(List.of(audience, AUDIENCE))
                .claim("appid", client)
                .claim("idtyp", identity.kind() == Identity.Kind.USER ? "user" : "app");
        if (identity.kind() == Identity.Kind.USER) {
            claims.claim("scp", "user_impersonation");
        }
        return sign(claims.build());
    }

    /** A token that tells a client who logged in; the API does not accept it. */
    String id(Identity identity, String issuer, String client) {
        return sign(claims(identity, issuer)
                .audience(client)
                .claim("preferred_username", identity.name())
                .build());
    }

    private JWTClaimsSet.Builder claims(Identity identity, String issuer) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(identity.objectId())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .claim("tid", Resources.TENANT)
                .claim("oid", identity.objectId())
                .claim("upn", identity.name())
                .claim("name", identity.displayName())
                .claim("ver", "1.0");
    }

    private String sign(JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
    }

    /** What a good token says. */
    record Verified(String id, String objectId, Instant issued, Instant expires) {}

    /**
     * Checks signature, audience, time and revocation.
     *
     * @throws Refused with status 401
     */
    Verified verify(String text) throws Refused {
        try {
            if (text.length() > LENGTH_MAX) {
                throw invalid();
            }
            SignedJWT token = SignedJWT.parse(text);
            boolean isOurs = JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())
                    && token.verify(new ECDSAVerifier(key.toECPublicKey()));
            if (!isOurs) {
                throw invalid();
            }
            return check(token.getJWTClaimsSet());
        } catch (ParseException | JOSEException | RuntimeException e) {
            throw invalid();
        }
    }

    private Verified check(JWTClaimsSet claims) throws ParseException, Refused {
        Instant now = clock.instant();
        Optional<Date> expires = Optional.ofNullable(claims.getExpirationTime());
        Optional<Date> from = Optional.ofNullable(claims.getNotBeforeTime());
        Optional<Date> issued = Optional.ofNullable(claims.getIssueTime());
        Optional<String> id = Optional.ofNullable(claims.getJWTID());
        Optional<String> object = Optional.ofNullable(claims.getStringClaim("oid"));
        if (expires.isEmpty() || issued.isEmpty() || id.isEmpty() || object.isEmpty()) {
            throw invalid();
        }
        if (!claims.getAudience().contains(AUDIENCE)) {
            throw new Refused(ArmError.of(
                    401,
                    "InvalidAuthenticationTokenAudience",
                    "the token was issued for something else than this API"));
        }
        if (expires.get().toInstant().plus(SKEW).isBefore(now)) {
            throw new Refused(ArmError.of(
                    401,
                    "ExpiredAuthenticationToken",
                    "the token expired at " + expires.get().toInstant() + "; log in again"));
        }
        if (from.isPresent() && from.get().toInstant().minus(SKEW).isAfter(now) || revoked.containsKey(id.get())) {
            throw new Refused(ArmError.of(
                    401, "InvalidAuthenticationToken", "the token was revoked or is not yet valid; log in again"));
        }
        return new Verified(
                id.get(), object.get(), issued.get().toInstant(), expires.get().toInstant());
    }

    private static Refused invalid() {
        return new Refused(ArmError.of(
                401, "InvalidAuthenticationToken", "the token is malformed or was not issued by this gateway"));
    }

    /** Ends a token before its time; remembered until it would have expired. */
    void revoke(Verified token) throws Refused {
        Instant now = clock.instant();
        Instant until = token.expires().plus(SKEW);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Put(
                REVOKED + token.id(),
                Change.Expectation.ANY,
                Json.text(Json.object().put("until", until.toString())),
                Map.of(),
                Document.Lifetime.DURABLE));
        revoked.forEach((id, end) -> {
            if (end.isBefore(now) && !id.equals(token.id())) {
                changes.add(new Change.Delete(REVOKED + id, Change.Expectation.ANY));
            }
        });
        Identities.commit(store, changes);
        revoked.put(token.id(), until);
    }

    @Override
    public void close() {
        watch.close();
    }
}
