package io.sallyport.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.crypto.KeyExchanges.InvalidPublicValue;
import io.sallyport.crypto.KeyExchanges.KeyPairMade;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where OpenSSL is installed, as it is wherever these tests run. */
class LibcryptoKeyExchangesTest {
    private final KeyExchanges jdk = new JdkKeyExchanges(new SecureRandom()::nextBytes);
    private final KeyExchanges openssl = LibcryptoKeyExchanges.find(jdk).orElseThrow();

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void itSharesTheSecretThatTheJdkFinds(KeyExchangeMethod method) throws InvalidPublicValue {
        for (int i = 0; i < 20; i++) {
            KeyPairMade ours = openssl.make(method);
            assertThat(ours.publicValue().size()).isEqualTo(method.publicOctets());
            KeyExchanges otherSide = isLeftToTheJdk(method) ? openssl : jdk;
            KeyPairMade theirs = otherSide.make(method);
            assertThat(openssl.agree(method, ours.privateValue(), theirs.publicValue()))
                    .isEqualTo(otherSide.agree(method, theirs.privateValue(), ours.publicValue()));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void anEmptyShortLongOrZeroPublicValueIsRefused(KeyExchangeMethod method) {
        var mine = openssl.make(method).privateValue();
        for (int size : new int[] {0, 1, method.publicOctets() - 1, method.publicOctets() + 1, method.publicOctets()}) {
            assertThatThrownBy(() -> openssl.agree(method, mine, Bytes.of(new byte[size])))
                    .isInstanceOf(InvalidPublicValue.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, names = "ECP_.*", mode = EnumSource.Mode.MATCH_ALL)
    void aPointOffTheCurveIsRefused(KeyExchangeMethod method) {
        var mine = openssl.make(method).privateValue();
        byte[] off = openssl.make(method).publicValue().toArray();
        off[off.length - 1] ^= 1;
        assertThatThrownBy(() -> openssl.agree(method, mine, Bytes.of(off))).isInstanceOf(InvalidPublicValue.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyExchangeMethod.class,
            names = {"MODP_2048", "MODP_3072", "MODP_4096"})
    void oneAndTheLargestElementsOfAPrimeFieldAreRefused(KeyExchangeMethod method) {
        var mine = openssl.make(method).privateValue();
        byte[] all = new byte[method.publicOctets()];
        java.util.Arrays.fill(all, (byte) 0xff);
        byte[] one = new byte[method.publicOctets()];
        one[one.length - 1] = 1;
        for (byte[] bad : new byte[][] {all, one, minusOne(method)}) {
            assertThatThrownBy(() -> openssl.agree(method, mine, Bytes.of(bad))).isInstanceOf(InvalidPublicValue.class);
        }
    }

    /** p-1 of the groups of RFC 3526, whose formula gives p. */
    private static byte[] minusOne(KeyExchangeMethod method) {
        int bits = method.publicOctets() * 8;
        int offset = switch (method) {
            case MODP_2048 -> 124_476;
            case MODP_3072 -> 1_690_314;
            case MODP_4096 -> 240_904;
            case MODP_1024, MODP_2048_256, ECP_256, ECP_384, ECP_521, CURVE25519 ->
                throw new IllegalArgumentException(method + " is not of RFC 3526");
        };
        // p = 2^bits - 2^(bits-64) - 1 + 2^64 * ( [2^(bits-130) pi] + offset )
        BigInteger pi = pi(bits - 130 + 64).shiftRight(64);
        BigInteger p = BigInteger.TWO
                .pow(bits)
                .subtract(BigInteger.TWO.pow(bits - 64))
                .subtract(BigInteger.ONE)
                .add(BigInteger.TWO.pow(64).multiply(pi.add(BigInteger.valueOf(offset))));
        byte[] octets = p.subtract(BigInteger.ONE).toByteArray();
        return java.util.Arrays.copyOfRange(octets, 1, octets.length);
    }

    /** [2^bits pi] by Machin's formula. */
    private static BigInteger pi(int bits) {
        int more = bits + 64;
        return arctan(5, more)
                .multiply(BigInteger.valueOf(16))
                .subtract(arctan(239, more).multiply(BigInteger.valueOf(4)))
                .shiftRight(64);
    }

    private static BigInteger arctan(int inverse, int bits) {
        BigInteger x = BigInteger.valueOf(inverse);
        BigInteger term = BigInteger.ONE.shiftLeft(bits).divide(x);
        BigInteger square = x.multiply(x);
        BigInteger sum = term;
        for (int n = 3; term.signum() != 0; n += 2) {
            term = term.divide(square).negate();
            sum = sum.add(term.divide(BigInteger.valueOf(n)));
        }
        return sum;
    }

    private static boolean isLeftToTheJdk(KeyExchangeMethod method) {
        return method == KeyExchangeMethod.MODP_1024 || method == KeyExchangeMethod.MODP_2048_256;
    }
}
