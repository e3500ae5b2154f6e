package io.sallyport.wire;

import io.sallyport.base.Bytes;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address.
 *
 * @param family which of the two
 * @param high the upper 64 bits; 0 for IPv4
 * @param low the lower 64 bits; for IPv4 the 32 bits of the address
 */
public record Address(Family family, long high, long low) implements Comparable<Address> {
    /** The two kinds of address. */
    public enum Family {
        IPV4(32),
        IPV6(128);

        private final int bits;

        Family(int bits) {
            this.bits = bits;
        }

        public int bits() {
            return bits;
        }

        public int octets() {
            return bits / 8;
        }
    }

    public Address {
        if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    public static Address ipv4(int bits) {
        return new Address(Family.IPV4, 0, bits & 0xffff_ffffL);
    }

    /** The address in network order: 4 octets or 16. */
    public static Address of(Bytes octets) {
        return switch (octets.size()) {
            case 4 -> new Address(Family.IPV4, 0, word(octets, 0) >>> 32);
            case 16 -> new Address(Family.IPV6, word(octets, 0), word(octets, 8));
            default -> throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.size());
        };
    }

    /**
     * Reads the textual form: dotted decimal, or RFC 4291 section 2.2.
     *
     * @throws IllegalArgumentException with one clear sentence when it is not an address
     */
    public static Address parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text, text);
    }

    public boolean isIpv4() {
        return family == Family.IPV4;
    }

    /** All bits zero: "any". */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    public Bytes toBytes() {
        Bytes all = Bytes.concat(Bytes.ofLong(high), Bytes.ofLong(low));
        return isIpv4() ? all.slice(12, 16) : all;
    }

    /** Unsigned order, IPv4 before IPv6. */
    @Override
    public int compareTo(Address other) {
        int byFamily = family.compareTo(other.family);
        int byHigh = byFamily != 0 ? byFamily : Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The address after this one; the last one wraps to zero. */
    public Address next() {
        if (isIpv4()) {
            return new Address(family, 0, (low + 1) & 0xffff_ffffL);
        }
        return new Address(family, low == -1 ? high + 1 : high, low + 1);
    }

    /** Canonical text: RFC 5952 for IPv6. */
    @Override
    public String toString() {
        if (isIpv4()) {
            return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i % 4))) & 0xffff;
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                out.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }

    /** Compiled once: configurations hold tens of thousands of addresses. */
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,2}");

    private static Address parseIpv4(String part, String whole) {
        String[] parts = part.split("\\.", -1);
        if (parts.length != 4) {
            throw notAnAddress(whole);
        }
        long bits = 0;
        for (String decimal : parts) {
            if (!DECIMAL.matcher(decimal).matches() || Integer.parseInt(decimal) > 255) {
                throw notAnAddress(whole);
            }
            bits = bits << 8 | Integer.parseInt(decimal);
        }
        return new Address(Family.IPV4, 0, bits);
    }

    private static Address parseIpv6(String text) {
        String plain = text;
        int lastColon = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            long v4 = parseIpv4(text.substring(lastColon + 1), text).low();
            plain = text.substring(0, lastColon + 1) + Long.toHexString(v4 >>> 16) + ":"
                    + Long.toHexString(v4 & 0xffff);
        }
        int gap = plain.indexOf("::");
        if (gap != plain.lastIndexOf("::")) {
            throw notAnAddress(text);
        }
        String[] head = groups(gap < 0 ? plain : plain.substring(0, gap));
        String[] tail = gap < 0 ? new String[0] : groups(plain.substring(gap + 2));
        if (gap < 0 ? head.length != 8 : head.length + tail.length > 7) {
            throw notAnAddress(text);
        }
        long[] words = new long[2];
        for (int i = 0; i < head.length; i++) {
            put(words, i, head[i], text);
        }
        for (int i = 0; i < tail.length; i++) {
            put(words, 8 - tail.length + i, tail[i], text);
        }
        return new Address(Family.IPV6, words[0], words[1]);
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static void put(long[] words, int index, String group, String whole) {
        if (!group.matches("[0-9a-fA-F]{1,4}")) {
            throw notAnAddress(whole);
        }
        words[index / 4] |= Long.parseLong(group, 16) << (48 - 16 * (index % 4));
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
    }

    private static long word(Bytes octets, int at) {
        long value = 0;
        for (int i = at; i < at + 8; i++) {
            value = value << 8 | (i < octets.size() ? octets.at(i) : 0);
        }
        return value;
    }
}
