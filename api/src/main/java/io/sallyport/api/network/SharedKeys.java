package io.sallyport.api.network;

import io.sallyport.api.network.schema.Findings;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/** Shared keys: made, and looked at without being shown. */
final class SharedKeys {
    static final int LENGTH_MAX = 128;
    static final int LENGTH_DEFAULT = 32;

    /** Shorter than this is guessed offline from one captured exchange. */
    private static final int LENGTH_WEAK = 16;

    /** Letters and digits alone: they survive every device's command line. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final SecureRandom RANDOM = new SecureRandom();

    private SharedKeys() {}

    static Secret random(int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length()));
        }
        return Secret.wrap(out);
    }

    static void check(Secret key, String path, Findings findings) {
        byte[] octets = key.expose();
        String text = new String(octets, StandardCharsets.UTF_8);
        Arrays.fill(octets, (byte) 0);
        if (text.isEmpty() || text.length() > LENGTH_MAX || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            findings.wrong(
                    "InvalidSharedKey",
                    path,
                    "found " + text.length() + " characters; allowed: 1 to " + LENGTH_MAX
                            + " printable ASCII characters without spaces");
        } else if (text.length() < LENGTH_WEAK || text.chars().distinct().count() < LENGTH_WEAK / 2) {
            findings.warn(
                    path,
                    "the shared key is weak: whoever records one handshake can guess it offline; use at least "
                            + LENGTH_WEAK + " random characters");
        } else if (text.indexOf('-') >= 0 || text.indexOf('~') >= 0) {
            findings.warn(path, "the shared key holds '-' or '~', which Azure's own gateways refuse");
        }
    }

    static String text(Secret key) {
        byte[] octets = key.expose();
        String text = new String(octets, StandardCharsets.UTF_8);
        Arrays.fill(octets, (byte) 0);
        return text;
    }
}
