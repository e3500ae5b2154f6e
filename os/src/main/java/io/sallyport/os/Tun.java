package io.sallyport.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A TUN device: the machine's side of a VNet. Every packet is preceded by a {@link VnetHeader} where the kernel offers
 * that, so that one read or write carries up to 64 KiB of one flow. The device lives as long as its descriptor.
 */
public final class Tun implements Pollable, AutoCloseable {
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCSIFTXQLEN = 0x8943;
    private static final int IFF_UP = 1;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int OFFLOAD_CSUM = 0x01;
    private static final int OFFLOAD_TSO = 0x02 | 0x04;
    private static final int OFFLOAD_USO = 0x20 | 0x40;
    private static final int IFREQ = 40;
    private static final int IFREQ_VALUE = 16;
    private static final int NAME_MAX = 15;
    /** Packets the kernel holds for us: a millisecond of small packets at a million a second. */
    private static final int QUEUE = 1000;

    private final Descriptor descriptor;
    private final String name;
    private final Optional<String> netns;
    private final int index;
    private final Offload offload;

    /** What the device may be asked to leave to us. */
    public enum Offload {
        /** Plain packets, no header before them. */
        NONE,
        /** Checksums and TCP segmentation. */
        TCP,
        /** UDP segmentation too (Linux 6.2). */
        TCP_UDP
    }

    private Tun(Descriptor descriptor, String name, Optional<String> netns, int index, Offload offload) {
        this.descriptor = descriptor;
        this.name = name;
        this.netns = netns;
        this.index = index;
        this.offload = offload;
    }

    /**
     * Creates the device and brings it up.
     *
     * @param most the offloads to try, from the richest down
     * @throws IOException with one clear line
     */
    public static Tun open(String name, Optional<String> netns, int mtu, Offload most) throws IOException {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > NAME_MAX || name.matches(".*[/\\s].*")) {
            throw new IOException("'" + name + "' is not a device name: 1 to 15 octets without '/' and spaces");
        }
        return NetworkNamespaces.in(netns, () -> create(name, netns, mtu, most));
    }

    private static Tun create(String name, Optional<String> netns, int mtu, Offload most) throws IOException {
        int fd = Libc.open("/dev/net/tun", Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd == -Libc.ENOENT || fd == -Libc.ENODEV) {
            throw new IOException(
                    "/dev/net/tun is missing: the kernel has no TUN driver, or the container was not given it");
        }
        if (fd < 0) {
            throw Libc.refused("/dev/net/tun", fd);
        }
        Descriptor descriptor = new Descriptor(fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            int flags = IFF_TUN | IFF_NO_PI | (most == Offload.NONE ? 0 : IFF_VNET_HDR);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_VALUE, (short) flags);
            int made = Libc.ioctl(fd, TUNSETIFF, request.address());
            if (made == -Libc.EBUSY || made == -Libc.EINVAL) {
                throw new IOException("device '" + name + "' exists already" + in(netns));
            }
            if (made < 0) {
                throw Libc.refused("device '" + name + "'" + in(netns), made);
            }
            Offload offload = negotiate(fd, most);
            int index = bringUp(arena, name, mtu);
            return new Tun(descriptor, name, netns, index, offload);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** UDP segmentation is a second question of its own: a kernel before 6.2 refuses the whole set that contains it. */
    private static Offload negotiate(int fd, Offload most) {
        if (most == Offload.NONE) {
            return Offload.NONE;
        }
        if (most == Offload.TCP_UDP && Libc.ioctl(fd, TUNSETOFFLOAD, OFFLOAD_CSUM | OFFLOAD_TSO | OFFLOAD_USO) >= 0) {
            return Offload.TCP_UDP;
        }
        // Refused or not, the header stays: it was asked for when the device was made.
        Libc.ioctl(fd, TUNSETOFFLOAD, OFFLOAD_CSUM | OFFLOAD_TSO);
        return Offload.TCP;
    }

    private static int bringUp(Arena arena, String name, int mtu) throws IOException {
        int socket = Libc.socket(2, 2 | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            throw Libc.refused("a socket for device '" + name + "'", socket);
        }
        try (Descriptor control = new Descriptor(socket)) {
            MemorySegment request = request(arena, name);
            request.set(ValueLayout.JAVA_INT, IFREQ_VALUE, mtu);
            int sized = Libc.ioctl(control.number(), SIOCSIFMTU, request.address());
            if (sized < 0) {
                throw Libc.refused("MTU " + mtu + " for device '" + name + "'", sized);
            }
            request.set(ValueLayout.JAVA_INT, IFREQ_VALUE, QUEUE);
            Libc.ioctl(control.number(), SIOCSIFTXQLEN, request.address());
            request.set(ValueLayout.JAVA_INT, IFREQ_VALUE, IFF_UP);
            int up = Libc.ioctl(control.number(), SIOCSIFFLAGS, request.address());
            if (up < 0) {
                throw Libc.refused("bringing device '" + name + "' up", up);
            }
            int found = Libc.ioctl(control.number(), SIOCGIFINDEX, request.address());
            if (found < 0) {
                throw Libc.refused("the index of device '" + name + "'", found);
            }
            return request.get(ValueLayout.JAVA_INT, IFREQ_VALUE);
        }
    }

    private static MemorySegment request(Arena arena, String name) {
        MemorySegment request = arena.allocate(IFREQ, 8);
        request.setString(0, name);
        return request;
    }

    private static String in(Optional<String> netns) {
        return netns.map(n -> " in network namespace '" + n + "'").orElse("");
    }

    /** Reads one packet with its header, if any, to {@code to}. Answers its size, 0 when there is none, or -errno. */
    public int read(long to, int size) {
        int read = Libc.read(descriptor.number(), to, size);
        return read == -Libc.EAGAIN || read == -Libc.EINTR ? 0 : read;
    }

    /** Writes one packet with its header, if any, gathered from {@code count} iovecs. False: the device refused it. */
    public boolean write(long vectors, int count) {
        return Libc.writev(descriptor.number(), vectors, count) >= 0;
    }

    @Override
    public int descriptor() {
        return descriptor.number();
    }

    public String name() {
        return name;
    }

    public Optional<String> netns() {
        return netns;
    }

    /** The interface index, for routes. */
    public int index() {
        return index;
    }

    public Offload offload() {
        return offload;
    }

    /** Octets before each packet. */
    public int headerOctets() {
        return offload == Offload.NONE ? 0 : VnetHeader.OCTETS;
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
