package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlapsTest {
    private final Random random = new Random(7);

    private List<Prefix> some() {
        List<Prefix> out = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            // A few bits at both ends make clashes neither certain nor rare.
            boolean isOld = random.nextBoolean();
            int length = random.nextInt(6) == 0 ? 0 : isOld ? random.nextInt(33) : random.nextInt(129);
            long bits = random.nextInt(8) * 32L;
            Address address = isOld
                    ? Address.ipv4((int) (10L << 24 | bits << 16 | random.nextInt(4)))
                    : new Address(Address.Family.IPV6, 0x2001L << 48 | bits << 40, random.nextInt(4));
            out.add(Prefix.containing(address, length));
        }
        return out;
    }

    @Test
    void aLookFindsAClashExactlyWhenComparingAllPairsDoes() {
        int clashes = 0;
        for (int i = 0; i < 20_000; i++) {
            List<Prefix> here = some();
            List<Prefix> there = some();
            boolean clash = there.stream().anyMatch(p -> Overlaps.first(p, here).isPresent());
            assertThat(new Overlaps(here).any(there))
                    .as("%s and %s", here, there)
                    .isEqualTo(clash);
            clashes += clash ? 1 : 0;
        }
        assertThat(clashes).isBetween(2_000, 18_000);
    }
}
