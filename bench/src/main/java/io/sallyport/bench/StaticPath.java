package io.sallyport.bench;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.engine.path.LinuxPacketPath;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One gateway with fixed keys and no IKE, for measuring the packet path alone.
 *
 * <p>Arguments: {@code NETNS DEVICE MTU LOCAL REMOTE LOCAL-PREFIX REMOTE-PREFIX left|right}. Runs until standard input
 * ends or it is told to terminate, then prints its counters.
 */
public final class StaticPath {
    private StaticPath() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 8) {
            throw new IllegalArgumentException(
                    "NETNS DEVICE MTU LOCAL REMOTE LOCAL-PREFIX REMOTE-PREFIX left|right are needed");
        }
        Optional<String> netns = "-".equals(args[0]) ? Optional.empty() : Optional.of(args[0]);
        Address local = Address.parse(args[3]);
        Prefix inside = Prefix.parse(args[5]);
        Prefix outside = Prefix.parse(args[6]);
        boolean left = "left".equals(args[7]);
        PrintStream out = new PrintStream(System.out, true);
        try (PacketPath path = new LinuxPacketPath(new Silent(out))) {
            path.configure(new PathConfig(
                    List.of(new PathConfig.Surface(
                            "v", args[1], netns, Integer.parseInt(args[2]), List.of(inside), List.of())),
                    List.of(new PathConfig.Listener(local, netns, 500, 4500)),
                    List.of(new PathConfig.Tunnel("peer", "v", List.of(outside)))));
            path.install(child(left, new Endpoint(local, 4500), Endpoint.of(args[4], 4500)), true);
            path.capabilities().forEach(out::println);
            out.println("ready");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> report(path, out), "report"));
            while (System.in.read() >= 0) {
                path.counters().forEach(out::println);
            }
        }
    }

    private static void report(PacketPath path, PrintStream out) {
        path.counters().forEach(out::println);
        path.counts().stream().filter(c -> c.value() != 0).forEach(out::println);
    }

    private static ChildSa child(boolean left, Endpoint local, Endpoint remote) {
        byte[] one = new byte[36];
        byte[] two = new byte[36];
        Arrays.fill(one, (byte) 0x11);
        Arrays.fill(two, (byte) 0x22);
        TrafficSelector any = TrafficSelector.of(Prefix.ANY_IPV4);
        return new ChildSa(
                1,
                "peer",
                "child",
                left ? 0x1001 : 0x2002,
                left ? 0x2002 : 0x1001,
                EncryptionAlgorithm.AES_GCM_16_256,
                IntegrityAlgorithm.NONE,
                false,
                Secret.of(left ? one : two),
                Secret.of(new byte[0]),
                Secret.of(left ? two : one),
                Secret.of(new byte[0]),
                List.of(any),
                List.of(any),
                true,
                local,
                remote,
                4096,
                0,
                0);
    }

    /** Prints what happens seldom. */
    private record Silent(PrintStream out) implements PacketPath.Listener {
        @Override
        public void ikeMessage(Endpoint local, Endpoint remote, Bytes message) {}

        @Override
        public void firstInbound(long childId) {
            out.println("first inbound packet");
        }

        @Override
        public void softLimit(long childId) {
            out.println("soft limit");
        }

        @Override
        public void hardLimit(long childId) {
            out.println("hard limit");
        }

        @Override
        public void peerMoved(long childId, Endpoint remote) {
            out.println("peer moved to " + remote);
        }

        @Override
        public void alive(String peer) {}

        @Override
        public void unknownSpi(Endpoint local, Endpoint remote, int spi) {
            out.println("unknown SPI from " + remote);
        }

        @Override
        public void wanted(String peer) {
            out.println("wanted " + peer);
        }

        @Override
        public void failed(String what) {
            out.println("failed: " + what);
        }
    }
}
