package io.sallyport.os;

import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Octets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A socket bound to one of our public addresses: UDP for IKE and encapsulated ESP, or raw IP protocol 50.
 *
 * <p>Outer packets may be fragmented (no DF): how large an inner packet may be is decided from the path's MTU before it
 * is sealed, and where a link behind that is narrower still, a fragment arrives and a dropped packet does not (RFC 4301
 * section 8.1 leaves the choice to the administrator).
 */
public final class IpSocket implements Pollable, AutoCloseable {
    static final int SOL_IP = 0;
    static final int SOL_UDP = 17;
    static final int SOL_IPV6 = 41;
    static final int IP_TOS = 1;
    static final int IPV6_TCLASS = 67;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_RECVTOS = 13;
    private static final int IP_MTU = 14;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_MTU = 24;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVTCLASS = 66;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int PROTOCOL_ESP = 50;
    /** Bursts of some hundred super-packets wait here and are not lost. */
    private static final int BUFFER = 7 << 20;

    private final Descriptor descriptor;
    private final Endpoint local;
    private final boolean raw;
    private final boolean segments;
    private final boolean coalesces;

    private IpSocket(Descriptor descriptor, Endpoint local, boolean raw, boolean segments, boolean coalesces) {
        this.descriptor = descriptor;
        this.local = local;
        this.raw = raw;
        this.segments = segments;
        this.coalesces = coalesces;
    }

    /**
     * Opens a UDP socket.
     *
     * @param segment whether to send with UDP_SEGMENT if the kernel can
     * @param coalesce whether to receive with UDP_GRO if the kernel can
     * @throws IOException with one clear line
     */
    public static IpSocket udp(Endpoint local, Optional<String> netns, boolean segment, boolean coalesce)
            throws IOException {
        return NetworkNamespaces.in(netns, () -> open(local, netns, false, segment, coalesce));
    }

    /** Opens a raw socket for IP protocol 50. */
    public static IpSocket esp(Address local, Optional<String> netns) throws IOException {
        return NetworkNamespaces.in(netns, () -> open(new Endpoint(local, 0), netns, true, false, false));
    }

    private static IpSocket open(Endpoint local, Optional<String> netns, boolean raw, boolean segment, boolean coalesce)
            throws IOException {
        boolean four = local.address().isIpv4();
        String what = (raw ? "protocol 50 on " + local.address() : "UDP " + local)
                + netns.map(n -> " in network namespace '" + n + "'").orElse("");
        int type = (raw ? SOCK_RAW : SOCK_DGRAM) | Libc.O_CLOEXEC | Libc.O_NONBLOCK;
        int fd = Libc.socket(four ? SocketAddress.AF_INET : SocketAddress.AF_INET6, type, raw ? PROTOCOL_ESP : 0);
        if (fd < 0) {
            throw Libc.refused(what, fd);
        }
        Descriptor descriptor = new Descriptor(fd);
        try {
            if (!four) {
                Libc.setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, 1);
            }
            bind(fd, local, what);
            tune(fd, four);
            boolean segments = segment && Libc.setsockopt(fd, SOL_UDP, UDP_SEGMENT, 0) >= 0;
            boolean coalesces = coalesce && Libc.setsockopt(fd, SOL_UDP, UDP_GRO, 1) >= 0;
            return new IpSocket(descriptor, local, raw, segments, coalesces);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    private static void bind(int fd, Endpoint local, String what) throws IOException {
        int bound = new SocketAddress(local).bind(fd);
        if (bound == -Libc.EADDRNOTAVAIL) {
            throw new IOException(what + ": the address is not on this machine");
        }
        if (bound == -Libc.EADDRINUSE) {
            throw new IOException(what + ": the port is in use by another program");
        }
        if (bound < 0) {
            throw Libc.refused(what, bound);
        }
    }

    /** The port the socket has, which the kernel chose when it was asked for port 0. */
    int boundPort() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.MAX + 4L, 8);
            long length = name.address() + SocketAddress.MAX;
            name.set(ValueLayout.JAVA_INT, SocketAddress.MAX, SocketAddress.MAX);
            int known = Libc.getsockname(descriptor.number(), name.address(), length);
            if (known < 0) {
                throw Libc.refused("the port of UDP " + local, known);
            }
            return Octets.u16(name, 2);
        }
    }

    private static void tune(int fd, boolean four) {
        if (Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER) < 0) {
            Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, BUFFER);
        }
        if (Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER) < 0) {
            Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, BUFFER);
        }
        if (four) {
            Libc.setsockopt(fd, SOL_IP, IP_MTU_DISCOVER, 0);
            Libc.setsockopt(fd, SOL_IP, IP_RECVTOS, 1);
        } else {
            Libc.setsockopt(fd, SOL_IPV6, IPV6_MTU_DISCOVER, 0);
            Libc.setsockopt(fd, SOL_IPV6, IPV6_RECVTCLASS, 1);
        }
    }

    /** The MTU of the route from {@code local} to {@code remote} as the kernel knows it at present; 0: there is none. */
    public static int pathMtu(Address local, Address remote, Optional<String> netns) throws IOException {
        return NetworkNamespaces.in(netns, () -> {
            boolean four = remote.isIpv4();
            int fd = Libc.socket(four ? SocketAddress.AF_INET : SocketAddress.AF_INET6, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
            if (fd < 0) {
                return 0;
            }
            try (Descriptor probe = new Descriptor(fd);
                    Arena arena = Arena.ofConfined()) {
                if (new SocketAddress(new Endpoint(local, 0)).bind(probe.number()) < 0
                        || new SocketAddress(new Endpoint(remote, 9)).connect(probe.number()) < 0) {
                    return 0;
                }
                MemorySegment value = arena.allocate(16, 8);
                value.set(ValueLayout.JAVA_INT, 8, 4);
                int known = Libc.getsockopt(
                        probe.number(),
                        four ? SOL_IP : SOL_IPV6,
                        four ? IP_MTU : IPV6_MTU,
                        value.address(),
                        value.address() + 8);
                return known < 0 ? 0 : value.get(ValueLayout.JAVA_INT, 0);
            }
        });
    }

    @Override
    public int descriptor() {
        return descriptor.number();
    }

    public Endpoint local() {
        return local;
    }

    /** IP protocol 50: what is received over IPv4 begins with the IP header. */
    public boolean isRaw() {
        return raw;
    }

    /** Whether one send may carry many datagrams. */
    public boolean segments() {
        return segments;
    }

    /** Whether one receive may bring many datagrams. */
    public boolean coalesces() {
        return coalesces;
    }

    /** Whatever uses it from now on is refused; who is using it is not disturbed until it is closed. */
    public void retire() {
        descriptor.retire();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
