package io.sallyport.esp;

/**
 * Which sequence numbers have been seen (RFC 4303 section 3.4.3 and appendix A2), as a ring of words in which moving the
 * window clears whole words (the idea of RFC 6479). Asked before the ICV is checked, changed only after.
 */
public final class ReplayWindow {
    /** The largest window: 16,384 packets, some 20 ms of a 10 Gbit/s tunnel. */
    public static final int MAX = 16_384;

    private final int size;
    private final long[] words;
    private final int mask;
    private long top;

    /**
     * @param packets how far behind the newest a packet may come; 0 turns the check off
     */
    public ReplayWindow(int packets) {
        if (packets < 0 || packets > MAX) {
            throw new IllegalArgumentException(
                    "a replay window of " + packets + " packets; 0.." + MAX + " are allowed");
        }
        this.size = packets;
        // One word more than the window needs: the newest word is only partly filled.
        int needed = packets == 0 ? 1 : Integer.highestOneBit(Math.max(1, (packets + 63) / 64)) * 2;
        this.words = new long[needed];
        this.mask = needed - 1;
    }

    /**
     * The 64-bit sequence number of which {@code low} was transmitted, as appendix A2.2 infers it from the newest one
     * accepted. Negative when it could only lie before the first.
     */
    public long infer(int low) {
        long sequence = low & 0xffff_ffffL;
        // With the window off nothing is too old, so the nearest number is meant.
        long reach = size == 0 ? 1L << 31 : size;
        long topLow = top & 0xffff_ffffL;
        long high = top >>> 32;
        long bottom = topLow - reach + 1;
        if (bottom >= 0) {
            return (sequence >= bottom ? high : high + 1) << 32 | sequence;
        }
        return sequence >= bottom + (1L << 32) ? (high << 32 | sequence) - (1L << 32) : high << 32 | sequence;
    }

    /** Whether {@code sequence} lies before the window. */
    public boolean isTooLate(long sequence) {
        return size > 0 && sequence <= top - size;
    }

    /** Whether {@code sequence} lies in the window and was committed before. */
    public boolean isSeen(long sequence) {
        return size > 0 && sequence <= top && (words[word(sequence)] & bit(sequence)) != 0;
    }

    /** Notes {@code sequence}, whose packet has proved authentic. */
    public void commit(long sequence) {
        if (sequence > top) {
            long from = top >>> 6;
            long steps = Math.min((sequence >>> 6) - from, words.length);
            for (long i = 1; i <= steps; i++) {
                words[(int) (from + i) & mask] = 0;
            }
            top = sequence;
        }
        words[word(sequence)] |= bit(sequence);
    }

    /** The newest sequence number committed. */
    public long top() {
        return top;
    }

    private int word(long sequence) {
        return (int) (sequence >>> 6) & mask;
    }

    private static long bit(long sequence) {
        return 1L << (sequence & 63);
    }
}
