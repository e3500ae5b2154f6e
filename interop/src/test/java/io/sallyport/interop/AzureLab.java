package io.sallyport.interop;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A Sallyport without any resource that lends three addresses, and a site for a strongSwan:
 *
 * <pre>
 *   hub  10.1.0.4                                               branch  10.2.0.4
 *   Sallyport  192.0.2.1, .11, .12 ────────────────────── 192.0.2.2  strongSwan
 *   the client, over https://localhost:8443
 * </pre>
 */
final class AzureLab implements AutoCloseable {
    private final Lab lab = new Lab();
    private final Host hub = lab.host("hub");
    private final Host branch = lab.host("branch");
    private final Sallyport sallyport;

    AzureLab() {
        lab.link(hub, "eth0", "192.0.2.1/24", branch, "eth0", "192.0.2.2/24");
        hub.ip("addr", "add", "192.0.2.11/24", "dev", "eth0");
        hub.ip("addr", "add", "192.0.2.12/24", "dev", "eth0");
        hub.address("10.1.0.4/32");
        branch.address("10.2.0.4/32");
        Path node = lab.write("node.yaml", """
                node: n1
                publicAddresses:
                  - { address: 192.0.2.1, device: eth0 }
                  - { address: 192.0.2.11, device: eth0 }
                  - { address: 192.0.2.12, device: eth0 }
                """);
        sallyport = Sallyport.startEmpty(lab, hub, node);
    }

    Host hub() {
        return hub;
    }

    Lab lab() {
        return lab;
    }

    Sallyport sallyport() {
        return sallyport;
    }

    /** The other end of the tunnel. */
    StrongSwan strongSwan(String key) {
        StrongSwan swan = StrongSwan.start(lab, branch, "");
        swan.load(TwoSites.Peer.plain().key(key).swanctl("192.0.2.2"));
        return swan;
    }

    /** How many of {@code count} pings from the hub's network to the branch's are answered. */
    int ping(int count) {
        return hub.ping("10.1.0.4", "10.2.0.4", count, Duration.ofMillis(200));
    }

    /** Runs a client at the hub. */
    Commands.Finished client(List<String> command) {
        return Commands.run(Duration.ofMinutes(3), hub.command(command));
    }

    @Override
    public void close() {
        lab.close();
    }
}
