package io.sallyport.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCipherTest {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;
    private static final Bytes ASSOCIATED = Bytes.utf8("IKE header and the Encrypted payload's own");

    record Choice(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity) {
        MessageCipher cipher() {
            return new MessageCipher(
                    encryption,
                    integrity,
                    key(encryption.keyOctets() + encryption.saltOctets()),
                    key(integrity.keyOctets()));
        }

        private static Secret key(int size) {
            return Secret.of(new java.math.BigInteger("7")
                    .pow(size)
                    .toString(16)
                    .repeat(4)
                    .substring(0, size)
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    static List<Choice> choices() {
        List<Choice> out = new ArrayList<>();
        for (EncryptionAlgorithm e : EncryptionAlgorithm.values()) {
            for (IntegrityAlgorithm i : IntegrityAlgorithm.values()) {
                if (e.isAead() == (i == IntegrityAlgorithm.NONE)) {
                    out.add(new Choice(e, i));
                }
            }
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("choices")
    void whatIsSealedOpensAgainAtEveryLength(Choice choice) throws Malformed {
        MessageCipher cipher = choice.cipher();
        for (int size = 0; size < 70; size++) {
            Bytes plain = ENTROPY.bytes(size);
            Bytes sealed = cipher.seal(ASSOCIATED, plain, ENTROPY);
            assertThat(sealed.size()).isEqualTo(cipher.sealedSize(size));
            assertThat(cipher.open(ASSOCIATED, sealed)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void everyBitFlipAndEveryTruncationIsRefused(Choice choice) {
        MessageCipher cipher = choice.cipher();
        Bytes sealed = cipher.seal(ASSOCIATED, Bytes.utf8("a small payload"), ENTROPY);
        for (int bit = 0; bit < 8 * sealed.size(); bit++) {
            byte[] flipped = sealed.toArray();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> cipher.open(ASSOCIATED, Bytes.of(flipped))).isInstanceOf(Malformed.class);
        }
        for (int size = 0; size < sealed.size(); size++) {
            Bytes cut = sealed.slice(0, size);
            assertThatThrownBy(() -> cipher.open(ASSOCIATED, cut)).isInstanceOf(Malformed.class);
        }
        assertThatThrownBy(() -> cipher.open(Bytes.utf8("another header"), sealed))
                .isInstanceOf(Malformed.class);
    }
}
