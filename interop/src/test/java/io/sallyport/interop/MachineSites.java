package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.UserModeLinux;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A site whose gateway has a kernel of its own.
 *
 * <pre>
 *   hub  10.1.0.4                                          user-mode Linux
 *   Sallyport  192.0.2.1 ──────── bridge, TAP ──────── 192.0.2.2  the peer, 10.2.0.4
 * </pre>
 */
final class MachineSites {
    private MachineSites() {}

    /**
     * Joins the two, and sends pings through.
     *
     * @param connection properties of our connection
     * @param boot starts the peer, whose TAP device is {@code tap0}, at the host that it is given
     */
    static void join(Lab lab, String connection, Function<Host, UserModeLinux> boot) {
        Host hub = lab.host("hub");
        Host wire = lab.host("wire");
        hub.address("10.1.0.4/32");
        lab.bridge(wire, "br0");
        lab.plug(hub, "eth0", "192.0.2.1/24", wire, "br0");
        Sallyport sallyport = Sallyport.start(
                lab,
                hub,
                lab.write(
                        "hub.yaml",
                        TwoSites.hubResources(
                                "192.0.2.2",
                                TwoSites.KEY,
                                "10.2.0.0/16",
                                "trafficSelectorPolicies: [{ localAddressRanges: [10.1.0.0/16], remoteAddressRanges:"
                                        + " [10.2.0.0/16] }]",
                                connection)),
                Optional.empty(),
                List.of());
        UserModeLinux peer = boot.apply(wire);
        wire.ip("link", "set", "tap0", "master", "br0");
        awaitPing(hub, "10.2.0.4", peer, sallyport);
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200))).isEqualTo(3);
    }

    /** Waits for a first answer of {@code destination} to the hub. */
    static void awaitPing(Host hub, String destination, UserModeLinux peer, Sallyport sallyport) {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (hub.ping("10.1.0.4", destination, 1, Duration.ofMillis(100)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no ping after 120 s\n" + peer.daemon().tail() + "\n" + sallyport.log());
            }
            RekeyTest.sleep(300);
        }
    }
}
