package io.sallyport.engine;

import io.sallyport.base.Entropy;
import java.security.SecureRandom;

/** The operating system's randomness. */
public final class OsEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
