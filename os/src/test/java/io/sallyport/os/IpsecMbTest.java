package io.sallyport.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IpsecMbTest {
    private static final int[] EDGES = {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 9000};

    private static CryptoEngine library() {
        return IpsecMb.find()
                .orElseThrow(() -> new AssertionError("libIPSec_MB.so.1 is missing: install the package libipsec-mb1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_GCM_16_128", "AES_GCM_16_192", "AES_GCM_16_256"})
    void sealsAsTheJdkDoesAndOpensWhatTheJdkSealed(EncryptionAlgorithm algorithm) {
        Random random = new Random(algorithm.keyBits());
        byte[] key = new byte[algorithm.keyOctets() + 4];
        random.nextBytes(key);
        for (boolean esn : new boolean[] {false, true}) {
            PacketCipher fast = cipher(library(), algorithm, key, esn);
            PacketCipher jdk = cipher(new JdkEngine(), algorithm, key, esn);
            for (int i = 0; i < 300; i++) {
                int length = i < EDGES.length ? EDGES[i] : random.nextInt(2000);
                byte[] text = new byte[length];
                random.nextBytes(text);
                long sequence = 0x7_0000_0000L * random.nextInt(3) + i + 1;
                MemorySegment one = seal(fast, text, sequence);
                MemorySegment two = seal(jdk, text, sequence);
                assertThat(one.mismatch(two)).as("length " + length).isEqualTo(-1);
                assertThat(fast.open(two, 0, length, sequence)).isTrue();
                assertThat(two.asSlice(16, length).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(text);
                int at = random.nextInt(24 + length);
                if (at < 4 || at >= 8) {
                    one.set(ValueLayout.JAVA_BYTE, at, (byte) (one.get(ValueLayout.JAVA_BYTE, at) ^ 0x40));
                    assertThat(fast.open(one, 0, length, sequence)).isFalse();
                }
            }
        }
    }

    private static PacketCipher cipher(CryptoEngine engine, EncryptionAlgorithm algorithm, byte[] key, boolean esn) {
        return engine.cipher(algorithm, Secret.of(key), IntegrityAlgorithm.NONE, Secret.of(new byte[0]), esn);
    }

    private static MemorySegment seal(PacketCipher cipher, byte[] text, long sequence) {
        MemorySegment from = Arena.ofAuto().allocate(text.length + 1L, 8);
        MemorySegment.copy(text, 0, from, ValueLayout.JAVA_BYTE, 0, text.length);
        MemorySegment packet = Arena.ofAuto().allocate(16 + text.length + 16L, 8);
        Octets.put32(packet, 0, 0x0a0b0c0d);
        Octets.put32(packet, 4, (int) sequence);
        cipher.seal(from, 0, text.length, packet, 0, sequence);
        return packet;
    }
}
