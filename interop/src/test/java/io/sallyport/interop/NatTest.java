package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A NAT between the two sites. */
class NatTest {
    @Test
    void aPeerBehindANatConnectsAndBothSidesReachEachOther() {
        try (TwoSites sites = TwoSites.withNatBeforeBranch()) {
            sites.sallyport("connectionMode: ResponderOnly", "sallyport: { remoteIdentity: 172.16.0.2 }");
            StrongSwan swan = sites.strongSwan(Peer.plain());
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
        }
    }

    @Test
    void aNatThatForgetsItsMappingIsFollowed() {
        try (TwoSites sites = TwoSites.withNatBeforeBranch()) {
            sites.sallyport("connectionMode: ResponderOnly", "sallyport: { remoteIdentity: 172.16.0.2 }");
            StrongSwan swan = sites.strongSwan(Peer.plain());
            swan.swanctl("--initiate", "--child", "net");
            sites.awaitTunnel(swan);
            sites.assertPingsBothWays();
            // Another port range: the next packet of the branch comes from elsewhere.
            sites.remap();
            assertThat(sites.branch.ping("10.2.0.4", "10.1.0.4", 5, Duration.ofMillis(300)))
                    .isGreaterThanOrEqualTo(4);
            assertThat(sites.isRemapped()).as("another port").isTrue();
            assertThat(sites.hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        }
    }
}
