package io.sallyport.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads and writes integers in network order, at any alignment, in off-heap memory. Makes no objects. */
public final class Octets {
    private static final ValueLayout.OfShort BE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Octets() {}

    public static int u8(MemorySegment memory, long at) {
        return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    public static int u16(MemorySegment memory, long at) {
        return memory.get(BE16, at) & 0xffff;
    }

    public static int i32(MemorySegment memory, long at) {
        return memory.get(BE32, at);
    }

    public static long u32(MemorySegment memory, long at) {
        return memory.get(BE32, at) & 0xffff_ffffL;
    }

    public static long i64(MemorySegment memory, long at) {
        return memory.get(BE64, at);
    }

    public static void put8(MemorySegment memory, long at, int value) {
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    public static void put16(MemorySegment memory, long at, int value) {
        memory.set(BE16, at, (short) value);
    }

    public static void put32(MemorySegment memory, long at, int value) {
        memory.set(BE32, at, value);
    }

    public static void put64(MemorySegment memory, long at, long value) {
        memory.set(BE64, at, value);
    }
}
