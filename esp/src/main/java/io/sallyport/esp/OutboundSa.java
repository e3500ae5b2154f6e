package io.sallyport.esp;

import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The sending half of a child SA, RFC 4303 section 3.3. All methods but the counters are called under the SA's own
 * monitor: packet threads of several devices may feed one SA.
 */
public final class OutboundSa {
    /** Octets after a packet that {@link #seal} writes over for a moment and puts back. */
    public static final int TAIL_ROOM = 24;

    public static final int NEXT_IPV4 = 4;
    public static final int NEXT_IPV6 = 41;
    public static final int NEXT_NONE = 59;

    private static final int TRAILER = 2;

    private final int spi;
    private final PacketCipher cipher;
    private final SaLimits limits;
    private final long softSequence;
    private final long lastSequence;
    private final int align;
    private final int overhead;
    private long next;
    private long packets;
    private long octets;
    private boolean softReported;

    /**
     * @param first the first sequence number to be used: 1, or a number beyond any used before when an SA is continued
     */
    public OutboundSa(int spi, PacketCipher cipher, boolean esn, SaLimits limits, long first) {
        this.spi = spi;
        this.cipher = cipher;
        this.limits = limits;
        this.softSequence = SaLimits.softSequence(esn);
        this.lastSequence = SaLimits.lastSequence(esn);
        // RFC 4303 section 2.4: next header ends on a 4-octet boundary, whatever the cipher's block.
        this.align = Math.max(4, cipher.blockOctets());
        this.overhead = PacketCipher.HEADER + cipher.ivOctets() + cipher.icvOctets();
        this.next = first;
    }

    public int spi() {
        return spi;
    }

    /** Octets of ESP that an inner packet of {@code length} becomes. */
    public int sealedLength(int length) {
        return overhead + (length + TRAILER + align - 1) / align * align;
    }

    /** The largest inner packet whose ESP packet takes no more than {@code room}. */
    public int largestInner(int room) {
        return (room - overhead) / align * align - TRAILER;
    }

    /**
     * Takes {@code count} sequence numbers at once for packets of {@code size} octets in all.
     *
     * @return the first of them, or a {@link Drop#code()}
     */
    public long reserve(int count, long size) {
        if (next + count - 1 > lastSequence) {
            return Drop.SEQUENCE_EXHAUSTED.code();
        }
        if (limits.hardBytes() != 0 && octets + size > limits.hardBytes()) {
            return Drop.HARD_LIMIT.code();
        }
        long first = next;
        next += count;
        packets += count;
        octets += size;
        return first;
    }

    /** Whether a rekey should be asked for; answers true once. */
    public boolean takeSoftLimit() {
        boolean reached =
                !softReported && (next > softSequence || limits.softBytes() != 0 && octets >= limits.softBytes());
        softReported |= reached;
        return reached;
    }

    /**
     * Seals the inner packet at {@code inner} into an ESP packet at {@code esp} and returns its length. The padding and
     * the trailer stand for a moment in the octets behind the inner packet, at most {@link #TAIL_ROOM} of them, because
     * there the cipher can take them in one pass; what stood there comes back.
     *
     * @param sequence one that {@link #reserve} gave
     */
    public int seal(
            MemorySegment from, long inner, int length, int nextHeader, MemorySegment to, long esp, long sequence) {
        int text = (length + TRAILER + align - 1) / align * align;
        long tail = inner + length;
        long tail0 = from.get(ValueLayout.JAVA_LONG_UNALIGNED, tail);
        long tail1 = from.get(ValueLayout.JAVA_LONG_UNALIGNED, tail + 8);
        long tail2 = from.get(ValueLayout.JAVA_LONG_UNALIGNED, tail + 16);
        int padding = text - length - TRAILER;
        for (int i = 0; i < padding; i++) {
            Octets.put8(from, tail + i, i + 1);
        }
        Octets.put16(from, tail + padding, padding << 8 | nextHeader);
        Octets.put32(to, esp, spi);
        Octets.put32(to, esp + 4, (int) sequence);
        cipher.seal(from, inner, text, to, esp, sequence);
        from.set(ValueLayout.JAVA_LONG_UNALIGNED, tail, tail0);
        from.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + 8, tail1);
        from.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + 16, tail2);
        return overhead + text;
    }

    /** The next sequence number; a checkpoint adds a safe distance to it. */
    public long nextSequence() {
        return next;
    }

    /** Packets so far; read by other threads for statistics, where a late value does no harm. */
    public long packets() {
        return packets;
    }

    public long octets() {
        return octets;
    }
}
