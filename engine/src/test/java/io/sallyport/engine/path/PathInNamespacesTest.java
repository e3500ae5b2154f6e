package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.engine.path.Gateways.Joint;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two packet paths in two network namespaces carry what real programs send. Needs root and /dev/net/tun. */
class PathInNamespacesTest {
    private static final int MTU = 1400;

    static Stream<Joint> joints() {
        List<Joint> out = new ArrayList<>();
        for (EncryptionAlgorithm e : EncryptionAlgorithm.values()) {
            for (IntegrityAlgorithm i : IntegrityAlgorithm.values()) {
                if (e.isAead() == (i == IntegrityAlgorithm.NONE)) {
                    out.add(new Joint(e, i, i != IntegrityAlgorithm.HMAC_SHA1_96, true, false));
                }
            }
        }
        out.add(Joint.USUAL.raw());
        out.add(Joint.USUAL.overIpv6());
        out.add(Joint.USUAL.raw().overIpv6());
        return out.stream();
    }

    @ParameterizedTest
    @MethodSource("joints")
    void carriesPingsOfBothFamiliesAndABulkTransfer(Joint joint) throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, joint, MTU)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            assertThat(gateways.ping("fd00:2::1")).isTrue();
            assertThat(gateways.ping("10.2.0.1", "-s1300", "-Mdo")).isTrue();
            transfers(lab, "10.2.0.1", 3 << 20);
            transfers(lab, "fd00:2::1", 1 << 20);
            assertThat(gateways.rightHeard.hears("first 1")).isTrue();
            assertThat(gateways.rightHeard.hears("alive peer")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sallyport.offload.tun",
                "sallyport.offload.uso",
                "sallyport.offload.udp-segment",
                "sallyport.offload.udp-gro",
                "sallyport.crypto"
            })
    void worksWithEachOffloadTurnedOff(String property) throws Exception {
        System.setProperty(property, property.endsWith("crypto") ? "jdk" : "off");
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            transfers(lab, "10.2.0.1", 3 << 20);
            String name = property.substring(property.lastIndexOf('.') + 1);
            assertThat(String.join("\n", gateways.left.capabilities()))
                    .contains((name.equals("crypto") ? "ipsec-mb" : name) + " off by switch");
        } finally {
            System.clearProperty(property);
        }
    }

    /** Sends random octets by TCP from left to right and compares what arrives. */
    static void transfers(Lab lab, String to, int size) throws Exception {
        transfers(lab, lab.left(), lab.right(), to, size);
    }

    static void transfers(Lab lab, String client, String serving, String to, int size) throws Exception {
        Path sent = Files.createTempFile("sent", ".bin");
        Path got = Files.createTempFile("got", ".bin");
        try {
            byte[] octets = new byte[size];
            new java.util.Random(size).nextBytes(octets);
            Files.write(sent, octets);
            String family = to.contains(":") ? "AF_INET6" : "AF_INET";
            Process server = lab.background(
                    serving,
                    "python3",
                    "-c",
                    "import socket\ns=socket.socket(socket." + family + ")\ns.bind(('" + to + "',7000))\ns.listen(1)\n"
                            + "c,_=s.accept()\nf=open('" + got + "','wb')\n"
                            + "while True:\n b=c.recv(65536)\n if not b: break\n f.write(b)\nf.close()\nc.close()");
            lab.in(
                    client,
                    "python3",
                    "-c",
                    "import socket,time\nd=open('" + sent + "','rb').read()\n"
                            + "for i in range(100):\n try:\n  s=socket.create_connection(('" + to
                            + "',7000),5)\n  break\n"
                            + " except OSError: time.sleep(0.05)\ns.sendall(d)\ns.close()");
            assertThat(server.waitFor(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(Files.mismatch(sent, got)).isEqualTo(-1);
        } finally {
            Files.deleteIfExists(sent);
            Files.deleteIfExists(got);
        }
    }

    @Test
    void aPacketThatMustNotBeFragmentedIsAnsweredWithTheTunnelsMtu() throws Exception {
        try (Lab lab = new Lab(1400);
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1500)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1", "-s1400", "-Mdo")).isFalse();
            assertThat(lab.in(lab.left(), "ip", "route", "get", "10.2.0.1")).contains("mtu 1338");
            assertThat(Gateways.count(gateways.left, Drop.TOO_BIG)).isPositive();
            assertThat(gateways.ping("fd00:2::1", "-s1400", "-Mdo")).isFalse();
            assertThat(lab.in(lab.left(), "ip", "-6", "route", "get", "fd00:2::1"))
                    .contains("mtu 1338");
            transfers(lab, "10.2.0.1", 1 << 20);
        }
    }

    @Test
    void aPacketThatMayBeFragmentedIsFragmented() throws Exception {
        try (Lab lab = new Lab(1400);
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1500)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1", "-s1450", "-Mdont")).isTrue();
            assertThat(gateways.ping("10.2.0.1", "-s8000", "-Mdont")).isTrue();
            assertThat(Gateways.count(gateways.left, Drop.TOO_BIG)).isZero();
        }
    }

    @Test
    void theMssOfBothSynsFitsTheTunnel() throws Exception {
        try (Lab lab = new Lab(1400);
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1500)) {
            gateways.join();
            Process server = lab.background(lab.right(), "python3", "-c", """
                    import socket,time
                    s=socket.socket()
                    s.bind(('10.2.0.1',7001))
                    s.listen(1)
                    c,_=s.accept()
                    time.sleep(3)
                    """);
            String client = """
                    import socket,time
                    for i in range(100):
                        try:
                            s=socket.create_connection(('10.2.0.1',7001),5)
                            break
                        except OSError: time.sleep(0.05)
                    print(s.getsockopt(socket.IPPROTO_TCP,socket.TCP_MAXSEG))
                    """;
            int mss =
                    Integer.parseInt(lab.in(lab.left(), "python3", "-c", client).strip());
            assertThat(mss).isLessThanOrEqualTo(1338 - 40);
            server.destroyForcibly();
        }
    }

    @Test
    void anotherSourceThanTheSelectorsAllowIsDropped() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            gateways.join(1, List.of(TrafficSelector.of(Prefix.parse("10.1.0.1/32"))));
            Lab.run("ip", "-n", lab.left(), "addr", "add", "10.1.0.9/32", "dev", "spT");
            assertThat(gateways.ping("10.2.0.1", "-I10.1.0.1")).isTrue();
            assertThat(gateways.ping("10.2.0.1", "-I10.1.0.9")).isFalse();
            assertThat(Gateways.count(gateways.right, Drop.INNER_SOURCE_MISMATCH))
                    .isPositive();
        }
    }

    @Test
    void aTunnelWithoutChildIsWantedAndNothingLeavesInTheClear() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            Process seen = lab.background(lab.right(), "tcpdump", "-i", "vR", "-c", "1", "icmp");
            Thread.sleep(500);
            assertThat(gateways.ping("10.2.0.1")).isFalse();
            assertThat(gateways.leftHeard.hears("wanted peer")).isTrue();
            assertThat(Gateways.count(gateways.left, Drop.TUNNEL_DOWN)).isEqualTo(2);
            assertThat(seen.isAlive()).isTrue();
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            gateways.left.remove(1, Duration.ZERO);
            assertThat(gateways.ping("10.2.0.1")).isFalse();
        }
    }

    @Test
    void aRekeyLosesNothing() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            gateways.join();
            Process ping = lab.background(lab.left(), "ping", "-q", "-c", "60", "-i", "0.02", "-W1", "10.2.0.1");
            List<TrafficSelector> any = List.of(TrafficSelector.of(Prefix.ANY_IPV4));
            for (int id = 2; id < 6; id++) {
                gateways.left.install(gateways.child(id, true, any), false);
                gateways.right.install(gateways.child(id, false, any), false);
                gateways.left.useOutbound(id);
                gateways.right.useOutbound(id);
                gateways.left.remove(id - 1L, Duration.ofMillis(300));
                gateways.right.remove(id - 1L, Duration.ofMillis(300));
                Thread.sleep(150);
            }
            assertThat(ping.waitFor()).isZero();
            assertThat(Gateways.count(gateways.right, Drop.UNKNOWN_SPI)).isZero();
        }
    }

    @Test
    void ikeMessagesAndKeepalivesFindTheirWay() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            io.sallyport.base.Bytes message = io.sallyport.base.Bytes.hex("0102030405060708090a");
            for (int port : new int[] {500, 4500}) {
                gateways.left.send(Endpoint.of("192.0.2.1", port), Endpoint.of("192.0.2.2", port), message);
                assertThat(gateways.rightHeard.hears(
                                "ike " + port + " from 192.0.2.1:" + port + " 0102030405060708090a"))
                        .isTrue();
            }
            gateways.left.sendKeepalive(Endpoint.of("192.0.2.1", 4500), Endpoint.of("192.0.2.2", 4500));
            Thread.sleep(100);
            assertThat(Gateways.count(gateways.right, Drop.OUTER_SHORT)).isZero();
        }
    }

    @Test
    void aFailedConfigurationLeavesWhatRan() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            gateways.join();
            PathConfig now = gateways.config(true, MTU);
            List<PathConfig.Listener> listeners = new ArrayList<>(now.listeners());
            listeners.add(new PathConfig.Listener(
                    io.sallyport.wire.Address.parse("203.0.113.7"), java.util.Optional.of(lab.left()), 500, 4500));
            assertThatThrownBy(() -> gateways.left.configure(new PathConfig(now.surfaces(), listeners, now.tunnels())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("203.0.113.7")
                    .hasMessageContaining("not on this machine");
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            gateways.left.configure(new PathConfig(now.surfaces(), now.listeners(), List.of()));
            assertThat(lab.in(lab.left(), "ip", "route")).doesNotContain("10.2.0.0");
            gateways.left.configure(now);
            assertThat(gateways.ping("10.2.0.1")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.20.0.1", "fd00:20::1"})
    void anAddressThatAPeerGaveUsIsOursUntilItIsTakenBack(String given) throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, MTU)) {
            gateways.join();
            Address own = Address.parse(given);
            String far = own.isIpv4() ? "10.2.0.1" : "fd00:2::1";
            PathConfig left = gateways.config(true, MTU);
            PathConfig right = gateways.config(false, MTU);
            PathConfig.Tunnel fromRight = right.tunnels().getFirst();
            List<Prefix> behind = new ArrayList<>(fromRight.remotePrefixes());
            behind.add(Prefix.host(own));
            gateways.right.configure(new PathConfig(
                    right.surfaces(), right.listeners(), List.of(new PathConfig.Tunnel("peer", "v", behind))));
            PathConfig.Tunnel plain = left.tunnels().getFirst();
            gateways.left.configure(new PathConfig(
                    left.surfaces(),
                    left.listeners(),
                    List.of(new PathConfig.Tunnel("peer", "v", plain.remotePrefixes(), List.of(own)))));
            assertThat(gateways.ping(far, "-I" + given)).isTrue();
            gateways.left.configure(left);
            assertThat(lab.in(lab.left(), "ip", "address")).doesNotContain(given);
        }
    }

    @Test
    void whatIsMissingIsSaidInOneLine() throws Exception {
        PathConfig config = new PathConfig(
                List.of(new PathConfig.Surface(
                        "v", "spT", java.util.Optional.of("no-such-namespace"), 1400, List.of(), List.of())),
                List.of(),
                List.of());
        try (LinuxPacketPath path = new LinuxPacketPath(new Gateways.Heard())) {
            assertThatThrownBy(() -> path.configure(config))
                    .isInstanceOf(IOException.class)
                    .hasMessage("network namespace 'no-such-namespace' does not exist");
        }
    }
}
