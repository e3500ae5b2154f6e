package io.sallyport.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Prefix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorSetTest {
    private final Packet packet = new Packet();

    private void udp(int source, int port, String offset) {
        byte[] octets = Bytes.hex("4500001c0000" + offset + "40110000" + String.format("%08x", source) + "0a020001"
                        + String.format("%04x", port) + "003500080000")
                .toArray();
        MemorySegment memory = Arena.ofAuto().allocate(64, 8);
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
        assertThat(packet.read(memory, 0, 28)).isNull();
    }

    private static SelectorSet set(String prefix, int protocol, int first, int last) {
        return new SelectorSet(
                List.of(new SelectorSet.Selector(Prefix.parse(prefix).range(), protocol, first, last)));
    }

    @Test
    void addressesProtocolAndPortsMustAllFit() {
        udp(0x0a01_0005, 1000, "0000");
        assertThat(set("0.0.0.0/0", 0, 0, 65535).matchesSource(packet)).isTrue();
        assertThat(set("::/0", 0, 0, 65535).matchesSource(packet)).isFalse();
        assertThat(set("10.1.0.0/24", 0, 0, 65535).matchesSource(packet)).isTrue();
        assertThat(set("10.1.1.0/24", 0, 0, 65535).matchesSource(packet)).isFalse();
        assertThat(set("10.1.0.0/24", 17, 1000, 1000).matchesSource(packet)).isTrue();
        assertThat(set("10.1.0.0/24", 6, 0, 65535).matchesSource(packet)).isFalse();
        assertThat(set("10.1.0.0/24", 17, 1001, 2000).matchesSource(packet)).isFalse();
        assertThat(set("10.2.0.0/16", 17, 53, 53).matchesDestination(packet)).isTrue();
        assertThat(new SelectorSet(List.of()).matchesSource(packet)).isFalse();
    }

    @Test
    void aLaterFragmentHasNoPorts() {
        udp(0x0a01_0005, 1000, "0010");
        assertThat(packet.isLaterFragment()).isTrue();
        assertThat(set("10.1.0.0/24", 17, 0, 65535).matchesSource(packet)).isTrue();
        assertThat(set("10.1.0.0/24", 17, 1000, 1000).matchesSource(packet)).isFalse();
    }

    @Test
    void addressesAreUnsigned() {
        udp(0xc0a8_0001, 1, "0000");
        assertThat(set("192.168.0.0/16", 0, 0, 65535).matchesSource(packet)).isTrue();
        assertThat(set("128.0.0.0/1", 0, 0, 65535).matchesSource(packet)).isTrue();
        assertThat(set("0.0.0.0/1", 0, 0, 65535).matchesSource(packet)).isFalse();
    }
}
