package io.sallyport.ike.v1.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;

/**
 * Any octets at all: they are read, or {@link Malformed}. The corpus beside this class is replayed by every build; with
 * {@code JAZZER_FUZZ=1} new inputs are sought.
 */
class MessageFuzzTest {
    @FuzzTest
    void readsAnyMessage(byte[] octets) {
        Bytes message = Bytes.of(octets);
        try {
            Header header = Header.read(Reader.over(message));
            PayloadReader.plain(header.next(), message.slice(Header.OCTETS, message.size()));
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void readsAnyPayloadChain(byte[] octets) {
        if (octets.length == 0) {
            return;
        }
        try {
            PayloadReader.Chain chain =
                    PayloadReader.padded(new PayloadType(octets[0] & 0xff), Bytes.of(octets, 1, octets.length - 1));
            assertThat(chain.afterFirst().size()).isLessThan(octets.length);
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    /** Parts of messages, two octets of length before each. */
    @FuzzTest
    void reassemblesAnything(byte[] octets) {
        Reassembly reassembly = new Reassembly();
        Reader in = Reader.over(octets);
        try {
            while (!in.isEmpty()) {
                reassembly
                        .add(Fragment.read(in.bytes(in.u16("length"), "part")))
                        .ifPresent(
                                whole -> assertThat(whole.size()).isBetween(1, MessageLimits.REASSEMBLED_OCTETS_MAX));
            }
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void readsAnyAttributes(byte[] octets) {
        try {
            for (Attribute attribute : PayloadReader.attributes(Bytes.of(octets))) {
                assertThat(attribute.number()).isGreaterThanOrEqualTo(-1);
            }
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }
}
