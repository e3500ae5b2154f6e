package io.sallyport.os;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The two ways to write the two numbers of an ECDSA signature: in DER (RFC 3279 section 2.2.3), or one after the other, each as
 * long as the curve's order (RFC 4754 section 7).
 */
final class EcdsaEncoding {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 2;
    /** From here on a length in DER has an octet that says how many octets it has. */
    private static final int LONG_FORM = 128;

    private EcdsaEncoding() {}

    /** @param plain two numbers of equal length, at most 66 octets each */
    static byte[] der(byte[] plain) {
        int width = plain.length / 2;
        byte[] r = new BigInteger(1, plain, 0, width).toByteArray();
        byte[] s = new BigInteger(1, plain, width, width).toByteArray();
        int content = 4 + r.length + s.length;
        int head = content < LONG_FORM ? 2 : 3;
        byte[] der = new byte[head + content];
        der[0] = SEQUENCE;
        if (content >= LONG_FORM) {
            der[1] = (byte) (LONG_FORM + 1);
        }
        der[head - 1] = (byte) content;
        int at = put(r, der, head);
        put(s, der, at);
        return der;
    }

    private static int put(byte[] number, byte[] to, int at) {
        to[at] = INTEGER;
        to[at + 1] = (byte) number.length;
        System.arraycopy(number, 0, to, at + 2, number.length);
        return at + 2 + number.length;
    }

    /** @param der as OpenSSL has made it */
    static byte[] plain(byte[] der, int width) {
        int first = (der[1] & 0xff) > LONG_FORM ? 3 : 2;
        int second = first + 2 + der[first + 1];
        byte[] plain = new byte[2 * width];
        put(number(der, first), width, plain, 0);
        put(number(der, second), width, plain, width);
        return plain;
    }

    private static BigInteger number(byte[] der, int at) {
        return new BigInteger(1, Arrays.copyOfRange(der, at + 2, at + 2 + der[at + 1]));
    }

    /** Writes a number that is not negative, as long as it should be. */
    static void put(BigInteger number, int width, byte[] to, int at) {
        byte[] octets = number.toByteArray();
        int skip = Math.max(0, octets.length - width);
        System.arraycopy(octets, skip, to, at + width - (octets.length - skip), octets.length - skip);
    }
}
