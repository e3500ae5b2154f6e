package io.sallyport.engine.path;

import io.sallyport.engine.capture.Recorder;
import io.sallyport.esp.OutboundSa;
import io.sallyport.forward.Fragments;
import io.sallyport.forward.Segments;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Sender;
import io.sallyport.os.SocketAddress;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One packet thread's way into tunnels. Packets are sealed one behind the other into one buffer, as long as they go to one
 * place and have one size, and leave by one system call; the last of them may be shorter, as UDP_SEGMENT allows.
 */
final class Outward {
    private static final int BUFFER = 70_000;

    private final PacketPath.Listener listener;
    private final Counts counts;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, 64);
    private final Sender sender = new Sender();
    private final Segments segments = new Segments();
    private final Fragments fragments = new Fragments();
    private final Packet piece = new Packet();
    private @Nullable IpSocket socket;
    private @Nullable SocketAddress remote;
    private int tos;
    private int used;
    private int segment;
    private int count;
    private boolean lastShort;
    private @Nullable Recorder recorder;

    Outward(PacketPath.Listener listener, Counts counts) {
        this.listener = listener;
        this.counts = counts;
    }

    /**
     * Sends {@code packet} through {@code child}.
     *
     * @param size octets of payload in each packet this one stands for; 0: it stands for itself
     * @return why it could not be sent, or nothing
     */
    @Nullable
    Drop send(Packet packet, Child child, int size) {
        OuterPath path = child.path();
        if (size > 0 && packet.length() > path.innerMtu()) {
            return cut(packet, child, path, size);
        }
        if (packet.length() > path.innerMtu()) {
            return packet.mustNotFragment() ? Drop.TOO_BIG : fragment(packet, child, path);
        }
        synchronized (child.outbound()) {
            long first = child.outbound().reserve(1, packet.length());
            if (first < 0) {
                return refused(child, first);
            }
            seal(packet.memory(), packet.at(), packet.length(), packet.version(), packet.tos(), child, path, first);
            limits(child);
        }
        return null;
    }

    private @Nullable Drop cut(Packet packet, Child child, OuterPath path, int size) {
        if (!segments.begin(packet, size)) {
            return Drop.INNER_MALFORMED;
        }
        int packets = segments.count();
        if (segments.longest() > path.innerMtu()) {
            if (packet.mustNotFragment()) {
                return Drop.TOO_BIG;
            }
            return cutAndFragment(packet.memory(), packets, child, path);
        }
        synchronized (child.outbound()) {
            long first = child.outbound().reserve(packets, segments.total());
            if (first < 0) {
                return refused(child, first);
            }
            int version = packet.version();
            int mark = packet.tos();
            for (int i = 0; i < packets; i++) {
                int length = segments.make(i);
                seal(packet.memory(), segments.at(), length, version, mark, child, path, first + i);
            }
            limits(child);
        }
        return null;
    }

    /** Datagrams that may be fragmented and are too long each: seldom, and so one by one. */
    private @Nullable Drop cutAndFragment(MemorySegment memory, int packets, Child child, OuterPath path) {
        Drop drop = null;
        for (int i = 0; i < packets && drop == null; i++) {
            int length = segments.make(i);
            drop = piece.read(memory, segments.at(), length);
            if (drop == null) {
                drop = length > path.innerMtu() ? fragment(piece, child, path) : send(piece, child, 0);
            }
        }
        return drop;
    }

    private @Nullable Drop fragment(Packet packet, Child child, OuterPath path) {
        fragments.begin(packet, path.innerMtu());
        int pieces = fragments.count();
        int mark = packet.tos();
        synchronized (child.outbound()) {
            long first = child.outbound().reserve(pieces, packet.length());
            if (first < 0) {
                return refused(child, first);
            }
            for (int i = 0; i < pieces; i++) {
                int length = fragments.make(i);
                seal(packet.memory(), fragments.at(), length, 4, mark, child, path, first + i);
            }
            limits(child);
        }
        return null;
    }

    private void seal(
            MemorySegment from,
            long at,
            int length,
            int version,
            int mark,
            Child child,
            OuterPath path,
            long sequence) {
        OutboundSa sa = child.outbound();
        int sealed = sa.sealedLength(length);
        if (count > 0
                && (lastShort
                        || sealed > segment
                        || count == Sender.SEGMENTS_MAX
                        || used + sealed > Sender.RUN_MAX
                        || tos != mark
                        || remote != path.remote()
                        || socket != path.socket())) {
            flush();
        }
        if (count == 0) {
            segment = sealed;
            socket = path.socket();
            remote = path.remote();
            tos = mark;
        }
        int next = version == 4 ? OutboundSa.NEXT_IPV4 : OutboundSa.NEXT_IPV6;
        sa.seal(from, at, length, next, buffer, used, sequence);
        lastShort = sealed < segment;
        used += sealed;
        count++;
    }

    /** Who captures what is sent from now on. */
    void recordWith(@Nullable Recorder next) {
        recorder = next;
    }

    private void record(Recorder to, IpSocket through, SocketAddress remote) {
        boolean udp = remote.endpoint().port() != 0;
        for (int at = 0; at < used; at += segment) {
            int length = Math.min(segment, used - at);
            to.outer(Recorder.Direction.OUT, through.local(), remote.endpoint(), false, udp, buffer, at, length);
        }
    }

    /** Sends what is waiting. */
    void flush() {
        IpSocket through = socket;
        SocketAddress to = remote;
        if (count == 0 || through == null || to == null) {
            return;
        }
        if (recorder != null) {
            record(recorder, through, to);
        }
        int refused = sender.send(through, to, buffer.address(), used, segment, tos);
        if (refused > 0) {
            counts.drop(Drop.SEND_FAILED, refused);
        }
        counts.sent(count - refused);
        abandon();
    }

    /** Forgets what is waiting. */
    void abandon() {
        count = 0;
        used = 0;
        lastShort = false;
    }

    private Drop refused(Child child, long code) {
        if (child.reportHard()) {
            listener.hardLimit(child.sa().id());
        }
        return Drop.of((int) code);
    }

    private void limits(Child child) {
        if (child.outbound().takeSoftLimit()) {
            listener.softLimit(child.sa().id());
        }
    }
}
