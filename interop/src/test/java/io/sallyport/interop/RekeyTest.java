package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rekeys from either side while echo requests pass every ten milliseconds: none may be lost. */
class RekeyTest {
    private static final int PINGS = 800;

    @Test
    void theChildIsRekeyedByStrongSwanWithoutALostPing() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            sites.sallyport();
            sites.awaitTunnel(swan);
            String before = childSpi(swan);
            underTraffic(sites, () -> {
                swan.swanctl("--rekey", "--child", "net");
                sleep(2500);
                swan.swanctl("--rekey", "--child", "net");
            });
            assertThat(childSpi(swan)).isNotEqualTo(before);
        }
    }

    @Test
    void theIkeSaIsRekeyedByStrongSwanWithoutALostPing() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            sites.sallyport();
            sites.awaitTunnel(swan);
            String before = ikeSpi(swan);
            underTraffic(sites, () -> {
                swan.swanctl("--rekey", "--ike", "hub");
                sleep(2500);
                swan.swanctl("--rekey", "--ike", "hub");
            });
            assertThat(ikeSpi(swan)).isNotEqualTo(before);
        }
    }

    @Test
    void theChildIsRekeyedBySallyportWithoutALostPing() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport();
            sites.awaitTunnel(swan);
            String before = childSpi(swan);
            underTraffic(sites, () -> {
                assertThat(sallyport
                                .command("rekey", "hub-to-branch", "--child")
                                .ok())
                        .isTrue();
                sleep(2000);
                assertThat(sallyport
                                .command("rekey", "hub-to-branch", "--child")
                                .ok())
                        .isTrue();
            });
            assertThat(childSpi(swan)).isNotEqualTo(before);
        }
    }

    @Test
    void theIkeSaIsRekeyedBySallyportWithoutALostPing() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport();
            sites.awaitTunnel(swan);
            String before = ikeSpi(swan);
            underTraffic(sites, () -> {
                assertThat(sallyport.command("rekey", "hub-to-branch", "--ike").ok())
                        .isTrue();
                sleep(2000);
                assertThat(sallyport.command("rekey", "hub-to-branch", "--ike").ok())
                        .isTrue();
            });
            assertThat(ikeSpi(swan)).isNotEqualTo(before);
        }
    }

    @Test
    void bothSidesRekeyAtOnceWithoutALostPing() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.plain());
            Sallyport sallyport = sites.sallyport();
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> {
                for (int i = 0; i < 3; i++) {
                    CompletableFuture<Void> theirs =
                            CompletableFuture.runAsync(() -> swan.trySwanctl("--rekey", "--child", "net"));
                    assertThat(sallyport
                                    .command("rekey", "hub-to-branch", "--child")
                                    .ok())
                            .isTrue();
                    theirs.join();
                    sleep(800);
                }
            });
            assertThat(count(swan.swanctl("--list-sas"), "INSTALLED")).isEqualTo(1);
            sites.assertPingsBothWays();
        }
    }

    @Test
    void everyRekeyOfAChildMayHaveAKeyExchangeOfItsOwn() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            StrongSwan swan = sites.strongSwan(Peer.with("aes256gcm16-prfsha384-ecp384", "aes256gcm16-ecp384"));
            Sallyport sallyport =
                    sites.sallyport(TwoSites.policy("GCMAES256", "GCMAES256", "SHA384", "ECP384", "ECP384"));
            sites.awaitTunnel(swan);
            underTraffic(sites, () -> {
                swan.swanctl("--rekey", "--child", "net");
                sleep(2000);
                assertThat(swan.swanctl("--list-sas")).contains("AES_GCM_16-256/ECP_384");
                assertThat(sallyport
                                .command("rekey", "hub-to-branch", "--child")
                                .ok())
                        .isTrue();
                sleep(1000);
            });
            assertThat(swan.swanctl("--list-sas")).contains("AES_GCM_16-256/ECP_384");
        }
    }

    private static void underTraffic(TwoSites sites, Runnable rekeys) {
        CompletableFuture<Integer> out = CompletableFuture.supplyAsync(
                () -> sites.hub.ping("10.1.0.4", "10.2.0.4", PINGS, Duration.ofMillis(10)));
        CompletableFuture<Integer> in = CompletableFuture.supplyAsync(
                () -> sites.branch.ping("10.2.0.4", "10.1.0.4", PINGS, Duration.ofMillis(10)));
        sleep(500);
        rekeys.run();
        assertThat(out.join()).as("answers to the hub").isEqualTo(PINGS);
        assertThat(in.join()).as("answers to the branch").isEqualTo(PINGS);
    }

    private static String childSpi(StrongSwan swan) {
        return last(swan, "\\bin +([0-9a-f]{8})");
    }

    private static String ikeSpi(StrongSwan swan) {
        return last(swan, "ESTABLISHED, IKEv2, ([0-9a-f_*ir ]+)");
    }

    private static String last(StrongSwan swan, String pattern) {
        return Pattern.compile(pattern)
                .matcher(swan.swanctl("--list-sas"))
                .results()
                .map(MatchResult::group)
                .reduce("", (_, b) -> b);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
