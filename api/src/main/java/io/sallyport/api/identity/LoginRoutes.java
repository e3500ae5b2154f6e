package io.sallyport.api.identity;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.resource.Resources;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Paths;
import io.sallyport.api.web.Peer;
import io.sallyport.api.web.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Where tokens come from (RFC 6749, RFC 8628), in the places of AD FS and of Entra. */
final class LoginRoutes {
    private static final Logger LOG = LoggerFactory.getLogger("io.sallyport.audit");
    private static final int POLL_SECONDS = 2;
    private static final int FORM_MAX = 16 * 1024;

    private final Guard guard;
    private final DeviceCodes codes;

    LoginRoutes(Guard guard) {
        this.guard = guard;
        this.codes = new DeviceCodes(guard.clock());
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String at : List.of("/adfs/oauth2/", "/{tenant}/oauth2/", "/{tenant}/oauth2/v2.0/")) {
            routes.add(Route.open("POST", at + "token", this::token));
            routes.add(Route.open("POST", at + "devicecode", this::device));
            routes.add(Route.open("POST", at + "logout", this::logout));
        }
        routes.add(Route.open("GET", "/device", call -> DevicePage.form("")));
        routes.add(Route.open("POST", "/device", this::approve));
        return routes;
    }

    private Reply token(Call call) throws Refused {
        Map<String, String> form = form(call);
        try {
            return switch (form.getOrDefault("grant_type", "")) {
                case "client_credentials" -> client(call, form);
                case "password" -> password(call, form);
                case "refresh_token" -> refresh(call, form);
                case "urn:ietf:params:oauth:grant-type:device_code", "device_code" -> poll(call, form);
                default ->
                    throw new OauthRefusal(
                            400,
                            "unsupported_grant_type",
                            "allowed: client_credentials, password, refresh_token, device code");
            };
        } catch (OauthRefusal e) {
            return e.reply();
        }
    }

    private static Map<String, String> form(Call call) throws Refused {
        if (call.request().body().size() > FORM_MAX) {
            throw new Refused(ArmError.of(413, "RequestEntityTooLarge", "a login may have 16 KiB"));
        }
        String text = new String(call.request().body().toArray(), StandardCharsets.UTF_8);
        return text.length() > 8000 ? Map.of() : Paths.query(text);
    }

    private Reply client(Call call, Map<String, String> form) throws OauthRefusal, Refused {
        String id = form.getOrDefault("client_id", "");
        Identity identity = prove(
                call, Identity.Kind.SERVICE_PRINCIPAL, id, form.getOrDefault("client_secret", ""), "invalid_client");
        return tokens(call, identity, audience(call, form), identity.clientId(), false);
    }

    private Reply password(Call call, Map<String, String> form) throws OauthRefusal, Refused {
        String name = form.getOrDefault("username", "");
        Identity identity = prove(call, Identity.Kind.USER, name, form.getOrDefault("password", ""), "invalid_grant");
        return tokens(call, identity, audience(call, form), form.getOrDefault("client_id", ""), true);
    }

    /** Who this is, or a refusal that does not tell whether name or password was wrong. */
    private Identity prove(Call call, Identity.Kind kind, String name, String password, String error)
            throws OauthRefusal {
        String peer = switch (call.request().peer()) {
            case Peer.Network network -> network.address();
            case Peer.Local local -> "local";
        };
        if (guard.throttle().isClosed(peer, name)) {
            throw new OauthRefusal(429, "slow_down", "too many failed logins; wait a minute");
        }
        Optional<Identity> identity = guard.identities().login(name, kind);
        try {
            boolean fits = guard.passwords().matches(password, identity.map(Identity::hash));
            if (fits && identity.isPresent()) {
                return identity.get();
            }
        } catch (Passwords.Busy e) {
            throw new OauthRefusal(503, "temporarily_unavailable", "too many logins at once; try again");
        }
        guard.throttle().failed(peer, name);
        LOG.warn("a login failed from {}", peer);
        throw new OauthRefusal(
                error.equals("invalid_client") ? 401 : 400,
                error,
                "no " + kind.word() + " has this name and " + (kind == Identity.Kind.USER ? "password" : "secret"));
    }

    private Reply refresh(Call call, Map<String, String> form) throws OauthRefusal, Refused {
        Optional<RefreshTokens.Known> known = guard.refreshTokens().find(form.getOrDefault("refresh_token", ""));
        Optional<Identity> identity = known.flatMap(k -> guard.identities().object(k.objectId()));
        if (identity.isEmpty() || known.get().issued().isBefore(identity.get().tokensFrom())) {
            throw new OauthRefusal(400, "invalid_grant", "the refresh token has expired or was revoked; log in again");
        }
        ObjectNode body = body(call, identity.get(), audience(call, form), form.getOrDefault("client_id", ""));
        body.put("refresh_token", form.getOrDefault("refresh_token", ""));
        return done(body);
    }

    private Reply device(Call call) throws Refused {
        Map<String, String> form = form(call);
        try {
            DeviceCodes.Pending pending = codes.begin(form.getOrDefault("client_id", ""), audience(call, form));
            String page = call.base() + "/device";
            ObjectNode body = Json.object();
            body.put("user_code", pending.user()).put("device_code", pending.device());
            body.put("verification_uri", page).put("verification_url", page);
            body.put("expires_in", DeviceCodes.LIFE.toSeconds()).put("interval", POLL_SECONDS);
            body.put("message", "Open " + page + " in a browser, enter the code " + pending.user() + " and log in.");
            return done(body);
        } catch (OauthRefusal e) {
            return e.reply();
        }
    }

    private Reply poll(Call call, Map<String, String> form) throws OauthRefusal, Refused {
        String device = form.getOrDefault("device_code", form.getOrDefault("code", ""));
        Optional<DeviceCodes.Pending> pending = codes.poll(device);
        if (pending.isEmpty()) {
            throw new OauthRefusal(400, "expired_token", "this code is not valid any more; begin again");
        }
        if (pending.get().person().isEmpty()) {
            throw new OauthRefusal(400, "authorization_pending", "nobody has entered the code yet");
        }
        Identity identity = guard.identities()
                .object(pending.get().person())
                .orElseThrow(() -> new OauthRefusal(400, "access_denied", "this user is gone"));
        return tokens(call, identity, pending.get().audience(), pending.get().client(), true);
    }

    private Reply approve(Call call) throws Refused {
        Map<String, String> form = form(call);
        Optional<DeviceCodes.Pending> pending = codes.attempt(form.getOrDefault("code", ""));
        if (pending.isEmpty()) {
            return DevicePage.form("This code is not valid, or was tried too often.");
        }
        try {
            Identity person = prove(
                    call,
                    Identity.Kind.USER,
                    form.getOrDefault("username", ""),
                    form.getOrDefault("password", ""),
                    "invalid_grant");
            codes.approve(pending.get(), person.objectId());
            return DevicePage.done();
        } catch (OauthRefusal e) {
            return DevicePage.form("That did not work: " + e.getMessage() + ".");
        }
    }

    private Reply logout(Call call) throws Refused {
        guard.tokens().revoke(guard.tokens().verify(Guard.bearer(call.request())));
        return new Reply.NoContent();
    }

    /** For what the token is asked: only this gateway's own API. */
    private static String audience(Call call, Map<String, String> form) throws OauthRefusal {
        String scope = form.getOrDefault("scope", "");
        String wanted = form.getOrDefault("resource", "");
        for (String word : scope.split(" ", -1)) {
            if (word.contains("://")) {
                wanted = word.substring(0, Math.max(word.lastIndexOf('/'), word.indexOf("://") + 2));
            }
        }
        String bare = wanted.replaceAll("/+$", "");
        if (!bare.isEmpty() && !bare.equalsIgnoreCase(call.base())) {
            throw new OauthRefusal(
                    400,
                    "invalid_scope",
                    "tokens are issued for " + call.base() + " only, as /metadata/endpoints says");
        }
        return call.base();
    }

    private Reply tokens(Call call, Identity identity, String audience, String client, boolean isPerson)
            throws Refused {
        ObjectNode body = body(call, identity, audience, client);
        if (isPerson) {
            body.put("refresh_token", guard.refreshTokens().issue(identity, client));
            body.put("id_token", guard.tokens().id(identity, issuer(call), client));
        }
        LOG.info("{} logged in", identity.name());
        return done(body);
    }

    private ObjectNode body(Call call, Identity identity, String audience, String client) {
        ObjectNode body = Json.object();
        body.put("token_type", "Bearer").put("expires_in", Tokens.LIFE.toSeconds());
        body.put("ext_expires_in", Tokens.LIFE.toSeconds()).put("resource", audience);
        body.put("access_token", guard.tokens().access(identity, issuer(call), audience, client));
        return body;
    }

    private static String issuer(Call call) {
        return call.base() + "/adfs/" + Resources.TENANT;
    }

    private static Reply done(ObjectNode body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        return new Reply.Other(200, headers, Json.write(body));
    }
}
