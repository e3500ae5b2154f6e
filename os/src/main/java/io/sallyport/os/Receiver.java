package io.sallyport.os;

import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Receives from {@link IpSocket}s into memory of its own, several messages by one system call. With UDP_GRO a message may
 * be many datagrams of one sender, all but the last of {@link #segment} octets.
 */
public final class Receiver {
    /** The largest UDP datagram or merged run of them. */
    public static final int MESSAGE = 65_536;

    /** Room before and behind each message for those who work on it in place. */
    private static final int SLACK = 256;

    private static final int STRIDE = MESSAGE + 2 * SLACK;
    private static final int CONTROL = 128;
    private static final int NAME = 32;

    private final int count;
    private final MemorySegment data;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment names;
    private final MemorySegment controls;
    private int segment;
    private int tos;

    /**
     * @param count messages received by one call at most
     */
    public Receiver(int count) {
        this.count = count;
        Arena arena = Arena.ofAuto();
        data = arena.allocate((long) count * STRIDE, 64);
        headers = arena.allocate((long) count * Messages.MMSG, 8);
        vectors = arena.allocate((long) count * Messages.IOVEC, 8);
        names = arena.allocate((long) count * NAME, 8);
        controls = arena.allocate((long) count * CONTROL, 8);
        for (int i = 0; i < count; i++) {
            Messages.vector(vectors, (long) i * Messages.IOVEC, data.address() + at(i), MESSAGE);
            Messages.write(
                    headers,
                    (long) i * Messages.MMSG,
                    names.address() + (long) i * NAME,
                    SocketAddress.MAX,
                    vectors.address() + (long) i * Messages.IOVEC,
                    1,
                    controls.address() + (long) i * CONTROL,
                    CONTROL);
        }
    }

    /** Receives what is there without waiting. Answers how many messages, 0 when none, or -errno. */
    public int receive(IpSocket socket) {
        for (int i = 0; i < count; i++) {
            Messages.rearm(headers, (long) i * Messages.MMSG, SocketAddress.MAX, CONTROL);
        }
        int got = Libc.recvmmsg(socket.descriptor(), headers.address(), count, 0);
        return got == -Libc.EAGAIN || got == -Libc.EINTR ? 0 : got;
    }

    /** The memory of all messages. */
    public MemorySegment data() {
        return data;
    }

    /** Where message {@code index} begins. */
    public long at(int index) {
        return (long) index * STRIDE + SLACK;
    }

    /** Octets of message {@code index}. */
    public int length(int index) {
        return headers.get(ValueLayout.JAVA_INT, (long) index * Messages.MMSG + Messages.MOVED);
    }

    /** Reads the control data of message {@code index}, of which {@link #segment} and {@link #tos} then speak. */
    public void open(int index) {
        segment = length(index);
        tos = 0;
        long end = Messages.controlLength(headers, (long) index * Messages.MMSG);
        long base = (long) index * CONTROL;
        long at = 0;
        while (at + Messages.CMSG_DATA <= end) {
            long size = controls.get(ValueLayout.JAVA_LONG, base + at);
            int level = controls.get(ValueLayout.JAVA_INT, base + at + 8);
            int type = controls.get(ValueLayout.JAVA_INT, base + at + 12);
            if (size < Messages.CMSG_DATA) {
                return;
            }
            long value = base + at + Messages.CMSG_DATA;
            if (level == IpSocket.SOL_UDP && type == IpSocket.UDP_GRO) {
                segment = Math.max(1, controls.get(ValueLayout.JAVA_INT, value));
            } else if (level == IpSocket.SOL_IP && type == IpSocket.IP_TOS) {
                tos = controls.get(ValueLayout.JAVA_BYTE, value) & 0xff;
            } else if (level == IpSocket.SOL_IPV6 && type == IpSocket.IPV6_TCLASS) {
                tos = controls.get(ValueLayout.JAVA_INT, value) & 0xff;
            }
            at += size + 7 & ~7L;
        }
    }

    /** Octets of each datagram but the last, of the message opened. */
    public int segment() {
        return segment;
    }

    /** Outer DSCP and ECN of the message opened. */
    public int tos() {
        return tos;
    }

    /** Whether message {@code index} came from where {@code address} points. Makes no object. */
    public boolean isFrom(int index, SocketAddress address) {
        long at = (long) index * NAME;
        MemorySegment known = address.memory();
        boolean same = names.get(ValueLayout.JAVA_INT, at) == known.get(ValueLayout.JAVA_INT, 0);
        if (address.length() == 16) {
            return same && names.get(ValueLayout.JAVA_INT, at + 4) == known.get(ValueLayout.JAVA_INT, 4);
        }
        return same
                && names.get(ValueLayout.JAVA_LONG, at + 8) == known.get(ValueLayout.JAVA_LONG, 8)
                && names.get(ValueLayout.JAVA_LONG, at + 16) == known.get(ValueLayout.JAVA_LONG, 16);
    }

    /** A number that differs, almost always, where {@link #from} differs; never 0. Makes no object. */
    public int fromHash(int index) {
        long at = (long) index * NAME;
        long all = names.get(ValueLayout.JAVA_LONG, at) * 31
                + names.get(ValueLayout.JAVA_LONG, at + 8) * 17
                + names.get(ValueLayout.JAVA_LONG, at + 16);
        return Long.hashCode(all) | 1;
    }

    /** Where message {@code index} came from, as a new object: for what happens seldom. */
    public Endpoint from(int index) {
        long at = (long) index * NAME;
        int port = Octets.u16(names, at + 2);
        if (names.get(ValueLayout.JAVA_SHORT, at) == SocketAddress.AF_INET) {
            return new Endpoint(Address.ipv4(Octets.i32(names, at + 4)), port);
        }
        return new Endpoint(
                new Address(Address.Family.IPV6, Octets.i64(names, at + 8), Octets.i64(names, at + 16)), port);
    }
}
