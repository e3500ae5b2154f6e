package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Secret;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** Key exchange with the JDK's providers. Thread-safe as far as its {@link Entropy} is. */
public final class JdkKeyExchanges implements KeyExchanges {
    private final SecureRandom random;

    public JdkKeyExchanges(Entropy entropy) {
        this.random = new EntropyRandom(entropy);
    }

    @Override
    public KeyPairMade make(KeyExchangeMethod method) {
        try {
            return switch (method) {
                case MODP_1024, MODP_2048, MODP_3072, MODP_4096, MODP_2048_256 -> makeModp(ModpGroup.of(method));
                case ECP_256, ECP_384, ECP_521 -> makeEcp(method);
                case CURVE25519 -> makeX25519();
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + method, e);
        }
    }

    @Override
    public Secret agree(KeyExchangeMethod method, PrivateKeyValue privateValue, Bytes peerPublic)
            throws InvalidPublicValue {
        if (peerPublic.size() != method.publicOctets()) {
            throw new InvalidPublicValue("a public value of " + method + " has " + method.publicOctets()
                    + " octets, not " + peerPublic.size());
        }
        try {
            return switch (method) {
                case MODP_1024, MODP_2048, MODP_3072, MODP_4096, MODP_2048_256 ->
                    agreeModp(ModpGroup.of(method), privateValue, peerPublic);
                case ECP_256, ECP_384, ECP_521 -> agreeEcp(method, privateValue, peerPublic);
                case CURVE25519 -> agreeX25519(privateValue, peerPublic);
            };
        } catch (GeneralSecurityException e) {
            throw new InvalidPublicValue("the public value is not acceptable for " + method);
        }
    }

    private record ModpPrivate(BigInteger exponent) implements PrivateKeyValue {
        @Override
        public String toString() {
            return "ModpPrivate";
        }
    }

    private record JdkPrivate(KeyPair pair) implements PrivateKeyValue {
        @Override
        public String toString() {
            return "JdkPrivate";
        }
    }

    private KeyPairMade makeModp(ModpGroup group) {
        BigInteger exponent;
        do {
            exponent = new BigInteger(group.exponentBits(), random);
        } while (exponent.compareTo(BigInteger.TWO) < 0);
        BigInteger value = group.generator().modPow(exponent, group.prime());
        return new KeyPairMade(fixed(value, group.octets()), new ModpPrivate(exponent));
    }

    private static Secret agreeModp(ModpGroup group, PrivateKeyValue privateValue, Bytes peerPublic)
            throws InvalidPublicValue {
        BigInteger y = new BigInteger(1, peerPublic.toArray());
        BigInteger p = group.prime();
        group.requireMember(y);
        BigInteger shared = y.modPow(((ModpPrivate) privateValue).exponent(), p);
        if (shared.equals(BigInteger.ONE)) {
            throw new InvalidPublicValue("the shared secret would be 1");
        }
        return Secret.wrap(fixed(shared, group.octets()).toArray());
    }

    private KeyPairMade makeEcp(KeyExchangeMethod method) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curveName(method)), random);
        KeyPair pair = generator.generateKeyPair();
        ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
        // RFC 5903 section 7: x and y, each of the field's length, one after the other.
        int half = method.publicOctets() / 2;
        Bytes value = Bytes.concat(fixed(point.getAffineX(), half), fixed(point.getAffineY(), half));
        return new KeyPairMade(value, new JdkPrivate(pair));
    }

    private static Secret agreeEcp(KeyExchangeMethod method, PrivateKeyValue privateValue, Bytes peerPublic)
            throws GeneralSecurityException, InvalidPublicValue {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curveName(method)));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        int half = method.publicOctets() / 2;
        BigInteger x = new BigInteger(1, peerPublic.slice(0, half).toArray());
        BigInteger y = new BigInteger(1, peerPublic.slice(half, 2 * half).toArray());
        requireOnCurve(curve, x, y);
        PublicKey peer = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        // RFC 5903 section 9: the shared secret is the x value of the product.
        return agreeJdk("ECDH", privateValue, peer);
    }

    private static void requireOnCurve(ECParameterSpec curve, BigInteger x, BigInteger y) throws InvalidPublicValue {
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger right = x.multiply(x)
                .add(curve.getCurve().getA())
                .multiply(x)
                .add(curve.getCurve().getB())
                .mod(p);
        // RFC 6989 section 2.3: both coordinates in the field, and the point on the curve.
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(right)) {
            throw new InvalidPublicValue("the public value is not a point on the curve");
        }
    }

    private KeyPairMade makeX25519() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
        generator.initialize(NamedParameterSpec.X25519, random);
        KeyPair pair = generator.generateKeyPair();
        byte[] big = fixed(((XECPublicKey) pair.getPublic()).getU(), 32).toArray();
        return new KeyPairMade(Bytes.wrap(reversed(big)), new JdkPrivate(pair));
    }

    private static Secret agreeX25519(PrivateKeyValue privateValue, Bytes peerPublic)
            throws GeneralSecurityException, InvalidPublicValue {
        byte[] little = peerPublic.toArray();
        little[31] &= 0x7f;
        PublicKey peer = KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, reversed(little))));
        // RFC 8031 section 3.2: an all-zero result must be refused; the JDK throws for it.
        return agreeJdk("X25519", privateValue, peer);
    }

    private static Secret agreeJdk(String algorithm, PrivateKeyValue privateValue, PublicKey peer)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(((JdkPrivate) privateValue).pair().getPrivate());
        agreement.doPhase(peer, true);
        return Secret.wrap(agreement.generateSecret());
    }

    private static String curveName(KeyExchangeMethod method) {
        return switch (method) {
            case ECP_256 -> "secp256r1";
            case ECP_384 -> "secp384r1";
            case ECP_521 -> "secp521r1";
            case MODP_1024, MODP_2048, MODP_3072, MODP_4096, MODP_2048_256, CURVE25519 ->
                throw new IllegalArgumentException(method + " is not a curve over a prime field");
        };
    }

    /** Big-endian, left-padded with zeros to {@code octets}. */
    private static Bytes fixed(BigInteger value, int octets) {
        byte[] signed = value.toByteArray();
        byte[] out = new byte[octets];
        int from = Math.max(0, signed.length - octets);
        System.arraycopy(signed, from, out, octets - (signed.length - from), signed.length - from);
        return Bytes.wrap(out);
    }

    private static byte[] reversed(byte[] octets) {
        byte[] out = new byte[octets.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = octets[out.length - 1 - i];
        }
        return out;
    }

    /** Gives the JDK the randomness we were given. */
    private static final class EntropyRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        EntropyRandom(Entropy entropy) {
            super(new Spi(entropy), null);
        }

        private static final class Spi extends SecureRandomSpi {
            private static final long serialVersionUID = 1L;
            private final transient Entropy entropy;

            Spi(Entropy entropy) {
                this.entropy = entropy;
            }

            @Override
            protected void engineSetSeed(byte[] seed) {}

            @Override
            protected void engineNextBytes(byte[] octets) {
                entropy.fill(octets);
            }

            @Override
            protected byte[] engineGenerateSeed(int count) {
                byte[] out = new byte[count];
                entropy.fill(out);
                return Arrays.copyOf(out, count);
            }
        }
    }
}
