package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.esp.OutboundSa;
import io.sallyport.esp.SaLimits;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Sender;
import io.sallyport.os.SocketAddress;
import io.sallyport.wire.Address;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Packets that must not get through, each sent over a real socket or device, and the drop each is counted as. Drops that
 * ESP alone decides are caused in {@code EspTest}.
 */
class DropsTest {
    private static final List<TrafficSelector> ANY =
            List.of(TrafficSelector.of(Prefix.ANY_IPV4), TrafficSelector.of(Prefix.ANY_IPV6));

    private final MemorySegment inner = Arena.ofAuto().allocate(2048, 64);
    private final MemorySegment wire = Arena.ofAuto().allocate(2048, 64);
    private final Sender sender = new Sender();
    private final SocketAddress right = new SocketAddress(Endpoint.of("192.0.2.2", 4500));
    private Lab lab;
    private Gateways gateways;
    private IpSocket socket;
    private OutboundSa forging;

    @BeforeEach
    void build() throws IOException {
        lab = new Lab();
        gateways = new Gateways(lab, Gateways.Joint.USUAL, 1400);
        gateways.join();
        socket = IpSocket.udp(Endpoint.of("192.0.2.1", 4600), Optional.of(lab.left()), false, false);
        ChildSa own = gateways.child(1, true, ANY);
        forging = new OutboundSa(
                own.outboundSpi(),
                new JdkEngine()
                        .cipher(
                                own.encryption(),
                                own.outboundKey(),
                                own.integrity(),
                                own.outboundIntegrityKey(),
                                false),
                false,
                SaLimits.NONE,
                100);
    }

    @AfterEach
    void tearDown() {
        socket.close();
        gateways.close();
        lab.close();
    }

