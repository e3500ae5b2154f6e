package io.sallyport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255",
        "0.0.0.0/0, 255.255.255.255",
        "192.0.2.1/32, 192.0.2.1",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::8000/113, 2001:db8::ffff",
        "::1/128, ::1",
    })
    void knowsItsLastAddress(String prefix, String last) {
        assertThat(Prefix.parse(prefix).last()).isEqualTo(Address.parse(last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.0.0",
                "10.1.0.0/33",
                "10.1.0.0/-1",
                "10.1.0.0/x",
                "10.1.0.1/16",
                "::1/0",
                "::/129",
                "/8",
                "10.1.0.0/016"
            })
    void whatIsNoPrefixIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> Prefix.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'");
    }

    @Test
    void bitsBeyondTheLengthAreAnsweredWithThePrefixThatWasMeant() {
        assertThatThrownBy(() -> Prefix.parse("10.1.2.3/16")).hasMessageContaining("10.1.0.0/16");
    }

    @Test
    void containsWhatLiesWithin() {
        Prefix wide = Prefix.parse("10.0.0.0/8");
        assertThat(wide.contains(Address.parse("10.255.0.1"))).isTrue();
        assertThat(wide.contains(Address.parse("11.0.0.0"))).isFalse();
        assertThat(wide.contains(Address.parse("::a00:1"))).isFalse();
        assertThat(wide.contains(Prefix.parse("10.1.0.0/16"))).isTrue();
        assertThat(Prefix.parse("10.1.0.0/16").contains(wide)).isFalse();
        assertThat(wide.overlaps(Prefix.parse("0.0.0.0/0"))).isTrue();
        assertThat(wide.overlaps(Prefix.parse("11.0.0.0/8"))).isFalse();
    }

    @Test
    void aRangeIsCoveredExactlyByItsPrefixes() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 2000; i++) {
            long a = random.nextLong(1L << 32);
            long b = a + random.nextLong((1L << 32) - a);
            AddressRange range = new AddressRange(Address.ipv4((int) a), Address.ipv4((int) b));
            List<Prefix> parts = range.prefixes();
            assertThat(parts).hasSizeLessThanOrEqualTo(62);
            assertThat(parts.getFirst().address()).isEqualTo(range.first());
            assertThat(parts.getLast().last()).isEqualTo(range.last());
            for (int k = 1; k < parts.size(); k++) {
                assertThat(parts.get(k).address())
                        .isEqualTo(parts.get(k - 1).last().next());
            }
        }
        assertThat(new AddressRange(Address.parse("::"), Prefix.ANY_IPV6.last()).prefixes())
                .containsExactly(Prefix.ANY_IPV6);
        assertThat(Prefix.ANY_IPV4.range()).hasToString("0.0.0.0/0");
        assertThat(new AddressRange(Address.parse("10.0.0.1"), Address.parse("10.0.0.6")))
                .hasToString("10.0.0.1-10.0.0.6");
    }
}
