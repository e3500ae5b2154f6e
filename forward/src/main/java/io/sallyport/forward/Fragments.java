package io.sallyport.forward;

import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Cuts an IPv4 packet that may be fragmented into fragments (RFC 791 section 3.2), in place and in order like
 * {@link Segments}. The packet may be a fragment itself.
 */
public final class Fragments {
    private static final int HEADER_MAX = 60;
    private static final int OPTION_COPIED = 0x80;
    private static final int OPTION_NOP = 1;

    private final MemorySegment header = Arena.ofAuto().allocate(64, 16);
    private MemorySegment memory = MemorySegment.NULL;
    private long start;
    private int headerLength;
    private int body;
    private int piece;
    private int count;
    private int field;
    private int at;

    /** Begins with {@code packet}, to be cut into packets of {@code mtu} octets at most. */
    public void begin(Packet packet, int mtu) {
        memory = packet.memory();
        start = packet.at();
        headerLength = packet.transport();
        body = packet.length() - headerLength;
        piece = (mtu - headerLength) & ~7;
        count = (body + piece - 1) / piece;
        field = Ipv4.flagsAndOffset(memory, start);
        MemorySegment.copy(memory, start, header, 0, Math.min(headerLength, HEADER_MAX));
    }

    public int count() {
        return count;
    }

    /** Where the fragment made last lies. */
    public long at() {
        return start + at;
    }

    /** Makes fragment {@code index}; they must be made in order. Answers its length. */
    public int make(int index) {
        at = index * piece;
        long ip = start + at;
        if (index > 0) {
            MemorySegment.copy(header, 0, memory, ip, headerLength);
            hideOptions(ip);
        }
        boolean last = index == count - 1;
        int size = last ? body - at : piece;
        int offset = (field & Ipv4.OFFSET_MASK) + at / 8;
        int more = last ? field & Ipv4.MORE_FRAGMENTS : Ipv4.MORE_FRAGMENTS;
        Octets.put16(memory, ip + Ipv4.FLAGS_FRAGMENT, more | offset);
        Ipv4.setTotalLength(memory, ip, headerLength + size);
        return headerLength + size;
    }

    /** RFC 791 section 3.1: an option without the "copied" flag stands in the first fragment only. */
    private void hideOptions(long ip) {
        int option = Ipv4.MIN_HEADER;
        while (option < headerLength) {
            int type = Octets.u8(memory, ip + option);
            if (type == 0) {
                return;
            }
            int size = type == OPTION_NOP || option + 1 >= headerLength ? 1 : Octets.u8(memory, ip + option + 1);
            if (size < 1 || option + size > headerLength) {
                return;
            }
            if ((type & OPTION_COPIED) == 0) {
                memory.asSlice(ip + option, size).fill((byte) OPTION_NOP);
            }
            option += size;
        }
    }
}
