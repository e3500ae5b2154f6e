package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The plain hash below an HMAC. IKEv1 negotiates that, and makes its prf of it (RFC 2409 section 4). */
public final class Hash {
    private Hash() {}

    /** The hash of {@code prf}, over {@code data} one after the other. */
    public static Bytes of(PrfAlgorithm prf, Bytes... data) {
        String name = switch (prf) {
            case HMAC_SHA1 -> "SHA-1";
            case HMAC_SHA2_256 -> "SHA-256";
            case HMAC_SHA2_384 -> "SHA-384";
            case HMAC_SHA2_512 -> "SHA-512";
        };
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            for (Bytes part : data) {
                digest.update(part.toArray());
            }
            return Bytes.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks " + name, e);
        }
    }
}
