package io.sallyport.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.wire.Checksum;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Ipv6;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Tcp;
import io.sallyport.wire.Udp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutAndJoinTest {
    private final MemorySegment source = Arena.ofAuto().allocate(70_000, 64);
    private final MemorySegment wire = Arena.ofAuto().allocate(140_000, 64);
    private final Packet packet = new Packet();

    /** A super-packet with a random payload at offset 64. */
    private byte[] superPacket(int version, boolean tcp, int payload) {
        byte[] body = new byte[payload];
        new Random(payload).nextBytes(body);
        int ip = version == 4 ? Ipv4.MIN_HEADER : Ipv6.HEADER;
        int transport = tcp ? 32 : Udp.HEADER;
        source.fill((byte) 0);
        long at = 64;
        if (version == 4) {
            Octets.put16(source, at, 0x4500);
            Octets.put16(source, at + Ipv4.IDENTIFICATION, 0xfffe);
            Octets.put16(source, at + Ipv4.FLAGS_FRAGMENT, Ipv4.DONT_FRAGMENT);
            Octets.put16(source, at + Ipv4.TTL, 64 << 8 | (tcp ? 6 : 17));
            Octets.put64(source, at + Ipv4.SOURCE, 0x0a01_0001_0a02_0002L);
            Ipv4.setTotalLength(source, at, ip + transport + payload);
        } else {
            Octets.put32(source, at, 0x6000_0000);
            Octets.put32(source, at + Ipv6.PAYLOAD_LENGTH, (transport + payload) << 16 | (tcp ? 6 : 17) << 8 | 64);
            Octets.put64(source, at + Ipv6.SOURCE + 8, 1);
            Octets.put64(source, at + Ipv6.DESTINATION + 8, 2);
        }
        long header = at + ip;
        Octets.put32(source, header, 5000 << 16 | 80);
        if (tcp) {
            Octets.put32(source, header + Tcp.SEQUENCE, 0xffff_ff00);
            Octets.put32(source, header + Tcp.ACKNOWLEDGMENT, 77);
            Octets.put16(source, header + Tcp.DATA_OFFSET, 0x8000 | Tcp.ACK | Tcp.PSH | Tcp.CWR | Tcp.FIN);
            Octets.put16(source, header + Tcp.WINDOW, 501);
            Octets.put64(source, header + Tcp.OPTIONS, 0x0101_080a_0000_0001L);
        }
        MemorySegment.copy(body, 0, source, ValueLayout.JAVA_BYTE, header + transport, payload);
        assertThat(packet.read(source, at, ip + transport + payload)).isNull();
        return body;
    }

    @ParameterizedTest
    @CsvSource({
        "4,true,1368,60000",
        "4,true,1368,1368",
        "4,true,1368,1369",
        "4,true,40,4000",
        "6,true,1348,60001",
        "4,false,64,4096",
        "4,false,1000,3500",
        "6,false,1200,60000"
    })
    void theSegmentsCarryThePayloadAndJoinAgain(int version, boolean tcp, int size, int payload) {
        byte[] body = superPacket(version, tcp, payload);
        Segments segments = new Segments();
        assertThat(segments.begin(packet, size)).isTrue();
        int headers = packet.length() - payload;
        assertThat(segments.count()).isEqualTo((payload + size - 1) / size);
        int at = 0;
        int total = 0;
        int[] places = new int[segments.count()];
        int[] lengths = new int[segments.count()];
        for (int i = 0; i < segments.count(); i++) {
            int length = segments.make(i);
            assertThat(length).isEqualTo(segments.length(i));
            MemorySegment.copy(source, segments.at(), wire, at, length);
            places[i] = at;
            lengths[i] = length;
            at += length + 8;
            total += length;
        }
        assertThat(total).isEqualTo(segments.total());
        int done = 0;
        for (int i = 0; i < places.length; i++) {
            assertThat(packet.read(wire, places[i], lengths[i])).isNull();
            intact(packet);
            byte[] part =
                    wire.asSlice(places[i] + headers, lengths[i] - headers).toArray(ValueLayout.JAVA_BYTE);
            for (byte b : part) {
                assertThat(b).isEqualTo(body[done++]);
            }
            if (tcp) {
                int flags = Tcp.flags(wire, places[i] + packet.transport());
                boolean last = i == places.length - 1;
                assertThat(flags & (Tcp.FIN | Tcp.PSH)).isEqualTo(last ? Tcp.FIN | Tcp.PSH : 0);
                assertThat(flags & Tcp.CWR).isEqualTo(i == 0 ? Tcp.CWR : 0);
            }
        }
        assertThat(done).isEqualTo(payload);
        joinAgain(places, lengths, tcp);
    }

    /** All but the flagged ends join into one run whose headers say so. */
    private void joinAgain(int[] places, int[] lengths, boolean tcp) {
        Run run = new Run();
        int joined = 0;
        for (int i = 0; i < places.length; i++) {
            packet.read(wire, places[i], lengths[i]);
            if (run.isEmpty()) {
                if (Run.canBegin(packet, true)) {
                    run.begin(packet);
                    joined = 1;
                }
            } else if (run.isSameFlow(packet) && run.join(packet)) {
                joined++;
            } else {
                break;
            }
        }
        int expected = Math.min(Run.PIECES_MAX, tcp ? Math.max(0, places.length - 2) : places.length);
        assertThat(joined).isEqualTo(expected);
        if (joined < 2) {
            return;
        }
        run.finish();
        int whole = 0;
        for (int i = 0; i < run.count(); i++) {
            whole += run.length(i);
        }
        int said = run.version() == 4
                ? Ipv4.totalLength(wire, run.at(0))
                : Ipv6.HEADER + Ipv6.payloadLength(wire, run.at(0));
        assertThat(said).isEqualTo(whole);
    }

    private static void intact(Packet p) {
        if (p.version() == 4) {
            assertThat(Checksum.complement(Checksum.sum(p.memory(), p.at(), 20)))
                    .isZero();
        }
        int rest = p.length() - p.transport();
        long sum = Checksum.pseudoHeader(p.memory(), p.at(), p.version(), p.protocol())
                + (long) rest
                + Checksum.sum(p.memory(), p.at() + p.transport(), rest);
        assertThat(Checksum.complement(sum)).isZero();
    }

    @Test
    void aWrongChecksumIsNotMendedByJoining() {
        superPacket(4, false, 3000);
        Segments segments = new Segments();
        segments.begin(packet, 1000);
        for (int i = 0; i < 3; i++) {
            segments.make(i);
            MemorySegment.copy(source, segments.at(), wire, i * 2000L, 1028);
        }
        Octets.put8(wire, 2000 + 500, Octets.u8(wire, 2000 + 500) ^ 1);
        Run run = new Run();
        packet.read(wire, 0, 1028);
        run.begin(packet);
        packet.read(wire, 2000, 1028);
        assertThat(run.isSameFlow(packet)).isTrue();
        assertThat(run.join(packet)).isFalse();
    }

    @Test
    void aGapOrAnotherFlowEndsARun() {
        superPacket(4, true, 5000);
        Segments segments = new Segments();
        segments.begin(packet, 1000);
        for (int i = 0; i < 5; i++) {
            int length = segments.make(i);
            MemorySegment.copy(source, segments.at(), wire, i * 2000L, length);
        }
        Run run = new Run();
        packet.read(wire, 2000, 1052);
        run.begin(packet);
        packet.read(wire, 6000, 1052);
        assertThat(run.isSameFlow(packet)).isTrue();
        assertThat(run.join(packet)).isFalse();
        Octets.put16(wire, 4000 + 20, 5001);
        packet.read(wire, 4000, 1052);
        assertThat(run.isSameFlow(packet)).isFalse();
    }

    @Test
    void whatIsNotASuperPacketIsRefused() {
        superPacket(4, true, 3000);
        assertThat(new Segments().begin(packet, 0)).isFalse();
        Octets.put8(source, 64 + Ipv4.PROTOCOL, 1);
        packet.read(source, 64, 3052);
        assertThat(new Segments().begin(packet, 1000)).isFalse();
    }

    @Test
    void fragmentsCoverThePacket() {
        byte[] body = superPacket(4, false, 3000);
        Octets.put16(source, 64 + Ipv4.FLAGS_FRAGMENT, 0);
        Ipv4.setChecksum(source, 64);
        packet.read(source, 64, 3028);
        Fragments fragments = new Fragments();
        fragments.begin(packet, 1000);
        assertThat(fragments.count()).isEqualTo(4);
        byte[] got = new byte[3008];
        for (int i = 0; i < 4; i++) {
            int length = fragments.make(i);
            long at = fragments.at();
            assertThat(length).isLessThanOrEqualTo(1000);
            assertThat(Checksum.complement(Checksum.sum(source, at, 20))).isZero();
            int field = Ipv4.flagsAndOffset(source, at);
            assertThat((field & Ipv4.MORE_FRAGMENTS) != 0).isEqualTo(i < 3);
            int offset = (field & Ipv4.OFFSET_MASK) * 8;
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at + 20, got, offset, length - 20);
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(got[i + 8]).isEqualTo(body[i]);
        }
    }
}
