package io.sallyport.engine.path;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.engine.capture.Recorder;
import io.sallyport.engine.capture.Tap;
import io.sallyport.esp.InboundSa;
import io.sallyport.esp.OutboundSa;
import io.sallyport.esp.SaLimits;
import io.sallyport.ike.ChildSa;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Sender;
import io.sallyport.os.SocketAddress;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packet path on Linux: TUN devices, UDP and raw sockets, and a thread for each device and each public address. */
public final class LinuxPacketPath implements PacketPath {
    private static final int MESSAGE_MAX = 65_507;
    private static final int MARKER = 4;
    private static final int UDP_HEADER = 8;
    /** What a route is taken to carry when the kernel knows none. */
    private static final int MTU_DEFAULT = 1500;

    private final Ciphers ciphers;
    private final Counts counts = new Counts();
    private final ChildTable byInboundSpi = new ChildTable();
    private final SequencedMap<Long, Child> children = new LinkedHashMap<>();
    private final SequencedMap<String, Peer> peers = new LinkedHashMap<>();
    private final Layout layout;
    private final MemorySegment outgoing = Arena.ofAuto().allocate(MESSAGE_MAX, 64);
    private final Sender sender = new Sender();
    private final Tap tap = new Tap();
    private final ScheduledExecutorService lingering = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("path-linger").daemon().factory());

    public LinuxPacketPath(Listener listener) {
        this(listener, Offloads.fromProperties(), Ciphers.chosen());
    }

    LinuxPacketPath(Listener listener, Offloads offloads, Ciphers ciphers) {
        this.ciphers = ciphers;
        this.layout = new Layout(listener, counts, byInboundSpi, offloads, this::peer, tap);
    }

    private synchronized Peer peer(String name) {
        return peers.computeIfAbsent(name, Peer::new);
    }

    @Override
    public synchronized void configure(PathConfig config) throws IOException {
        layout.configure(config);
        for (Peer peer : peers.values()) {
            peer.place(layout.vnetOf(peer.name()));
        }
        children.values().forEach(this::renew);
    }

    /** A child whose socket was closed and opened again goes on through the new one. */
    private void renew(Child child) {
        OuterPath known = child.path();
        Endpoint local = known.socket().local();
        IpSocket now = child.sa().udpEncapsulated() ? layout.udp(local) : layout.raw(local);
        if (now != null && now != known.socket()) {
            child.move(new OuterPath(now, known.remote(), known.innerMtu()));
        }
    }

    @Override
    public synchronized void send(Endpoint local, Endpoint remote, Bytes message) {
        IpSocket socket = layout.udp(local);
        int marker = socket != null && layout.isNat(socket) ? MARKER : 0;
        if (socket == null || message.size() + marker > MESSAGE_MAX) {
            return;
        }
        outgoing.asSlice(0, MARKER).fill((byte) 0);
        MemorySegment.copy(MemorySegment.ofArray(message.toArray()), 0, outgoing, marker, message.size());
        transmit(socket, remote, marker + message.size());
    }

    @Override
    public synchronized void sendKeepalive(Endpoint local, Endpoint remote) {
        IpSocket socket = layout.udp(local);
        if (socket != null) {
            outgoing.asSlice(0, 1).fill((byte) 0xff);
            transmit(socket, remote, 1);
        }
    }

    private void transmit(IpSocket socket, Endpoint remote, int length) {
        SocketAddress to = new SocketAddress(remote);
        Recorder recorder = tap.recorder();
        if (recorder != null) {
            recorder.outer(Recorder.Direction.OUT, socket.local(), remote, true, true, outgoing, 0, length);
        }
        if (sender.send(socket, to, outgoing.address(), length, length, 0) > 0) {
            counts.drop(io.sallyport.wire.Drop.SEND_FAILED);
        }
    }

    @Override
    public synchronized void install(ChildSa sa, boolean outbound) {
        SaLimits limits = new SaLimits(sa.softBytes(), sa.hardBytes());
        PacketCipher in =
                ciphers.cipher(sa.encryption(), sa.inboundKey(), sa.integrity(), sa.inboundIntegrityKey(), sa.esn());
        PacketCipher out =
                ciphers.cipher(sa.encryption(), sa.outboundKey(), sa.integrity(), sa.outboundIntegrityKey(), sa.esn());
        OutboundSa sending = new OutboundSa(sa.outboundSpi(), out, sa.esn(), limits, 1);
        InboundSa receiving = new InboundSa(in, sa.esn(), limits, sa.replayWindow());
        OuterPath path = outerPath(sending, sa.localEndpoint(), sa.remoteEndpoint());
        Peer peer = peer(sa.peer());
        peer.place(layout.vnetOf(sa.peer()));
        Child child = new Child(sa, peer, receiving, sending, path);
        children.put(sa.id(), child);
        byInboundSpi.put(child);
        if (outbound) {
            peer.prefer(child);
        }
    }

    /** How large an inner packet may be: what the route carries, less the outer headers and ESP's own. */
    private OuterPath outerPath(OutboundSa sending, Endpoint local, Endpoint remote) {
        // A move may have led behind a NAT, or out from behind one.
        boolean udp = remote.port() != 0;
        IpSocket socket = udp ? layout.udp(local) : layout.raw(local);
        if (socket == null) {
            throw new IllegalArgumentException(
                    "no listener on " + local + " for " + (udp ? "encapsulated ESP" : "ESP as IP protocol 50"));
        }
        int mtu = layout.pathMtu(local.address(), remote.address());
        int headers = (local.address().isIpv4() ? 20 : 40) + (udp ? UDP_HEADER : 0);
        int inner = sending.largestInner((mtu == 0 ? MTU_DEFAULT : mtu) - headers);
        return new OuterPath(socket, new SocketAddress(remote), inner);
    }

    @Override
    public synchronized void useOutbound(long childId) {
        Child child = children.get(childId);
        if (child != null) {
            child.peer().prefer(child);
        }
    }

    @Override
    public synchronized void remove(long childId, Duration linger) {
        Child child = children.get(childId);
        if (child == null) {
            return;
        }
        child.peer().forget(child);
        if (linger.isZero() || linger.isNegative()) {
            removeNow(child);
        } else {
            var _ = lingering.schedule(() -> removeNow(child), linger.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void removeNow(Child child) {
        if (children.remove(child.sa().id()) != null) {
            byInboundSpi.remove(child);
        }
    }

    @Override
    public synchronized void move(long childId, Endpoint local, Endpoint remote) {
        Child child = children.get(childId);
        if (child != null) {
            child.move(outerPath(child.outbound(), local, remote));
        }
    }

    @Override
    public synchronized List<ChildCounters> counters() {
        List<ChildCounters> out = new ArrayList<>();
        for (Child child : children.values()) {
            out.add(counters(child));
        }
        return List.copyOf(out);
    }

    @Override
    public synchronized Optional<ChildCounters> counters(long childId) {
        return Optional.ofNullable(children.get(childId)).map(LinuxPacketPath::counters);
    }

    private static ChildCounters counters(Child child) {
        return new ChildCounters(
                child.sa().id(),
                child.inbound().octets(),
                child.inbound().packets(),
                child.outbound().octets(),
                child.outbound().packets(),
                child.lastInboundNanos());
    }

    @Override
    public Tap tap() {
        return tap;
    }

    @Override
    public List<NamedCount> counts() {
        return counts.all();
    }

    @Override
    public synchronized List<String> capabilities() {
        List<String> out = new ArrayList<>(ciphers.capabilities());
        out.addAll(layout.capabilities());
        return List.copyOf(out);
    }

    /** What one child is, for tests and for {@code status}. */
    synchronized @Nullable Child child(long id) {
        return children.get(id);
    }

    @Override
    public synchronized void close() {
        lingering.shutdownNow();
        layout.close();
    }
}
