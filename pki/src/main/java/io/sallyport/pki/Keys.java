package io.sallyport.pki;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.Optional;

/** Which public keys are good enough (RFC 8247 section 3.1; NIST SP 800-56A section 5.6.2.3 for points). */
final class Keys {
    private static final int RSA_MIN = 2_048;
    /** Beyond it a signature costs a stranger nothing to send and us much to check. */
    private static final int RSA_MAX = 8_192;

    private static final int EXPONENT_MAX_BITS = 64;

    private Keys() {}

    /** What is wrong with the key, if anything. */
    static Optional<String> weakness(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return weakness(rsa);
        }
        if (key instanceof ECPublicKey ec) {
            return weakness(ec);
        }
        return isEd25519(key)
                ? Optional.empty()
                : Optional.of("its key is of the kind " + key.getAlgorithm()
                        + "; allowed: RSA, ECDSA over P-256, P-384 or P-521, Ed25519");
    }

    static boolean isEd25519(PublicKey key) {
        return key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519");
    }

    private static Optional<String> weakness(RSAPublicKey rsa) {
        BigInteger modulus = rsa.getModulus();
        BigInteger exponent = rsa.getPublicExponent();
        if (modulus.bitLength() < RSA_MIN || modulus.bitLength() > RSA_MAX) {
            return Optional.of("its RSA key has " + modulus.bitLength() + " bits; allowed: 2048 to 8192");
        }
        if (!modulus.testBit(0)) {
            return Optional.of("its RSA modulus is even, which none can be");
        }
        if (!exponent.testBit(0) || exponent.compareTo(BigInteger.TWO) < 0) {
            return Optional.of("its RSA exponent is " + shortly(exponent) + "; allowed: odd and 3 or more");
        }
        if (exponent.bitLength() > EXPONENT_MAX_BITS) {
            return Optional.of("its RSA exponent has " + exponent.bitLength() + " bits; allowed: up to 64");
        }
        return Optional.empty();
    }

    private static String shortly(BigInteger value) {
        return value.bitLength() > EXPONENT_MAX_BITS ? "even" : value.toString();
    }

    private static Optional<String> weakness(ECPublicKey ec) {
        if (curveBits(ec.getParams()) == 0) {
            return Optional.of("its curve is none of P-256, P-384 and P-521");
        }
        return isOnCurve(ec) ? Optional.empty() : Optional.of("its public point is not on its curve");
    }

    /** 256, 384 or 521; 0 for every other curve. */
    static int curveBits(ECParameterSpec curve) {
        for (Curve known : Curve.values()) {
            if (known.order.equals(curve.getOrder())
                    && curve.getCurve().getField() instanceof ECFieldFp field
                    && field.getP().bitLength() == known.bits) {
                return known.bits;
            }
        }
        return 0;
    }

    /** The order of each curve tells it from all others. */
    private enum Curve {
        P256(256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        P384(384, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
        P521(
                521,
                "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                        + "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

        private final int bits;
        private final BigInteger order;

        Curve(int bits, String order) {
            this.bits = bits;
            this.order = new BigInteger(order, 16);
        }
    }

    private static boolean isOnCurve(ECPublicKey ec) {
        EllipticCurve curve = ec.getParams().getCurve();
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = ec.getW().getAffineX();
        BigInteger y = ec.getW().getAffineY();
        if (x == null || y == null || x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
        return y.multiply(y).subtract(right).mod(p).signum() == 0;
    }

    /** Whether a signature by {@code key} is checked by {@code open}: that they are a pair. */
    static boolean belongTogether(PrivateKey key, PublicKey open) {
        try {
            java.security.Signature signature = java.security.Signature.getInstance(algorithm(open));
            byte[] sample = {1, 2, 3};
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(sample);
            return signature.verify(signed);
        } catch (java.security.GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithm(PublicKey open) {
        if (open instanceof RSAPublicKey) {
            return "SHA256withRSA";
        }
        return open instanceof ECPublicKey ? "SHA256withECDSA" : "Ed25519";
    }
}
