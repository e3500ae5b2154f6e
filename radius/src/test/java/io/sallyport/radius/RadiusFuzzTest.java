package io.sallyport.radius;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;

/** Any octets at all: they are read, or {@link Malformed}; and nothing in them becomes a key by accident. */
class RadiusFuzzTest {
    @FuzzTest
    void readsAnyPacket(byte[] octets) {
        try {
            RadiusPacket packet = RadiusPacket.read(Bytes.of(octets));
            Bytes written = packet.write();
            assertThat(written).isEqualTo(Bytes.of(octets, 0, written.size()));
            for (int kind = 0; kind < 70; kind++) {
                packet.microsoft(kind);
            }
            packet.eap();
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void opensAnyKey(byte[] octets) {
        Bytes request = Bytes.wrap(new byte[16]);
        Authenticity.key(Bytes.of(octets), request, Secret.utf8("s"))
                .ifPresent(k -> assertThat(k.size()).isBetween(1, 32));
    }
}
