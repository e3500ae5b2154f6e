package io.sallyport.ike.v2.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every payload on the wire. */
class PayloadTest {
    static Stream<Payload> samples() {
        return Samples.all().stream();
    }

    private static List<Payload> read(PayloadType type, Bytes chain) throws Malformed {
        return PayloadReader.chain(type, Reader.over(chain));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatItWrites(Payload payload) throws Malformed {
        assertThat(read(payload.type(), PayloadWriter.chain(List.of(payload)))).containsExactly(payload);
    }

    @Test
    void readsAChainInItsOrder() throws Malformed {
        assertThat(read(PayloadType.SA, PayloadWriter.chain(Samples.all()))).isEqualTo(Samples.all());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsMalformed(Payload payload) {
        Bytes whole = PayloadWriter.chain(List.of(payload));
        for (int size = 0; size < whole.size(); size++) {
            Bytes cut = whole.slice(0, size);
            assertThatThrownBy(() -> read(payload.type(), cut)).isInstanceOf(Malformed.class);
        }
    }

    /** What is read of a changed octet string writes to something that reads the same. */
    @ParameterizedTest
    @MethodSource("samples")
    void everyBitFlipIsMalformedOrEqual(Payload payload) {
        byte[] whole = PayloadWriter.chain(List.of(payload)).toArray();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                List<Payload> once = read(payload.type(), Bytes.of(flipped));
                boolean lossless = once.stream()
                        .noneMatch(p -> p instanceof Payload.Skipped
                                || p instanceof Payload.Sa sa
                                        && sa.proposals().stream()
                                                .flatMap(q -> q.transforms().stream())
                                                .anyMatch(Transform::foreign)
                                || p instanceof Payload.Ts ts && ts.selectors().isEmpty());
                if (lossless) {
                    assertThat(read(payload.type(), PayloadWriter.chain(once))).isEqualTo(once);
                }
            } catch (Malformed e) {
                assertThat(e.field()).isNotEmpty();
            }
        }
    }

    @Test
    void writesTheSaPayloadAsTheRfcDrawsIt() {
        Payload.Sa sa = new Payload.Sa(List.of(new Proposal(
                1,
                Proposal.Protocol.ESP,
                Bytes.hex("c0ffee01"),
                List.of(
                        Transform.of(Transform.Type.ENCRYPTION, 20, 256),
                        Transform.of(Transform.Type.SEQUENCE_NUMBERS, 0)))));
        assertThat(PayloadWriter.chain(List.of(sa)).hex())
                .isEqualTo(
                        "00000024" // next payload, flags, length
                                + "00000020" + "01030402"
                                + "c0ffee01" // last, length; #1, ESP, SPI size 4, 2 transforms
                                + "0300000c" + "01000014" + "800e0100" // more follow; ENCR AES-GCM-16; Key Length 256
                                + "00000008" + "05000000"); // last; no ESN
    }

    @Test
    void writesATrafficSelectorAsTheRfcDrawsIt() {
        assertThat(PayloadWriter.chain(List.of(
                                new Payload.Ts(true, Samples.TS.selectors().subList(0, 1))))
                        .hex())
                .isEqualTo("00000018" + "01000000" + "07000010" + "0000ffff" + "0a000000" + "0a00ffff");
    }

    /** A length that lies, wherever a length is. */
    @ParameterizedTest
    @CsvSource({
        "33, 0000000400",
        "33, 00000003",
        "44, 0000000801000000",
        "44, 0000000800000000",
        "44, 000000180100000007000004 0000ffff0a0000000a00ffff",
        "44, 000000180100000007000003 0000ffff0a0000000a00ffff",
        "44, 000000180100000007000018 0000ffff0a0000000a00ffff",
        "44, 000000180100000007000010 0000ffff0a00ffff0a000000",
        "44, 000000180200000007000010 0000ffff0a0000000a00ffff",
        "41, 0000000803ff4009",
        "41, 000000080304 4009",
        "42, 0000000803040001",
        "42, 0000000803ff0000",
        "42, 0000000801040001",
        "42, 000000080304ffff",
        "40, 0000000801020304",
        "37, 00000004",
        "38, 00000004",
        "47, 00000007010000",
        "47, 0000000800000000",
        "47, 0000000805000000",
        "47, 0000000d02000000 00010001 0a",
        "47, 0000000c02000000 00010001",
        "47, 0000000f02000000 00010003 0a0900",
        "47, 0000001102000000 00010005 0a09000102",
        "47, 0000000f02000000 000d0003 0a0900",
        "47, 0000000b02000000 000e00",
        "47, 0000000d02000000 000e0001 00",
        "48, 00000004",
        "48, 0000000702010003",
        "48, 00000008 02010005",
        "48, 00000009 02010004 01",
        "48, 00000008 02010004",
        "48, 00000009 03010005 01",
        "48, 00000008 00010004",
        "48, 00000008 05010004",
        "46, 00000004",
        "53, 00000004",
    })
    void aLengthThatLiesIsMalformed(int type, String octets) {
        assertThatThrownBy(() -> read(new PayloadType(type), Bytes.hex(octets))).isInstanceOf(Malformed.class);
    }

    @Test
    void aTransformWithAnAttributeNobodyKnowsIsForeign() throws Malformed {
        Payload.Sa sa =
                (Payload.Sa) read(PayloadType.SA, Bytes.hex("00000018 00000014 01010001 0000000c 0100000c 80ff0001"))
                        .getFirst();
        assertThat(sa.proposals().getFirst().transforms().getFirst().foreign()).isTrue();
    }

    @Test
    void anOpaqueSelectorIsReadOver() throws Malformed {
        Payload.Ts ts =
                (Payload.Ts) read(PayloadType.TS_I, Bytes.hex("00000018 01000000 07000010 ffff0000 0a000000 0a00ffff"))
                        .getFirst();
        assertThat(ts.selectors()).isEmpty();
    }

    @Test
    void moreThanSixtyFourPayloadsAreMalformed() {
        assertThatThrownBy(() ->
                        read(PayloadType.VENDOR_ID, PayloadWriter.chain(Collections.nCopies(65, Samples.VENDOR_ID))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void whatMustBeProtectedHasNoPlaceInTheClear() {
        Header header = Header.of(1, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        Bytes clear = new UnprotectedMessage(header, Samples.open()).write();
        assertThat(clear.size()).isGreaterThan(28);
        for (Payload secret :
                List.of(Samples.ID, Samples.AUTH, Samples.DELETE, Samples.TS, Samples.CERT, Samples.EAP, Samples.CP)) {
            Bytes chain = PayloadWriter.chain(List.of(secret));
            Writer out = new Writer();
            header.write(out, secret.type(), 28L + chain.size());
            Bytes message = out.bytes(chain).toBytes();
            assertThatThrownBy(() -> UnprotectedMessage.read(message))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("must be protected");
        }
    }

    @Test
    void readsAndWritesAWholeMessage() throws Malformed {
        Header header = Header.of(0x0102030405060708L, 9, ExchangeType.IKE_SA_INIT, true, false, 0);
        Bytes message = new UnprotectedMessage(header, Samples.open()).write();
        UnprotectedMessage read = UnprotectedMessage.read(message);
        assertThat(read.payloads()).isEqualTo(Samples.open());
        assertThat(read.header().initiatorSpi()).isEqualTo(0x0102030405060708L);
        assertThat(read.write()).isEqualTo(message);
        for (int size = 0; size < message.size(); size++) {
            Bytes cut = message.slice(0, size);
            assertThatThrownBy(() -> UnprotectedMessage.read(cut)).isInstanceOf(Malformed.class);
        }
    }
}
