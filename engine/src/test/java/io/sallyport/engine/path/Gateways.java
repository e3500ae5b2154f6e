package io.sallyport.engine.path;

import io.sallyport.base.Bytes;
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
import java.util.concurrent.CopyOnWriteArrayList;

/** Two packet paths in a {@link Lab}, with keys made by hand and 10.1.0.0/16 and 10.2.0.0/16 (and IPv6) behind them. */
final class Gateways implements AutoCloseable {
    /** How the two are joined. */
    record Joint(
            EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, boolean esn, boolean udp, boolean outerV6) {
        static final Joint USUAL =
                new Joint(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, false, true, false);

        Joint raw() {
            return new Joint(encryption, integrity, esn, false, outerV6);
        }

        Joint overIpv6() {
            return new Joint(encryption, integrity, esn, udp, true);
        }
    }

    /** Notes what a path says. */
    static class Heard implements PacketPath.Listener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void ikeMessage(Endpoint local, Endpoint remote, Bytes message) {
            events.add("ike " + local.port() + " from " + remote + " " + message.hex());
        }

        @Override
        public void firstInbound(long childId) {
            events.add("first " + childId);
        }

        @Override
        public void softLimit(long childId) {
            events.add("soft " + childId);
        }

        @Override
        public void hardLimit(long childId) {
            events.add("hard " + childId);
        }

        @Override
        public void peerMoved(long childId, Endpoint remote) {
            events.add("moved " + childId + " " + remote);
        }

        @Override
        public void alive(String peer) {
            events.add("alive " + peer);
        }

        @Override
        public void unknownSpi(Endpoint local, Endpoint remote, int spi) {
            events.add("unknown " + Integer.toHexString(spi));
        }

        @Override
        public void wanted(String peer) {
            events.add("wanted " + peer);
        }

        @Override
        public void failed(String what) {
            events.add("failed " + what);
        }

        /** Waits a while until {@code event} was heard. */
        boolean hears(String event) throws InterruptedException {
            for (int i = 0; i < 100 && !events.contains(event); i++) {
                Thread.sleep(20);
            }
            return events.contains(event);
        }
    }

    static final List<TrafficSelector> ANY =
            List.of(TrafficSelector.of(Prefix.ANY_IPV4), TrafficSelector.of(Prefix.ANY_IPV6));
    static final Address LEFT_INSIDE = Address.parse("10.1.0.1");

    final Lab lab;
    final Heard leftHeard;
    final Heard rightHeard = new Heard();
    final LinuxPacketPath left;
    final LinuxPacketPath right;
    private final Joint joint;

    Gateways(Lab lab, Joint joint, int mtu) throws IOException {
        this(lab, joint, mtu, Offloads.fromProperties());
    }

    Gateways(Lab lab, Joint joint, int mtu, Offloads leftOffloads) throws IOException {
        this(lab, joint, mtu, leftOffloads, new Heard());
    }

    Gateways(Lab lab, Joint joint, int mtu, Offloads leftOffloads, Heard leftHeard) throws IOException {
        this.leftHeard = leftHeard;
        this.lab = lab;
        this.joint = joint;
        left = new LinuxPacketPath(leftHeard, leftOffloads, Ciphers.chosen());
        right = new LinuxPacketPath(rightHeard);
        try {
            left.configure(config(true, mtu));
            right.configure(config(false, mtu));
            Lab.run("ip", "-n", lab.left(), "addr", "add", "10.1.0.1/32", "dev", "spT");
            Lab.run("ip", "-n", lab.left(), "addr", "add", "fd00:1::1/128", "dev", "spT", "nodad");
            Lab.run("ip", "-n", lab.right(), "addr", "add", "10.2.0.1/32", "dev", "spT");
            Lab.run("ip", "-n", lab.right(), "addr", "add", "fd00:2::1/128", "dev", "spT", "nodad");
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    PathConfig config(boolean isLeft, int mtu) {
        return config(joint, isLeft, Optional.of(isLeft ? lab.left() : lab.right()), mtu);
    }

    static PathConfig config(Joint joint, boolean isLeft, Optional<String> netns, int mtu) {
        List<Prefix> leftSide = List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("fd00:1::/64"));
        List<Prefix> rightSide = List.of(Prefix.parse("10.2.0.0/16"), Prefix.parse("fd00:2::/64"));
        String host = isLeft ? "1" : "2";
        return new PathConfig(
                List.of(new PathConfig.Surface(
                        "v",
                        "spT",
                        netns,
                        mtu,
                        isLeft ? leftSide : rightSide,
                        List.of(Address.parse("10." + host + ".0.254"), Address.parse("fd00:" + host + "::fe")))),
                List.of(new PathConfig.Listener(outer(joint, isLeft), netns, 500, 4500)),
                List.of(new PathConfig.Tunnel("peer", "v", isLeft ? rightSide : leftSide)));
    }

    static Address outer(Joint joint, boolean isLeft) {
        String host = isLeft ? "1" : "2";
        return Address.parse(joint.outerV6() ? "2001:db8:f::" + host : "192.0.2." + host);
    }

    /** Installs one child at both ends. */
    void join() {
        join(1, List.of(TrafficSelector.of(Prefix.ANY_IPV4), TrafficSelector.of(Prefix.ANY_IPV6)));
    }

    void join(long id, List<TrafficSelector> rightAllows) {
        left.install(child(id, true, rightAllows), true);
        right.install(child(id, false, rightAllows), true);
    }

    /** One end of a child. The right end's remote selectors are {@code rightAllows}; all others are anything. */
    ChildSa child(long id, boolean isLeft, List<TrafficSelector> rightAllows) {
        return child(joint, id, isLeft, rightAllows);
    }

    static ChildSa child(Joint joint, long id, boolean isLeft, List<TrafficSelector> rightAllows) {
        int port = joint.udp() ? 4500 : 0;
        int leftSpi = (int) (0x1000 + id);
        int rightSpi = (int) (0x2000 + id);
        int key = joint.encryption().keyOctets() + joint.encryption().saltOctets();
        int mac = joint.integrity().keyOctets();
        return new ChildSa(
                id,
                "peer",
                "child",
                isLeft ? leftSpi : rightSpi,
                isLeft ? rightSpi : leftSpi,
                joint.encryption(),
                joint.integrity(),
                joint.esn(),
                secret(key, isLeft ? 1 : 2),
                secret(mac, isLeft ? 3 : 4),
                secret(key, isLeft ? 2 : 1),
                secret(mac, isLeft ? 4 : 3),
                ANY,
                isLeft ? ANY : rightAllows,
                joint.udp(),
                new Endpoint(outer(joint, isLeft), port),
                new Endpoint(outer(joint, !isLeft), port),
                1024,
                0,
                0);
    }

    private static Secret secret(int length, int seed) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (i * 17 + seed);
        }
        return Secret.wrap(octets);
    }

    static long count(PacketPath path, Drop drop) {
        return path.counts().stream()
                .filter(c -> c.name().equals("drop." + drop.label()))
                .mapToLong(PacketPath.NamedCount::value)
                .sum();
    }

    boolean ping(String to, String... more) throws IOException {
        String[] command = new String[6 + more.length];
        command[0] = "ping";
        command[1] = "-c";
        command[2] = "2";
        command[3] = "-W1";
        command[4] = "-i0.1";
        System.arraycopy(more, 0, command, 5, more.length);
        command[command.length - 1] = to;
        return lab.succeeds(lab.left(), command);
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