    /** A UDP datagram of 60 octets. */
    private int datagram(String from, String to, int ttl) {
        inner.fill((byte) 0);
        inner.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x45);
        inner.set(ValueLayout.JAVA_BYTE, Ipv4.TTL, (byte) ttl);
        inner.set(ValueLayout.JAVA_BYTE, Ipv4.PROTOCOL, (byte) 17);
        address(from, Ipv4.SOURCE);
        address(to, Ipv4.DESTINATION);
        Ipv4.setTotalLength(inner, 0, 60);
        inner.set(ValueLayout.JAVA_BYTE, 25, (byte) 40);
        return 60;
    }

    private void address(String text, int at) {
        Bytes octets = Address.parse(text).toBytes();
        for (int i = 0; i < 4; i++) {
            inner.set(ValueLayout.JAVA_BYTE, at + i, (byte) octets.at(i));
        }
    }

    private int seal(int length) {
        return forging.seal(inner, 0, length, 4, wire, 0, forging.reserve(1, length));
    }

    private void send(int length, int tos) {
        assertThat(sender.send(socket, right, wire.address(), length, length, tos))
                .isZero();
    }

    private void rightCounts(Drop drop) throws InterruptedException {
        counts(gateways.right, drop);
    }

    private static void counts(PacketPath path, Drop drop) throws InterruptedException {
        for (int i = 0; i < 100 && Gateways.count(path, drop) == 0; i++) {
            Thread.sleep(20);
        }
        assertThat(Gateways.count(path, drop)).as(drop.label()).isEqualTo(1);
    }

    @Test
    void whatNoAssociationKnows() throws Exception {
        wire.set(ValueLayout.JAVA_INT, 0, 0x77777777);
        send(60, 0);
        rightCounts(Drop.UNKNOWN_SPI);
        assertThat(gateways.rightHeard.hears("unknown 77777777")).isTrue();
    }

    @Test
    void whatIsTooShort() throws Exception {
        wire.set(ValueLayout.JAVA_INT, 0, 0x77777777);
        send(3, 0);
        rightCounts(Drop.OUTER_SHORT);
    }

    @Test
    void whatCameBefore() throws Exception {
        int length = seal(datagram("10.1.0.1", "10.2.0.1", 64));
        send(length, 0);
        send(length, 0);
        rightCounts(Drop.REPLAYED);
        assertThat(gateways.rightHeard.hears("moved 1 192.0.2.1:4600")).isTrue();
    }

    @Test
    void whatWasChangedOnTheWay() throws Exception {
        int length = seal(datagram("10.1.0.1", "10.2.0.1", 64));
        wire.set(ValueLayout.JAVA_BYTE, 40, (byte) (wire.get(ValueLayout.JAVA_BYTE, 40) ^ 1));
        send(length, 0);
        rightCounts(Drop.AUTHENTICATION);
        assertThat(gateways.rightHeard.events).isEmpty();
    }

    @Test
    void whatIsNoIpPacketInside() throws Exception {
        datagram("10.1.0.1", "10.2.0.1", 64);
        inner.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x55);
        send(seal(60), 0);
        rightCounts(Drop.INNER_MALFORMED);
    }

    @Test
    void whatHasNoRoute() throws Exception {
        send(seal(datagram("10.1.0.1", "172.16.0.1", 64)), 0);
        rightCounts(Drop.NO_ROUTE);
    }

    @Test
    void whatIsForTheLinkOnly() throws Exception {
        send(seal(datagram("10.1.0.1", "224.0.0.5", 64)), 0);
        for (int i = 0; i < 100 && Gateways.count(gateways.right, Drop.LINK_SCOPE) == 0; i++) {
            Thread.sleep(20);
        }
        // Not one exactly: the machine asks for IPv6 routers on its own.
        assertThat(Gateways.count(gateways.right, Drop.LINK_SCOPE)).isPositive();
    }

    @Test
    void whatWouldGoBackWhereItCameFrom() throws Exception {
        send(seal(datagram("10.1.0.1", "10.1.0.77", 64)), 0);
        rightCounts(Drop.HAIRPIN);
    }

    @Test
    void whatMetCongestionItCannotExpress() throws Exception {
        send(seal(datagram("10.1.0.1", "10.2.0.1", 64)), 3);
        rightCounts(Drop.CONGESTION_LOST);
    }

    @Test
    void whatComesForNoVnet() throws Exception {
        PathConfig now = gateways.config(false, 1400);
        gateways.right.configure(new PathConfig(now.surfaces(), now.listeners(), List.of()));
        send(seal(datagram("10.1.0.1", "10.2.0.1", 64)), 0);
        rightCounts(Drop.NO_VNET);
    }

    @Test
    void whatTheDeviceRefuses() throws Exception {
        Lab.run("ip", "-n", lab.right(), "link", "set", "spT", "down");
        send(seal(datagram("10.1.0.1", "10.2.0.1", 64)), 0);
        rightCounts(Drop.DEVICE_REFUSED);
    }

    @Test
    void whatIsForAnotherDestinationThanSelected() throws Exception {
        ChildSa wide = gateways.child(1, false, ANY);
        gateways.right.remove(1, java.time.Duration.ZERO);
        gateways.right.install(withLocal(wide, List.of(TrafficSelector.of(Prefix.parse("10.2.0.9/32")))), true);
        send(seal(datagram("10.1.0.1", "10.2.0.1", 64)), 0);
        rightCounts(Drop.INNER_DESTINATION_MISMATCH);
    }

    @Test
    void whatHasNoHopsLeftBetweenTwoTunnels() throws Exception {
        PathConfig now = gateways.config(false, 1400);
        List<PathConfig.Tunnel> tunnels = new ArrayList<>(now.tunnels());
        tunnels.add(new PathConfig.Tunnel("other", "v", List.of(Prefix.parse("10.3.0.0/16"))));
        gateways.right.configure(new PathConfig(now.surfaces(), now.listeners(), tunnels));
        send(seal(datagram("10.1.0.1", "10.3.0.1", 1)), 0);
        rightCounts(Drop.HOP_LIMIT);
        send(seal(datagram("10.1.0.1", "10.3.0.1", 2)), 0);
        rightCounts(Drop.TUNNEL_DOWN);
        assertThat(gateways.rightHeard.hears("wanted other")).isTrue();
    }

    @Test
    void whatNoChildMayCarry() throws Exception {
        gateways.left.remove(1, java.time.Duration.ZERO);
        ChildSa wide = gateways.child(1, true, ANY);
        gateways.left.install(withLocal(wide, List.of(TrafficSelector.of(Prefix.parse("10.1.0.9/32")))), true);
        assertThat(lab.succeeds(lab.left(), "ping", "-c1", "-W1", "10.2.0.1")).isFalse();
        counts(gateways.left, Drop.NO_SELECTOR);
    }

    @Test
    void whatTheSystemWillNotSend() throws Exception {
        gateways.left.move(1, Endpoint.of("192.0.2.1", 4500), Endpoint.of("198.51.100.1", 4500));
        assertThat(lab.succeeds(lab.left(), "ping", "-c1", "-W1", "10.2.0.1")).isFalse();
        counts(gateways.left, Drop.SEND_FAILED);
    }

    private static ChildSa withLocal(ChildSa sa, List<TrafficSelector> local) {
        return new ChildSa(
                sa.id(),
                sa.peer(),
                sa.config(),
                sa.inboundSpi(),
                sa.outboundSpi(),
                sa.encryption(),
                sa.integrity(),
                sa.esn(),
                sa.inboundKey(),
                sa.inboundIntegrityKey(),
                sa.outboundKey(),
                sa.outboundIntegrityKey(),
                local,
                sa.remote(),
                sa.udpEncapsulated(),
                sa.localEndpoint(),
                sa.remoteEndpoint(),
                sa.replayWindow(),
                sa.softBytes(),
                sa.hardBytes());
    }
}
