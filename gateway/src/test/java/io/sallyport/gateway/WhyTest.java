package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.fixtures.FakeClock;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts are a golden file; {@code -Dsallyport.write=true} writes it anew. */
class WhyTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/sallyport/gateway/why.txt");

    @Test
    void everyKindOfFailureHasASample() {
        assertThat(Samples.failures().stream().map(f -> f.getClass().getName()))
                .containsAll(Stream.of(Failure.class.getPermittedSubclasses())
                        .map(Class::getName)
                        .toList());
    }

    @Test
    void everyFailureIsExplained() throws IOException {
        StringBuilder made = new StringBuilder();
        for (Failure failure : Samples.failures()) {
            Why.Explanation why = Why.of(status(failure, true));
            made.append("== ").append(failure.getClass().getSimpleName()).append('\n');
            made.append(why.sentence()).append('\n');
            why.advice().forEach(a -> made.append("  - ").append(a).append('\n'));
            why.table()
                    .forEach(r -> made.append(r.differs() ? "  !| " : "   | ")
                            .append(String.join(" | ", r.what(), r.ours(), r.peers()))
                            .append('\n'));
            made.append('\n');
        }
        if (Boolean.getBoolean("sallyport.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, made);
        }
        assertThat(made.toString()).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void everyExplanationNamesTheConnectionOrTheDeviceAndPrintsNothingHarmful() {
        for (Failure failure : Samples.failures()) {
            Why.Explanation why = Why.of(status(failure, true));
            assertThat(why.sentence()).contains("hub-to-branch").doesNotContain("not-a-real");
            String all = why + FactText.of(failure);
            assertThat(all.chars().anyMatch(Character::isISOControl)).as(all).isFalse();
        }
    }

    @Test
    void aConnectionThatOnlyRespondsSaysThatItWaits() {
        assertThat(Why.of(untroubled(false)).sentence())
                .contains("waits for 192.0.2.2")
                .contains("ResponderOnly");
        assertThat(Why.of(untroubled(true)).sentence()).contains("has not been tried yet");
    }

    @Test
    void aConnectionThatCameBackStillTellsWhatHadFailed() {
        FakeClock clock = new FakeClock();
        Tracked tracked = new Tracked(Samples.line("hub-to-branch", true), clock.now());
        tracked.note(new IkeFact.IkeDown("hub-to-branch", new Failure.PeerDead(46)), clock.now());
        tracked.settle(clock.now(), new SeededEntropy(1));
        tracked.installed(Samples.child(1, "hub-to-branch"), clock.now());
        tracked.settle(clock.now(), new SeededEntropy(1));
        assertThat(Why.of(tracked.status(clock.now())).sentence())
                .startsWith("Connection 'hub-to-branch' is connected with 192.0.2.2; its last failure was:")
                .contains("silent for 46 s");
    }

    static ConnectionStatus status(Failure failure, boolean mayInitiate) {
        FakeClock clock = new FakeClock();
        Tracked tracked = new Tracked(Samples.line("hub-to-branch", mayInitiate), clock.now());
        tracked.note(new IkeFact.ChildRefused("hub-to-branch", "any", failure), clock.now());
        return tracked.status(clock.now());
    }

    private static ConnectionStatus untroubled(boolean mayInitiate) {
        FakeClock clock = new FakeClock();
        return new Tracked(Samples.line("hub-to-branch", mayInitiate), clock.now()).status(clock.now());
    }
}
