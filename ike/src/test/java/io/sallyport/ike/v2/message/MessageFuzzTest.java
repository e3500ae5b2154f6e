package io.sallyport.ike.v2.message;

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
    void readsAnyUnprotectedMessage(byte[] octets) {
        try {
            UnprotectedMessage message = UnprotectedMessage.read(Bytes.of(octets));
            for (PayloadRules rules : PayloadRules.values()) {
                check(rules, message);
            }
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
            PayloadReader.chain(new PayloadType(octets[0] & 0xff), Reader.over(Bytes.of(octets, 1, octets.length - 1)));
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    private static void check(PayloadRules rules, UnprotectedMessage message) {
        try {
            rules.check(message.payloads());
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }
}
