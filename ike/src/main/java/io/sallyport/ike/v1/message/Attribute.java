package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;

/**
 * A data attribute, RFC 2408 section 3.3.
 *
 * @param type 0..32767
 * @param basic type and value in four octets; else the value has a length of its own
 * @param value two octets when {@code basic}
 */
public record Attribute(int type, boolean basic, Bytes value) {
    /** In four octets when it fits. */
    public static Attribute number(int type, long value) {
        return value >>> 16 == 0
                ? new Attribute(type, true, Bytes.ofInts((int) value >>> 8, (int) value & 0xff))
                : new Attribute(type, false, Bytes.ofLong(value).slice(4, 8));
    }

    public static Attribute octets(int type, Bytes value) {
        return new Attribute(type, false, value);
    }

    /** The value as an unsigned number, or -1 when it is longer than seven octets. */
    public long number() {
        if (value.size() > 7) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < value.size(); i++) {
            number = number << 8 | value.at(i);
        }
        return number;
    }
}
