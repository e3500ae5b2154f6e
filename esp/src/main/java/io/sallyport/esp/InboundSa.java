package io.sallyport.esp;

import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Octets;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half of a child SA, RFC 4303 section 3.4. Methods that change it are called under the SA's own monitor.
 */
public final class InboundSa {
    private static final int TRAILER = 2;
    private static final int LENGTH_BITS = 16;

    private final PacketCipher cipher;
    private final boolean esn;
    private final SaLimits limits;
    private final long softSequence;
    private final ReplayWindow window;
    private final int start;
    private final int overhead;
    private final int block;
    private long packets;
    private long octets;
    private boolean softReported;

    public InboundSa(PacketCipher cipher, boolean esn, SaLimits limits, int replayWindow) {
        this.cipher = cipher;
        this.esn = esn;
        this.limits = limits;
        this.softSequence = SaLimits.softSequence(esn);
        this.window = new ReplayWindow(replayWindow);
        this.start = PacketCipher.HEADER + cipher.ivOctets();
        this.overhead = start + cipher.icvOctets();
        this.block = cipher.blockOctets();
    }

    /** Octets from the ESP header to the inner packet. */
    public int start() {
        return start;
    }

    /**
     * Opens the ESP packet of {@code length} octets at {@code esp} in place. Order as RFC 4303 section 3.4 has it: replay
     * check, integrity and decryption, window, padding.
     *
     * @return {@link #innerLength} and {@link #nextHeader} in one number, or a {@link Drop#code()}
     */
    public int open(MemorySegment memory, long esp, int length) {
        int text = length - overhead;
        if (text < TRAILER || text % block != 0 || text > 0xffff) {
            return Drop.OUTER_SHORT.code();
        }
        int low = Octets.i32(memory, esp + 4);
        long sequence = esn ? window.infer(low) : low & 0xffff_ffffL;
        if (sequence <= 0 || window.isTooLate(sequence)) {
            return Drop.TOO_LATE.code();
        }
        if (window.isSeen(sequence)) {
            return Drop.REPLAYED.code();
        }
        if (limits.hardBytes() != 0 && octets + text > limits.hardBytes()) {
            return Drop.HARD_LIMIT.code();
        }
        if (!cipher.open(memory, esp, text, sequence)) {
            return Drop.AUTHENTICATION.code();
        }
        window.commit(sequence);
        return strip(memory, esp + start, text);
    }

    private int strip(MemorySegment memory, long inner, int text) {
        int padding = Octets.u8(memory, inner + text - TRAILER);
        int next = Octets.u8(memory, inner + text - 1);
        int length = text - TRAILER - padding;
        // The padding's content is not looked at: RFC 4303 section 2.4 lets a receiver inspect it, but the ICV has
        // vouched for it, and some peers pad with other octets.
        if (length < 0) {
            return Drop.PADDING.code();
        }
        packets++;
        octets += length;
        return switch (next) {
            case OutboundSa.NEXT_IPV4, OutboundSa.NEXT_IPV6 -> next << LENGTH_BITS | length;
            case OutboundSa.NEXT_NONE -> Drop.DUMMY.code();
            default -> Drop.NEXT_HEADER.code();
        };
    }

    public static int innerLength(int opened) {
        return opened & 0xffff;
    }

    /** 4 or 41. */
    public static int nextHeader(int opened) {
        return opened >>> LENGTH_BITS;
    }

    /** Whether a rekey should be asked for; answers true once. */
    public boolean takeSoftLimit() {
        boolean reached = !softReported
                && (window.top() > softSequence || limits.softBytes() != 0 && octets >= limits.softBytes());
        softReported |= reached;
        return reached;
    }

    /** Authentic packets so far; read by other threads for statistics. */
    public long packets() {
        return packets;
    }

    public long octets() {
        return octets;
    }
}
