package io.sallyport.engine.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.engine.path.PathConfig;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnAddressesTest {
    private static final PathConfig CONFIG = new PathConfig(
            List.of(new PathConfig.Surface(
                    "v", "sp0", Optional.empty(), 1400, List.of(Prefix.parse("10.1.0.0/16")), List.of())),
            List.of(new PathConfig.Listener(Address.parse("192.0.2.1"), Optional.empty(), 500, 4500)),
            List.of(
                    new PathConfig.Tunnel("a", "v", List.of(Prefix.parse("10.2.0.0/16"))),
                    new PathConfig.Tunnel("b", "v", List.of(Prefix.parse("10.3.0.0/16")))));

    @Test
    void whatAPeerGivesIsOursUntilItGivesSomethingElse() {
        OwnAddresses own = new OwnAddresses();
        assertThat(own.in(CONFIG)).isEqualTo(CONFIG);
        own.set("a", List.of(Address.parse("172.20.0.1")));
        assertThat(ofA(own)).containsExactly(Address.parse("172.20.0.1"));
        own.set("a", List.of(Address.parse("10.2.200.1")));
        assertThat(ofA(own)).containsExactly(Address.parse("10.2.200.1"));
        own.set("a", List.of());
        assertThat(own.in(CONFIG)).isEqualTo(CONFIG);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.53, belongs to the network v",
        "10.3.0.1, lies behind b",
        "192.0.2.1, public address",
        "127.0.0.1, no host",
        "224.0.0.9, no host",
        "255.255.255.255, no host",
        "::1, no host",
        "fe80::1, no host",
        "ff02::1, no host"
    })
    void nobodyLosesAnAddressToWhatAPeerGives(String address, String why) {
        OwnAddresses own = new OwnAddresses();
        own.set("a", List.of(Address.parse(address)));
        assertThat(ofA(own)).isEmpty();
        assertThat(OwnAddresses.refusal("a", Address.parse(address), CONFIG).orElseThrow())
                .contains(why);
    }

    private static List<Address> ofA(OwnAddresses own) {
        return own.in(CONFIG).tunnels().getFirst().own();
    }
}
