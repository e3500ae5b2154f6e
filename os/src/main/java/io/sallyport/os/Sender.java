package io.sallyport.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sends datagrams that lie one behind the other in one buffer. Belongs to one thread. */
public final class Sender {
    /** UDP_MAX_SEGMENTS of the kernels before 6.12, and enough. */
    public static final int SEGMENTS_MAX = 64;

    /** The largest payload of one IPv4 UDP datagram, which bounds a whole run of segments. */
    public static final int RUN_MAX = 65_535 - 20 - 8;

    private static final int CONTROL = 2 * Messages.CMSG_SPACE;

    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment control;

    public Sender() {
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) SEGMENTS_MAX * Messages.MMSG, 8);
        vectors = arena.allocate((long) SEGMENTS_MAX * Messages.IOVEC, 8);
        control = arena.allocate(CONTROL, 8);
    }

    /**
     * Sends {@code length} octets at {@code data} as datagrams of {@code segment} octets, the last of which may be
     * shorter; at most {@link #SEGMENTS_MAX} of them.
     *
     * @param tos outer DSCP and ECN
     * @return how many datagrams the kernel did not take
     */
    public int send(IpSocket socket, SocketAddress to, long data, int length, int segment, int tos) {
        int datagrams = (length + segment - 1) / segment;
        if (datagrams == 1 || socket.segments()) {
            int sent = sendRun(socket, to, data, length, segment, tos, datagrams > 1);
            if (sent >= 0) {
                return 0;
            }
            if (datagrams == 1) {
                return 1;
            }
            // EIO, EINVAL, EMSGSIZE: this route cannot segment (no checksum offload, or a smaller MTU). One by one it
            // can.
        }
        return sendEach(socket, to, data, length, segment, tos, datagrams);
    }

    /** Sends the run by one call. Answers the octets taken, or -errno. */
    int sendRun(IpSocket socket, SocketAddress to, long data, int length, int segment, int tos, boolean several) {
        int used = writeTos(to, tos);
        if (several) {
            Messages.control(control, used, 2, IpSocket.SOL_UDP, IpSocket.UDP_SEGMENT);
            control.set(ValueLayout.JAVA_SHORT, used + Messages.CMSG_DATA, (short) segment);
            used += Messages.CMSG_SPACE;
        }
        Messages.vector(vectors, 0, data, length);
        Messages.write(headers, 0, to.pointer(), to.length(), vectors.address(), 1, control.address(), used);
        int sent = Libc.sendmsg(socket.descriptor(), headers.address(), 0);
        return sent == -Libc.EINTR ? Libc.sendmsg(socket.descriptor(), headers.address(), 0) : sent;
    }

    private int sendEach(
            IpSocket socket, SocketAddress to, long data, int length, int segment, int tos, int datagrams) {
        int used = writeTos(to, tos);
        for (int i = 0; i < datagrams; i++) {
            int size = Math.min(segment, length - i * segment);
            Messages.vector(vectors, (long) i * Messages.IOVEC, data + (long) i * segment, size);
            Messages.write(
                    headers,
                    (long) i * Messages.MMSG,
                    to.pointer(),
                    to.length(),
                    vectors.address() + (long) i * Messages.IOVEC,
                    1,
                    control.address(),
                    used);
        }
        int at = 0;
        int refused = 0;
        while (at < datagrams) {
            int sent = Libc.sendmmsg(
                    socket.descriptor(), headers.address() + (long) at * Messages.MMSG, datagrams - at, 0);
            if (sent == -Libc.EINTR) {
                continue;
            }
            if (sent <= 0) {
                refused++;
                at++;
            } else {
                at += sent;
            }
        }
        return refused;
    }

    private int writeTos(SocketAddress to, int tos) {
        if (tos == 0) {
            return 0;
        }
        boolean four = to.length() == 16;
        Messages.control(
                control,
                0,
                4,
                four ? IpSocket.SOL_IP : IpSocket.SOL_IPV6,
                four ? IpSocket.IP_TOS : IpSocket.IPV6_TCLASS);
        control.set(ValueLayout.JAVA_INT, Messages.CMSG_DATA, tos);
        return Messages.CMSG_SPACE;
    }
}
