package io.sallyport.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.crypto.KeyExchanges.InvalidPublicValue;
import io.sallyport.crypto.KeyExchanges.KeyPairMade;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdkKeyExchangesTest {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;
    private final KeyExchanges keyExchanges = new JdkKeyExchanges(ENTROPY);

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void bothEndsShareOneSecretOfTheRightLength(KeyExchangeMethod method) throws InvalidPublicValue {
        KeyPairMade a = keyExchanges.make(method);
        KeyPairMade b = keyExchanges.make(method);
        assertThat(a.publicValue().size()).isEqualTo(method.publicOctets());
        var ab = keyExchanges.agree(method, a.privateValue(), b.publicValue());
        assertThat(ab).isEqualTo(keyExchanges.agree(method, b.privateValue(), a.publicValue()));
        boolean ecp = method.name().startsWith("ECP");
        assertThat(ab.size()).isEqualTo(ecp ? method.publicOctets() / 2 : method.publicOctets());
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void anEmptyShortLongOrZeroPublicValueIsRefused(KeyExchangeMethod method) {
        var mine = keyExchanges.make(method).privateValue();
        for (int size : new int[] {0, 1, method.publicOctets() - 1, method.publicOctets() + 1, method.publicOctets()}) {
            assertThatThrownBy(() -> keyExchanges.agree(method, mine, Bytes.of(new byte[size])))
                    .isInstanceOf(InvalidPublicValue.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, names = "MODP_.*", mode = EnumSource.Mode.MATCH_ALL)
    void oneAndTheLargestElementsOfAPrimeFieldAreRefused(KeyExchangeMethod method) {
        var mine = keyExchanges.make(method).privateValue();
        BigInteger p = ModpGroup.of(method).prime();
        for (BigInteger y : new BigInteger[] {BigInteger.ONE, p.subtract(BigInteger.ONE), p}) {
            byte[] octets = y.toByteArray();
            byte[] fixed = new byte[method.publicOctets()];
            int from = octets.length > fixed.length ? 1 : 0;
            System.arraycopy(octets, from, fixed, fixed.length - octets.length + from, octets.length - from);
            assertThatThrownBy(() -> keyExchanges.agree(method, mine, Bytes.of(fixed)))
                    .isInstanceOf(InvalidPublicValue.class);
        }
    }

    @Test
    void aValueOutsideGroup24sSubgroupIsRefused() {
        var mine = keyExchanges.make(KeyExchangeMethod.MODP_2048_256).privateValue();
        byte[] two = new byte[256];
        two[255] = 2;
        assertThatThrownBy(() -> keyExchanges.agree(KeyExchangeMethod.MODP_2048_256, mine, Bytes.of(two)))
                .isInstanceOf(InvalidPublicValue.class)
                .hasMessageContaining("subgroup");
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, names = "ECP_.*", mode = EnumSource.Mode.MATCH_ALL)
    void aPointOffTheCurveIsRefused(KeyExchangeMethod method) {
        KeyPairMade mine = keyExchanges.make(method);
        byte[] off = keyExchanges.make(method).publicValue().toArray();
        off[off.length - 1] ^= 1;
        assertThatThrownBy(() -> keyExchanges.agree(method, mine.privateValue(), Bytes.of(off)))
                .isInstanceOf(InvalidPublicValue.class);
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, names = "MODP_.*", mode = EnumSource.Mode.MATCH_ALL)
    void everyPrimeIsPrimeAndTheGeneratorHasItsOrder(KeyExchangeMethod method) {
        ModpGroup group = ModpGroup.of(method);
        assertThat(group.prime().isProbablePrime(20)).isTrue();
        assertThat(group.octets()).isEqualTo(method.publicOctets());
        BigInteger order = group.order() != null
                ? group.order()
                : group.prime().subtract(BigInteger.ONE).shiftRight(1);
        assertThat(group.generator().modPow(order, group.prime())).isEqualTo(BigInteger.ONE);
        assertThat(order.isProbablePrime(20)).isTrue();
    }

    @Test
    void curve25519IgnoresTheUnusedTopBit() throws InvalidPublicValue {
        // RFC 7748 section 5: implementations MUST mask the most significant bit in the final octet.
        KeyPairMade a = keyExchanges.make(KeyExchangeMethod.CURVE25519);
        KeyPairMade b = keyExchanges.make(KeyExchangeMethod.CURVE25519);
        byte[] masked = b.publicValue().toArray();
        masked[31] |= (byte) 0x80;
        assertThat(keyExchanges.agree(KeyExchangeMethod.CURVE25519, a.privateValue(), Bytes.of(masked)))
                .isEqualTo(keyExchanges.agree(KeyExchangeMethod.CURVE25519, a.privateValue(), b.publicValue()));
    }
}
