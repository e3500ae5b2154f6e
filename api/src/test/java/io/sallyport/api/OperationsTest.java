package io.sallyport.api;

import static io.sallyport.api.Rig.BOXES;
import static io.sallyport.api.Rig.ENGINES;
import static io.sallyport.api.Rig.code;
import static io.sallyport.api.Rig.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.web.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Long-running operations (azure.md 3.2.3), with an engine that is quick, slow or broken. */
class OperationsTest {
    @TempDir
    Path data;

    private Rig rig;
    private FakeEngine engine;

    @BeforeEach
    void open() {
        rig = new Rig(data);
        engine = new FakeEngine(rig.store);
    }

    @AfterEach
    void close() {
        engine.close();
        rig.close();
    }

    @Test
    void aQuickEngineMakesAPutDoneAtOnce() {
        Answer answer = rig.put(ENGINES + "/e1", "{}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(json(answer).at("/properties/provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(answer.header("Azure-AsyncOperation")).isEmpty();
    }

    @Test
    void aSlowEngineMakesAnOperationThatFinishesByItself() {
        engine.hold();
        Answer answer = rig.put(ENGINES + "/e1", "{}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(json(answer).at("/properties/provisioningState").asString()).isEqualTo("Updating");
        assertThat(answer.header("Retry-After")).contains("1");
        assertThat(answer.header("Location")).isEmpty();
        String url = answer.header("Azure-AsyncOperation").orElseThrow();
        assertThat(url)
                .startsWith("https://gw.example:8443" + Rig.SUBSCRIPTION
                        + "/providers/Test.Things/locations/local/operations/")
                .contains("api-version=2024-05-01");
        Answer poll = rig.get(path(url));
        assertThat(json(poll).path("status").asString()).isEqualTo("InProgress");
        assertThat(poll.header("Retry-After")).contains("1");
        engine.release();
        assertThat(end(url).path("status").asString()).isEqualTo("Succeeded");
        assertThat(json(rig.get(ENGINES + "/e1"))
                        .at("/properties/provisioningState")
                        .asString())
                .isEqualTo("Succeeded");
    }

    @Test
    void whatTheEngineCannotDoIsAFailedOperationWithItsWords() {
        engine.fail("the address is not lent here");
        Answer answer = rig.put(ENGINES + "/e1", "{}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(json(answer).at("/properties/provisioningState").asString()).isEqualTo("Failed");
        JsonNode end = end(answer.header("Azure-AsyncOperation").orElseThrow());
        assertThat(end.path("status").asString()).isEqualTo("Failed");
        assertThat(end.at("/error/code").asString()).isEqualTo("Broken");
        assertThat(end.at("/error/message").asString()).isEqualTo("the address is not lent here");
    }

    @Test
    void aFailedResourceIsTriedAgainByTheSamePut() {
        engine.fail("not yet");
        rig.put(ENGINES + "/e1", "{}");
        engine.fail("");
        Answer again = rig.put(ENGINES + "/e1", "{}");
        assertThat(json(again).at("/properties/provisioningState").asString()).isEqualTo("Succeeded");
    }

    @Test
    void aSlowDeleteIs202AndEndsWhenTheEngineHasLetGo() {
        rig.put(ENGINES + "/e1", "{}");
        engine.hold();
        Answer answer = rig.delete(ENGINES + "/e1");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(rig.get(ENGINES + "/e1").status()).isEqualTo(404);
        String result = answer.header("Location").orElseThrow();
        assertThat(rig.get(path(result)).status()).isEqualTo(202);
        engine.release();
        assertThat(end(answer.header("Azure-AsyncOperation").orElseThrow())
                        .path("status")
                        .asString())
                .isEqualTo("Succeeded");
        assertThat(rig.get(path(result)).status()).isEqualTo(204);
    }

    @Test
    void anOrderThatIsDoneQuicklyIsAnsweredAtOnce() {
        rig.put(BOXES + "/b1", "{}");
        Answer answer = rig.post(BOXES + "/b1/parts/p1/spin", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Rig.text(answer)).isEqualTo("\"spun 3\"");
        assertThat(rig.store.list("answer/")).isEmpty();
    }

    @Test
    void anOrderThatTakesLongHasItsResultAtTheLocation() {
        rig.put(BOXES + "/b1", "{}");
        engine.hold();
        Answer answer = rig.post(BOXES + "/b1/parts/p1/spin", "");
        assertThat(answer.status()).isEqualTo(202);
        engine.release();
        end(answer.header("Azure-AsyncOperation").orElseThrow());
        Answer result = rig.get(path(answer.header("Location").orElseThrow()));
        assertThat(result.status()).isEqualTo(200);
        assertThat(Rig.text(result)).isEqualTo("\"spun 3\"");
    }

    @Test
    void anOrderThatIsRefusedIsAnError() {
        rig.put(BOXES + "/b1", "{}");
        engine.fail("it is broken");
        Answer answer = rig.post(BOXES + "/b1/parts/p1/spin", "");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("Broken");
        assertThat(code(rig.post(BOXES + "/none/parts/p1/spin", ""))).isEqualTo("ResourceNotFound");
    }

    @Test
    void operationsGoOnAfterARestart() {
        engine.hold();
        String put =
                rig.put(ENGINES + "/e1", "{}").header("Azure-AsyncOperation").orElseThrow();
        rig.put(BOXES + "/b1", "{}");
        String order = rig.post(BOXES + "/b1/parts/p1/spin", "")
                .header("Azure-AsyncOperation")
                .orElseThrow();
        rig.restart();
        engine.release();
        assertThat(end(put).path("status").asString()).isEqualTo("Succeeded");
        assertThat(end(order).at("/error/code").asString()).isEqualTo("OperationInterrupted");
    }

    @Test
    void recordsAreForgottenAfterADay() {
        engine.fail("no");
        String old =
                rig.put(ENGINES + "/e1", "{}").header("Azure-AsyncOperation").orElseThrow();
        rig.clock.advance(Duration.ofHours(25));
        rig.put(ENGINES + "/e2", "{}");
        assertThat(code(rig.get(path(old)))).isEqualTo("OperationNotFound");
    }

    @Test
    void anOperationOnASecretChangesItAndTheEtag() {
        String tag = json(rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"old-secret\"}}"))
                .path("etag")
                .asString();
        Answer answer = rig.put(BOXES + "/b1/sharedkey", "{\"value\":\"new-secret\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(json(answer).path("value").asString()).isEqualTo("new-secret");
        assertThat(json(rig.get(BOXES + "/b1/sharedkey")).path("value").asString())
                .isEqualTo("new-secret");
        assertThat(json(rig.get(BOXES + "/b1")).path("etag").asString()).isNotEqualTo(tag);
    }

    @Test
    void aGroupIsGoneOnlyWhenTheEngineHasLetGoOfEverythingInIt() {
        String group = Rig.SUBSCRIPTION + "/resourceGroups/rg";
        rig.put(group, "{\"location\":\"local\"}");
        rig.put(group + "/providers/Test.Things/engines/e1", "{}");
        engine.hold();
        Answer answer = rig.delete(group);
        assertThat(answer.status()).isEqualTo(202);
        engine.release();
        assertThat(end(answer.header("Azure-AsyncOperation").orElseThrow())
                        .path("status")
                        .asString())
                .isEqualTo("Succeeded");
    }

    private static String path(String url) {
        return url.substring("https://gw.example:8443".length());
    }

    /** Asks until it has ended. */
    private JsonNode end(String url) {
        for (int i = 0; i < 500; i++) {
            JsonNode poll = json(rig.local("GET", path(url), "", Map.of()));
            if (!poll.path("status").asString("").equals("InProgress")) {
                return poll;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("never ended: " + url);
    }
}
