package io.sallyport.api;

import static io.sallyport.api.Rig.BOXES;
import static io.sallyport.api.Rig.GROUP;
import static io.sallyport.api.Rig.SUBSCRIPTION;
import static io.sallyport.api.Rig.code;
import static io.sallyport.api.Rig.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.web.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reading and writing of resources as azure.md 3.2.2 has it, with a type that means nothing. */
class ResourcesTest {
    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(data);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aNewResourceIs201AndReplacingIs200() {
        Answer first = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":1}}");
        Answer second = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":2}}");
        assertThat(List.of(first.status(), second.status())).containsExactly(201, 200);
        assertThat(json(rig.get(BOXES + "/b1")).at("/properties/size").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNotGivenAgainIsGone() {
        rig.put(BOXES + "/b1", "{\"properties\":{\"size\":1},\"tags\":{\"a\":\"b\"}}");
        rig.put(BOXES + "/b1", "{\"properties\":{}}");
        assertThat(json(rig.get(BOXES + "/b1")).at("/properties/size").isMissingNode())
                .isTrue();
    }

    @Test
    void idsAreComparedWithoutCaseAndKeepTheirFirstSpelling() {
        rig.put(BOXES + "/Box", "{}");
        Answer answer = rig.get(BOXES.toUpperCase(java.util.Locale.ROOT) + "/bOX");
        assertThat(json(answer).path("id").asString()).isEqualTo(BOXES + "/Box");
        assertThat(rig.put(BOXES.toLowerCase(java.util.Locale.ROOT) + "/BOX", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(json(rig.get(BOXES + "/box")).path("name").asString()).isEqualTo("Box");
    }

    @Test
    void theEtagIsInBodyAndHeaderAndChangesOnlyWithTheResource() {
        Answer first = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":1}}");
        String tag = json(first).path("etag").asString();
        long revision = rig.store
                .get("resource" + (BOXES + "/b1").toLowerCase(java.util.Locale.ROOT))
                .orElseThrow()
                .revision();
        assertThat(tag).matches("W/\"[0-9a-f-]{36}\"");
        assertThat(first.header("etag")).contains(tag);
        Answer same = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":1}}");
        assertThat(json(same).path("etag").asString()).isEqualTo(tag);
        assertThat(rig.store
                        .get("resource" + (BOXES + "/b1").toLowerCase(java.util.Locale.ROOT))
                        .orElseThrow()
                        .revision())
                .isEqualTo(revision);
        Answer other = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":2}}");
        assertThat(json(other).path("etag").asString()).isNotEqualTo(tag);
    }

    @Test
    void aSecretThatChangesChangesTheEtagAndIsNeverShown() {
        Answer first = rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"first-secret\"}}");
        Answer second = rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"second-secret\"}}");
        assertThat(json(first).path("etag")).isNotEqualTo(json(second).path("etag"));
        assertThat(Rig.text(rig.get(BOXES + "/b1"))).doesNotContain("secret");
        assertThat(Rig.text(rig.get(BOXES))).doesNotContain("secret");
    }

    @Test
    void aWrongIfMatchIs412AndTheRightOneWrites() {
        String tag = json(rig.put(BOXES + "/b1", "{}")).path("etag").asString();
        Map<String, String> right = Map.of("if-match", tag);
        Map<String, String> wrong = Map.of("if-match", "W/\"00000000-0000-0000-0000-000000000000\"");
        assertThat(code(rig.local("PUT", BOXES + "/b1", "{\"properties\":{\"size\":5}}", wrong)))
                .isEqualTo("PreconditionFailed");
        assertThat(code(rig.local("DELETE", BOXES + "/b1", "", wrong))).isEqualTo("PreconditionFailed");
        assertThat(code(rig.local("PATCH", BOXES + "/b1", "{\"tags\":{}}", wrong)))
                .isEqualTo("PreconditionFailed");
        assertThat(json(rig.get(BOXES + "/b1")).path("etag").asString()).isEqualTo(tag);
        assertThat(rig.local("PUT", BOXES + "/b1", "{\"properties\":{\"size\":5}}", right)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void ifNoneMatchStarOnlyCreatesAndIfMatchStarOnlyReplaces() {
        Map<String, String> create = Map.of("if-none-match", "*");
        Map<String, String> replace = Map.of("if-match", "*");
        assertThat(rig.local("PUT", BOXES + "/b1", "{}", replace).status()).isEqualTo(412);
        assertThat(rig.local("PUT", BOXES + "/b1", "{}", create).status()).isEqualTo(201);
        assertThat(rig.local("PUT", BOXES + "/b1", "{}", create).status()).isEqualTo(412);
        assertThat(rig.local("PUT", BOXES + "/b1", "{}", replace).status()).isEqualTo(200);
    }

    @Test
    void ofManyClientsWithTheSameEtagOneWins() throws Exception {
        String tag = json(rig.put(BOXES + "/b1", "{}")).path("etag").asString();
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            String body = "{\"properties\":{\"size\":" + i + "}}";
            clients.add(() -> rig.local("PUT", BOXES + "/b1", body, Map.of("if-match", tag))
                    .status());
        }
        List<Integer> statuses = atOnce(clients);
        assertThat(statuses.stream().filter(s -> s == 200).count()).isEqualTo(1);
        assertThat(statuses.stream().filter(s -> s == 412).count()).isEqualTo(15);
    }

    @Test
    void rulesAcrossResourcesHoldWhenManyWriteAtOnce() throws Exception {
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String path = BOXES + "/b" + i;
            clients.add(
                    () -> rig.put(path, "{\"properties\":{\"only\":\"one\"}}").status());
        }
        List<Integer> statuses = atOnce(clients);
        assertThat(statuses.stream().filter(s -> s == 201).count()).isEqualTo(1);
        assertThat(json(rig.get(BOXES)).path("value").size()).isEqualTo(1);
    }

    @Test
    void manyChildrenWrittenAtOnceAreAllThere() throws Exception {
        rig.put(BOXES + "/b1", "{}");
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String path = BOXES + "/b1/parts/p" + i;
            clients.add(() -> rig.put(path, "{\"properties\":{}}").status());
        }
        assertThat(atOnce(clients)).containsOnly(201);
        assertThat(json(rig.get(BOXES + "/b1")).at("/properties/parts").size()).isEqualTo(20);
    }

    private static List<Integer> atOnce(List<Callable<Integer>> clients) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(clients)) {
                statuses.add(future.get());
            }
        }
        return statuses;
    }

    @Test
    void childrenAreReadAndWrittenInsideTheirParent() {
        rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"kept-secret\"}}");
        Answer made = rig.put(BOXES + "/b1/parts/p1", "{\"properties\":{\"weight\":3}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(json(made).path("name").asString()).isEqualTo("p1");
        assertThat(rig.put(BOXES + "/b1/parts/P1", "{\"properties\":{\"weight\":4}}")
                        .status())
                .isEqualTo(200);
        assertThat(json(rig.get(BOXES + "/b1/parts/p1"))
                        .at("/properties/weight")
                        .asInt())
                .isEqualTo(4);
        assertThat(json(rig.get(BOXES + "/b1/parts")).path("value").size()).isEqualTo(1);
        assertThat(rig.put(BOXES + "/b1/parts/p1/screws/s1", "{\"long\":true}").status())
                .isEqualTo(201);
        assertThat(json(rig.get(BOXES + "/b1/parts/p1/screws/s1")).path("long").asBoolean())
                .isTrue();
        assertThat(json(rig.get(BOXES + "/b1/sharedkey")).path("value").asString())
                .isEqualTo("kept-secret");
        assertThat(rig.delete(BOXES + "/b1/parts/p1/screws/s1").status()).isEqualTo(200);
        assertThat(rig.delete(BOXES + "/b1/parts/p1").status()).isEqualTo(200);
        assertThat(rig.delete(BOXES + "/b1/parts/p1").status()).isEqualTo(204);
        assertThat(rig.get(BOXES + "/b1/parts/p1").status()).isEqualTo(404);
    }

    @Test
    void aChildHasItsOwnEtagAndItsNeighboursKeepTheirs() {
        rig.put(BOXES + "/b1", "{}");
        rig.put(BOXES + "/b1/parts/p1", "{\"w\":1}");
        rig.put(BOXES + "/b1/parts/p2", "{\"w\":1}");
        String one = json(rig.get(BOXES + "/b1/parts/p1")).path("etag").asString();
        String parent = json(rig.get(BOXES + "/b1")).path("etag").asString();
        rig.put(BOXES + "/b1/parts/p2", "{\"w\":2}");
        assertThat(json(rig.get(BOXES + "/b1/parts/p1")).path("etag").asString())
                .isEqualTo(one);
        assertThat(json(rig.get(BOXES + "/b1")).path("etag").asString()).isNotEqualTo(parent);
        assertThat(rig.local("PUT", BOXES + "/b1/parts/p1", "{\"w\":3}", Map.of("if-match", one))
                        .status())
                .isEqualTo(200);
        assertThat(rig.local("PUT", BOXES + "/b1/parts/p1", "{\"w\":4}", Map.of("if-match", one))
                        .status())
                .isEqualTo(412);
    }

    @Test
    void aChildNeedsItsParent() {
        Answer answer = rig.put(BOXES + "/none/parts/p1", "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("ParentResourceNotFound");
    }

    @Test
    void aPatchChangesTagsOnly() {
        rig.put(BOXES + "/b1", "{\"properties\":{\"size\":7,\"key\":\"kept-secret\"},\"tags\":{\"a\":\"1\"}}");
        Answer answer = rig.local("PATCH", BOXES + "/b1", "{\"tags\":{\"b\":\"2\"}}", Map.of());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(json(answer).path("tags").toString()).isEqualTo("{\"b\":\"2\"}");
        assertThat(json(answer).at("/properties/size").asInt()).isEqualTo(7);
        assertThat(json(rig.get(BOXES + "/b1/sharedkey")).path("value").asString())
                .isEqualTo("kept-secret");
        assertThat(rig.local("PATCH", BOXES + "/b1", "{\"properties\":{}}", Map.of())
                        .status())
                .isEqualTo(400);
        assertThat(rig.local("PATCH", BOXES + "/none", "{\"tags\":{}}", Map.of())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void deletingWhatIsNotThereIs204() {
        assertThat(rig.delete(BOXES + "/none").status()).isEqualTo(204);
        rig.put(BOXES + "/b1", "{}");
        assertThat(rig.delete(BOXES + "/b1").status()).isEqualTo(200);
        assertThat(rig.delete(BOXES + "/b1").status()).isEqualTo(204);
    }

    @Test
    void whatIsNeededCannotBeDeleted() {
        rig.put(BOXES + "/a", "{}");
        rig.put(BOXES + "/b", "{\"properties\":{\"needs\":\"" + BOXES + "/a\"}}");
        Answer answer = rig.delete(BOXES + "/a");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("InUse");
        assertThat(rig.get(BOXES + "/a").status()).isEqualTo(200);
    }

    @Test
    void whatIsWrongIsSaidWithItsPlaceAndNothingIsStored() {
        Answer tooLarge = rig.put(BOXES + "/b1", "{\"properties\":{\"size\":101}}");
        assertThat(tooLarge.status()).isEqualTo(400);
        assertThat(json(tooLarge).at("/error/target").asString()).isEqualTo("properties.size");
        assertThat(code(rig.put(BOXES + "/b1", "{\"properties\":{\"needs\":\"" + BOXES + "/none\"}}")))
                .isEqualTo("InvalidResourceReference");
        assertThat(code(rig.put(BOXES + "/b1", "{\"properties\":[]}"))).isEqualTo("InvalidRequestContent");
        assertThat(code(rig.put(BOXES + "/b1", "{\"tags\":{\"a\":{}}}"))).isEqualTo("InvalidTags");
        assertThat(code(rig.put(BOXES + "/b.", "{}"))).isEqualTo("InvalidResourceName");
        assertThat(rig.get(BOXES + "/b1").status()).isEqualTo(404);
        assertThat(rig.store.list("resource" + BOXES.toLowerCase(java.util.Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void aResourceDoesNotMove() {
        rig.put(BOXES + "/b1", "{\"location\":\"West Europe\"}");
        assertThat(json(rig.get(BOXES + "/b1")).path("location").asString()).isEqualTo("westeurope");
        assertThat(code(rig.put(BOXES + "/b1", "{\"location\":\"eastus\"}"))).isEqualTo("InvalidResourceLocation");
        assertThat(rig.put(BOXES + "/b1", "{}").status()).isEqualTo(200);
        assertThat(json(rig.get(BOXES + "/b1")).path("location").asString()).isEqualTo("westeurope");
    }

    @Test
    void listsComeInPagesThatTogetherHoldEverythingOnce() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 25; i++) {
            made.add("b" + i);
            rig.put(BOXES + "/b" + i, "{}");
        }
        Set<String> seen = new HashSet<>();
        String next = BOXES + "?$top=10";
        int pages = 0;
        while (!next.isEmpty()) {
            JsonNode page = json(rig.get(next));
            page.path("value")
                    .forEach(
                            b -> assertThat(seen.add(b.path("name").asString())).isTrue());
            String link = page.path("nextLink").asString("");
            assertThat(link.isEmpty() || link.startsWith("https://gw.example:8443" + BOXES + "?"))
                    .isTrue();
            next = link.isEmpty() ? "" : link.substring("https://gw.example:8443".length());
            pages++;
        }
        assertThat(seen).isEqualTo(made);
        assertThat(pages).isEqualTo(3);
        assertThat(rig.get(BOXES + "?$top=none").status()).isEqualTo(400);
        assertThat(rig.get(BOXES + "?$skiptoken=!!").status()).isEqualTo(400);
    }

    @Test
    void aListOfTheSubscriptionHasEveryGroup() {
        rig.put(SUBSCRIPTION + "/resourceGroups/second", "{\"location\":\"local\"}");
        rig.put(BOXES + "/b1", "{}");
        rig.put(SUBSCRIPTION + "/resourceGroups/second/providers/Test.Things/boxes/b2", "{}");
        assertThat(json(rig.get(SUBSCRIPTION + "/providers/Test.Things/boxes"))
                        .path("value")
                        .size())
                .isEqualTo(2);
        assertThat(json(rig.get(BOXES)).path("value").size()).isEqualTo(1);
        assertThat(json(rig.get(SUBSCRIPTION + "/resources?$filter=resourceType%20eq%20'Test.Things/boxes'"
                                + "%20and%20name%20eq%20'b2'"))
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(json(rig.get(SUBSCRIPTION + "/resources?$filter=resourceGroup%20eq%20'SECOND'"))
                        .at("/value/0/name")
                        .asString())
                .isEqualTo("b2");
        assertThat(json(rig.get(GROUP + "/resources")).path("value").size()).isEqualTo(1);
        assertThat(rig.get(GROUP + "/resources?$filter=substringof('a',name)").status())
                .isEqualTo(400);
    }

    @Test
    void headTellsWhetherSomethingIsThere() {
        rig.put(BOXES + "/b1", "{}");
        assertThat(rig.local("HEAD", BOXES + "/b1", "", Map.of()).status()).isEqualTo(204);
        assertThat(rig.local("HEAD", BOXES + "/b2", "", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void everythingIsThereAfterARestart() {
        rig.put(BOXES + "/b1", "{\"properties\":{\"size\":3,\"key\":\"kept-secret\"}}");
        String tag = json(rig.get(BOXES + "/b1")).path("etag").asString();
        rig.restart();
        assertThat(json(rig.get(BOXES + "/b1")).path("etag").asString()).isEqualTo(tag);
        assertThat(json(rig.get(BOXES + "/b1/sharedkey")).path("value").asString())
                .isEqualTo("kept-secret");
    }

    @Test
    void groupsAreMadeShownAndDeletedWithEverythingInThem() {
        String group = SUBSCRIPTION + "/resourcegroups/Rg";
        Answer made = rig.put(group, "{\"location\":\"West US\",\"tags\":{\"a\":\"b\"}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(json(made).path("location").asString()).isEqualTo("westus");
        assertThat(rig.local("HEAD", group, "", Map.of()).status()).isEqualTo(204);
        String boxes = SUBSCRIPTION + "/resourceGroups/rg/providers/Test.Things/boxes";
        rig.put(boxes + "/a", "{}");
        rig.put(
                boxes + "/b",
                "{\"properties\":{\"needs\":\"" + SUBSCRIPTION
                        + "/resourceGroups/Rg/providers/Test.Things/boxes/a\"}}");
        assertThat(json(rig.get(boxes + "/a")).path("id").asString()).contains("/resourceGroups/Rg/");
        assertThat(rig.delete(group).status()).isEqualTo(200);
        assertThat(code(rig.get(boxes + "/a"))).isEqualTo("ResourceGroupNotFound");
        assertThat(rig.delete(group).status()).isEqualTo(204);
        assertThat(rig.store.list("resource" + group.toLowerCase(java.util.Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void aGroupStaysWhenSomethingOutsideNeedsSomethingInside() {
        String group = SUBSCRIPTION + "/resourceGroups/rg";
        rig.put(group, "{\"location\":\"local\"}");
        rig.put(group + "/providers/Test.Things/boxes/a", "{}");
        rig.put(BOXES + "/b", "{\"properties\":{\"needs\":\"" + group + "/providers/Test.Things/boxes/a\"}}");
        assertThat(code(rig.delete(group))).isEqualTo("InUse");
        assertThat(rig.get(group + "/providers/Test.Things/boxes/a").status()).isEqualTo(200);
    }

    @Test
    void whatIsMissingAboveIsNamed() {
        assertThat(code(rig.put(SUBSCRIPTION + "/resourceGroups/none/providers/Test.Things/boxes/b", "{}")))
                .isEqualTo("ResourceGroupNotFound");
        assertThat(code(rig.get("/subscriptions/none/resourceGroups/local/providers/Test.Things/boxes/b")))
                .isEqualTo("SubscriptionNotFound");
        assertThat(code(rig.get(GROUP + "/providers/Test.Things/balls/b"))).isEqualTo("InvalidResourceType");
        assertThat(code(rig.put(SUBSCRIPTION + "/resourceGroups/x.", "{\"location\":\"local\"}")))
                .isEqualTo("InvalidResourceGroup");
        assertThat(code(rig.put(SUBSCRIPTION + "/resourceGroups/x", "{}"))).isEqualTo("LocationRequired");
    }

    @Test
    void subscriptionsAreMadeByOwnersOfEverything() {
        String id = "/subscriptions/12345678-0000-0000-0000-000000000000";
        assertThat(rig.put(id, "{\"displayName\":\"second\"}").status()).isEqualTo(201);
        assertThat(json(rig.get(id)).path("displayName").asString()).isEqualTo("second");
        assertThat(json(rig.get("/subscriptions")).path("value").size()).isEqualTo(2);
        assertThat(rig.put("/subscriptions/none", "{}").status()).isEqualTo(400);
        assertThat(json(rig.get("/tenants")).at("/value/0/tenantId").asString())
                .isEqualTo("11111111-1111-1111-1111-111111111111");
    }

    @Test
    void providersAreRegisteredFromTheFirst() {
        JsonNode provider = json(rig.get(SUBSCRIPTION + "/providers/test.things"));
        assertThat(provider.path("namespace").asString()).isEqualTo("Test.Things");
        assertThat(provider.path("registrationState").asString()).isEqualTo("Registered");
        assertThat(provider.path("resourceTypes")
                        .valueStream()
                        .map(t -> t.path("resourceType").asString()))
                .contains("boxes", "boxes/parts", "boxes/parts/screws");
        assertThat(rig.post(SUBSCRIPTION + "/providers/Test.Things/register", "")
                        .status())
                .isEqualTo(200);
        assertThat(code(rig.get("/providers/Nobody.Here"))).isEqualTo("InvalidResourceNamespace");
        assertThat(json(rig.get(SUBSCRIPTION + "/locations"))
                        .at("/value/0/name")
                        .asString())
                .isEqualTo("local");
    }

    @Test
    void whoChangedWhatIsRemembered() {
        rig.put(BOXES + "/b1", "{}");
        rig.delete(BOXES + "/b1");
        JsonNode log = json(rig.get(SUBSCRIPTION + "/providers/Microsoft.Insights/eventtypes/management/values"
                + "?$filter=eventTimestamp%20ge%20'2026-11-23T00:00:00Z'%20and%20resourceGroupName%20eq%20'local'"));
        assertThat(log.at("/value/0/operationName/value").asString()).isEqualTo("Test.Things/boxes/delete");
        assertThat(log.at("/value/1/operationName/value").asString()).isEqualTo("Test.Things/boxes/write");
        assertThat(log.at("/value/1/caller").asString()).isEqualTo("local");
        assertThat(json(rig.get(SUBSCRIPTION + "/providers/Microsoft.Insights/eventtypes/management/values"
                                + "?$filter=eventTimestamp%20ge%20'2027-01-01T00:00:00Z'"))
                        .path("value")
                        .size())
                .isZero();
    }
}
