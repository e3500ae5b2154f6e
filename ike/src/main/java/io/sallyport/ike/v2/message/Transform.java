package io.sallyport.ike.v2.message;

import java.util.Optional;

/**
 * One algorithm offered, RFC 7296 section 3.3.2.
 *
 * @param type see {@link Type}; any other number is kept as it came
 * @param id IANA's number within the type
 * @param keyLengthBits the Key Length attribute
 * @param foreign an attribute came with it that we do not know, so that it must not be chosen (section 3.3.6)
 */
public record Transform(int type, int id, Optional<Integer> keyLengthBits, boolean foreign) {
    /** IANA's "Transform Type Values". */
    public static final class Type {
        public static final int ENCRYPTION = 1;
        public static final int PRF = 2;
        public static final int INTEGRITY = 3;
        public static final int KEY_EXCHANGE = 4;
        public static final int SEQUENCE_NUMBERS = 5;

        private Type() {}
    }

    public static Transform of(int type, int id) {
        return new Transform(type, id, Optional.empty(), false);
    }

    public static Transform of(int type, int id, int keyLengthBits) {
        return new Transform(type, id, Optional.of(keyLengthBits), false);
    }
}
