package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.math.BigInteger;

/** Diffie-Hellman. Slow: milliseconds for the larger groups, so never called from a thread that must not wait. */
public interface KeyExchanges {
    /** A private value, opaque outside the implementation that made it. */
    interface PrivateKeyValue {}

    /**
     * A fresh key pair.
     *
     * @param publicValue as the KE payload carries it, {@link KeyExchangeMethod#publicOctets()} long
     */
    record KeyPairMade(Bytes publicValue, PrivateKeyValue privateValue) {}

    /** The peer's public value must not be used. */
    final class InvalidPublicValue extends Exception {
        private static final long serialVersionUID = 1L;

        public InvalidPublicValue(String problem) {
            super(problem, null, false, false);
        }
    }

    /**
     * Checks a peer's public value of a MODP group, for implementations whose arithmetic does not (RFC 6989 sections 2.1 and
     * 2.2).
     *
     * @throws InvalidPublicValue when it is no member, or would betray something of our private value
     * @throws IllegalArgumentException for a curve
     */
    static void requireModpMember(KeyExchangeMethod method, Bytes value) throws InvalidPublicValue {
        ModpGroup.of(method).requireMember(new BigInteger(1, value.toArray()));
    }

    KeyPairMade make(KeyExchangeMethod method);

    /**
     * The shared secret, as long as RFC 7296 section 2.14 asks for it: leading zeros kept.
     *
     * @throws InvalidPublicValue when the value has the wrong length, is outside the group, or yields no secret (RFC
     *     6989)
     */
    Secret agree(KeyExchangeMethod method, PrivateKeyValue privateValue, Bytes peerPublic) throws InvalidPublicValue;
}
