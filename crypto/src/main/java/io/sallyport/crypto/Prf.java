package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The negotiated pseudorandom function and its expansion. RFC 7296 section 2.13. */
public final class Prf {
    private Prf() {}

    /** {@code prf(key, data)}; of {@link PrfAlgorithm#outputOctets()} octets. */
    public static Secret of(PrfAlgorithm algorithm, Secret key, Bytes... data) {
        Mac mac = mac(algorithm, key);
        for (Bytes part : data) {
            mac.update(part.toArray());
        }
        return Secret.wrap(mac.doFinal());
    }

    /**
     * {@code prf+ (key, seed)}, its first {@code octets} octets.
     *
     * @throws IllegalArgumentException when more than 255 rounds would be needed
     */
    public static Secret plus(PrfAlgorithm algorithm, Secret key, Bytes seed, int octets) {
        int size = algorithm.outputOctets();
        int rounds = (octets + size - 1) / size;
        if (rounds > 255) {
            // RFC 7296 section 2.13: "prf+ is not defined beyond 255 times the size of the prf function output."
            throw new IllegalArgumentException("prf+ of " + octets + " octets");
        }
        Mac mac = mac(algorithm, key);
        byte[] out = new byte[rounds * size];
        for (int round = 1; round <= rounds; round++) {
            if (round > 1) {
                mac.update(out, (round - 2) * size, size);
            }
            mac.update(seed.toArray());
            mac.update((byte) round);
            System.arraycopy(mac.doFinal(), 0, out, (round - 1) * size, size);
        }
        Secret result = Secret.of(Arrays.copyOf(out, octets));
        Arrays.fill(out, (byte) 0);
        return result;
    }

    private static Mac mac(PrfAlgorithm algorithm, Secret key) {
        byte[] octets = key.expose();
        try {
            Mac mac = Mac.getInstance(algorithm.jcaName());
            // The JDK refuses an empty key; HMAC pads keys with zeros, so one zero octet is the same key.
            mac.init(new SecretKeySpec(octets.length == 0 ? new byte[1] : octets, algorithm.jcaName()));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + algorithm.jcaName(), e);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }
}
