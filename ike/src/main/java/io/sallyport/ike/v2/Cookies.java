package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.base.Secret;
import io.sallyport.crypto.Prf;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.wire.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Stateless cookies, RFC 7296 section 2.6: {@code version | prf(secret, Ni | IPi | SPIi)}. The secret changes with
 * time; the one before is good for one more period.
 */
final class Cookies {
    private @Nullable Secret secret;
    private @Nullable Secret previous;
    private Monotonic renewAt = Monotonic.NEVER;
    private int version;

    Bytes make(Bytes nonce, Endpoint source, long initiatorSpi, Now now, Entropy entropy) {
        Secret newest = current(now, entropy);
        return cookie(version & 0xff, newest, nonce, source, initiatorSpi);
    }

    boolean isGood(Bytes cookie, Bytes nonce, Endpoint source, long initiatorSpi, Now now, Entropy entropy) {
        Secret newest = current(now, entropy);
        if (matches(cookie, cookie(version & 0xff, newest, nonce, source, initiatorSpi))) {
            return true;
        }
        Secret older = previous;
        return older != null && matches(cookie, cookie((version - 1) & 0xff, older, nonce, source, initiatorSpi));
    }

    private Secret current(Now now, Entropy entropy) {
        Secret newest = secret;
        if (newest == null || renewAt.isDue(now)) {
            previous = newest;
            newest = Secret.wrap(entropy.bytes(32).toArray());
            secret = newest;
            version++;
            renewAt = now.in(Limits.COOKIE_SECRET);
        }
        return newest;
    }

    private static boolean matches(Bytes found, Bytes expected) {
        return Secret.wrap(found.toArray()).equals(Secret.wrap(expected.toArray()));
    }

    private static Bytes cookie(int version, Secret secret, Bytes nonce, Endpoint source, long initiatorSpi) {
        Secret code = Prf.of(
                PrfAlgorithm.HMAC_SHA2_256,
                secret,
                nonce,
                source.address().toBytes(),
                Bytes.ofInts(source.port() >>> 8, source.port() & 0xff),
                Bytes.ofLong(initiatorSpi));
        return Bytes.concat(Bytes.ofInts(version), Bytes.wrap(code.expose()));
    }
}
