package io.sallyport.os;

import io.sallyport.base.Secret;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** AES-GCM as RFC 4106 uses it in ESP, by libipsec-mb, in place or from one buffer into another. */
final class IpsecMbGcm implements PacketCipher {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;

    // Layout of this SA's native memory; the expanded key and its table of GHASH powers come first.
    private static final int EXPANDED = 0;
    private static final int CONTEXT = 2048;
    private static final int NONCE = CONTEXT + 512;
    private static final int ADDITIONAL = NONCE + 16;
    private static final int TAG = ADDITIONAL + 16;
    private static final int SIZE = TAG + 32;

    private final MemorySegment state = Arena.ofAuto().allocate(SIZE, 64);
    private final long pointer = state.address();
    private final int keyOctets;
    private final boolean esn;

    IpsecMbGcm(int keyOctets, Secret secret, boolean esn) {
        this.keyOctets = keyOctets;
        this.esn = esn;
        byte[] octets = secret.expose();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(octets.length, 64);
            MemorySegment.copy(octets, 0, key, ValueLayout.JAVA_BYTE, 0, octets.length);
            precompute(key.address());
            MemorySegment.copy(octets, keyOctets, state, ValueLayout.JAVA_BYTE, NONCE, SALT);
            key.fill((byte) 0);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private void precompute(long key) {
        try {
            switch (keyOctets) {
                case 16 -> IpsecMb.Linked.PRE_128.invokeExact(key, pointer + EXPANDED);
                case 24 -> IpsecMb.Linked.PRE_192.invokeExact(key, pointer + EXPANDED);
                default -> IpsecMb.Linked.PRE_256.invokeExact(key, pointer + EXPANDED);
            }
        } catch (Throwable t) {
            throw new IllegalStateException("libipsec-mb failed", t);
        }
    }

    @Override
    public int ivOctets() {
        return IV;
    }

    @Override
    public int icvOctets() {
        return ICV;
    }

    @Override
    public int blockOctets() {
        return 1;
    }

    @Override
    public void seal(MemorySegment from, long text, int length, MemorySegment to, long esp, long sequence) {
        Octets.put64(to, esp + HEADER, sequence);
        Octets.put64(state, NONCE + SALT, sequence);
        long base = to.address() + esp;
        long out = base + HEADER + IV;
        long in = from.address() + text;
        long additional = additional(base, to, esp, sequence);
        long context = pointer + CONTEXT;
        long nonce = pointer + NONCE;
        long tag = out + length;
        long aad = esn ? 12 : 8;
        try {
            switch (keyOctets) {
                case 16 ->
                    IpsecMb.Linked.ENC_128.invokeExact(
                            pointer, context, out, in, (long) length, nonce, additional, aad, tag, (long) ICV);
                case 24 ->
                    IpsecMb.Linked.ENC_192.invokeExact(
                            pointer, context, out, in, (long) length, nonce, additional, aad, tag, (long) ICV);
                default ->
                    IpsecMb.Linked.ENC_256.invokeExact(
                            pointer, context, out, in, (long) length, nonce, additional, aad, tag, (long) ICV);
            }
        } catch (Throwable t) {
            throw new IllegalStateException("libipsec-mb failed", t);
        }
    }

    @Override
    public boolean open(MemorySegment memory, long esp, int length, long sequence) {
        Octets.put64(state, NONCE + SALT, Octets.i64(memory, esp + HEADER));
        long base = memory.address() + esp;
        long text = base + HEADER + IV;
        long additional = additional(base, memory, esp, sequence);
        long context = pointer + CONTEXT;
        long nonce = pointer + NONCE;
        long tag = pointer + TAG;
        long aad = esn ? 12 : 8;
        try {
            switch (keyOctets) {
                case 16 ->
                    IpsecMb.Linked.DEC_128.invokeExact(
                            pointer, context, text, text, (long) length, nonce, additional, aad, tag, (long) ICV);
                case 24 ->
                    IpsecMb.Linked.DEC_192.invokeExact(
                            pointer, context, text, text, (long) length, nonce, additional, aad, tag, (long) ICV);
                default ->
                    IpsecMb.Linked.DEC_256.invokeExact(
                            pointer, context, text, text, (long) length, nonce, additional, aad, tag, (long) ICV);
            }
        } catch (Throwable t) {
            throw new IllegalStateException("libipsec-mb failed", t);
        }
        // Both halves are compared whatever the first says: the time must not tell where they differ.
        long icv = esp + HEADER + IV + length;
        long difference = (Octets.i64(state, TAG) ^ Octets.i64(memory, icv))
                | (Octets.i64(state, TAG + 8) ^ Octets.i64(memory, icv + 8));
        return difference == 0;
    }

    /** RFC 4106 section 5: SPI and sequence number, which without ESN stand in the packet as they are needed. */
    private long additional(long base, MemorySegment memory, long esp, long sequence) {
        if (!esn) {
            return base;
        }
        Octets.put32(state, ADDITIONAL, Octets.i32(memory, esp));
        Octets.put64(state, ADDITIONAL + 4, sequence);
        return pointer + ADDITIONAL;
    }
}
