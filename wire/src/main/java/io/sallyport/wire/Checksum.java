package io.sallyport.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum, RFC 1071, and its incremental update, RFC 1624.
 *
 * <p>A partial sum is an int of at most 16 bits; partial sums of pieces that begin at even offsets may be added and
 * folded.
 */
public final class Checksum {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksum() {}

    /**
     * The one's complement sum of {@code length} octets, not complemented.
     *
     * <p>RFC 1071 section 2 (B): the sum may be taken in the machine's own byte order and swapped once at the end.
     */
    public static int sum(MemorySegment memory, long at, int length) {
        long lower = 0;
        long upper = 0;
        int words = length >> 3;
        // This shape, an int counter of whole words and two sums, is what C2 turns into vector instructions: 30 ns for
        // 1400 octets, against 200 ns for a loop unrolled by hand. Measure before changing it.
        for (int i = 0; i < words; i++) {
            long v = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + ((long) i << 3));
            lower += v & 0xffff_ffffL;
            upper += v >>> 32;
        }
        long a = lower + upper;
        int i = words << 3;
        if (i + 4 <= length) {
            a += memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + i) & 0xffff_ffffL;
            i += 4;
        }
        if (i + 2 <= length) {
            a += memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + i) & 0xffff;
            i += 2;
        }
        if (i < length) {
            int last = memory.get(ValueLayout.JAVA_BYTE, at + i) & 0xff;
            a += LITTLE ? last : last << 8;
        }
        int folded = fold(a);
        return LITTLE ? Short.toUnsignedInt(Short.reverseBytes((short) folded)) : folded;
    }

    /** Adds the carries back in until 16 bits are left. */
    public static int fold(long sum) {
        long s = (sum & 0xffff_ffffL) + (sum >>> 32);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        return (int) s;
    }

    /** The checksum field that makes what summed to {@code sum} right. */
    public static int complement(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** RFC 1624 equation 3: the checksum field after one 16-bit word changed from {@code before} to {@code after}. */
    public static int updated(int checksum, int before, int after) {
        return ~fold((long) (~checksum & 0xffff) + (~before & 0xffff) + after) & 0xffff;
    }

    /** The part of a TCP or UDP checksum that comes from the addresses and the protocol; the length is added by the caller. */
    public static int pseudoHeader(MemorySegment memory, long ip, int version, int protocol) {
        return version == 4
                ? fold((long) sum(memory, ip + Ipv4.SOURCE, 8) + protocol)
                : fold((long) sum(memory, ip + Ipv6.SOURCE, 32) + protocol);
    }
}
