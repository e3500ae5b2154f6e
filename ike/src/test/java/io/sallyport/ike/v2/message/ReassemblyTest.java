package io.sallyport.ike.v2.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.MessageCipher;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments of RFC 7383, all authentic: what an authenticated peer may make us hold. */
class ReassemblyTest {
    private static final EncryptionAlgorithm GCM = EncryptionAlgorithm.AES_GCM_16_256;
    private static final Bytes CHAIN =
            PayloadWriter.chain(List.of(new Payload.VendorId(Bytes.wrap(new byte[2000])), Samples.NONCE));

    private final Protection protection = new Protection(cipher(), cipher(), true);

    private static MessageCipher cipher() {
        return new MessageCipher(GCM, IntegrityAlgorithm.NONE, Secret.of(new byte[36]), Secret.of(new byte[0]));
    }

    private static Bytes fragment(int id, int number, int total, Bytes plain) {
        MessageCipher cipher = cipher();
        int body = 8 + cipher.sealedSize(plain.size());
        Bytes associated = header(id, body)
                .u8(number == 1 ? PayloadType.VENDOR_ID.code() : 0)
                .u8(0)
                .u16(body)
                .u16(number)
                .u16(total)
                .toBytes();
        return Bytes.concat(associated, cipher.seal(associated, plain, new SeededEntropy(number)));
    }

    private static Writer header(int id, int body) {
        return new Writer()
                .i64(1)
                .i64(2)
                .u8(PayloadType.SKF.code())
                .u8(0x20)
                .u8(37)
                .u8(8)
                .u32(id)
                .u32(Header.OCTETS + body);
    }

    /** {@link #CHAIN} in {@code total} pieces. */
    private static List<Bytes> cut(int id, int total) {
        List<Bytes> fragments = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            Bytes part = CHAIN.slice(CHAIN.size() * i / total, CHAIN.size() * (i + 1) / total);
            fragments.add(fragment(id, i + 1, total, part));
        }
        return fragments;
    }

    private void assertWhole(Bytes last) throws Malformed {
        assertThat(protection.open(last)).isInstanceOf(Opened.Whole.class);
        assertThat(protection.awaitsFragments()).isFalse();
    }

    @Test
    void sixtyFourFragmentsAreOneMessage() throws Malformed {
        List<Bytes> fragments = cut(0, 64);
        Collections.shuffle(fragments, new java.util.Random(1));
        for (Bytes fragment : fragments.subList(0, 63)) {
            assertThat(protection.open(fragment)).isInstanceOf(Opened.Part.class);
        }
        assertWhole(fragments.getLast());
    }

    @ParameterizedTest
    @CsvSource({"1, 65", "65, 65", "1, 65535", "65535, 65535", "0, 2", "0, 0", "3, 2", "2, 1", "1, 0"})
    void aNumberThatCannotBeIsRefusedAndNothingIsHeld(int number, int total) {
        assertThatThrownBy(() -> protection.open(fragment(0, number, total, CHAIN.slice(0, 100))))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("fragment number");
        assertThat(protection.awaitsFragments()).isFalse();
    }

    @Test
    void moreThanTheCapIsForgottenAtTheFragmentThatExceedsIt() throws Malformed {
        int each = 1100;
        int fitting = MessageLimits.REASSEMBLED_OCTETS_MAX / each;
        for (int number = 1; number <= fitting; number++) {
            assertThat(protection.open(fragment(0, number, 64, Bytes.wrap(new byte[each]))))
                    .isInstanceOf(Opened.Part.class);
        }
        assertThatThrownBy(() -> protection.open(fragment(0, fitting + 1, 64, Bytes.wrap(new byte[each]))))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("65536");
        assertThat(protection.awaitsFragments()).isFalse();
        List<Bytes> honest = cut(0, 2);
        protection.open(honest.getFirst());
        assertWhole(honest.getLast());
    }

    @Test
    void twoHugeFragmentsExceedTheCapLikeManySmallOnes() throws Malformed {
        Bytes huge = Bytes.wrap(new byte[40_000]);
        protection.open(fragment(0, 1, 2, huge));
        assertThatThrownBy(() -> protection.open(fragment(0, 2, 2, huge))).isInstanceOf(Malformed.class);
        assertThat(protection.awaitsFragments()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aBodyOfNextToNothingIsMalformed(int size) {
        Bytes message = header(0, 8 + size)
                .u8(PayloadType.VENDOR_ID.code())
                .u8(0)
                .u16(8 + size)
                .u16(1)
                .u16(2)
                .zeros(size)
                .toBytes();
        assertThatThrownBy(() -> protection.open(message)).isInstanceOf(Malformed.class);
        assertThat(protection.isAuthenticStart(message)).isFalse();
        assertThat(protection.awaitsFragments()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aPayloadThatEndsInsideItsFragmentHeaderIsMalformed(int size) {
        Bytes octets = header(0, size).zeros(size).toBytes();
        assertThatThrownBy(() -> protection.open(octets)).isInstanceOf(Malformed.class);
        assertThat(protection.isAuthenticStart(octets)).isFalse();
    }

    @Test
    void aMessageCutSmallerReplacesTheOneCutLarger() throws Malformed {
        protection.open(cut(0, 2).getFirst());
        List<Bytes> smaller = cut(0, 3);
        // RFC 7383 section 2.6.1: a larger total is a smaller fragment size, tried after the other failed.
        protection.open(smaller.get(0));
        assertThat(protection.open(cut(0, 2).getLast())).isInstanceOf(Opened.Part.class);
        protection.open(smaller.get(1));
        assertWhole(smaller.get(2));
    }

    @Test
    void fragmentsOfTwoMessagesNeverMix() throws Malformed {
        protection.open(cut(0, 2).getFirst());
        List<Bytes> next = cut(1, 2);
        assertThat(protection.open(next.getLast())).isInstanceOf(Opened.Part.class);
        assertWhole(next.getFirst());
    }

    @Test
    void theSameFragmentTwiceCountsOnce() throws Malformed {
        List<Bytes> fragments = cut(0, 3);
        protection.open(fragments.get(0));
        for (int i = 0; i < 200; i++) {
            assertThat(protection.open(fragments.get(1))).isInstanceOf(Opened.Part.class);
        }
        assertWhole(fragments.get(2));
    }

    @Test
    void oneFragmentOfOneIsAMessage() throws Malformed {
        assertWhole(cut(0, 1).getFirst());
    }

    @Test
    void aChangedFragmentIsMalformedAndLeavesTheOthersAlone() throws Malformed {
        List<Bytes> fragments = cut(0, 2);
        protection.open(fragments.getFirst());
        byte[] changed = fragments.getLast().toArray();
        changed[changed.length - 1] ^= 1;
        assertThatThrownBy(() -> protection.open(Bytes.wrap(changed))).isInstanceOf(Malformed.class);
        assertThat(protection.awaitsFragments()).isTrue();
        assertWhole(fragments.getLast());
    }
}
