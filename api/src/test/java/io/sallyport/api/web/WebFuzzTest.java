package io.sallyport.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.base.Bytes;
import java.util.List;
import java.util.Optional;

/** Whatever a stranger sends, it is read or refused with a status of the client's fault. */
class WebFuzzTest {
    private static final Router ROUTER = new Router(List.of(
            Route.open("GET", "/subscriptions/{subscription}", c -> new Reply.NoContent()),
            Route.open("GET", "/subscriptions/{subscription}/providers/A.B/{*rest}", c -> new Reply.NoContent()),
            Route.open("PUT", "/{tenant}/oauth2/token", c -> new Reply.NoContent()),
            Route.open(
                    "GET", "/{scope}/providers/Microsoft.Authorization/roleAssignments", c -> new Reply.NoContent())));

    @FuzzTest
    void everyPathIsRoutedOrRefused(FuzzedDataProvider data) {
        String path = data.consumeRemainingAsString();
        try {
            List<String> segments = Paths.segments(path);
            assertThat(segments).noneMatch(s -> s.isEmpty() || s.equals("..") || s.contains("/"));
            Optional<Router.Match> match = ROUTER.find("GET", segments);
            match.ifPresent(m -> assertThat(m.route().method()).isEqualTo("GET"));
        } catch (Refused e) {
            assertThat(e.error().status()).isBetween(400, 405);
        }
    }

    @FuzzTest
    void everyQueryIsReadOrRefused(FuzzedDataProvider data) {
        try {
            Paths.query(data.consumeRemainingAsString()).forEach((name, value) -> {
                assertThat(name).isNotNull();
                assertThat(value).isNotNull();
            });
        } catch (Refused e) {
            assertThat(e.error().status()).isEqualTo(400);
        }
    }

    @FuzzTest
    void everyBodyIsReadOrRefusedWithoutQuotingIt(FuzzedDataProvider data) {
        byte[] body = data.consumeRemainingAsBytes();
        try {
            Bytes written = Json.write(Json.read(Bytes.of(body)));
            assertThat(Json.write(Json.read(written))).isEqualTo(written);
        } catch (Refused e) {
            assertThat(e.error().status()).isEqualTo(400);
            assertThat(e.error().message()).startsWith("the body").hasSizeLessThan(200);
        }
    }
}
