package io.sallyport.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * Octets that must not be seen: keys, passwords, shared secrets. Compares in constant time, prints nothing, and can be
 * wiped. A destroyed secret answers nothing any more.
 */
public final class Secret implements Destroyable {
    private final byte[] octets;
    private volatile boolean destroyed;

    private Secret(byte[] octets) {
        this.octets = octets;
    }

    /** Copies {@code octets}; wiping the argument is the caller's business. */
    public static Secret of(byte[] octets) {
        return new Secret(octets.clone());
    }

    /** Takes {@code octets} as they are; the caller gives them up. */
    public static Secret wrap(byte[] octets) {
        return new Secret(octets);
    }

    public static Secret utf8(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of octets. */
    public int size() {
        return octets.length;
    }

    /**
     * Hands out a copy; the caller wipes it.
     *
     * @throws IllegalStateException when destroyed
     */
    public byte[] expose() {
        if (destroyed) {
            throw new IllegalStateException("this secret was destroyed");
        }
        return octets.clone();
    }

    /** A part of it as a secret of its own. */
    public Secret slice(int from, int to) {
        if (destroyed) {
            throw new IllegalStateException("this secret was destroyed");
        }
        return new Secret(Arrays.copyOfRange(octets, from, to));
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** Constant-time in the content. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(octets, that.octets);
    }

    /** The same for all secrets of one length: a hash of the content would leak it. */
    @Override
    public int hashCode() {
        return octets.length;
    }

    @Override
    public String toString() {
        return "Secret[" + octets.length + " octets]";
    }
}
