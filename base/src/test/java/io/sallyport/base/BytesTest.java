package io.sallyport.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void doesNotChangeWhenItsSourceDoes() {
        byte[] source = {1, 2};
        Bytes bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;
        assertThat(bytes).isEqualTo(Bytes.ofInts(1, 2));
    }

    @Test
    void readsAndPrintsHexadecimal() {
        assertThat(Bytes.hex("00 ff\n7f")).isEqualTo(Bytes.ofInts(0, 255, 127));
        assertThat(Bytes.ofInts(0, 255, 127)).hasToString("00ff7f");
        assertThatThrownBy(() -> Bytes.hex("0g")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersUnsigned() {
        assertThat(Bytes.ofInts(127)).isLessThan(Bytes.ofInts(128));
        assertThat(Bytes.ofInts(1)).isLessThan(Bytes.ofInts(1, 0));
    }

    @Test
    void printableTextCannotHarmATerminalOrALogLine() {
        assertThat(Bytes.utf8("gw\u001b[2J\nforged line\u202e").printable()).isEqualTo("gw.[2J.forged line.");
        assertThat(Bytes.ofInts(0xff, 'a').printable()).isEqualTo(".a");
    }

    @Test
    void longOctetsArePrintedInPart() {
        assertThat(Bytes.of(new byte[1000]).toString()).hasSizeLessThan(100).contains("1000 octets");
    }
}
