package io.sallyport.crypto.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JdkEngineTest {
    private static final Secret NO_KEY = Secret.of(new byte[0]);

    private final JdkEngine engine = new JdkEngine();

    record Suite(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, boolean esn) {}

    static Stream<Suite> suites() {
        List<Suite> out = new ArrayList<>();
        for (EncryptionAlgorithm e : EncryptionAlgorithm.values()) {
            for (IntegrityAlgorithm i : IntegrityAlgorithm.values()) {
                if (e.isAead() == (i == IntegrityAlgorithm.NONE)) {
                    out.add(new Suite(e, i, false));
                    out.add(new Suite(e, i, true));
                }
            }
        }
        return out.stream();
    }

    @Test
    void opensThePacketOfRfc7634AppendixA() {
        Secret key = secret("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3");
        MemorySegment packet = memory("01020304 00000005 1011121314151617"
                + "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7"
                + "2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0"
                + "76aaa8266b7fb0f7b11b369907e1ad43");
        PacketCipher cipher =
                engine.cipher(EncryptionAlgorithm.CHACHA20_POLY1305, key, IntegrityAlgorithm.NONE, NO_KEY, false);
        assertThat(cipher.open(packet, 0, 88, 5)).isTrue();
        assertThat(hex(packet, 16, 88))
                .startsWith("45000054a6f200004001e778c6336405c0000205")
                .endsWith("01020204");
    }

    @Test
    void opensTheFirstPacketOfTheGcmEspTestVectors() {
        Secret key = secret("4c80cdefbb5d10da906ac73c3613a634 2e443b68");
        MemorySegment packet = memory("00004321 00000000 4956ed7e3b244cfe"
                + "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d"
                + "15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732"
                + "459018148f6cbe722fd04796562dfdb4");
        PacketCipher cipher =
                engine.cipher(EncryptionAlgorithm.AES_GCM_16_128, key, IntegrityAlgorithm.NONE, NO_KEY, true);
        assertThat(cipher.open(packet, 0, 72, 0x8765_4321_0000_0000L)).isTrue();
        assertThat(hex(packet, 16, 72))
                .startsWith("45000048699a000080114db7c0a80102c0a80101")
                .endsWith("01020201");
    }

    @Test
    void opensTheTunnelModePacketOfRfc3602CaseSeven() throws Exception {
        Secret key = secret("0123456789abcdef0123456789abcdef");
        byte[] mac = new byte[32];
        String head = "00008765 00000002 f4e765244f6407adf13dc1380f673f37"
                + "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c6"
                + "47752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d";
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(mac, "HmacSHA256"));
        Bytes icv = Bytes.of(hmac.doFinal(Bytes.hex(head).toArray()), 0, 16);
        MemorySegment packet = memory(head + icv.hex());
        PacketCipher cipher = engine.cipher(
                EncryptionAlgorithm.AES_CBC_128, key, IntegrityAlgorithm.HMAC_SHA2_256_128, Secret.of(mac), false);
        assertThat(cipher.open(packet, 0, 96, 2)).isTrue();
        assertThat(hex(packet, 24, 96))
                .startsWith("45000054090400004001f988c0a87b03c0a87bc8")
                .endsWith("0102030405060708090a0a04");
    }

    @ParameterizedTest
    @MethodSource("suites")
    void opensWhatItSealedAndNothingElse(Suite suite) {
        Random random = new Random(7);
        PacketCipher sealing = cipher(suite);
        PacketCipher opening = cipher(suite);
        int block = Math.max(4, sealing.blockOctets());
        for (int blocks : new int[] {1, 2, 3, 4, 5, 90}) {
            int length = blocks * block;
            byte[] text = new byte[length];
            random.nextBytes(text);
            int size = PacketCipher.HEADER + sealing.ivOctets() + length + sealing.icvOctets();
            long sequence = 0x2_0000_0000L + blocks;
            MemorySegment packet = seal(sealing, text, size, sequence);
            byte[] sealed = packet.toArray(ValueLayout.JAVA_BYTE);
            assertThat(opening.open(packet, 0, length, sequence)).isTrue();
            int start = PacketCipher.HEADER + sealing.ivOctets();
            assertThat(packet.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(text);
            if (blocks <= 3) {
                everyChangedOctetIsRefused(opening, sealed, length, sequence);
            }
        }
    }

    /** SPI and sequence, IV, text, ICV: nothing may change. */
    private static void everyChangedOctetIsRefused(PacketCipher opening, byte[] sealed, int length, long sequence) {
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            MemorySegment packet = Arena.ofAuto().allocate(sealed.length, 8);
            packet.copyFrom(MemorySegment.ofArray(changed));
            long told = i >= 4 && i < 8 ? sequence & ~0xffff_ffffL | Octets.u32(packet, 4) : sequence;
            assertThat(opening.open(packet, 0, length, told)).as("octet " + i).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void withExtendedNumbersTheHighHalfIsAuthenticated(Suite suite) {
        PacketCipher sealing = cipher(suite);
        int length = Math.max(16, sealing.blockOctets());
        int size = PacketCipher.HEADER + sealing.ivOctets() + length + sealing.icvOctets();
        MemorySegment packet = seal(sealing, new byte[length], size, 0x5_0000_0001L);
        assertThat(cipher(suite).open(packet, 0, length, 0x6_0000_0001L)).isEqualTo(!suite.esn());
    }

    @Test
    void theCbcIvIsTheEncipheredSequenceNumber() throws Exception {
        Suite suite = new Suite(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128, false);
        MemorySegment packet = seal(cipher(suite), new byte[32], 8 + 16 + 32 + 16, 9);
        Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
        cbc.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key(32), "AES"), new IvParameterSpec(new byte[16]));
        byte[] iv = packet.asSlice(8, 16).toArray(ValueLayout.JAVA_BYTE);
        assertThat(cbc.doFinal(iv))
                .isEqualTo(Bytes.hex("00000000000000000000000000000009").toArray());
    }

    @Test
    void refusesAKeyOfTheWrongLength() {
        assertThatThrownBy(() -> engine.cipher(
                        EncryptionAlgorithm.AES_GCM_16_256,
                        Secret.of(new byte[32]),
                        IntegrityAlgorithm.NONE,
                        NO_KEY,
                        false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private PacketCipher cipher(Suite suite) {
        return engine.cipher(
                suite.encryption(),
                Secret.of(
                        key(suite.encryption().keyOctets() + suite.encryption().saltOctets())),
                suite.integrity(),
                Secret.of(key(suite.integrity().keyOctets())),
                suite.esn());
    }

    private static byte[] key(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            key[i] = (byte) (i * 11 + 3);
        }
        return key;
    }

    private static MemorySegment seal(PacketCipher cipher, byte[] text, int size, long sequence) {
        MemorySegment from = Arena.ofAuto().allocate(text.length, 8);
        from.copyFrom(MemorySegment.ofArray(text));
        MemorySegment packet = Arena.ofAuto().allocate(size, 8);
        Octets.put32(packet, 0, 0x01020304);
        Octets.put32(packet, 4, (int) sequence);
        cipher.seal(from, 0, text.length, packet, 0, sequence);
        return packet;
    }

    private static Secret secret(String hex) {
        return Secret.of(Bytes.hex(hex).toArray());
    }

    private static MemorySegment memory(String hex) {
        byte[] octets = Bytes.hex(hex).toArray();
        MemorySegment memory = Arena.ofAuto().allocate(octets.length, 8);
        memory.copyFrom(MemorySegment.ofArray(octets));
        return memory;
    }

    private static String hex(MemorySegment memory, long at, long length) {
        return Bytes.of(memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE))
                .hex();
    }
}
