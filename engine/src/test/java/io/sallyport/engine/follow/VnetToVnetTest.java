package io.sallyport.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.engine.Site;
import io.sallyport.engine.follow.Machines.Machine;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.store.MemoryStore;
import io.sallyport.wire.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two VNets of one machine, joined by their gateways.
 *
 * <pre>
 *   hub 10.1.0.0/16 ── hub-gw 192.0.2.1 ═══════ 192.0.2.2 spoke-gw ── spoke 10.3.0.0/16
 * </pre>
 */
@Timeout(60)
class VnetToVnetTest {
    private static final String NODE = """
            node: n1
            publicAddresses:
              - { address: 192.0.2.1 }
              - { address: 192.0.2.2 }
            """;

    private static final String HUB_TO_SPOKE = StoredSite.id("connections", "hub-to-spoke");
    private static final String SPOKE_TO_HUB = StoredSite.id("connections", "spoke-to-hub");

    private final Machines machines = new Machines();

    @AfterEach
    void close() {
        machines.close();
    }

    private Machine machine() throws Exception {
        Machine machine = machines.machine(new MemoryStore(), "192.0.2.1 192.0.2.2", NODE);
        machine.site().putNetwork();
        machine.site().putSpoke();
        return machine;
    }

    @Test
    void oneConnectionInEachDirectionMakesATunnel() throws Exception {
        Machine machine = machine();
        machine.site().put("connections", "hub-to-spoke", StoredSite.FORTH, Site.SECRET);
        machine.site().put("connections", "spoke-to-hub", StoredSite.BACK, Site.SECRET);

        machine.awaitConnected(HUB_TO_SPOKE);
        machine.awaitConnected(SPOKE_TO_HUB);

        PathConfig config = machine.path().configs.getLast();
        assertThat(config.tunnels())
                .containsExactlyInAnyOrder(
                        new PathConfig.Tunnel("hub-to-spoke", "hub", java.util.List.of(Prefix.parse("10.3.0.0/16"))),
                        new PathConfig.Tunnel("spoke-to-hub", "spoke", java.util.List.of(Prefix.parse("10.1.0.0/16"))));
        assertThat(config.surfaces()).extracting(PathConfig.Surface::device).containsExactly("sp-hub", "sp-spoke");
    }

    @Test
    void theOtherDirectionIsNotMadeByItself() throws Exception {
        Machine machine = machine();
        machine.site().put("connections", "hub-to-spoke", StoredSite.FORTH, Site.SECRET);

        machine.await(
                "status",
                HUB_TO_SPOKE,
                s -> !s.at("/sallyport/lastFailure").asString("").isEmpty());
        assertThat(machine.path().installed).isEmpty();
    }

    @Test
    void twoKeysDoNotFit() throws Exception {
        Machine machine = machine();
        machine.site().put("connections", "hub-to-spoke", StoredSite.FORTH, Site.SECRET);
        machine.site().put("connections", "spoke-to-hub", StoredSite.BACK, "another-secret-0123456789");

        machine.await(
                "status",
                HUB_TO_SPOKE,
                s -> s.at("/sallyport/lastFailure").asString("").contains("proof")
                        || s.at("/sallyport/lastFailure").asString("").contains("shared key"));
        assertThat(machine.path().installed).isEmpty();
    }
}
