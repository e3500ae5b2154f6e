package io.sallyport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import org.junit.jupiter.api.Test;

class ReaderWriterTest {
    @Test
    void whatIsWrittenIsReadAgain() throws Malformed {
        Bytes written = new Writer()
                .u8(0xfe)
                .u16(0xfedc)
                .u32(0xfedc_ba98L)
                .i64(-2)
                .lengthU16(2, body -> body.bytes(Bytes.ofInts(1, 2, 3)))
                .toBytes();
        Reader reader = Reader.over(written);
        assertThat(reader.u8("a")).isEqualTo(0xfe);
        assertThat(reader.u16("b")).isEqualTo(0xfedc);
        assertThat(reader.u32("c")).isEqualTo(0xfedc_ba98L);
        assertThat(reader.i64("d")).isEqualTo(-2);
        assertThat(reader.u16("length")).isEqualTo(5);
        Reader part = reader.sub(3, "part");
        assertThat(part.rest()).isEqualTo(Bytes.ofInts(1, 2, 3));
        part.finish("part");
        reader.finish("whole");
    }

    @Test
    void nothingIsReadBeyondTheEnd() {
        Reader reader = Reader.over(Bytes.ofInts(1, 2, 3));
        assertThatThrownBy(() -> reader.u32("SPI"))
                .isInstanceOf(Malformed.class)
                .hasMessage("SPI: needs 4 octets, 3 left");
        assertThatThrownBy(() -> reader.bytes(-1, "SPI")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> reader.sub(Integer.MAX_VALUE, "SPI")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> reader.finish("SPI")).hasMessage("SPI: 3 octets too many");
    }

    @Test
    void aSubReaderSeesOnlyItsPart() throws Malformed {
        Reader reader = Reader.over(Bytes.ofInts(1, 2, 3, 4));
        Reader part = reader.sub(2, "part");
        part.u16("inside");
        assertThatThrownBy(() -> part.u8("beyond")).isInstanceOf(Malformed.class);
        assertThat(reader.u8("after")).isEqualTo(3);
    }

    @Test
    void aPartTooLongForItsLengthIsRefused() {
        assertThatThrownBy(() -> new Writer().lengthU16(2, body -> body.zeros(0xffff)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
