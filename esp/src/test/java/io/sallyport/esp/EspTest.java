package io.sallyport.esp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EspTest {
    private static final int SPI = 0x1234_5678;

    private final MemorySegment plain = Arena.ofAuto().allocate(4096, 64);
    private final MemorySegment wire = Arena.ofAuto().allocate(4096, 64);

    private static PacketCipher gcm(boolean esn) {
        return cipher(EncryptionAlgorithm.AES_GCM_16_256, esn);
    }

    private static PacketCipher cipher(EncryptionAlgorithm algorithm, boolean esn) {
        IntegrityAlgorithm integrity =
                algorithm.isAead() ? IntegrityAlgorithm.NONE : IntegrityAlgorithm.HMAC_SHA2_256_128;
        return new JdkEngine()
                .cipher(
                        algorithm,
                        Secret.of(key(algorithm.keyOctets() + algorithm.saltOctets())),
                        integrity,
                        Secret.of(key(integrity.keyOctets())),
                        esn);
    }

    private static byte[] key(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            key[i] = (byte) (i + 1);
        }
        return key;
    }

    private static OutboundSa sending(boolean esn, SaLimits limits, long first) {
        return new OutboundSa(SPI, gcm(esn), esn, limits, first);
    }

    private static InboundSa receiving(boolean esn, int window) {
        return new InboundSa(gcm(esn), esn, SaLimits.NONE, window);
    }

    private int seal(OutboundSa sa, int length) {
        long sequence = sa.reserve(1, length);
        return sa.seal(plain, 0, length, OutboundSa.NEXT_IPV4, wire, 0, sequence);
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthComesBackAsItWas(EncryptionAlgorithm algorithm) {
        OutboundSa out = new OutboundSa(SPI, cipher(algorithm, false), false, SaLimits.NONE, 1);
        InboundSa in = new InboundSa(cipher(algorithm, false), false, SaLimits.NONE, 64);
        for (int length = 0; length < 200; length++) {
            for (int i = 0; i < length + OutboundSa.TAIL_ROOM; i++) {
                plain.set(ValueLayout.JAVA_BYTE, i, (byte) (i ^ length));
            }
            int sealed = seal(out, length);
            assertThat(sealed).isEqualTo(out.sealedLength(length));
            assertThat((sealed - in.start() - 16) % 4).isZero();
            for (int i = 0; i < length + OutboundSa.TAIL_ROOM; i++) {
                assertThat(plain.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) (i ^ length));
            }
            int opened = in.open(wire, 0, sealed);
            assertThat(InboundSa.innerLength(opened)).isEqualTo(length);
            assertThat(InboundSa.nextHeader(opened)).isEqualTo(4);
            assertThat(wire.asSlice(in.start(), length).mismatch(plain.asSlice(0, length)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void theLargestInnerPacketFitsAndOneMoreDoesNot() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        for (int room = 100; room < 1500; room++) {
            int inner = out.largestInner(room);
            assertThat(out.sealedLength(inner)).isLessThanOrEqualTo(room);
            assertThat(out.sealedLength(inner + 1)).isGreaterThan(room);
        }
    }

    @Test
    void aPacketIsTakenOnce() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        InboundSa in = receiving(false, 64);
        int sealed = seal(out, 40);
        MemorySegment copy = Arena.ofAuto().allocate(sealed, 8).copyFrom(wire.asSlice(0, sealed));
        assertThat(in.open(wire, 0, sealed)).isPositive();
        assertThat(Drop.of(in.open(copy, 0, sealed))).isEqualTo(Drop.REPLAYED);
    }

    @Test
    void aForgedPacketDoesNotMoveTheWindow() {
        OutboundSa out = sending(false, SaLimits.NONE, 1_000_000);
        InboundSa in = receiving(false, 64);
        int sealed = seal(out, 40);
        MemorySegment good = Arena.ofAuto().allocate(sealed, 8).copyFrom(wire.asSlice(0, sealed));
        wire.set(ValueLayout.JAVA_BYTE, 30, (byte) (wire.get(ValueLayout.JAVA_BYTE, 30) ^ 1));
        assertThat(Drop.of(in.open(wire, 0, sealed))).isEqualTo(Drop.AUTHENTICATION);
        assertThat(in.packets()).isZero();
        assertThat(in.open(good, 0, sealed)).isPositive();
    }

    @Test
    void aPacketBeforeTheWindowIsTooLate() {
        InboundSa in = receiving(false, 64);
        int early = seal(sending(false, SaLimits.NONE, 1), 40);
        MemorySegment first = Arena.ofAuto().allocate(early, 8).copyFrom(wire.asSlice(0, early));
        in.open(wire, 0, seal(sending(false, SaLimits.NONE, 65), 40));
        assertThat(Drop.of(in.open(first, 0, early))).isEqualTo(Drop.TOO_LATE);
    }

    @Test
    void aDummyPacketIsDroppedByName() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        int sealed = out.seal(plain, 0, 100, OutboundSa.NEXT_NONE, wire, 0, out.reserve(1, 100));
        assertThat(Drop.of(receiving(false, 64).open(wire, 0, sealed))).isEqualTo(Drop.DUMMY);
    }

    @Test
    void anUnknownNextHeaderIsDroppedByName() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        int sealed = out.seal(plain, 0, 100, 17, wire, 0, out.reserve(1, 100));
        assertThat(Drop.of(receiving(false, 64).open(wire, 0, sealed))).isEqualTo(Drop.NEXT_HEADER);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 100, 255})
    void paddingLongerThanThePacketIsRefused(int padding) {
        PacketCipher cipher = gcm(false);
        Octets.put32(wire, 0, SPI);
        Octets.put32(wire, 4, 1);
        Octets.put32(plain, 0, 0x0102_0004 | padding << 8);
        cipher.seal(plain, 0, 4, wire, 0, 1);
        assertThat(Drop.of(receiving(false, 64).open(wire, 0, 8 + 8 + 4 + 16))).isEqualTo(Drop.PADDING);
    }

    @Test
    void paddingNeedNotCountUpwards() {
        PacketCipher cipher = gcm(false);
        Octets.put32(wire, 0, SPI);
        Octets.put32(wire, 4, 1);
        Octets.put64(plain, 0, 0xaaaa_ffff_ffff_0404L);
        cipher.seal(plain, 0, 8, wire, 0, 1);
        assertThat(InboundSa.innerLength(receiving(false, 64).open(wire, 0, 8 + 8 + 8 + 16)))
                .isEqualTo(2);
    }

    @Test
    void everyTruncationIsRefused() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        int sealed = seal(out, 60);
        for (int length = 0; length < sealed; length++) {
            MemorySegment copy = Arena.ofAuto().allocate(sealed, 8).copyFrom(wire.asSlice(0, sealed));
            Drop drop = Drop.of(receiving(false, 64).open(copy, 0, length));
            assertThat(drop).isIn(Drop.OUTER_SHORT, Drop.AUTHENTICATION);
        }
    }

    @Test
    void extendedNumbersCrossTheWrap() {
        OutboundSa out = sending(true, SaLimits.NONE, 0xffff_fffeL);
        InboundSa in = receiving(true, 64);
        in.open(wire, 0, seal(sending(true, SaLimits.NONE, 0x8000_0000L), 40));
        for (int i = 0; i < 6; i++) {
            assertThat(in.open(wire, 0, seal(out, 40))).isPositive();
        }
        assertThat(out.nextSequence()).isEqualTo(0x1_0000_0004L);
    }

    @Test
    void shortNumbersEndAndDoNotCycle() {
        OutboundSa out = sending(false, SaLimits.NONE, 0xffff_fffeL);
        assertThat(out.reserve(2, 80)).isEqualTo(0xffff_fffeL);
        assertThat(Drop.of((int) out.reserve(1, 40))).isEqualTo(Drop.SEQUENCE_EXHAUSTED);
        assertThat(out.takeSoftLimit()).isTrue();
        assertThat(out.takeSoftLimit()).isFalse();
    }

    @Test
    void limitsByOctetsAskOnceAndThenStop() {
        OutboundSa out = sending(false, new SaLimits(100, 200), 1);
        assertThat(out.reserve(1, 90)).isEqualTo(1);
        assertThat(out.takeSoftLimit()).isFalse();
        assertThat(out.reserve(1, 90)).isEqualTo(2);
        assertThat(out.takeSoftLimit()).isTrue();
        assertThat(out.takeSoftLimit()).isFalse();
        assertThat(Drop.of((int) out.reserve(1, 90))).isEqualTo(Drop.HARD_LIMIT);
    }

    @Test
    void theReceivingSideHasLimitsToo() {
        OutboundSa out = sending(false, SaLimits.NONE, 1);
        InboundSa in = new InboundSa(gcm(false), false, new SaLimits(50, 120), 64);
        assertThat(in.open(wire, 0, seal(out, 60))).isPositive();
        assertThat(in.takeSoftLimit()).isTrue();
        assertThat(in.takeSoftLimit()).isFalse();
        assertThat(Drop.of(in.open(wire, 0, seal(out, 60)))).isEqualTo(Drop.HARD_LIMIT);
    }
}
