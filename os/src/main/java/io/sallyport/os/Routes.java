package io.sallyport.os;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The machine's routes and the addresses of devices, changed through rtnetlink in the namespace it was opened in. */
public final class Routes implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int NLM_F_REQUEST_ACK = 1 | 4;
    private static final int NLM_F_EXCL_CREATE = 0x200 | 0x400;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_HEADER = 16;
    private static final int RTMSG = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int IFADDRMSG = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** Nobody else is on a TUN device who could have the address too: it is usable at once. */
    private static final int IFA_F_NODAD = 2;

    private static final int TABLE_MAIN = 254;
    /** Who made the route, as {@code ip route} shows it; a number no routing daemon uses. */
    private static final int PROTOCOL = 83;

    private static final int SCOPE_LINK = 253;
    private static final int TYPE_UNICAST = 1;
    private static final int ESRCH = 3;
    private static final int EADDRNOTAVAIL = 99;

    private final Descriptor descriptor;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment message = arena.allocate(256, 8);
    private final MemorySegment answer = arena.allocate(4096, 8);
    private int sequence;

    private Routes(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static Routes open(Optional<String> netns) throws IOException {
        int fd = NetworkNamespaces.in(netns, () -> Libc.socket(AF_NETLINK, SOCK_RAW | Libc.O_CLOEXEC, 0));
        if (fd < 0) {
            throw Libc.refused("a netlink socket", fd);
        }
        return new Routes(new Descriptor(fd));
    }

    /** Leads {@code prefix} to {@code device}. */
    public void add(Prefix prefix, Tun device) throws IOException {
        int done = change(RTM_NEWROUTE, NLM_F_EXCL_CREATE, prefix, device.index());
        if (done == -Libc.EEXIST) {
            throw new IOException("this machine has a route for " + prefix + " already; it would lead past device '"
                    + device.name() + "'");
        }
        if (done < 0) {
            throw Libc.refused("route " + prefix + " on device '" + device.name() + "'", done);
        }
    }

    /** Removes what {@link #add} added; nothing happens when it is gone already. */
    public void remove(Prefix prefix, Tun device) throws IOException {
        int done = change(RTM_DELROUTE, 0, prefix, device.index());
        if (done < 0 && done != -ESRCH) {
            throw Libc.refused("removing route " + prefix, done);
        }
    }

    /** Gives {@code address} to {@code device}, so that programs of this machine may use it. */
    public void addAddress(Address address, Tun device) throws IOException {
        int done = change(RTM_NEWADDR, NLM_F_EXCL_CREATE, address, device.index());
        if (done < 0 && done != -Libc.EEXIST) {
            throw Libc.refused("address " + address + " on device '" + device.name() + "'", done);
        }
    }

    /** Takes away what {@link #addAddress} gave; nothing happens when it is gone already. */
    public void removeAddress(Address address, Tun device) throws IOException {
        int done = change(RTM_DELADDR, 0, address, device.index());
        if (done < 0 && done != -EADDRNOTAVAIL) {
            throw Libc.refused("removing address " + address, done);
        }
    }

    private int change(int type, int flags, Address address, int device) {
        begin(type, flags);
        boolean four = address.isIpv4();
        int at = NLMSG_HEADER;
        message.set(ValueLayout.JAVA_BYTE, at, family(address));
        message.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (four ? 32 : 128));
        message.set(ValueLayout.JAVA_BYTE, at + 2, (byte) (four ? 0 : IFA_F_NODAD));
        message.set(ValueLayout.JAVA_INT, at + 4, device);
        at = attribute(at + IFADDRMSG, IFA_ADDRESS, address.toBytes());
        return send(four ? attribute(at, IFA_LOCAL, address.toBytes()) : at);
    }

    private int change(int type, int flags, Prefix prefix, int device) {
        begin(type, flags);
        int at = NLMSG_HEADER;
        message.set(ValueLayout.JAVA_BYTE, at, family(prefix.address()));
        message.set(ValueLayout.JAVA_BYTE, at + 1, (byte) prefix.length());
        message.set(ValueLayout.JAVA_BYTE, at + 4, (byte) TABLE_MAIN);
        message.set(ValueLayout.JAVA_BYTE, at + 5, (byte) PROTOCOL);
        message.set(ValueLayout.JAVA_BYTE, at + 6, (byte) (prefix.address().isIpv4() ? SCOPE_LINK : 0));
        message.set(ValueLayout.JAVA_BYTE, at + 7, (byte) TYPE_UNICAST);
        at = attribute(at + RTMSG, RTA_DST, prefix.address().toBytes());
        message.set(ValueLayout.JAVA_SHORT, at, (short) 8);
        message.set(ValueLayout.JAVA_SHORT, at + 2, (short) RTA_OIF);
        message.set(ValueLayout.JAVA_INT, at + 4, device);
        return send(at + 8);
    }

    private static byte family(Address address) {
        return (byte) (address.isIpv4() ? SocketAddress.AF_INET : SocketAddress.AF_INET6);
    }

    private void begin(int type, int flags) {
        message.fill((byte) 0);
        message.set(ValueLayout.JAVA_SHORT, 4, (short) type);
        message.set(ValueLayout.JAVA_SHORT, 6, (short) (NLM_F_REQUEST_ACK | flags));
        message.set(ValueLayout.JAVA_INT, 8, ++sequence);
    }

    private int attribute(int at, int type, Bytes octets) {
        message.set(ValueLayout.JAVA_SHORT, at, (short) (4 + octets.size()));
        message.set(ValueLayout.JAVA_SHORT, at + 2, (short) type);
        for (int i = 0; i < octets.size(); i++) {
            message.set(ValueLayout.JAVA_BYTE, at + 4 + i, (byte) octets.at(i));
        }
        return at + 4 + octets.size();
    }

    private int send(int length) {
        message.set(ValueLayout.JAVA_INT, 0, length);
        int sent = Libc.write(descriptor.number(), message.address(), length);
        return sent < 0 ? sent : acknowledged();
    }

    private int acknowledged() {
        int got = Libc.read(descriptor.number(), answer.address(), (int) answer.byteSize());
        if (got < NLMSG_HEADER + 4) {
            return got < 0 ? got : -Libc.EINVAL;
        }
        int type = answer.get(ValueLayout.JAVA_SHORT, 4);
        return type == NLMSG_ERROR ? answer.get(ValueLayout.JAVA_INT, NLMSG_HEADER) : 0;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
