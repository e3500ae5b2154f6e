package io.sallyport.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 32, 63, 64, 65, 128, 1000, 1024, 16_384})
    void agreesWithASetThatForgetsNothing(int size) {
        Random random = new Random(size);
        ReplayWindow window = new ReplayWindow(size);
        TreeSet<Long> seen = new TreeSet<>();
        long top = 0;
        for (int i = 0; i < 20_000; i++) {
            long sequence = Math.max(1, top + random.nextInt(size * 3 + 4) - size * 2L);
            boolean late = sequence <= top - size;
            assertThat(window.isTooLate(sequence)).isEqualTo(late);
            if (!late) {
                assertThat(window.isSeen(sequence))
                        .as("%d below %d", sequence, top)
                        .isEqualTo(seen.contains(sequence));
                window.commit(sequence);
                seen.add(sequence);
                top = Math.max(top, sequence);
            }
        }
    }

    @Test
    void aJumpFarAheadForgetsAllThatWasSeen() {
        ReplayWindow window = new ReplayWindow(64);
        window.commit(1);
        window.commit(1_000_000);
        assertThat(window.isSeen(999_999)).isFalse();
        assertThat(window.isSeen(1_000_000)).isTrue();
        assertThat(window.isTooLate(999_936)).isTrue();
        assertThat(window.isTooLate(999_937)).isFalse();
    }

    @Test
    void aWindowOfNothingChecksNothing() {
        ReplayWindow window = new ReplayWindow(0);
        window.commit(100);
        assertThat(window.isTooLate(1)).isFalse();
        assertThat(window.isSeen(100)).isFalse();
    }

    @Test
    void infersTheHighHalfOnBothSidesOfAWrap() {
        ReplayWindow window = new ReplayWindow(1024);
        window.commit(0xffff_fff0L);
        assertThat(window.infer(0xffff_ffff)).isEqualTo(0xffff_ffffL);
        assertThat(window.infer(5)).isEqualTo(0x1_0000_0005L);
        window.commit(0x1_0000_0005L);
        assertThat(window.infer(0xffff_fff5)).isEqualTo(0xffff_fff5L);
        assertThat(window.infer(6)).isEqualTo(0x1_0000_0006L);
        window.commit(0x1_8000_0000L);
        assertThat(window.infer(3)).isEqualTo(0x2_0000_0003L);
        assertThat(window.infer(0x7fff_ffff)).isEqualTo(0x1_7fff_ffffL);
    }

    @Test
    void aNumberBeforeTheFirstIsNegative() {
        assertThat(new ReplayWindow(1024).infer(0xffff_ffff)).isNegative();
    }

    @Test
    void refusesASizeBeyondTheLimit() {
        assertThatThrownBy(() -> new ReplayWindow(ReplayWindow.MAX + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
