package io.sallyport.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct msghdr}, {@code struct iovec} and {@code struct cmsghdr} on a 64-bit Linux.
 *
 * <pre>
 * msghdr    name 0, name length 8, iov 16, iov count 24, control 32, control length 40, flags 48; 56 octets
 * mmsghdr   msghdr, then the number of octets moved at 56; 64 octets
 * iovec     base 0, length 8
 * cmsghdr   length 0, level 8, type 12, data 16
 * </pre>
 */
final class Messages {
    static final int MMSG = 64;
    static final int MOVED = 56;
    static final int IOVEC = 16;
    static final int CMSG_DATA = 16;
    /** A control message with an int or less in it, padded. */
    static final int CMSG_SPACE = 24;

    private static final int NAME_LENGTH = 8;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;

    private Messages() {}

    static void write(
            MemorySegment m,
            long at,
            long name,
            int nameLength,
            long vectors,
            int count,
            long control,
            int controlLength) {
        m.set(ValueLayout.JAVA_LONG, at, name);
        m.set(ValueLayout.JAVA_INT, at + NAME_LENGTH, nameLength);
        m.set(ValueLayout.JAVA_LONG, at + 16, vectors);
        m.set(ValueLayout.JAVA_LONG, at + 24, count);
        m.set(ValueLayout.JAVA_LONG, at + CONTROL, controlLength == 0 ? 0 : control);
        m.set(ValueLayout.JAVA_LONG, at + CONTROL_LENGTH, controlLength);
        m.set(ValueLayout.JAVA_INT, at + 48, 0);
    }

    /** What the kernel changes in a message that is used again for receiving. */
    static void rearm(MemorySegment m, long at, int nameLength, int controlLength) {
        m.set(ValueLayout.JAVA_INT, at + NAME_LENGTH, nameLength);
        m.set(ValueLayout.JAVA_LONG, at + CONTROL_LENGTH, controlLength);
    }

    static long controlLength(MemorySegment m, long at) {
        return m.get(ValueLayout.JAVA_LONG, at + CONTROL_LENGTH);
    }

    static void vector(MemorySegment m, long at, long base, long length) {
        m.set(ValueLayout.JAVA_LONG, at, base);
        m.set(ValueLayout.JAVA_LONG, at + 8, length);
    }

    static void control(MemorySegment m, long at, int dataLength, int level, int type) {
        m.set(ValueLayout.JAVA_LONG, at, CMSG_DATA + dataLength);
        m.set(ValueLayout.JAVA_INT, at + 8, level);
        m.set(ValueLayout.JAVA_INT, at + 12, type);
    }
}
