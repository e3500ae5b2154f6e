package io.sallyport.ike.v1.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every payload on the wire, and messages in parts. */
class PayloadTest {
    static Stream<Payload> samples() {
        return Samples.all().stream();
    }

    private static List<Payload> read(PayloadType type, Bytes chain) throws Malformed {
        return PayloadReader.plain(type, chain).payloads();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatItWrites(Payload payload) throws Malformed {
        assertThat(read(payload.type(), PayloadWriter.chain(List.of(payload)))).containsExactly(payload);
    }

    @Test
    void readsAChainInItsOrderAndKnowsWhatFollowsTheFirst() throws Malformed {
        Bytes chain = PayloadWriter.chain(Samples.all());
        assertThat(read(PayloadType.SA, chain)).isEqualTo(Samples.all());
        List<Payload> rest = Samples.all().subList(1, Samples.all().size());
        assertThat(PayloadReader.padded(PayloadType.SA, Bytes.concat(chain, Bytes.wrap(new byte[15])))
                        .afterFirst())
                .isEqualTo(PayloadWriter.chain(rest));
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

    @ParameterizedTest
    @MethodSource("samples")
    void everyBitFlipIsMalformedOrEqual(Payload payload) {
        byte[] whole = PayloadWriter.chain(List.of(payload)).toArray();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                List<Payload> once = read(payload.type(), Bytes.of(flipped));
                assertThat(read(payload.type(), PayloadWriter.chain(once))).isEqualTo(once);
            } catch (Malformed e) {
                assertThat(e.field()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 15, 33, 40, 46, 53, 132})
    void payloadsOfIkev2AndOthersOutOfPlaceAreMalformed(int type) {
        Bytes chain = new Writer().u8(0).u8(0).u16(8).zeros(4).toBytes();
        assertThatThrownBy(() -> read(new PayloadType(type), chain)).isInstanceOf(Malformed.class);
    }

    @Test
    void tooManyPayloadsAreMalformed() {
        List<Payload> many = Collections.nCopies(65, new Payload.VendorId(Bytes.EMPTY));
        assertThatThrownBy(() -> read(PayloadType.VENDOR_ID, PayloadWriter.chain(many)))
                .hasMessageContaining("more than 64");
    }

    @Test
    void anIdentityOf64KilobytesIsMalformed() {
        Payload huge = new Payload.Id(2, 0, 0, Bytes.wrap(new byte[65_527]));
        assertThatThrownBy(() -> read(PayloadType.ID, PayloadWriter.chain(List.of(huge))))
                .hasMessageContaining("65527 octets");
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 4", "255, 4", "3, 0", "3, 1", "3, 16"})
    void aNotifyOfAnyProtocolAndSpiSizeIsReadOrMalformed(int protocol, int size) throws Malformed {
        Payload notify = new Payload.Notify(protocol, Bytes.wrap(new byte[size]), new NotifyType(11), Bytes.EMPTY);
        assertThat(read(PayloadType.NOTIFY, PayloadWriter.chain(List.of(notify))))
                .containsExactly(notify);
    }

    @Test
    void aNotifyWhoseSpiIsLongerThanItselfIsMalformed() {
        Bytes chain =
                new Writer().u8(0).u8(0).u16(12).u32(1).u8(3).u8(255).u16(11).toBytes();
        assertThatThrownBy(() -> read(PayloadType.NOTIFY, chain)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "17, 1", "4, 60000"})
    void aDeleteThatPromisesMoreThanItHasIsMalformed(int size, int count) {
        Bytes chain = new Writer()
                .u8(0)
                .u8(0)
                .u16(12)
                .u32(1)
                .u8(3)
                .u8(size)
                .u16(count)
                .toBytes();
        assertThatThrownBy(() -> read(PayloadType.DELETE, chain)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"0, NONE", "7, NONE", "257, NONE"})
    void aNonceOfAnotherSizeThanAllowedIsMalformed(int size, String ignored) {
        Payload nonce = new Payload.Nonce(Bytes.wrap(new byte[size]));
        assertThatThrownBy(() -> read(PayloadType.NONCE, PayloadWriter.chain(List.of(nonce))))
                .as(ignored)
                .isInstanceOf(Malformed.class);
    }

    // Messages in parts.

    private static Bytes large() {
        byte[] body = new byte[5000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        return new Header(1, 2, PayloadType.CERT, ExchangeType.MAIN, 0, 0, 0).with(Bytes.wrap(body));
    }

    @Test
    void aLargeMessageComesInPartsAndInAnyOrder() throws Malformed {
        List<Bytes> parts = new ArrayList<>(Fragment.split(large(), 7));
        assertThat(parts).hasSize(5).allMatch(p -> p.size() <= MessageLimits.DATAGRAM_OCTETS_MAX);
        for (int shift = 0; shift < parts.size(); shift++) {
            Collections.rotate(parts, 1);
            Reassembly reassembly = new Reassembly();
            Optional<Bytes> whole = Optional.empty();
            for (Bytes part : parts) {
                assertThat(whole).isEmpty();
                whole = reassembly.add(Fragment.read(part));
                if (whole.isEmpty()) {
                    assertThat(reassembly.add(Fragment.read(part))).isEmpty();
                }
            }
            assertThat(whole).contains(large());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aFragmentOfNoMoreThanItsHeaderIsMalformed(int size) {
        Bytes body =
                new Writer().u8(0).u8(0).u16(size).zeros(Math.max(0, size - 4)).toBytes();
        Bytes message = new Header(1, 2, PayloadType.FRAGMENT, ExchangeType.MAIN, 0, 0, 0).with(body);
        assertThatThrownBy(() -> Fragment.read(message)).isInstanceOf(Malformed.class);
    }

    @Test
    void fragmentsOfOneMessageAreBounded() throws Malformed {
        Reassembly reassembly = new Reassembly();
        for (int i = 1; i < 33; i++) {
            assertThat(reassembly.add(new Fragment(1, i, false, Bytes.ofInts(1))))
                    .isEmpty();
        }
        assertThatThrownBy(() -> reassembly.add(new Fragment(1, 1, true, Bytes.wrap(new byte[1]))))
                .as("fewer than there are")
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Fragment.read(part(33))).hasMessageContaining("33");
        assertThatThrownBy(() -> Fragment.read(part(0))).hasMessageContaining("0");
        Reassembly large = new Reassembly();
        large.add(new Fragment(1, 1, false, Bytes.wrap(new byte[32_768])));
        assertThatThrownBy(() -> large.add(new Fragment(1, 2, false, Bytes.ofInts(1))))
                .isInstanceOf(Malformed.class);
    }

    private static Bytes part(int number) {
        Bytes body =
                new Writer().u8(0).u8(0).u16(9).u16(1).u8(number).u8(1).u8(0).toBytes();
        return new Header(1, 2, PayloadType.FRAGMENT, ExchangeType.MAIN, 0, 0, 0).with(body);
    }

    @Test
    void anotherMessageBeginsAnewAndTwoLastOnesAreRefused() throws Malformed {
        Reassembly reassembly = new Reassembly();
        reassembly.add(new Fragment(1, 1, false, Bytes.ofInts(1)));
        assertThat(reassembly.add(new Fragment(2, 1, true, Bytes.ofInts(9)))).contains(Bytes.ofInts(9));
        reassembly.add(new Fragment(3, 3, true, Bytes.ofInts(3)));
        assertThatThrownBy(() -> reassembly.add(new Fragment(3, 2, true, Bytes.ofInts(2))))
                .isInstanceOf(Malformed.class);
        assertThat(reassembly.isWaiting()).isFalse();
    }

    // The header.

    @Test
    void theHeaderReadsWhatItWrites() throws Malformed {
        Bytes message = new Header(5, 6, PayloadType.HASH, ExchangeType.QUICK, 1, 77, 0).with(Bytes.ofInts(1, 2));
        Header header = Header.read(Reader.over(message));
        assertThat(header).isEqualTo(new Header(5, 6, PayloadType.HASH, ExchangeType.QUICK, 1, 77, 30));
    }

    @Test
    void aHeaderThatLiesIsMalformed() {
        byte[] good = new Header(5, 6, PayloadType.NONE, ExchangeType.MAIN, 0, 0, 0)
                .with(Bytes.EMPTY)
                .toArray();
        for (int at : new int[] {17, 24, 27}) {
            byte[] lie = good.clone();
            lie[at]++;
            assertThatThrownBy(() -> Header.read(Reader.over(lie))).isInstanceOf(Malformed.class);
        }
        assertThatThrownBy(() -> Header.read(Reader.over(new byte[28]))).isInstanceOf(Malformed.class);
    }
}
