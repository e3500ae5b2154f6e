package io.sallyport.wire;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;

/**
 * Consumes octets in network order. Length-prefixed parts come out as readers of their own, so that nobody adds
 * lengths. Never reads outside what it was given.
 */
public final class Reader {
    private final byte[] octets;
    private final int end;
    private int at;

    private Reader(byte[] octets, int from, int end) {
        this.octets = octets;
        this.at = from;
        this.end = end;
    }

    /** Reads {@code octets}, which must not change meanwhile. */
    public static Reader over(byte[] octets) {
        return new Reader(octets, 0, octets.length);
    }

    public static Reader over(Bytes octets) {
        return over(octets.toArray());
    }

    public int remaining() {
        return end - at;
    }

    public boolean isEmpty() {
        return at == end;
    }

    /** How many octets of the outermost array lie before the next one to read. */
    public int position() {
        return at;
    }

    /** @throws Malformed when nothing is left; likewise the others when fewer octets are left than asked for */
    public int u8(String field) throws Malformed {
        need(1, field);
        return octets[at++] & 0xff;
    }

    public int u16(String field) throws Malformed {
        need(2, field);
        int value = (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
        at += 2;
        return value;
    }

    /** Unsigned, hence a long. */
    public long u32(String field) throws Malformed {
        need(4, field);
        return (long) u16(field) << 16 | u16(field);
    }

    public int i32(String field) throws Malformed {
        return (int) u32(field);
    }

    public long i64(String field) throws Malformed {
        need(8, field);
        return u32(field) << 32 | u32(field);
    }

    public Bytes bytes(int size, String field) throws Malformed {
        need(size, field);
        Bytes out = Bytes.of(octets, at, size);
        at += size;
        return out;
    }

    /** Everything that is left. */
    public Bytes rest() {
        Bytes out = Bytes.of(octets, at, end - at);
        at = end;
        return out;
    }

    /** The next {@code size} octets as a reader of their own. */
    public Reader sub(int size, String field) throws Malformed {
        need(size, field);
        Reader out = new Reader(octets, at, at + size);
        at += size;
        return out;
    }

    /** @throws Malformed when anything is left */
    public void finish(String field) throws Malformed {
        if (at != end) {
            throw new Malformed(field, (end - at) + " octets too many");
        }
    }

    private void need(int size, String field) throws Malformed {
        if (size < 0 || end - at < size) {
            throw new Malformed(field, "needs " + size + " octets, " + (end - at) + " left");
        }
    }
}
