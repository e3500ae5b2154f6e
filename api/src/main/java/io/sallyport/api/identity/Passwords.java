package io.sallyport.api.identity;

import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords as salted hashes (PBKDF2 with HMAC-SHA-256, RFC 8018). A guess costs much time on purpose, so that only two
 * are tried at once, whoever asks.
 */
final class Passwords {
    private static final int ITERATIONS = 600_000;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_BITS = 256;
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 10;
    private static final int SECRET_OCTETS = 30;

    private final SecureRandom random = new SecureRandom();
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final int iterations;
    /** Compared with when there is no such identity, so that the time tells nothing. */
    private final Secret nobody;

    Passwords() {
        this(ITERATIONS);
    }

    Passwords(int iterations) {
        this.iterations = iterations;
        this.nobody = encode(new byte[SALT_OCTETS], new byte[HASH_BITS / 8]);
    }

    /** Too many others are being checked. */
    static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("too many logins at once", null, false, false);
        }
    }

    /** A secret that nobody can guess. */
    String random() {
        byte[] octets = new byte[SECRET_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    Secret hash(String password) throws Busy {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return encode(salt, derive(password, salt, iterations));
    }

    /** Takes as long when there is no hash to compare with. */
    boolean matches(String password, java.util.Optional<Secret> hash) throws Busy {
        byte[] stored = hash.orElse(nobody).expose();
        try {
            String[] parts = new String(stored, StandardCharsets.US_ASCII).split(":", -1);
            byte[] wanted = Base64.getDecoder().decode(parts[2]);
            byte[] found = derive(password, Base64.getDecoder().decode(parts[1]), Integer.parseInt(parts[0]));
            return MessageDigest.isEqual(wanted, found) && hash.isPresent();
        } finally {
            Arrays.fill(stored, (byte) 0);
        }
    }

    private Secret encode(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder();
        return Secret.utf8(iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash));
    }

    private byte[] derive(String password, byte[] salt, int rounds) throws Busy {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
        boolean mine = false;
        try {
            mine = turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!mine) {
                throw new Busy();
            }
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA256", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        } finally {
            spec.clearPassword();
            if (mine) {
                turns.release();
            }
        }
    }
}
