package io.sallyport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketHeadersTest {
    /** A ping of 84 octets, 192.168.123.3 to 192.168.123.200, from RFC 3602 section 4. */
    private static final String PING = "45000054090400004001f988c0a87b03c0a87bc8"
            + "08009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            + "202122232425262728292a2b2c2d2e2f3031323334353637";

    /** A SYN with MSS 1460 behind two NOPs and so on, IPv6, checksum left zero. */
    private static final String SYN_V6 = "6000000000180640" + "20010db8000000000000000000000001"
            + "20010db8000000000000000000000002" + "30390050000000010000000060020fff00000000" + "020405b4";

    private final Packet packet = new Packet();

    private static MemorySegment memory(String hex) {
        byte[] octets = Bytes.hex(hex).toArray();
        MemorySegment memory = Arena.ofAuto().allocate(octets.length + 64L, 8);
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
        return memory;
    }

    @Test
    void readsIpv4() {
        MemorySegment m = memory(PING);
        assertThat(packet.read(m, 0, 84)).isNull();
        assertThat(packet.version()).isEqualTo(4);
        assertThat(packet.length()).isEqualTo(84);
        assertThat(packet.protocol()).isEqualTo(Icmp.PROTOCOL_V4);
        assertThat(packet.sourceLow()).isEqualTo(0xc0a8_7b03L);
        assertThat(packet.destinationLow()).isEqualTo(0xc0a8_7bc8L);
        assertThat(packet.sourcePort()).isEqualTo(0x0800);
        assertThat(Checksum.complement(Checksum.sum(m, 0, 20))).isZero();
        assertThat(Checksum.complement(Checksum.sum(m, 20, 64))).isZero();
    }

    @Test
    void readsIpv6() {
        assertThat(packet.read(memory(SYN_V6), 0, 64)).isNull();
        assertThat(packet.sourceHigh()).isEqualTo(0x2001_0db8_0000_0000L);
        assertThat(packet.destinationLow()).isEqualTo(2);
        assertThat(packet.sourcePort()).isEqualTo(12345);
        assertThat(packet.destinationPort()).isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(strings = {PING, SYN_V6})
    void everyTruncationIsMalformed(String hex) {
        MemorySegment m = memory(hex);
        for (int length = 0; length < hex.length() / 2; length++) {
            assertThat(packet.read(m, 0, length)).as("length " + length).isEqualTo(Drop.INNER_MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PING, SYN_V6})
    void noBitFlipMakesAHeaderLieOutsideThePacket(String hex) {
        int size = hex.length() / 2;
        for (int bit = 0; bit < size * 8; bit++) {
            MemorySegment m = memory(hex);
            m.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (m.get(ValueLayout.JAVA_BYTE, bit / 8) ^ 1 << bit % 8));
            if (packet.read(m, 0, size) == null) {
                assertThat(packet.length()).isLessThanOrEqualTo(size);
                assertThat(packet.transport()).isLessThanOrEqualTo(packet.length());
            }
        }
    }

    @Test
    void ignoresWhatStandsBehindTheIpLength() {
        assertThat(packet.read(memory(PING), 0, 140)).isNull();
        assertThat(packet.length()).isEqualTo(84);
    }

    @Test
    void findsTheTransportBehindExtensionHeaders() {
        String text = "60000000" + "0020" + "00" + "40" + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002" + "2c00010400000000" + "1100000100000001"
                + "00350035001000ff0102030405060708";
        assertThat(packet.read(memory(text), 0, 72)).isNull();
        assertThat(packet.protocol()).isEqualTo(Udp.PROTOCOL);
        assertThat(packet.transport()).isEqualTo(56);
        assertThat(packet.isFragment()).isTrue();
        assertThat(packet.isLaterFragment()).isFalse();
        assertThat(packet.sourcePort()).isEqualTo(53);
    }

    @Test
    void theSumAgreesWithOneOctetAfterTheOther() {
        Random random = new Random(1);
        MemorySegment m = Arena.ofAuto().allocate(3000, 8);
        for (int i = 0; i < 3000; i++) {
            m.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (int i = 0; i < 3000; i++) {
            int at = random.nextInt(64);
            int length = random.nextInt(2900);
            long naive = 0;
            for (int k = 0; k < length; k++) {
                naive += (long) Octets.u8(m, at + k) << (k % 2 == 0 ? 8 : 0);
            }
            assertThat(Checksum.sum(m, at, length)).isEqualTo(Checksum.fold(naive));
        }
    }

    @Test
    void theHopLimitFallsAndTheChecksumStaysRight() {
        MemorySegment m = memory(PING);
        packet.read(m, 0, 84);
        for (int left = 63; left > 0; left--) {
            packet.decrementHopLimit();
            assertThat(packet.hopLimit()).isEqualTo(left);
            assertThat(Checksum.complement(Checksum.sum(m, 0, 20))).isZero();
        }
        packet.setTos(0xb8 | 3);
        assertThat(Checksum.complement(Checksum.sum(m, 0, 20))).isZero();
    }

    @Test
    void theMssOfASynIsLoweredAndNeverRaised() {
        MemorySegment m = memory(SYN_V6);
        packet.read(m, 0, 64);
        long sum = Checksum.pseudoHeader(m, 0, 6, 6) + 24L + Checksum.sum(m, 40, 24);
        Octets.put16(m, 40 + Tcp.CHECKSUM, Checksum.complement(sum));
        packet.clampMss(1420);
        assertThat(Octets.u16(m, 62)).isEqualTo(1360);
        assertThat(Checksum.complement(Checksum.pseudoHeader(m, 0, 6, 6) + 24L + Checksum.sum(m, 40, 24)))
                .isZero();
        packet.clampMss(1500);
        assertThat(Octets.u16(m, 62)).isEqualTo(1360);
    }

    @Test
    void theMssIsFoundAtAnOddOffset() {
        MemorySegment m = memory(SYN_V6.replace("60020fff", "70020fff")
                .replace("00180640", "001c0640")
                .replaceFirst("020405b4$", "01020405b4000000"));
        assertThat(packet.read(m, 0, 68)).isNull();
        long sum = Checksum.pseudoHeader(m, 0, 6, 6) + 28L + Checksum.sum(m, 40, 28);
        Octets.put16(m, 40 + Tcp.CHECKSUM, Checksum.complement(sum));
        packet.clampMss(1400);
        assertThat(Octets.u16(m, 63)).isEqualTo(1340);
        assertThat(Checksum.complement(Checksum.pseudoHeader(m, 0, 6, 6) + 28L + Checksum.sum(m, 40, 28)))
                .isZero();
    }

    @Test
    void aTooBigAnswerQuotesThePacketAndSumsUp() {
        packet.read(memory(PING), 0, 84);
        MemorySegment to = Arena.ofAuto().allocate(2048, 8);
        int length = Icmp.tooBig(packet, 0, 0x0a01_0001L, 1400, to, 0);
        assertThat(length).isEqualTo(20 + 8 + 84);
        assertThat(Checksum.complement(Checksum.sum(to, 0, 20))).isZero();
        assertThat(Checksum.complement(Checksum.sum(to, 20, length - 20))).isZero();
        assertThat(Octets.u16(to, 20)).isEqualTo(0x0304);
        assertThat(Octets.u16(to, 26)).isEqualTo(1400);
        assertThat(Octets.i32(to, 16)).isEqualTo(0xc0a8_7b03);
        packet.read(memory(SYN_V6), 0, 64);
        length = Icmp.tooBig(packet, 0x2001_0db8_0000_0000L, 9, 1380, to, 0);
        assertThat(Checksum.complement(
                        Checksum.pseudoHeader(to, 0, 6, 58) + (length - 40L) + Checksum.sum(to, 40, length - 40)))
                .isZero();
        assertThat(Octets.i32(to, 44)).isEqualTo(1380);
    }

    @Test
    void noErrorIsSentAboutAnErrorOrAMulticast() {
        MemorySegment m = memory(PING);
        packet.read(m, 0, 84);
        assertThat(Icmp.mayAnswer(packet)).isTrue();
        Octets.put8(m, 20, 3);
        packet.read(m, 0, 84);
        assertThat(Icmp.mayAnswer(packet)).isFalse();
        Octets.put8(m, 20, 8);
        Octets.put8(m, 16, 224);
        packet.read(m, 0, 84);
        assertThat(Icmp.mayAnswer(packet)).isFalse();
    }
}
