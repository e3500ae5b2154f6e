package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two spokes reach each other through a hub that has a tunnel to each.
 *
 * <pre>
 *   left 10.1.0.0/16 ═══ hub ("right") 10.2.0.0/16 ═══ far 10.3.0.0/16
 *        192.0.2.1       192.0.2.2   198.51.100.2      198.51.100.3
 * </pre>
 */
class TransitTest {
    private static final List<TrafficSelector> ANY =
            List.of(TrafficSelector.of(Prefix.ANY_IPV4), TrafficSelector.of(Prefix.ANY_IPV6));

    private final Gateways.Heard heard = new Gateways.Heard();
    private Lab lab;
    private LinuxPacketPath left;
    private LinuxPacketPath hub;
    private LinuxPacketPath far;

    @BeforeEach
    void build() throws IOException {
        lab = new Lab();
        lab.addFar();
        left = new LinuxPacketPath(heard);
        hub = new LinuxPacketPath(heard);
        far = new LinuxPacketPath(heard);
        left.configure(new PathConfig(
                List.of(surface(1, lab.left())),
                List.of(listener("192.0.2.1", lab.left())),
                List.of(tunnel("hub", 2, 3))));
        hub.configure(new PathConfig(
                List.of(surface(2, lab.right())),
                List.of(listener("192.0.2.2", lab.right()), listener("198.51.100.2", lab.right())),
                List.of(tunnel("left", 1), tunnel("far", 3))));
        far.configure(new PathConfig(
                List.of(surface(3, lab.far())),
                List.of(listener("198.51.100.3", lab.far())),
                List.of(tunnel("hub", 1, 2))));
        address(1, lab.left());
        address(2, lab.right());
        address(3, lab.far());
        left.install(child(1, "hub", 0x101, 0x102, "192.0.2.1", "192.0.2.2"), true);
        hub.install(child(1, "left", 0x102, 0x101, "192.0.2.2", "192.0.2.1"), true);
        hub.install(child(2, "far", 0x203, 0x204, "198.51.100.2", "198.51.100.3"), true);
        far.install(child(1, "hub", 0x204, 0x203, "198.51.100.3", "198.51.100.2"), true);
    }

    @AfterEach
    void tearDown() {
        left.close();
        hub.close();
        far.close();
        lab.close();
    }

    private static List<Prefix> prefixes(int site) {
        return List.of(Prefix.parse("10." + site + ".0.0/16"), Prefix.parse("fd00:" + site + "::/64"));
    }

    private static PathConfig.Surface surface(int site, String netns) {
        return new PathConfig.Surface(
                "v",
                "spT",
                Optional.of(netns),
                1400,
                prefixes(site),
                List.of(Address.parse("10." + site + ".0.254"), Address.parse("fd00:" + site + "::fe")));
    }

    private static PathConfig.Listener listener(String address, String netns) {
        return new PathConfig.Listener(Address.parse(address), Optional.of(netns), 500, 4500);
    }

    private static PathConfig.Tunnel tunnel(String peer, int... sites) {
        return new PathConfig.Tunnel(
                peer,
                "v",
                java.util.Arrays.stream(sites)
                        .boxed()
                        .flatMap(s -> prefixes(s).stream())
                        .toList());
    }

    private static void address(int site, String netns) throws IOException {
        Lab.run("ip", "-n", netns, "addr", "add", "10." + site + ".0.1/32", "dev", "spT");
        Lab.run("ip", "-n", netns, "addr", "add", "fd00:" + site + "::1/128", "dev", "spT", "nodad");
    }

    private static ChildSa child(long id, String peer, int in, int out, String local, String remote) {
        return new ChildSa(
                id,
                peer,
                "child",
                in,
                out,
                EncryptionAlgorithm.AES_GCM_16_256,
                IntegrityAlgorithm.NONE,
                false,
                key(in),
                Secret.of(new byte[0]),
                key(out),
                Secret.of(new byte[0]),
                ANY,
                ANY,
                true,
                Endpoint.of(local, 4500),
                Endpoint.of(remote, 4500),
                1024,
                0,
                0);
    }

    private static Secret key(int spi) {
        byte[] octets = new byte[36];
        java.util.Arrays.fill(octets, (byte) spi);
        return Secret.wrap(octets);
    }

    private String ping(String from, String to, String... more) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("ping", "-c2", "-W1", "-i0.1"));
        command.addAll(List.of(more));
        command.add(to);
        // Whatever the outcome: a lost ping is read from what was printed.
        return lab.in(from, "sh", "-c", String.join(" ", command) + " || true");
    }

    @Test
    void eachSpokeReachesTheOtherAndTheHubTakesOneHop() throws Exception {
        assertThat(ping(lab.left(), "10.3.0.1")).contains("2 received").contains("ttl=63");
        assertThat(ping(lab.far(), "10.1.0.1")).contains("2 received").contains("ttl=63");
        assertThat(ping(lab.left(), "fd00:3::1")).contains("2 received").contains("ttl=63");
        assertThat(ping(lab.far(), "fd00:1::1")).contains("2 received").contains("ttl=63");
        assertThat(ping(lab.left(), "10.2.0.1")).contains("2 received").contains("ttl=64");
    }

    @Test
    void bulkTransfersPassBothWaysAndTheHubWritesNothingToItsDevice() throws Exception {
        PathInNamespacesTest.transfers(lab, lab.left(), lab.far(), "10.3.0.1", 8 << 20);
        PathInNamespacesTest.transfers(lab, lab.far(), lab.left(), "10.1.0.1", 8 << 20);
        PathInNamespacesTest.transfers(lab, lab.left(), lab.far(), "fd00:3::1", 2 << 20);
        assertThat(named(hub, "out.packets")).isGreaterThan(2 * (8 << 20) / 1400);
        assertThat(named(hub, "in.packets")).isLessThan(20);
    }

    @Test
    void theHubSaysWhereAPacketsHopsRanOut() throws Exception {
        assertThat(ping(lab.left(), "10.3.0.1", "-t1"))
                .containsIgnoringCase("time to live exceeded")
                .contains("10.2.0.254");
        assertThat(ping(lab.far(), "fd00:1::1", "-t1"))
                .containsIgnoringCase("time exceeded")
                .contains("fd00:2::fe");
        assertThat(Gateways.count(hub, Drop.HOP_LIMIT)).isEqualTo(4);
    }

    @Test
    void aSpokeThatIsDownIsWantedAndTheOtherStays() throws Exception {
        hub.remove(2, java.time.Duration.ZERO);
        assertThat(ping(lab.left(), "10.3.0.1")).contains(" 0 received");
        assertThat(heard.hears("wanted far")).isTrue();
        assertThat(Gateways.count(hub, Drop.TUNNEL_DOWN)).isEqualTo(2);
        assertThat(ping(lab.left(), "10.2.0.1")).contains("2 received");
    }

    private static long named(PacketPath path, String name) {
        return path.counts().stream()
                .filter(c -> c.name().equals(name))
                .mapToLong(PacketPath.NamedCount::value)
                .sum();
    }
}
