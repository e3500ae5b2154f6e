package io.sallyport.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable octet string that compares by content. Not for secrets: see {@link Secret}. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] octets;

    private Bytes(byte[] octets) {
        this.octets = octets;
    }

    /** Copies {@code octets}. */
    public static Bytes of(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
    }

    /** Copies {@code length} octets from {@code offset}. */
    public static Bytes of(byte[] octets, int offset, int length) {
        return new Bytes(Arrays.copyOfRange(octets, offset, offset + length));
    }

    /** The octets whose values are given, each in 0..255. */
    public static Bytes ofInts(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return new Bytes(octets);
    }

    /** Takes {@code octets} as they are; the caller gives them up. */
    public static Bytes wrap(byte[] octets) {
        return new Bytes(octets);
    }

    /**
     * Reads hexadecimal digits; white space between them is ignored.
     *
     * @throws IllegalArgumentException when a digit is not hexadecimal or their count is odd
     */
    public static Bytes hex(String digits) {
        return new Bytes(HexFormat.of().parseHex(digits.replaceAll("\\s+", "")));
    }

    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Bytes ofLong(long value) {
        byte[] octets = new byte[8];
        for (int i = 0; i < 8; i++) {
            octets[i] = (byte) (value >>> (56 - 8 * i));
        }
        return new Bytes(octets);
    }

    public static Bytes concat(Bytes... parts) {
        int size = 0;
        for (Bytes part : parts) {
            size += part.size();
        }
        byte[] octets = new byte[size];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.octets, 0, octets, at, part.size());
            at += part.size();
        }
        return new Bytes(octets);
    }

    public int size() {
        return octets.length;
    }

    public boolean isEmpty() {
        return octets.length == 0;
    }

    /** The octet at {@code index}, in 0..255. */
    public int at(int index) {
        return octets[index] & 0xff;
    }

    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(octets, from, to));
    }

    public byte[] toArray() {
        return octets.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(octets);
    }

    /** The text these octets spell in UTF-8, with whatever could harm a log line or a terminal replaced by a dot. */
    public String printable() {
        String text = new String(octets, StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == 0xfffd
                                ? '.'
                                : c));
        return out.toString();
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return octets.length <= 64
                ? hex()
                : HexFormat.of().formatHex(octets, 0, 32) + "…(" + octets.length + " octets)";
    }
}
