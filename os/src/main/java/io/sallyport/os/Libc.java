package io.sallyport.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The C library's functions, one method each, in the order of their manual pages. Where the C function sets errno, the
 * method answers its negative instead of -1; errno is captured by the linker, because the JVM may overwrite it before it
 * could be read.
 */
final class Libc {
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENOBUFS = 105;

    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle BIND = link("bind", FunctionDescriptor.of(INT, INT, LONG, INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle CONNECT = link("connect", FunctionDescriptor.of(INT, INT, LONG, INT));
    private static final MethodHandle EVENTFD = link("eventfd", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle GETSOCKNAME = link("getsockname", FunctionDescriptor.of(INT, INT, LONG, LONG));
    private static final MethodHandle GETSOCKOPT =
            link("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, LONG, LONG));
    private static final MethodHandle IOCTL =
            link("ioctl", FunctionDescriptor.of(INT, INT, LONG, LONG), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle OPEN = link("open", FunctionDescriptor.of(INT, LONG, INT));
    private static final MethodHandle POLL = link("poll", FunctionDescriptor.of(INT, LONG, LONG, INT));
    private static final MethodHandle READ = link("read", FunctionDescriptor.of(LONG, INT, LONG, LONG));
    private static final MethodHandle RECVMMSG =
            link("recvmmsg", FunctionDescriptor.of(INT, INT, LONG, INT, INT, LONG));
    private static final MethodHandle RECVMSG = link("recvmsg", FunctionDescriptor.of(LONG, INT, LONG, INT));
    private static final MethodHandle SENDMMSG = link("sendmmsg", FunctionDescriptor.of(INT, INT, LONG, INT, INT));
    private static final MethodHandle SENDMSG = link("sendmsg", FunctionDescriptor.of(LONG, INT, LONG, INT));
    private static final MethodHandle SETNS = link("setns", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle SETSOCKOPT =
            link("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, LONG, INT));
    private static final MethodHandle SOCKET = link("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle STRERROR = link("strerror", FunctionDescriptor.of(LONG, INT));
    private static final MethodHandle WRITE = link("write", FunctionDescriptor.of(LONG, INT, LONG, LONG));
    private static final MethodHandle WRITEV = link("writev", FunctionDescriptor.of(LONG, INT, LONG, INT));

    /** Where the linker puts errno; one for each thread. */
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private static final long ERRNO_AT =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private Libc() {}

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        System.arraycopy(more, 0, options, 0, more.length);
        options[more.length] = Linker.Option.captureCallState("errno");
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
        return LINKER.downcallHandle(symbol, type, options);
    }

    static int bind(int fd, long address, int length) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) BIND.invokeExact(e, fd, address, length), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int close(int fd) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) CLOSE.invokeExact(e, fd), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int connect(int fd, long address, int length) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) CONNECT.invokeExact(e, fd, address, length), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int eventfd(int initial, int flags) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) EVENTFD.invokeExact(e, initial, flags), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int getsockname(int fd, long address, long length) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) GETSOCKNAME.invokeExact(e, fd, address, length), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int getsockopt(int fd, int level, int option, long value, long length) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) GETSOCKOPT.invokeExact(e, fd, level, option, value, length), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int ioctl(int fd, long request, long argument) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) IOCTL.invokeExact(e, fd, request, argument), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int open(String path, int flags) {
        MemorySegment e = ERRNO.get();
        try (Arena arena = Arena.ofConfined()) {
            return result((int) OPEN.invokeExact(e, arena.allocateFrom(path).address(), flags), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int poll(long fds, int count, int timeoutMillis) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) POLL.invokeExact(e, fds, (long) count, timeoutMillis), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int read(int fd, long to, int size) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) (long) READ.invokeExact(e, fd, to, (long) size), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int recvmmsg(int fd, long messages, int count, int flags) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) RECVMMSG.invokeExact(e, fd, messages, count, flags, 0L), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int recvmsg(int fd, long message, int flags) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) (long) RECVMSG.invokeExact(e, fd, message, flags), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int sendmmsg(int fd, long messages, int count, int flags) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) SENDMMSG.invokeExact(e, fd, messages, count, flags), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int sendmsg(int fd, long message, int flags) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) (long) SENDMSG.invokeExact(e, fd, message, flags), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setns(int fd, int type) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) SETNS.invokeExact(e, fd, type), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setsockopt(int fd, int level, int option, int value) {
        MemorySegment e = ERRNO.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return result((int) SETSOCKOPT.invokeExact(e, fd, level, option, octets.address(), 4), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int socket(int family, int type, int protocol) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) SOCKET.invokeExact(e, family, type, protocol), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int write(int fd, long from, int size) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) (long) WRITE.invokeExact(e, fd, from, (long) size), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int writev(int fd, long vectors, int count) {
        MemorySegment e = ERRNO.get();
        try {
            return result((int) (long) WRITEV.invokeExact(e, fd, vectors, count), e);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** What errno {@code -negative} means, as the system says it. */
    @SuppressWarnings("restricted")
    static String text(int negative) {
        MemorySegment e = ERRNO.get();
        try {
            long text = (long) STRERROR.invokeExact(e, -negative);
            return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** The common refusals as one clear line each. */
    static IOException refused(String what, int negative) {
        return new IOException(
                switch (-negative) {
                    case EPERM, EACCES -> what + ": not permitted; run as root or with CAP_NET_ADMIN and CAP_NET_RAW";
                    default -> what + ": " + text(negative);
                });
    }

    private static int result(int answer, MemorySegment errno) {
        return answer >= 0 ? answer : -errno.get(ValueLayout.JAVA_INT, ERRNO_AT);
    }

    private static IllegalStateException broken(Throwable t) {
        return t instanceof IllegalStateException own ? own : new IllegalStateException("a native call failed", t);
    }

    /** A symbol of a shared library, or nothing when the library or the symbol is missing. */
    @SuppressWarnings("restricted")
    static Optional<MethodHandle> critical(
            java.lang.foreign.SymbolLookup library, String name, FunctionDescriptor type) {
        return library.find(name).map(symbol -> LINKER.downcallHandle(symbol, type, Linker.Option.critical(false)));
    }
}
