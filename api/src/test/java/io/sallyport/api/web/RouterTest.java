package io.sallyport.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(List.of(
            route("GET", "/a/{x}/providers/{p}/places/{place}/tasks/{task}"),
            route("GET", "/a/{x}/providers/N.N/places/{*path}"),
            route("PUT", "/a/{x}/providers/N.N/boxes/{box}/parts/{part}/spin/{device}"),
            route("GET", "/a/{x}/providers/N.N/boxes/{name}/parts/{child1}/screws/{child2}"),
            route("GET", "/a/special"),
            route("GET", "/a/{x}"),
            route("GET", "/{scope}/providers/M.A/roles/{role}")));

    private static Route route(String method, String pattern) {
        return Route.open(method, pattern, call -> new Reply.NoContent());
    }

    private Router.Match find(String method, String path) throws Refused {
        return router.find(method, Paths.segments(path)).orElseThrow();
    }

    @Test
    void aWordWinsOverAVariable() throws Refused {
        assertThat(find("GET", "/A/Special").route().pattern()).isEqualTo("/a/special");
        assertThat(find("GET", "/A/other").variables()).isEqualTo(Map.of("x", "other"));
    }

    @Test
    void anExactPatternWinsOverWhateverFollows() throws Refused {
        assertThat(find("GET", "/a/1/providers/n.n/places/here/tasks/7").variables())
                .isEqualTo(Map.of("x", "1", "p", "n.n", "place", "here", "task", "7"));
        assertThat(find("GET", "/a/1/providers/n.n/places/here/usages").variables())
                .isEqualTo(Map.of("x", "1", "path", "here/usages"));
    }

    @Test
    void patternsMayNameTheSameSegmentDifferently() throws Refused {
        assertThat(find("PUT", "/a/1/providers/N.N/boxes/b/parts/p/spin/d").variables())
                .containsEntry("box", "b")
                .containsEntry("part", "p");
        assertThat(find("GET", "/a/1/providers/N.N/boxes/b/parts/p/screws/s").variables())
                .containsEntry("name", "b")
                .containsEntry("child1", "p");
    }

    @Test
    void aScopeIsAnyIdOrNone() throws Refused {
        assertThat(find("GET", "/providers/M.A/roles/r").variables()).containsEntry("scope", "/");
        assertThat(find("GET", "/a/1/providers/N.N/boxes/b/providers/m.a/roles/r")
                        .variables())
                .containsEntry("scope", "/a/1/providers/N.N/boxes/b")
                .containsEntry("role", "r");
    }

    @Test
    void anotherMethodIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> find("PUT", "/a/special")).isInstanceOfSatisfying(Refused.class, e -> {
            assertThat(e.error().status()).isEqualTo(405);
            assertThat(e.error().target()).isEqualTo("GET");
        });
        assertThatThrownBy(() -> find("DELETE", "/a/1/providers/M.A/roles/r"))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.error().status()).isEqualTo(405));
    }

    @Test
    void twoRoutesForTheSameAreAMistakeOfOurs() {
        assertThatThrownBy(() -> new Router(List.of(route("GET", "/a/{x}"), route("GET", "/A/{y}"))))
                .hasMessageContaining("two routes");
    }
}
