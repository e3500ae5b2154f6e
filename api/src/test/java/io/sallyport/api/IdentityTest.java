package io.sallyport.api;

import static io.sallyport.api.Rig.BOXES;
import static io.sallyport.api.Rig.GROUP;
import static io.sallyport.api.Rig.SUBSCRIPTION;
import static io.sallyport.api.Rig.code;
import static io.sallyport.api.Rig.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Peer;
import io.sallyport.store.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logins, tokens, roles: who gets in, and how far. */
class IdentityTest {
    private static final String IDENTITIES = "/providers/Sallyport.Identity/identities";
    private static final String ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments/";
    private static final String OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    private static final String CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    private static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    Path data;

    private Rig rig;
    private int assigned;

    @BeforeEach
    void open() {
        rig = new Rig(data);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void metadataLeadToTheLogin() {
        JsonNode old = json(rig.as("", "GET", "/metadata/endpoints?api-version=2015-01-01", ""));
        assertThat(old.at("/authentication/loginEndpoint").asString()).isEqualTo("https://gw.example:8443/adfs");
        assertThat(old.at("/authentication/audiences/0").asString()).isEqualTo("https://gw.example:8443");
        assertThat(Rig.text(rig.as("", "GET", "/metadata/endpoints?api-version=2019-05-01", "")))
                .startsWith("[{\"name\"");
        JsonNode cloud = json(rig.as("", "GET", "/metadata/endpoints?api-version=2022-09-01", ""));
        assertThat(cloud.path("resourceManager").asString()).isEqualTo("https://gw.example:8443");
        assertThat(cloud.path("microsoftGraphResourceId").asString()).isNotEmpty();
        JsonNode adfs = json(rig.as("", "GET", "/adfs/.well-known/openid-configuration", ""));
        assertThat(adfs.path("token_endpoint").asString()).isEqualTo("https://gw.example:8443/adfs/oauth2/token");
        JsonNode entra = json(rig.as("", "GET", "/common/v2.0/.well-known/openid-configuration", ""));
        assertThat(entra.path("token_endpoint").asString())
                .isEqualTo("https://gw.example:8443/common/oauth2/v2.0/token");
        assertThat(json(rig.as("", "GET", "/adfs/discovery/keys", ""))
                        .at("/keys/0/d")
                        .isMissingNode())
                .isTrue();
        assertThat(json(rig.as("", "GET", "/common/discovery/instance", ""))
                        .path("metadata")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aServicePrincipalLogsInAndMayDoWhatItsRoleAllows() {
        Answer login = rig.login("grant_type=client_credentials&client_id=owner-client&client_secret="
                + "a+secret+of+the+owner&scope=https%3A%2F%2Fgw.example%3A8443%2F.default");
        assertThat(login.status()).isEqualTo(200);
        assertThat(json(login).path("expires_in").asInt()).isEqualTo(3600);
        String token = json(login).path("access_token").asString();
        assertThat(rig.as(token, "PUT", BOXES + "/b1", "{}").status()).isEqualTo(201);
    }

    @Test
    void entrasPlacesWorkToo() {
        for (String place :
                List.of("/common/oauth2/v2.0/token", "/11111111-1111-1111-1111-111111111111/oauth2/token")) {
            Answer login = rig.send(
                    "POST",
                    place,
                    "grant_type=client_credentials&client_id=owner&client_secret=a+secret+of+the+owner"
                            + "&resource=https://gw.example:8443/",
                    Map.of(),
                    new Peer.Network("192.0.2.7"));
            assertThat(login.status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenIsForThisGatewayOnly() {
        Answer login = rig.login("grant_type=client_credentials&client_id=owner-client&client_secret="
                + "a+secret+of+the+owner&scope=https://graph.example/.default");
        assertThat(login.status()).isEqualTo(400);
        assertThat(json(login).path("error").asString()).isEqualTo("invalid_scope");
    }

    @Test
    void aWrongSecretIsRefusedWithoutTellingWhatWasWrong() {
        Answer wrong = rig.login("grant_type=client_credentials&client_id=owner-client&client_secret=no");
        Answer nobody = rig.login("grant_type=client_credentials&client_id=nobody&client_secret=no");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(json(wrong).path("error").asString()).isEqualTo("invalid_client");
        assertThat(Rig.text(wrong)).isEqualTo(Rig.text(nobody));
        assertThat(json(rig.login("grant_type=magic")).path("error").asString()).isEqualTo("unsupported_grant_type");
        assertThat(rig.login("").status()).isEqualTo(400);
    }

    @Test
    void afterTenFailuresEvenTheRightSecretMustWait() {
        String right = "grant_type=client_credentials&client_id=owner-client&client_secret=a+secret+of+the+owner";
        for (int i = 0; i < 10; i++) {
            rig.login("grant_type=client_credentials&client_id=owner-client&client_secret=no");
        }
        assertThat(rig.login(right).status()).isEqualTo(429);
        rig.clock.advance(Duration.ofSeconds(61));
        assertThat(rig.login(right).status()).isEqualTo(200);
    }

    @Test
    void withoutOrWithAForeignTokenNobodyGetsIn() {
        Answer without = rig.as("", "GET", "/subscriptions", "");
        assertThat(without.status()).isEqualTo(401);
        assertThat(code(without)).isEqualTo("AuthenticationFailed");
        assertThat(without.header("WWW-Authenticate").orElseThrow())
                .contains("authorization_uri=\"https://gw.example:8443/adfs\"");
        String good = rig.ownerToken();
        String[] parts = good.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String changed = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace(Rig.OWNER_OBJECT, "99999999-0000-0000-0000-000000000002")
                        .getBytes(StandardCharsets.UTF_8));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        for (String bad : List.of(
                "x",
                "a.b.c",
                parts[0] + "." + changed + "." + parts[2],
                none + "." + parts[1] + ".",
                good.substring(0, good.length() - 4) + "AAAA",
                "x".repeat(10_000))) {
            Answer answer = rig.as(bad, "GET", "/subscriptions", "");
            assertThat(answer.status()).as(bad).isEqualTo(401);
            assertThat(code(answer)).isEqualTo("InvalidAuthenticationToken");
        }
    }

    @Test
    void aTokenOfAnotherGatewayIsForeign(@TempDir Path elsewhere) {
        try (Rig other = new Rig(elsewhere)) {
            assertThat(code(rig.as(other.ownerToken(), "GET", "/subscriptions", "")))
                    .isEqualTo("InvalidAuthenticationToken");
        }
    }

    @Test
    void aTokenEndsAfterAnHour() {
        String token = rig.ownerToken();
        rig.clock.advance(Duration.ofMinutes(60).plusSeconds(30));
        assertThat(rig.as(token, "GET", "/subscriptions", "").status()).isEqualTo(200);
        rig.clock.advance(Duration.ofSeconds(60));
        assertThat(code(rig.as(token, "GET", "/subscriptions", ""))).isEqualTo("ExpiredAuthenticationToken");
    }

    @Test
    void aTokenSurvivesARestartAndALogoutEndsItForGood() {
        String token = rig.ownerToken();
        String other = rig.ownerToken();
        rig.restart();
        assertThat(rig.as(token, "GET", "/subscriptions", "").status()).isEqualTo(200);
        assertThat(rig.as(token, "POST", "/adfs/oauth2/logout", "").status()).isEqualTo(204);
        assertThat(rig.as(token, "GET", "/subscriptions", "").status()).isEqualTo(401);
        rig.restart();
        assertThat(rig.as(token, "GET", "/subscriptions", "").status()).isEqualTo(401);
        assertThat(rig.as(other, "GET", "/subscriptions", "").status()).isEqualTo(200);
    }

    @Test
    void aPersonLogsInWithAPasswordAndStaysLoggedIn() {
        user("ada@example.org");
        Answer login = rig.login("grant_type=password&username=ADA@example.org&client_id=cli&password="
                + PASSWORD.replace(' ', '+') + "&scope=https://gw.example:8443/.default+offline_access+openid");
        assertThat(login.status()).isEqualTo(200);
        String id = json(login).path("id_token").asString();
        String claims = new String(Base64.getUrlDecoder().decode(id.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"upn\":\"ada@example.org\"", "\"aud\":\"cli\"");
        assertThat(code(rig.as(id, "GET", "/subscriptions", ""))).isEqualTo("InvalidAuthenticationTokenAudience");
        rig.clock.advance(Duration.ofDays(2));
        String refresh = json(login).path("refresh_token").asString();
        Answer again = rig.login("grant_type=refresh_token&client_id=cli&refresh_token=" + refresh);
        assertThat(again.status()).isEqualTo(200);
        String token = json(again).path("access_token").asString();
        assertThat(rig.as(token, "GET", "/tenants", "").status()).isEqualTo(200);
        rig.post(IDENTITIES + "/ada@example.org/revokeTokens", "");
        assertThat(rig.as(token, "GET", "/tenants", "").status()).isEqualTo(401);
        assertThat(rig.login("grant_type=refresh_token&client_id=cli&refresh_token=" + refresh)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aPersonLogsADeviceInOnAPage() {
        user("ada");
        Answer begin =
                rig.send("POST", "/adfs/oauth2/devicecode", "client_id=cli", Map.of(), new Peer.Network("192.0.2.7"));
        String device = json(begin).path("device_code").asString();
        String user = json(begin).path("user_code").asString();
        assertThat(json(begin).path("verification_uri").asString()).isEqualTo("https://gw.example:8443/device");
        String poll = "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=" + device;
        assertThat(json(rig.login(poll)).path("error").asString()).isEqualTo("authorization_pending");
        assertThat(Rig.text(rig.as("", "GET", "/device", ""))).contains("<form");
        String form = "code=" + user.substring(0, 4) + "-" + user.substring(4) + "&username=ada&password=";
        assertThat(Rig.text(rig.as("", "POST", "/device", form + "wrong"))).contains("did not work");
        assertThat(Rig.text(rig.as("", "POST", "/device", form + PASSWORD.replace(' ', '+'))))
                .contains("Done");
        Answer done = rig.login(poll);
        assertThat(done.status()).isEqualTo(200);
        assertThat(json(done).path("refresh_token").asString()).isNotEmpty();
        assertThat(json(rig.login(poll)).path("error").asString()).isEqualTo("expired_token");
    }

    @Test
    void aCodeIsGoneAfterFiveTriesAndAfterAQuarterOfAnHour() {
        user("ada");
        String user = json(rig.send(
                        "POST", "/adfs/oauth2/devicecode", "client_id=cli", Map.of(), new Peer.Network("192.0.2.7")))
                .path("user_code")
                .asString();
        for (int i = 0; i < 5; i++) {
            rig.as("", "POST", "/device", "code=" + user + "&username=ada&password=wrong");
        }
        assertThat(Rig.text(rig.as(
                        "",
                        "POST",
                        "/device",
                        "code=" + user + "&username=ada&password=" + PASSWORD.replace(' ', '+'))))
                .contains("not valid");
        JsonNode late = json(
                rig.send("POST", "/adfs/oauth2/devicecode", "client_id=cli", Map.of(), new Peer.Network("192.0.2.7")));
        rig.clock.advance(Duration.ofMinutes(16));
        assertThat(json(rig.login("grant_type=device_code&device_code="
                                + late.path("device_code").asString()))
                        .path("error")
                        .asString())
                .isEqualTo("expired_token");
    }

    @Test
    void aReaderSeesAndChangesNothing() {
        rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"a-secret\"}}");
        String reader = with(READER, SUBSCRIPTION);
        assertThat(rig.as(reader, "GET", BOXES + "/b1", "").status()).isEqualTo(200);
        for (List<String> refused : List.of(
                List.of("PUT", BOXES + "/b2"),
                List.of("PATCH", BOXES + "/b1"),
                List.of("DELETE", BOXES + "/b1"),
                List.of("GET", BOXES + "/b1/sharedkey"),
                List.of("PUT", BOXES + "/b1/sharedkey"),
                List.of("POST", BOXES + "/b1/parts/p/spin"),
                List.of("PUT", SUBSCRIPTION + "/resourceGroups/x"),
                List.of("DELETE", GROUP),
                List.of("GET", IDENTITIES),
                List.of("GET", "/providers/Sallyport.Gateway/nodes"))) {
            Answer answer = rig.as(reader, refused.getFirst(), refused.getLast(), "{}");
            assertThat(answer.status()).as(refused.toString()).isEqualTo(403);
            assertThat(code(answer)).isEqualTo("AuthorizationFailed");
            assertThat(Rig.text(answer)).doesNotContain("a-secret");
        }
    }

    @Test
    void aContributorChangesEverythingButWhoMayDoWhat() {
        String contributor = with(CONTRIBUTOR, SUBSCRIPTION);
        assertThat(rig.as(contributor, "PUT", BOXES + "/b1", "{\"properties\":{\"key\":\"k\"}}")
                        .status())
                .isEqualTo(201);
        assertThat(rig.as(contributor, "GET", BOXES + "/b1/sharedkey", "").status())
                .isEqualTo(200);
        assertThat(rig.as(contributor, "DELETE", BOXES + "/b1", "").status()).isEqualTo(200);
        String assignment = SUBSCRIPTION + ASSIGNMENTS + "00000000-0000-0000-0000-0000000000aa";
        assertThat(rig.as(contributor, "PUT", assignment, "{}").status()).isEqualTo(403);
        assertThat(rig.as(contributor, "PUT", IDENTITIES + "/x", "{}").status()).isEqualTo(403);
        assertThat(rig.as(contributor, "PUT", "/subscriptions/12345678-0000-0000-0000-000000000000", "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aRoleOnAGroupEndsAtItsBorder() {
        rig.put(SUBSCRIPTION + "/resourceGroups/local2", "{\"location\":\"local\"}");
        String other = SUBSCRIPTION + "/resourceGroups/local2/providers/Test.Things/boxes";
        rig.put(other + "/b2", "{}");
        rig.put(BOXES + "/b1", "{}");
        String token = with(OWNER, GROUP);
        assertThat(rig.as(token, "GET", BOXES + "/b1", "").status()).isEqualTo(200);
        assertThat(rig.as(token, "GET", other + "/b2", "").status()).isEqualTo(403);
        assertThat(rig.as(token, "DELETE", other + "/b2", "").status()).isEqualTo(403);
        assertThat(rig.as(token, "PUT", SUBSCRIPTION + ASSIGNMENTS + "00000000-0000-0000-0000-0000000000ab", "{}")
                        .status())
                .isEqualTo(403);
        assertThat(json(rig.as(token, "GET", SUBSCRIPTION + "/providers/Test.Things/boxes", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(json(rig.as(token, "GET", SUBSCRIPTION + "/resourceGroups", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(json(rig.as(token, "GET", SUBSCRIPTION + "/resources", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(json(rig.as(token, "GET", "/subscriptions", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void whoeverHasNoRoleSeesNothing() {
        rig.put(BOXES + "/b1", "{}");
        user("ada");
        String token =
                rig.token("grant_type=password&username=ada&client_id=cli&password=" + PASSWORD.replace(' ', '+'));
        assertThat(json(rig.as(token, "GET", "/subscriptions", ""))
                        .path("value")
                        .size())
                .isZero();
        assertThat(json(rig.as(token, "GET", BOXES, "")).path("value").size()).isZero();
        assertThat(rig.as(token, "GET", SUBSCRIPTION, "").status()).isEqualTo(403);
        assertThat(rig.as(token, "GET", BOXES + "/b1", "").status()).isEqualTo(403);
    }

    @Test
    void anotherPersonsOperationIsNotThere() {
        try (FakeEngine engine = new FakeEngine(rig.store)) {
            engine.fail("no");
            String url = rig.put(Rig.ENGINES + "/e1", "{}")
                    .header("Azure-AsyncOperation")
                    .orElseThrow()
                    .substring("https://gw.example:8443".length());
            user("ada");
            String token =
                    rig.token("grant_type=password&username=ada&client_id=cli&password=" + PASSWORD.replace(' ', '+'));
            assertThat(code(rig.as(token, "GET", url, ""))).isEqualTo("OperationNotFound");
            assertThat(rig.as(with(READER, GROUP), "GET", url, "").status()).isEqualTo(200);
        }
    }

    @Test
    void roleAssignmentsAreListedAndTakenAway() {
        String token = with(CONTRIBUTOR, GROUP);
        JsonNode listed = json(rig.get(GROUP + "/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()"));
        assertThat(listed.path("value").size()).isEqualTo(2);
        assertThat(json(rig.get(SUBSCRIPTION + "/providers/Microsoft.Authorization/roleDefinitions"
                                + "?$filter=roleName%20eq%20'Reader'"))
                        .at("/value/0/name")
                        .asString())
                .isEqualTo(READER);
        String id = listed.path("value")
                .valueStream()
                .map(a -> a.path("id").asString())
                .filter(i -> i.startsWith(GROUP))
                .findFirst()
                .orElseThrow();
        assertThat(rig.get(id).status()).isEqualTo(200);
        assertThat(rig.delete(id).status()).isEqualTo(200);
        assertThat(rig.as(token, "GET", BOXES + "/b1", "").status()).isEqualTo(403);
        assertThat(rig.delete(id).status()).isEqualTo(204);
    }

    @Test
    void theLastOwnerStays() {
        String id = ASSIGNMENTS + "77777777-0000-0000-0000-000000000001";
        assertThat(code(rig.delete(id))).isEqualTo("LastOwner");
        assertThat(code(rig.delete(IDENTITIES + "/owner"))).isEqualTo("LastOwner");
        assertThat(rig.get(id).status()).isEqualTo(200);
    }

    @Test
    void wrongAssignmentsAreRefused() {
        String at = GROUP + ASSIGNMENTS;
        String guid = "00000000-0000-0000-0000-0000000000ac";
        assertThat(code(rig.put(at + "no-guid", "{}"))).isEqualTo("InvalidRoleAssignmentId");
        assertThat(code(rig.put(at + guid, "{}"))).isEqualTo("RoleDefinitionDoesNotExist");
        assertThat(code(rig.put(at + guid, assignment(READER, "nobody")))).isEqualTo("PrincipalNotFound");
        assertThat(rig.put(at + guid, assignment(READER, Rig.OWNER_OBJECT)).status())
                .isEqualTo(201);
        assertThat(code(rig.put(at + guid, assignment(OWNER, Rig.OWNER_OBJECT))))
                .isEqualTo("RoleAssignmentUpdateNotPermitted");
        assertThat(code(rig.put(at + "00000000-0000-0000-0000-0000000000ad", assignment(READER, Rig.OWNER_OBJECT))))
                .isEqualTo("RoleAssignmentExists");
    }

    @Test
    void anIdentityThatIsDeletedIsOutAtOnceWithItsRoles() {
        String token = with(OWNER, SUBSCRIPTION);
        assertThat(rig.as(token, "GET", GROUP, "").status()).isEqualTo(200);
        assertThat(rig.delete(IDENTITIES + "/user1").status()).isEqualTo(200);
        assertThat(rig.as(token, "GET", GROUP, "").status()).isEqualTo(401);
        assertThat(json(rig.get(SUBSCRIPTION + "/providers/Microsoft.Authorization/roleAssignments"))
                        .path("value")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aServicePrincipalsSecretIsToldOnceAndCanBeRenewed() {
        Answer made = rig.put(IDENTITIES + "/ci", "{\"properties\":{\"kind\":\"servicePrincipal\"}}");
        String secret = json(made).at("/properties/secret").asString();
        String client = json(made).at("/properties/clientId").asString();
        assertThat(Rig.text(rig.get(IDENTITIES + "/ci"))).doesNotContain(secret);
        assertThat(Rig.text(rig.get(IDENTITIES))).doesNotContain(secret);
        String form = "grant_type=client_credentials&client_id=" + client + "&client_secret=";
        String token = rig.token(form + secret);
        String renewed = json(rig.post(IDENTITIES + "/ci/resetSecret", ""))
                .at("/properties/secret")
                .asString();
        assertThat(rig.login(form + secret).status()).isEqualTo(401);
        assertThat(rig.as(token, "GET", "/tenants", "").status()).isEqualTo(401);
        rig.clock.advance(Duration.ofSeconds(2));
        assertThat(rig.as(rig.token(form + renewed), "GET", "/tenants", "").status())
                .isEqualTo(200);
    }

    @Test
    void wrongIdentitiesAreRefused() {
        assertThat(rig.put(IDENTITIES + "/x", "{\"properties\":{\"kind\":\"robot\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(rig.put(IDENTITIES + "/x", "{\"properties\":{\"kind\":\"user\",\"password\":\"short\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(rig.put(
                                IDENTITIES + "/x",
                                "{\"properties\":{\"kind\":\"servicePrincipal\",\"password\":\"chosen by somebody\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(rig.put(IDENTITIES + "/a b", "{\"properties\":{\"kind\":\"user\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(rig.get(IDENTITIES + "/x").status()).isEqualTo(404);
        assertThat(rig.delete(IDENTITIES + "/x").status()).isEqualTo(204);
    }

    @Test
    void rolesOnWhatIsDeletedGoWithIt() throws InterruptedException {
        String group = SUBSCRIPTION + "/resourceGroups/rg";
        rig.put(group, "{\"location\":\"local\"}");
        String token = with(OWNER, group);
        rig.delete(group);
        rig.put(group, "{\"location\":\"local\"}");
        for (int i = 0; i < 250 && rig.as(token, "GET", group, "").status() == 200; i++) {
            Thread.sleep(20);
        }
        assertThat(rig.as(token, "GET", group, "").status()).isEqualTo(403);
    }

    @Test
    void theLocalTokenWorksFromThisMachineOnly() throws IOException {
        String token = Files.readString(data.resolve("local-token")).trim();
        Map<String, String> header = Map.of("authorization", "Bearer " + token);
        assertThat(rig.send("GET", "/subscriptions", "", header, new Peer.Network("127.0.0.1"))
                        .status())
                .isEqualTo(200);
        assertThat(rig.send("GET", "/subscriptions", "", header, new Peer.Network("192.0.2.7"))
                        .status())
                .isEqualTo(401);
        rig.restart();
        assertThat(rig.send("GET", "/subscriptions", "", header, new Peer.Network("127.0.0.1"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void theFirstStartMakesAnOwnerWhoseSecretOnlyTheServiceCanRead(@TempDir Path fresh) throws IOException {
        MemoryStore store = new MemoryStore();
        Server.Setup setup =
                new Server.Setup(store, Boxes.catalog(), List.of(), fresh, Optional.empty(), false, Clock.systemUTC());
        try (Server server = new Server(setup)) {
            assertThat(server.port()).isEmpty();
            Path file = fresh.resolve("az-login.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve("token.key"))))
                    .isEqualTo("rw-------");
            String text = Files.readString(file);
            assertThat(text).contains("\"endpoint\":\"https://localhost:8443\"", "\"clientId\"", "\"secret\"");
            assertThat(store.list("identity/")).hasSize(1);
            assertThat(store.list("identity/").getFirst().body()).doesNotContain("secret");
        }
        assertThat(store.list("role/")).hasSize(1);
    }

    private void user(String name) {
        Answer made = rig.put(
                IDENTITIES + "/" + name, "{\"properties\":{\"kind\":\"user\",\"password\":\"" + PASSWORD + "\"}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(Rig.text(made)).doesNotContain(PASSWORD);
    }

    /** The token of a new user with a role at a scope. */
    private String with(String role, String scope) {
        assigned++;
        String name = "user" + assigned;
        user(name);
        String object = json(rig.get(IDENTITIES + "/" + name))
                .at("/properties/objectId")
                .asString();
        String guid = String.format(java.util.Locale.ROOT, "00000000-0000-0000-0001-%012d", assigned);
        assertThat(rig.put(scope + ASSIGNMENTS + guid, assignment(role, object)).status())
                .isEqualTo(201);
        return rig.token(
                "grant_type=password&username=" + name + "&client_id=cli&password=" + PASSWORD.replace(' ', '+'));
    }

    private static String assignment(String role, String principal) {
        return "{\"properties\":{\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/" + role
                + "\",\"principalId\":\"" + principal + "\"}}";
    }
}
