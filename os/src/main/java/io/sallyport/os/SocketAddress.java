package io.sallyport.os;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** An {@link Endpoint} as the kernel takes it: {@code struct sockaddr_in} or {@code sockaddr_in6}, off-heap, made once. */
public final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int MAX = 28;

    private final Endpoint endpoint;
    private final MemorySegment memory;
    private final int length;

    public SocketAddress(Endpoint endpoint) {
        this.endpoint = endpoint;
        boolean four = endpoint.address().isIpv4();
        this.length = four ? 16 : MAX;
        this.memory = Arena.ofAuto().allocate(length, 8);
        memory.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? AF_INET : AF_INET6));
        memory.set(ValueLayout.JAVA_BYTE, 2, (byte) (endpoint.port() >>> 8));
        memory.set(ValueLayout.JAVA_BYTE, 3, (byte) endpoint.port());
        Bytes octets = endpoint.address().toBytes();
        for (int i = 0; i < octets.size(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, (four ? 4 : 8) + i, (byte) octets.at(i));
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    int bind(int fd) {
        try {
            return Libc.bind(fd, memory.address(), length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    int connect(int fd) {
        try {
            return Libc.connect(fd, memory.address(), length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    MemorySegment memory() {
        return memory;
    }

    long pointer() {
        return memory.address();
    }

    int length() {
        return length;
    }
}
