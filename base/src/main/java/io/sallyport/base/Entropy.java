package io.sallyport.base;

/** Where randomness comes from: the operating system in production, a seed in simulations. */
public interface Entropy {
    /** Fills {@code octets} with random octets. */
    void fill(byte[] octets);

    default Bytes bytes(int size) {
        byte[] octets = new byte[size];
        fill(octets);
        return Bytes.wrap(octets);
    }

    default long nextLong() {
        byte[] octets = new byte[8];
        fill(octets);
        long value = 0;
        for (byte octet : octets) {
            value = value << 8 | (octet & 0xff);
        }
        return value;
    }

    /** Uniform enough in 0..bound-1 for jitter and choice, not for keys. */
    default int nextInt(int bound) {
        return (int) Long.remainderUnsigned(nextLong(), bound);
    }
}
