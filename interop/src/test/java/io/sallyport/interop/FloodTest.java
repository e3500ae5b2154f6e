package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever forges source addresses gets neither our memory nor our peers. */
class FloodTest {
    private static final int DATAGRAMS = 300_000;

    @Test
    void memoryStaysFlatAndARealPeerStillConnects() throws Exception {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            Sallyport sallyport = sites.sallyport(List.of("-Xmx96m"), TwoSites.KEY, "connectionMode: ResponderOnly");
            StrongSwan swan = sites.strongSwan(Peer.plain());
            sites.branch.ip("route", "add", "local", "198.18.0.0/16", "dev", "lo");
            sites.hub.ip("route", "add", "198.18.0.0/16", "via", "192.0.2.2");
            // Warm: code compiled, tables at their limits.
            flood(sites, 100_000);
            long before = residentKilobytes(sallyport);
            Daemon flood = start(sites, DATAGRAMS);
            RekeyTest.sleep(2000);
            assertThat(flood.isAlive())
                    .as("the flood is on while the peer connects: " + flood.log())
                    .isTrue();
            swan.swanctl("--initiate", "--child", "net", "--timeout", "20");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            assertThat(flood.exit(Duration.ofSeconds(90))).as(flood.log()).isZero();
            assertThat(residentKilobytes(sallyport) - before)
                    .as("growth in kB under " + DATAGRAMS + " forged requests")
                    .isLessThan(24_000);
            Commands.Finished status = sallyport.command("status");
            assertThat(status.ok()).isTrue();
        }
    }

    private static void flood(TwoSites sites, int count) {
        Daemon flood = start(sites, count);
        assertThat(flood.exit(Duration.ofSeconds(60))).as(flood.log()).isZero();
    }

    private static Daemon start(TwoSites sites, int count) {
        return sites.lab.start(
                sites.branch,
                "flood-" + count,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Flood.class.getName(),
                        "192.0.2.1",
                        "198.18",
                        Integer.toString(count),
                        "25000"));
    }

    private static long residentKilobytes(Sallyport sallyport) throws Exception {
        Matcher rss = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + sallyport.daemon().pid() + "/status")));
        assertThat(rss.find()).isTrue();
        return Long.parseLong(rss.group(1));
    }
}
