package io.sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact;
import io.sallyport.store.MemoryStore;
import io.sallyport.store.SqliteStore;
import io.sallyport.store.Store;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets which address, and again, and what happens when there are no more. */
@Timeout(60)
class LeasesTest {
    private static final Duration STICKY = Duration.ofHours(1);

    private final HandClock clock = new HandClock();

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-23T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static IdentityPlan.Pool pool(String... prefixes) {
        return new IdentityPlan.Pool(
                "p",
                List.of(prefixes).stream().map(Prefix::parse).toList(),
                List.of(Address.parse("10.0.0.53")),
                List.of("corp.example"),
                List.of(Prefix.parse("10.1.0.0/16")),
                STICKY);
    }

    private Leases leases(String... prefixes) {
        Leases leases = new Leases(new MemoryStore(), clock);
        leases.configure(List.of(pool(prefixes)));
        return leases;
    }

    private static List<String> given(Answer.OfIdentity answer) {
        return ((Answer.Leased) answer)
                .settings().addresses().stream().map(Address::toString).toList();
    }

    private static Answer.OfIdentity ask(Leases leases, String client, String... wished) {
        return leases.lease(new Question.Lease(
                "p",
                client,
                true,
                false,
                List.of(wished).stream().map(Address::parse).toList()));
    }

    private static String refusal(Answer.OfIdentity answer) {
        return ((IkeFact.Failure.PoolEmpty) ((Answer.Refused) answer).why()).detail();
    }

    @Test
    void theNetworksOwnAddressAndTheBroadcastAddressAreNeverGiven() {
        try (Leases leases = leases("10.9.0.0/30")) {
            assertThat(given(ask(leases, "a"))).containsExactly("10.9.0.1");
            assertThat(given(ask(leases, "b"))).containsExactly("10.9.0.2");
            assertThat(refusal(ask(leases, "c"))).contains("all IPv4 addresses of 10.9.0.0/30");
        }
    }

    @Test
    void theSameClientGetsTheSameAgainWhileItIsKept() {
        try (Leases leases = leases("10.9.0.0/30")) {
            String first = given(ask(leases, "a")).getFirst();
            leases.release("p", "a");
            assertThat(given(ask(leases, "b"))).doesNotContain(first);
            assertThat(given(ask(leases, "a"))).containsExactly(first);
            assertThat(given(ask(leases, "a"))).containsExactly(first);
        }
    }

    @Test
    void whatWasReleasedLongestAgoIsGivenToOthersAfterItsTime() {
        try (Leases leases = leases("10.9.0.0/29")) {
            for (String client : List.of("a", "b", "c", "d", "e", "f")) {
                ask(leases, client);
            }
            leases.release("p", "b");
            clock.now = clock.now.plusSeconds(1);
            leases.release("p", "a");
            assertThat(refusal(ask(leases, "g"))).contains("are given");
            clock.now = clock.now.plus(STICKY);
            assertThat(given(ask(leases, "g"))).containsExactly("10.9.0.2");
            assertThat(given(ask(leases, "h"))).containsExactly("10.9.0.1");
            assertThat(refusal(ask(leases, "i"))).contains("are given");
        }
    }

    @Test
    void aFreeAddressIsGivenToWhomeverWishesIt() {
        try (Leases leases = leases("10.9.0.0/24")) {
            assertThat(given(ask(leases, "a", "10.9.0.77"))).containsExactly("10.9.0.77");
            assertThat(given(ask(leases, "b", "10.9.0.77"))).containsExactly("10.9.0.1");
            assertThat(given(ask(leases, "c", "10.8.0.1", "10.9.0.0", "10.9.0.255")))
                    .containsExactly("10.9.0.2");
        }
    }

    @Test
    void bothFamiliesComeFromTheirPrefixesInOrder() {
        try (Leases leases = leases("10.9.0.0/31", "10.9.1.0/24", "2001:db8:9::/64")) {
            Question.Lease both = new Question.Lease("p", "a", true, true, List.of());
            assertThat(given(leases.lease(both))).containsExactly("10.9.0.0", "2001:db8:9::1");
            ask(leases, "b");
            assertThat(given(ask(leases, "c"))).containsExactly("10.9.1.1");
        }
        try (Leases leases = leases("10.9.0.0/24")) {
            assertThat(given(leases.lease(new Question.Lease("p", "a", true, true, List.of()))))
                    .containsExactly("10.9.0.1");
            assertThat(refusal(leases.lease(new Question.Lease("p", "b", false, true, List.of()))))
                    .isEqualTo("it has no IPv6 prefix");
        }
    }

    @Test
    void whatBelongsToThePoolIsToldToo() {
        try (Leases leases = leases("10.9.0.0/24")) {
            Answer.Leased leased = (Answer.Leased) ask(leases, "a");
            assertThat(leased.settings().dns()).containsExactly(Address.parse("10.0.0.53"));
            assertThat(leased.settings().dnsDomains()).containsExactly("corp.example");
            assertThat(leased.settings().subnets()).containsExactly(Prefix.parse("10.1.0.0/16"));
            assertThat(refusal(leases.lease(new Question.Lease("other", "a", true, false, List.of()))))
                    .isEqualTo("there is no such pool");
        }
    }

    @Test
    void aRestartChangesNothing(@TempDir Path data) throws Exception {
        String client = "alice @ Office/#2 ü";
        try (Store store = SqliteStore.open(data);
                Leases leases = new Leases(store, clock)) {
            leases.configure(List.of(pool("10.9.0.0/24")));
            ask(leases, "first");
            assertThat(given(ask(leases, client))).containsExactly("10.9.0.2");
            ask(leases, "third");
            leases.release("p", client);
        }
        try (Store store = SqliteStore.open(data);
                Leases leases = new Leases(store, clock)) {
            leases.configure(List.of(pool("10.9.0.0/24")));
            assertThat(given(ask(leases, "new"))).containsExactly("10.9.0.4");
            assertThat(given(ask(leases, client))).containsExactly("10.9.0.2");
            assertThat(given(ask(leases, "first"))).containsExactly("10.9.0.1");
        }
    }

    @Test
    void aPoolOfMillionsCostsOnlyWhatIsGiven() {
        try (Leases leases = leases("10.0.0.0/8", "2001:db8::/32")) {
            Set<String> all = new LinkedHashSet<>();
            for (int i = 0; i < 20_000; i++) {
                all.addAll(given(leases.lease(new Question.Lease("p", "c" + i, true, true, List.of()))));
            }
            assertThat(all).hasSize(40_000);
        }
    }

    @Test
    void aChangedPoolKeepsWhatIsHeldAndGivesFromTheNew() {
        try (Leases leases = leases("10.9.0.0/30")) {
            ask(leases, "a");
            leases.configure(List.of(pool("10.8.0.0/30")));
            assertThat(given(ask(leases, "b"))).containsExactly("10.8.0.1");
            leases.release("p", "a");
            assertThat(given(ask(leases, "a"))).containsExactly("10.8.0.2");
        }
    }
}
