package io.sallyport.wire;

import io.sallyport.base.Bytes;
import java.util.Arrays;
import java.util.function.Consumer;

/** Builds octets in network order. A length prefix is a continuation: {@code w.lengthU16(0, body -> …)}. */
public final class Writer {
    private byte[] octets = new byte[256];
    private int size;

    public int size() {
        return size;
    }

    public Writer u8(int value) {
        grow(1);
        octets[size++] = (byte) value;
        return this;
    }

    public Writer u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public Writer u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    public Writer i64(long value) {
        return u32(value >>> 32).u32(value);
    }

    public Writer bytes(Bytes value) {
        return bytes(value.toArray());
    }

    public Writer bytes(byte[] value) {
        grow(value.length);
        System.arraycopy(value, 0, octets, size, value.length);
        size += value.length;
        return this;
    }

    public Writer zeros(int count) {
        grow(count);
        size += count;
        return this;
    }

    /**
     * Writes a 16-bit length, then what {@code body} writes.
     *
     * @param counted how many octets besides the body the length counts, 2 when it counts itself
     * @throws IllegalArgumentException when the body is too long for the field
     */
    public Writer lengthU16(int counted, Consumer<Writer> body) {
        int at = size;
        u16(0);
        body.accept(this);
        int length = size - at - 2 + counted;
        if (length > 0xffff) {
            throw new IllegalArgumentException("a part of " + length + " octets does not fit a 16-bit length");
        }
        octets[at] = (byte) (length >>> 8);
        octets[at + 1] = (byte) length;
        return this;
    }

    /** Overwrites the octet at {@code index}, which must have been written. */
    public Writer patchU8(int index, int value) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        octets[index] = (byte) value;
        return this;
    }

    public Writer patchU32(int index, long value) {
        return patchU8(index, (int) (value >>> 24))
                .patchU8(index + 1, (int) (value >>> 16))
                .patchU8(index + 2, (int) (value >>> 8))
                .patchU8(index + 3, (int) value);
    }

    public byte[] toArray() {
        return Arrays.copyOf(octets, size);
    }

    public Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    private void grow(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }
}
