package io.sallyport.api;

import static io.sallyport.api.Rig.BOXES;
import static io.sallyport.api.Rig.code;
import static io.sallyport.api.Rig.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Peer;
import io.sallyport.api.web.Request;
import io.sallyport.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What clients get wrong is answered with Azure's errors, changes nothing and leaks nothing. */
class RequestsTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"text\"",
                "null",
                "{",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1e999}",
                "{\"a\":99999999999999999999999}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{} {}",
                "{\"a\":'b'}",
                "{\"properties\":{\"a\":1,\"a\":1}}"
            })
    void aBodyThatIsNoGoodObjectIsRefusedAndNothingIsStored(String body) {
        Answer answer = rig.put(BOXES + "/b1", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("InvalidRequestContent");
        assertThat(rig.get(BOXES + "/b1").status()).isEqualTo(404);
    }

    @Test
    void commentsAndBareNamesAreReadAsAzSendsThemOutOfTemplateFiles() {
        String body = "{properties: /* the size */ {\"size\": 3}} // done";
        assertThat(json(rig.put(BOXES + "/b1", body)).at("/properties/size").asInt())
                .isEqualTo(3);
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"a\":".repeat(70) + "1" + "}".repeat(70);
        assertThat(json(rig.put(BOXES + "/b1", deep)).at("/error/message").asString())
                .contains("64 levels");
        String veryDeep = "[".repeat(1_000_000);
        assertThat(rig.put(BOXES + "/b1", veryDeep).status()).isEqualTo(400);
        String allowed = "{\"properties\":{\"a\":" + "[".repeat(50) + "]".repeat(50) + "}}";
        assertThat(rig.put(BOXES + "/b1", allowed).status()).isEqualTo(201);
    }

    @Test
    void theErrorSaysWhereButNotWhatTheBodyHolds() {
        Answer answer = rig.put(BOXES + "/b1", "{\"key\":\n \"a-secret\" oops-secret}");
        assertThat(json(answer).at("/error/message").asString())
                .contains("line 2")
                .doesNotContain("secret");
    }

    @Test
    void anApiVersionIsRequiredAndAnyIsAccepted() {
        assertThat(code(raw("GET", "/subscriptions", ""))).isEqualTo("MissingApiVersionParameter");
        assertThat(code(raw("GET", "/subscriptions", "api-version=latest"))).isEqualTo("InvalidApiVersionParameter");
        assertThat(raw("GET", "/subscriptions", "api-version=1999-01-01").status())
                .isEqualTo(200);
        assertThat(raw("GET", "/subscriptions", "Api-Version=2099-12-31-preview&x=%20")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/subscriptions//x, 400",
        "/subscriptions/%2e%2e/x, 400",
        "/subscriptions/a%2Fb, 400",
        "/subscriptions/a%5Cb, 400",
        "/subscriptions/%zz, 400",
        "/subscriptions/%ff, 400",
        "/subscriptions/%00, 400",
        "nothing, 400",
        "/nothing, 404",
        "/, 404",
    })
    void wrongAddressesAreRefused(String path, int status) {
        assertThat(raw("GET", path, "api-version=2024-05-01").status()).isEqualTo(status);
    }

    @Test
    void aMethodThatIsNotPossibleIs405AndSaysWhichAre() {
        Answer answer = rig.post(Rig.GROUP, "{}");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("DELETE, GET, HEAD, PATCH, PUT");
        assertThat(rig.local("BREW", Rig.GROUP, "", Map.of()).status()).isEqualTo(405);
    }

    @Test
    void aHostHeaderThatIsNoNameIsRefused() {
        Map<String, String> host = Map.of("host", "evil.example/path?x=");
        assertThat(code(rig.send("GET", "/subscriptions", "", host, new Peer.Local())))
                .isEqualTo("InvalidHostHeader");
    }

    @Test
    void everyAnswerHasIdsAndClientsGetTheirOwnBack() {
        Map<String, String> headers = Map.of(
                "x-ms-client-request-id", "mine-1",
                "x-ms-return-client-request-id", "true",
                "x-ms-correlation-request-id", "together-1");
        Answer answer = rig.local("GET", "/subscriptions", "", headers);
        assertThat(answer.header("x-ms-request-id").orElseThrow()).isNotEmpty();
        assertThat(answer.header("x-ms-client-request-id")).contains("mine-1");
        assertThat(answer.header("x-ms-correlation-request-id")).contains("together-1");
        assertThat(answer.header("x-ms-ratelimit-remaining-subscription-reads")).isPresent();
        assertThat(answer.header("Content-Type")).contains("application/json; charset=utf-8");
        Answer evil = rig.local(
                "GET",
                "/subscriptions",
                "",
                Map.of("x-ms-client-request-id", "a\r\nb: c", "x-ms-return-client-request-id", "true"));
        assertThat(evil.header("x-ms-client-request-id")).isEmpty();
    }

    @Test
    void noSecretOfARequestReachesTheLog() {
        Logger root = (Logger) LoggerFactory.getLogger("io.sallyport");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        try {
            rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"first-secret\"}}");
            rig.put(BOXES + "/b1/sharedkey", "{\"value\":\"second-secret\"}");
            rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"third-secret\",\"size\":101}}");
            rig.put(BOXES + "/b1", "{\"properties\":{\"key\":\"fourth-secret\"");
            rig.login("grant_type=client_credentials&client_id=owner&client_secret=fifth-secret");
            rig.as("sixth-secret", "GET", "/subscriptions", "");
            rig.as(rig.ownerToken(), "GET", "/subscriptions", "");
            rig.put(
                    "/providers/Sallyport.Identity/identities/ada",
                    "{\"properties\":{\"kind\":\"user\",\"password\":\"seventh-secret\"}}");
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list).isNotEmpty();
        assertThat(log.list)
                .noneSatisfy(e -> assertThat(e.getFormattedMessage()).contains("secret"));
        assertThat(log.list)
                .noneSatisfy(e -> assertThat(e.getFormattedMessage()).contains("eyJ"));
    }

    @Test
    void namesInTheLogCannotLookLikeLines() {
        Logger root = (Logger) LoggerFactory.getLogger("io.sallyport");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            raw("GET", "/x%0aINFO", "api-version=2024-05-01");
            raw("GET", "/x\nINFO", "api-version=2024-05-01");
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .noneSatisfy(e -> assertThat(e.getFormattedMessage()).contains("\n"));
    }

    private Answer raw(String method, String path, String query) {
        return rig.server()
                .front()
                .answer(new Request(
                        method,
                        path,
                        query,
                        Map.of("host", "gw.example"),
                        Bytes.wrap("".getBytes(StandardCharsets.UTF_8)),
                        new Peer.Local()));
    }
}
