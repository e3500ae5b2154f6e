package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that move, and clients that must prove themselves again. */
class RoamingTest {
    private static final String USERS = "users: [{ name: alice, password: correct horse }]";
    private static final String ALICE = "eap-alice {\n id = alice\n secret = \"correct horse\"\n}";
    private static final Duration SOON = Duration.ofSeconds(40);

    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, MOBIKE: the client's address changes under the IKE SA, pings go on",
            role = "responder")
    void aClientThatMovesTakesItsTunnelAlong() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway("", USERS);
            StrongSwan swan = start(lab, "mobike = yes", "");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            lab.client.ip("addr", "del", "192.0.2.10/24", "dev", "eth0");
            lab.client.ip("addr", "add", "192.0.2.20/24", "dev", "eth0");
            swan.daemon()
                    .await(
                            "moved",
                            SOON,
                            () -> swan.trySwanctl("--list-sas").output().contains("@ 192.0.2.20"));
            assertThat(lab.awaitAddress(lab.client, swan, gateway)).isEqualTo(address);
            assertThat(lab.client.ping(address, "10.1.0.4", 5, Duration.ofMillis(200)))
                    .isEqualTo(5);
            assertThat(lab.hub.ping("10.1.0.4", address, 5, Duration.ofMillis(200)))
                    .isEqualTo(5);
            assertThat(timesUp(gateway)).as(gateway.log()).isEqualTo(1);
        }
    }

    /** RFC 4478; strongSwan begins as long before the end as its over_time says. */
    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, AUTH_LIFETIME: the client proves itself again, make before break, no ping lost",
            role = "responder")
    void aClientProvesItselfAgainInTimeWithoutALostPing() throws IOException {
        try (RoadWarriors lab = new RoadWarriors()) {
            Sallyport gateway = lab.gateway("", USERS + "\nreauthenticationSeconds: 60");
            StrongSwan swan = start(lab, "over_time = 50s", "make_before_break = yes");
            String address = lab.awaitAddress(lab.client, swan, gateway);
            CompletableFuture<Integer> answers = CompletableFuture.supplyAsync(
                    () -> lab.client.ping(address, "10.1.0.4", 250, Duration.ofMillis(100)));
            gateway.daemon().await("proven again", SOON, () -> timesUp(gateway) >= 2);
            assertThat(answers.join()).as(gateway.log()).isEqualTo(250);
            assertThat(lab.awaitAddress(lab.client, swan, gateway)).isEqualTo(address);
        }
    }

    /** RFC 4555 section 3.6: it said in IKE_AUTH that it has a second address. */
    @Test
    @Shows(
            peer = Shows.STRONGSWAN,
            feature = "IKEv2, MOBIKE: a responder that loses its address is found at its other one, pings go on",
            role = "initiator")
    void aSiteThatLosesItsAddressIsFoundAtItsOtherOne() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            sites.branch.sysctl("net.ipv4.conf.all.promote_secondaries", "1");
            sites.branch.ip("addr", "add", "192.0.2.3/24", "dev", "eth0");
            StrongSwan swan = sites.strongSwan(TwoSites.Peer.plain().connection("mobike = yes"));
            Sallyport sallyport = sites.sallyport(
                    "connectionMode: InitiatorOnly",
                    "dpdTimeoutSeconds: 45",
                    "sallyport: { cryptoProfile: modern, mobike: true }");
            sites.awaitTunnel(swan);
            sites.branch.ip("addr", "del", "192.0.2.2/24", "dev", "eth0");
            sallyport
                    .daemon()
                    .await(
                            "found",
                            Duration.ofSeconds(60),
                            () -> sites.hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(200)) == 1);
            sites.assertPingsBothWays();
            assertThat(timesUp(sallyport)).as(sallyport.log()).isEqualTo(1);
        }
    }

    private static StrongSwan start(RoadWarriors lab, String connection, String settings) throws IOException {
        StrongSwan swan = StrongSwan.start(lab.lab, lab.client, settings);
        swan.load(
                lab.swanctl("%any", "auth = eap-mschapv2\neap_id = alice", connection, ALICE),
                ClientsTest.layOut(lab, "alice"));
        swan.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
        return swan;
    }

    static long timesUp(Sallyport gateway) {
        return gateway.log().lines().filter(l -> l.contains("IKEv2 SA up")).count();
    }
}
