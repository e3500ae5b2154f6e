package io.sallyport.engine.path;

import io.sallyport.base.Bytes;
import io.sallyport.engine.capture.Recorder;
import io.sallyport.engine.capture.Tap;
import io.sallyport.esp.InboundSa;
import io.sallyport.forward.NextHop;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Receiver;
import io.sallyport.os.Waiter;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The thread that receives on one public address: encapsulated ESP and IKE on the NAT port, IKE, and IP protocol 50. */
final class ListenerThread implements AutoCloseable {
    /** Messages by one call; each may be a merged run of 64 KiB. */
    private static final int MESSAGES = 8;

    private static final int NAT = 0;
    private static final int KEEPALIVE = 0xff;
    private static final int MARKER = 4;
    private static final int ESP_MIN = 8;
    private static final int UNKNOWN_PER_SECOND = 10;
    private static final long SECOND = 1_000_000_000L;

    private final ListenerSockets sockets;
    private final ChildTable children;
    private final PacketPath.Listener listener;
    private final Worker worker;
    private final Waiter waiter;
    private final Receiver receiver = new Receiver(MESSAGES);
    private final Packet packet = new Packet();
    private final Thread thread;
    private final Rounds rounds = new Rounds();
    private volatile boolean stopping;
    private long unknownSince;
    private int unknown;

