package io.sallyport.api.identity;

import io.sallyport.api.arm.Reply;
import io.sallyport.api.resource.Resources;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Route;
import io.sallyport.base.Bytes;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents that tell a client where to log in: of the resource manager, of AD FS, of Entra. */
final class DiscoveryRoutes {
    /** From this api-version on the metadata are a list of clouds. */
    private static final String LIST_SINCE = "2018";
    /** From this one on they are one cloud. */
    private static final String OBJECT_SINCE = "2022";

    private final Tokens tokens;

    DiscoveryRoutes(Tokens tokens) {
        this.tokens = tokens;
    }

    List<Route> routes() {
        return List.of(
                Route.open("GET", "/metadata/endpoints", call -> new Reply.Ok(metadata(call))),
                Route.open("GET", "/adfs/.well-known/openid-configuration", c -> new Reply.Ok(adfs(c))),
                Route.open("GET", "/adfs/{tenant}/.well-known/openid-configuration", c -> new Reply.Ok(adfs(c))),
                Route.open("GET", "/adfs/discovery/keys", c -> keys()),
                Route.open("GET", "/{tenant}/.well-known/openid-configuration", c -> new Reply.Ok(entra(c, ""))),
                Route.open(
                        "GET", "/{tenant}/v2.0/.well-known/openid-configuration", c -> new Reply.Ok(entra(c, "/v2.0"))),
                Route.open("GET", "/{tenant}/discovery/v2.0/keys", c -> keys()),
                Route.open("GET", "/{tenant}/discovery/keys", c -> keys()),
                Route.open("GET", "/common/discovery/instance", c -> new Reply.Ok(instance(c))));
    }

    private static JsonNode metadata(Call call) {
        String version = call.apiVersion();
        if (version.compareTo(LIST_SINCE) < 0) {
            return oldMetadata(call.base());
        }
        ObjectNode cloud = cloud(call.base());
        return version.compareTo(OBJECT_SINCE) < 0 ? Json.array().add(cloud) : cloud;
    }

    private static ObjectNode oldMetadata(String base) {
        ObjectNode out = Json.object();
        out.put("galleryEndpoint", base).put("graphEndpoint", base + "/graph").put("portalEndpoint", base);
        ObjectNode authentication = out.putObject("authentication");
        authentication
                .put("loginEndpoint", base + "/adfs")
                .putArray("audiences")
                .add(base);
        return out;
    }

    private static ObjectNode cloud(String base) {
        ObjectNode out = Json.object();
        out.put("name", "Sallyport")
                .put("resourceManager", base)
                .put("portal", base)
                .put("gallery", base);
        out.put("graph", base + "/graph").put("graphAudience", base + "/graph");
        out.put("microsoftGraphResourceId", base + "/graph");
        ObjectNode authentication = out.putObject("authentication");
        authentication
                .put("loginEndpoint", base + "/adfs")
                .put("tenant", "adfs")
                .put("identityProvider", "ADFS");
        authentication.putArray("audiences").add(base);
        ObjectNode suffixes = out.putObject("suffixes");
        for (String name : List.of(
                "storage",
                "keyVaultDns",
                "acrLoginServer",
                "sqlServerHostname",
                "mhsmDns",
                "azureFrontDoorEndpointSuffix",
                "storageSyncEndpointSuffix",
                "mysqlServerEndpoint",
                "postgresqlServerEndpoint",
                "mariadbServerEndpoint",
                "synapseAnalytics",
                "attestationEndpoint",
                "azureDataLakeStoreFileSystem",
                "azureDataLakeAnalyticsCatalogAndJob")) {
            suffixes.put(name, "sallyport.invalid");
        }
        for (String name : List.of(
                "attestationResourceId",
                "batch",
                "activeDirectoryDataLake",
                "logAnalyticsResourceId",
                "media",
                "ossrDbmsResourceId",
                "synapseAnalyticsResourceId",
                "sqlManagement",
                "vmImageAliasDoc",
                "appInsightsResourceId",
                "appInsightsTelemetryChannelResourceId")) {
            out.put(name, base + "/unsupported");
        }
        return out;
    }

    private static ObjectNode adfs(Call call) {
        String login = call.base() + "/adfs";
        ObjectNode out = Json.object();
        out.put("issuer", login + "/" + Resources.TENANT);
        out.put("authorization_endpoint", login + "/oauth2/authorize").put("token_endpoint", login + "/oauth2/token");
        out.put("device_authorization_endpoint", login + "/oauth2/devicecode");
        out.put("jwks_uri", login + "/discovery/keys").put("end_session_endpoint", login + "/oauth2/logout");
        return general(out);
    }

    private static ObjectNode entra(Call call, String version) {
        String tenant = call.base() + "/" + call.variable("tenant");
        String oauth = tenant + "/oauth2" + version;
        ObjectNode out = Json.object();
        out.put("issuer", tenant + version).put("token_endpoint", oauth + "/token");
        out.put("authorization_endpoint", oauth + "/authorize");
        out.put("device_authorization_endpoint", oauth + "/devicecode");
        out.put("jwks_uri", tenant + "/discovery" + version + "/keys");
        out.put("end_session_endpoint", oauth + "/logout");
        return general(out);
    }

    private static ObjectNode general(ObjectNode out) {
        words(out, "token_endpoint_auth_methods_supported", "client_secret_post");
        words(out, "response_types_supported", "code", "id_token", "token");
        words(out, "response_modes_supported", "query", "form_post");
        words(out, "subject_types_supported", "pairwise");
        words(out, "id_token_signing_alg_values_supported", "ES256");
        words(out, "scopes_supported", "openid", "profile", "offline_access");
        words(out, "claims_supported", "sub", "iss", "aud", "exp", "iat", "oid", "tid", "upn");
        words(
                out,
                "grant_types_supported",
                "client_credentials",
                "password",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code");
        return out;
    }

    private static void words(ObjectNode out, String name, String... words) {
        ArrayNode list = out.putArray(name);
        for (String word : words) {
            list.add(word);
        }
    }

    private static ObjectNode instance(Call call) {
        String host = call.base().substring("https://".length());
        ObjectNode out = Json.object();
        out.put(
                "tenant_discovery_endpoint",
                call.base() + "/" + Resources.TENANT + "/v2.0/.well-known/openid-configuration");
        out.put("api-version", "1.1");
        ObjectNode cloud = out.putArray("metadata").addObject();
        cloud.put("preferred_network", host)
                .put("preferred_cache", host)
                .putArray("aliases")
                .add(host);
        return out;
    }

    private Reply keys() {
        return new Reply.Other(200, Map.of("Content-Type", "application/json"), Bytes.utf8(tokens.keySet()));
    }
}
