package io.sallyport.wire;

/**
 * An address prefix in CIDR form; the bits beyond the length are zero.
 *
 * @param address the first address
 * @param length the number of leading bits that count
 */
public record Prefix(Address address, int length) implements Comparable<Prefix> {
    public static final Prefix ANY_IPV4 = new Prefix(Address.ipv4(0), 0);
    public static final Prefix ANY_IPV6 = new Prefix(new Address(Address.Family.IPV6, 0, 0), 0);

    public Prefix {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException("'" + address + "/" + length + "': the length must lie in 0.."
                    + address.family().bits());
        }
        if (!mask(address, length).equals(address)) {
            throw new IllegalArgumentException("'" + address + "/" + length + "' has bits set beyond its length; "
                    + mask(address, length) + "/" + length + " is the prefix that contains it");
        }
    }

    /**
     * Reads {@code address/length}.
     *
     * @throws IllegalArgumentException with one clear sentence when it is not a prefix
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isLength(text, slash + 1)) {
            throw new IllegalArgumentException("'" + text + "' is not an address prefix such as 10.1.0.0/16");
        }
        return new Prefix(Address.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** One to three digits without a zero in front, from {@code from} to the end. */
    private static boolean isLength(String text, int from) {
        int digits = text.length() - from;
        boolean fits = digits == 1 || digits > 1 && digits <= 3 && text.charAt(from) != '0';
        for (int i = from; fits && i < text.length(); i++) {
            fits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return fits;
    }

    /** The prefix of {@code length} bits that contains {@code address}. */
    public static Prefix containing(Address address, int length) {
        return new Prefix(mask(address, length), length);
    }

    /** The prefix that holds one address. */
    public static Prefix host(Address address) {
        return new Prefix(address, address.family().bits());
    }

    public boolean contains(Address other) {
        return other.family() == address.family() && mask(other, length).equals(address);
    }

    public boolean contains(Prefix other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(Prefix other) {
        return contains(other) || other.contains(this);
    }

    public Address last() {
        int bits = address.family().bits();
        if (bits == 32) {
            return new Address(Address.Family.IPV4, 0, address.low() | 0xffff_ffffL >>> length & 0xffff_ffffL);
        }
        long high = length >= 64 ? address.high() : address.high() | ones(length);
        long low = length <= 64 ? -1L : address.low() | ones(length - 64);
        return new Address(Address.Family.IPV6, high, low);
    }

    public AddressRange range() {
        return new AddressRange(address, last());
    }

    @Override
    public int compareTo(Prefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }

    private static Address mask(Address address, int length) {
        if (address.isIpv4()) {
            return new Address(Address.Family.IPV4, 0, length == 0 ? 0 : address.low() & -1L << (32 - length));
        }
        long high = length >= 64 ? address.high() : address.high() & ~ones(length);
        long low = length <= 64 ? 0 : address.low() & ~ones(length - 64);
        return new Address(Address.Family.IPV6, high, low);
    }

    /** 64 bits whose first {@code from} are zero and whose others are one; {@code from} in 0..64. */
    private static long ones(int from) {
        return from == 64 ? 0 : -1L >>> from;
    }
}
