package io.sallyport.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header before each packet of a TUN device: Linux's {@code struct virtio_net_hdr}, in the machine's byte order.
 *
 * <pre>
 * |  flags  | gso type |  header length  |   0
 * |     gso size       | checksum start  |   4
 * |  checksum offset   |                     8
 * </pre>
 */
public final class VnetHeader {
    public static final int OCTETS = 10;

    /** The checksum field holds the pseudo header's sum only; whoever sends the packet completes it. */
    public static final int NEEDS_CHECKSUM = 1;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_TCPV6 = 4;
    public static final int GSO_UDP = 5;
    /** Added to a TCP type when the first segment alone may carry CWR (RFC 3168). */
    public static final int GSO_ECN = 0x80;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    private VnetHeader() {}

    public static boolean needsChecksum(MemorySegment m, long at) {
        return (m.get(ValueLayout.JAVA_BYTE, at) & NEEDS_CHECKSUM) != 0;
    }

    public static int gsoType(MemorySegment m, long at) {
        return m.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff & ~GSO_ECN;
    }

    public static int gsoSize(MemorySegment m, long at) {
        return m.get(U16, at + 4) & 0xffff;
    }

    public static int checksumStart(MemorySegment m, long at) {
        return m.get(U16, at + 6) & 0xffff;
    }

    public static int checksumOffset(MemorySegment m, long at) {
        return m.get(U16, at + 8) & 0xffff;
    }

    /** A packet that stands for itself and whose checksum is complete. */
    public static void writePlain(MemorySegment m, long at) {
        m.set(ValueLayout.JAVA_LONG_UNALIGNED, at, 0L);
        m.set(U16, at + 8, (short) 0);
    }

    /** A packet that stands for several. */
    public static void writeSuper(
            MemorySegment m, long at, int type, int headers, int size, int checksumStart, int checksumOffset) {
        m.set(ValueLayout.JAVA_BYTE, at, (byte) NEEDS_CHECKSUM);
        m.set(ValueLayout.JAVA_BYTE, at + 1, (byte) type);
        m.set(U16, at + 2, (short) headers);
        m.set(U16, at + 4, (short) size);
        m.set(U16, at + 6, (short) checksumStart);
        m.set(U16, at + 8, (short) checksumOffset);
    }
}
