package io.sallyport.crypto.packet;

import java.lang.foreign.MemorySegment;

/**
 * One direction of one ESP SA: its keys, ready to be used. Not safe for use by two threads at once; the SA's lock sees to
 * that.
 *
 * <p>An ESP packet at {@code esp} (RFC 4303 section 2) is SPI and sequence number, 8 octets that the caller has written,
 * then IV, text, ICV. The text is what is encrypted: inner packet, padding, pad length and next header.
 */
public interface PacketCipher {
    /** SPI and sequence number. */
    int HEADER = 8;

    int ivOctets();

    int icvOctets();

    /** The text's length must be a multiple of this; ESP itself asks for a multiple of 4. */
    int blockOctets();

    /**
     * Encrypts {@code length} octets at {@code text} into the ESP packet at {@code esp} and writes IV and ICV. {@code from}
     * and {@code to} may be one segment when the text already stands at its place in the packet.
     *
     * @param sequence all 64 bits; unique under this key, from which the IV is made
     */
    void seal(MemorySegment from, long text, int length, MemorySegment to, long esp, long sequence);

    /**
     * Verifies the ICV and decrypts in place. When it answers false the text may hold anything and must not be used.
     *
     * @param length of the text, without IV and ICV; a multiple of {@link #blockOctets()}
     */
    boolean open(MemorySegment memory, long esp, int length, long sequence);
}
