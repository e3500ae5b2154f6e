package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.engine.path.Gateways.Joint;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Sender;
import io.sallyport.os.SocketAddress;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sockets and devices that go away while other packet threads work. */
class LifeCycleTest {
    private static final String SECOND = "192.0.2.11";

    /** Holds the packet thread that meets an unknown SPI. */
    private static final class Holding extends Gateways.Heard {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void unknownSpi(Endpoint local, Endpoint remote, int spi) {
            held.countDown();
            try {
                assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static PathConfig with(PathConfig config, String address, String netns) {
        List<PathConfig.Listener> listeners = new ArrayList<>(config.listeners());
        listeners.add(new PathConfig.Listener(Address.parse(address), Optional.of(netns), 500, 4500));
        return new PathConfig(config.surfaces(), listeners, config.tunnels());
    }

    private static void configure(PacketPath path, PathConfig config) {
        try {
            path.configure(config);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aSocketIsClosedOnlyWhenEveryOtherThreadHasLetGoOfIt() throws Exception {
        Holding holding = new Holding();
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400, Offloads.fromProperties(), holding);
                IpSocket socket =
                        IpSocket.udp(Endpoint.of("192.0.2.2", 4600), Optional.of(lab.right()), false, false)) {
            Lab.run("ip", "-n", lab.left(), "addr", "add", SECOND + "/24", "dev", "vL");
            PathConfig one = gateways.config(true, 1400);
            gateways.left.configure(with(one, SECOND, lab.left()));
            MemorySegment packet = Arena.ofAuto().allocate(64, 8).fill((byte) 7);
            SocketAddress to = new SocketAddress(Endpoint.of("192.0.2.1", 4500));
            assertThat(new Sender().send(socket, to, packet.address(), 64, 64, 0))
                    .isZero();
            assertThat(holding.held.await(5, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> configure(gateways.left, one));
            Thread.sleep(300);
            assertThat(done).isNotDone();
            assertThat(lab.in(lab.left(), "ss", "-ulnH")).contains(SECOND + ":4500");
            holding.release.countDown();
            done.get(5, TimeUnit.SECONDS);
            assertThat(lab.in(lab.left(), "ss", "-ulnH")).doesNotContain(SECOND).contains("192.0.2.1:4500");
        }
    }

    @Test
    void trafficGoesOnThroughASocketThatWasOpenedAnew() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            PathConfig one = gateways.config(true, 1400);
            gateways.left.configure(new PathConfig(one.surfaces(), List.of(), one.tunnels()));
            assertThat(gateways.ping("10.2.0.1")).isFalse();
            gateways.left.configure(one);
            assertThat(gateways.ping("10.2.0.1")).isTrue();
        }
    }

    /** A bulk transfer runs while listeners come and go beside it, and nothing foreign is written to. */
    @Test
    void manyChangesBesideTrafficDisturbNothing() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
            Lab.run("ip", "-n", lab.left(), "addr", "add", SECOND + "/24", "dev", "vL");
            gateways.join();
            PathConfig one = gateways.config(true, 1400);
            PathConfig two = with(one, SECOND, lab.left());
            CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 25; i++) {
                    configure(gateways.left, two);
                    configure(gateways.left, one);
                }
            });
            do {
                PathInNamespacesTest.transfers(lab, "10.2.0.1", 8 << 20);
            } while (!changes.isDone());
            changes.get();
            assertThat(gateways.leftHeard.events).noneMatch(e -> e.startsWith("failed"));
        }
    }
}
