package io.sallyport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:db8::1, 2001:db8::1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::ffff:192.0.2.33, ::ffff:c000:221",
    })
    void readsAndPrintsAsRfc5952Says(String text, String canonical) {
        assertThat(Address.parse(text)).hasToString(canonical);
        assertThat(Address.parse(canonical)).isEqualTo(Address.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                ":",
                ":::",
                "1::2::3",
                "12345::",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7::8",
                "g::",
                "::1.2.3",
                "fe80::1%eth0",
                "-1.2.3.4"
            })
    void whatIsNoAddressIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 5000; i++) {
            byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(octets);
            if (octets.length == 16 && random.nextBoolean()) {
                java.util.Arrays.fill(octets, random.nextInt(8), 8 + random.nextInt(8), (byte) 0);
            }
            Address address = Address.of(io.sallyport.base.Bytes.of(octets));
            assertThat(address.toBytes().toArray()).isEqualTo(octets);
            assertThat(Address.parse(address.toString())).isEqualTo(address);
            assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(octets);
        }
    }

    @Test
    void ordersUnsignedAndIpv4First() {
        assertThat(Address.parse("127.0.0.1")).isLessThan(Address.parse("128.0.0.1"));
        assertThat(Address.parse("255.255.255.255")).isLessThan(Address.parse("::"));
        assertThat(Address.parse("7fff::")).isLessThan(Address.parse("8000::"));
    }

    @Test
    void theNextOfTheLastWraps() {
        assertThat(Address.parse("255.255.255.255").next()).isEqualTo(Address.parse("0.0.0.0"));
        assertThat(Address.parse("::ffff:ffff:ffff:ffff").next()).isEqualTo(Address.parse("0:0:0:1::"));
    }
}