    ListenerThread(ListenerSockets sockets, ChildTable children, PacketPath.Listener listener, Counts counts, Tap tap)
            throws IOException {
        this.sockets = sockets;
        this.children = children;
        this.listener = listener;
        this.worker = new Worker(listener, counts, tap);
        this.waiter = new Waiter(sockets.all());
        this.thread = Thread.ofPlatform()
                .name("udp-" + sockets.nat().local().address())
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    ListenerSockets sockets() {
        return sockets;
    }

    private void run() {
        List<IpSocket> all = sockets.all();
        while (!stopping) {
            rounds.next();
            if (drainSafely(sockets.nat())) {
                continue;
            }
            waiter.await();
            for (int i = NAT + 1; i < all.size(); i++) {
                if (waiter.isReady(i)) {
                    drainSafely(all.get(i));
                }
            }
        }
    }

    /** A defect of ours costs the packets of one batch, never the thread. */
    private boolean drainSafely(IpSocket socket) {
        try {
            return drain(socket);
        } catch (RuntimeException e) {
            worker.abandon();
            listener.failed("defect on thread " + thread.getName() + ": " + e);
            return false;
        }
    }

    /** Handles what is there, at most one call's worth. False: there was nothing. */
    private boolean drain(IpSocket socket) {
        int messages = receiver.receive(socket);
        if (messages <= 0) {
            return false;
        }
        worker.begin(System.nanoTime());
        for (int i = 0; i < messages; i++) {
            receiver.open(i);
            int length = receiver.length(i);
            long at = receiver.at(i);
            int segment = receiver.segment();
            for (int done = 0; done < length; done += segment) {
                datagram(socket, i, at + done, Math.min(segment, length - done));
            }
        }
        worker.flush();
        return true;
    }

    private void datagram(IpSocket socket, int message, long at, int length) {
        Recorder seen = worker.recorder();
        if (seen != null) {
            record(seen, socket, message, at, length);
        }
        if (socket == sockets.nat()) {
            encapsulated(socket, message, at, length);
        } else if (socket == sockets.ike()) {
            ike(socket, message, at, length);
        } else {
            int header = socket.local().address().isIpv4() ? Ipv4.headerLength(receiver.data(), at) : 0;
            esp(socket, message, at + header, length - header);
        }
    }

    private void record(Recorder to, IpSocket socket, int message, long at, int length) {
        MemorySegment data = receiver.data();
        boolean udp = socket == sockets.nat() || socket == sockets.ike();
        boolean marked = socket == sockets.nat() && length > MARKER && Octets.i32(data, at) == 0;
        int header = !udp && socket.local().address().isIpv4() ? Ipv4.headerLength(data, at) : 0;
        to.outer(
                Recorder.Direction.IN,
                socket.local(),
                receiver.from(message),
                marked || socket == sockets.ike(),
                udp,
                data,
                at + header,
                length - header);
    }

    /** RFC 3948 section 2: one octet ff is a keepalive, four octets of zero come before IKE, anything else is an SPI. */
    private void encapsulated(IpSocket socket, int message, long at, int length) {
        MemorySegment data = receiver.data();
        if (length == 1 && Octets.u8(data, at) == KEEPALIVE) {
            return;
        }
        if (length > MARKER && Octets.i32(data, at) == 0) {
            ike(socket, message, at + MARKER, length - MARKER);
            return;
        }
        esp(socket, message, at, length);
    }

    private void ike(IpSocket socket, int message, long at, int length) {
        byte[] octets = new byte[length];
        MemorySegment.copy(receiver.data(), ValueLayout.JAVA_BYTE, at, octets, 0, length);
        listener.ikeMessage(socket.local(), receiver.from(message), Bytes.wrap(octets));
    }

    private void esp(IpSocket socket, int message, long at, int length) {
        if (length < ESP_MIN) {
            worker.drop(Drop.OUTER_SHORT);
            return;
        }
        int spi = Octets.i32(receiver.data(), at);
        Child child = children.find(spi);
        if (child == null) {
            worker.drop(Drop.UNKNOWN_SPI);
            unknown(socket, message, spi);
            return;
        }
        Drop drop = open(child, message, at, length);
        if (drop != null) {
            worker.drop(drop);
        }
    }

    private void unknown(IpSocket socket, int message, int spi) {
        if (worker.nowNanos() - unknownSince >= SECOND) {
            unknownSince = worker.nowNanos();
            unknown = 0;
        }
        if (unknown++ < UNKNOWN_PER_SECOND) {
            listener.unknownSpi(socket.local(), receiver.from(message), spi);
        }
    }

    private @Nullable Drop open(Child child, int message, long at, int length) {
        InboundSa sa = child.inbound();
        int opened;
        boolean soft;
        synchronized (sa) {
            opened = sa.open(receiver.data(), at, length);
            soft = sa.takeSoftLimit();
        }
        if (soft) {
            listener.softLimit(child.sa().id());
        }
        if (opened < 0) {
            Drop drop = Drop.of(opened);
            if (drop == Drop.HARD_LIMIT && child.reportHard()) {
                listener.hardLimit(child.sa().id());
            }
            if (drop == Drop.DUMMY) {
                heard(child, message);
            }
            return drop;
        }
        heard(child, message);
        Drop malformed = packet.read(receiver.data(), at + sa.start(), InboundSa.innerLength(opened));
        if (malformed != null) {
            return malformed;
        }
        if (packet.version() != (InboundSa.nextHeader(opened) == 4 ? 4 : 6)) {
            return Drop.INNER_MALFORMED;
        }
        return forward(child);
    }

    /** The packet was authentic: the peer lives, and this is where it is. */
    private void heard(Child child, int message) {
        if (child.heard(worker.nowNanos())) {
            listener.firstInbound(child.sa().id());
        }
        if (child.peer().tellAlive(worker.nowNanos())) {
            listener.alive(child.peer().name());
        }
        if (child.sa().udpEncapsulated()
                && !receiver.isFrom(message, child.path().remote())) {
            // RFC 7296 section 2.23: whether to follow is decided by those who know who is behind a NAT.
            if (child.reportMove(receiver.fromHash(message))) {
                listener.peerMoved(child.sa().id(), receiver.from(message));
            }
        }
    }

    private @Nullable Drop forward(Child child) {
        // RFC 4301 section 5.2 step 4: the packet must be one that this SA was negotiated for.
        if (!child.remote().matchesSource(packet)) {
            return Drop.INNER_SOURCE_MISMATCH;
        }
        if (!child.local().matchesDestination(packet)) {
            return Drop.INNER_DESTINATION_MISMATCH;
        }
        Recorder seen = worker.recorder();
        if (seen != null) {
            seen.inner(
                    Recorder.Direction.IN,
                    child.path().socket().local().address(),
                    child.peer().name(),
                    packet.memory(),
                    packet.at(),
                    packet.length());
        }
        if (!Congestion.decapsulate(packet, receiver.tos())) {
            return Drop.CONGESTION_LOST;
        }
        if (packet.isLinkScoped()) {
            return Drop.LINK_SCOPE;
        }
        Vnet vnet = child.peer().vnet();
        if (vnet == null) {
            return Drop.NO_VNET;
        }
        switch (vnet.route(packet)) {
            case NextHop.Surface(int index) -> {
                packet.clampMss(child.path().innerMtu());
                worker.deliver(packet, vnet.device(index));
                return null;
            }
            case NextHop.Tunnel(int index) -> {
                return transit(child, vnet, vnet.tunnel(index));
            }
            case NextHop.Nowhere(Drop reason) -> {
                return reason;
            }
        }
    }

    /** From one tunnel into another: here Sallyport is the router, for the machine never sees the packet. */
    private @Nullable Drop transit(Child from, Vnet vnet, Peer to) {
        if (from.peer() == to) {
            return Drop.HAIRPIN;
        }
        if (packet.hopLimit() <= 1) {
            worker.timeExceeded(packet, vnet);
            return Drop.HOP_LIMIT;
        }
        packet.decrementHopLimit();
        packet.clampMss(from.path().innerMtu());
        worker.tunnel(packet, to, vnet, 0);
        return null;
    }

    /** Ends the thread; what it used stays open. */
    void stop() {
        stopping = true;
        waiter.wake();
        Threads.join(thread);
    }

    /** Returns when nothing that was withdrawn before this call is in the thread's hands. */
    void letGo() {
        rounds.awaitNext(thread, waiter);
    }

    /** Ends the thread and closes the sockets. */
    @Override
    public void close() {
        stop();
        waiter.close();
        sockets.close();
    }
}
