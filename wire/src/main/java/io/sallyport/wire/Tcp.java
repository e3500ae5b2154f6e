package io.sallyport.wire;

import java.lang.foreign.MemorySegment;

/**
 * The TCP header, RFC 9293 section 3.1.
 *
 * <pre>
 * |          Source Port          |       Destination Port        |   0
 * |                        Sequence Number                        |   4
 * |                    Acknowledgment Number                      |   8
 * | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |  12
 * |           Checksum            |         Urgent Pointer        |  16
 * |                           Options                             |  20
 * </pre>
 */
public final class Tcp {
    public static final int PROTOCOL = 6;
    public static final int SOURCE_PORT = 0;
    public static final int DESTINATION_PORT = 2;
    public static final int SEQUENCE = 4;
    public static final int ACKNOWLEDGMENT = 8;
    public static final int DATA_OFFSET = 12;
    public static final int FLAGS = 13;
    public static final int WINDOW = 14;
    public static final int CHECKSUM = 16;
    public static final int OPTIONS = 20;
    public static final int MIN_HEADER = 20;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;

    private Tcp() {}

    public static int headerLength(MemorySegment m, long tcp) {
        return (Octets.u8(m, tcp + DATA_OFFSET) >>> 4) << 2;
    }

    public static int flags(MemorySegment m, long tcp) {
        return Octets.u8(m, tcp + FLAGS);
    }

    public static int sequence(MemorySegment m, long tcp) {
        return Octets.i32(m, tcp + SEQUENCE);
    }

    /**
     * Lowers the MSS option of a SYN to {@code max}, so that neither end ever sends a segment that does not fit into the
     * tunnel; the checksum follows incrementally. A SYN without the option is left alone: its peer then uses 536 or less
     * (RFC 9293 section 3.7.1), which fits everywhere.
     *
     * @param length octets from {@code tcp} to the packet's end
     */
    public static void clampMss(MemorySegment m, long tcp, int length, int max) {
        int end = Math.min(headerLength(m, tcp), length);
        int at = OPTIONS;
        while (at + 4 <= end) {
            int kind = Octets.u8(m, tcp + at);
            if (kind == OPTION_END) {
                return;
            }
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            int size = Octets.u8(m, tcp + at + 1);
            if (size < 2) {
                return;
            }
            if (kind == OPTION_MSS && size == 4) {
                lowerMss(m, tcp, at + 2, max);
                return;
            }
            at += size;
        }
    }

    private static void lowerMss(MemorySegment m, long tcp, int at, int max) {
        int before = Octets.u16(m, tcp + at);
        if (before <= max) {
            return;
        }
        Octets.put16(m, tcp + at, max);
        // An option may begin at an odd offset; then both its octets lie in the other halves of two checksum words.
        int from = (at & 1) == 0 ? before : Short.toUnsignedInt(Short.reverseBytes((short) before));
        int to = (at & 1) == 0 ? max : Short.toUnsignedInt(Short.reverseBytes((short) max));
        Octets.put16(m, tcp + CHECKSUM, Checksum.updated(Octets.u16(m, tcp + CHECKSUM), from, to));
    }
}
