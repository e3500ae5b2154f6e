package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.ExchangeType;
import io.sallyport.ike.v1.message.Header;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.PayloadReader;
import io.sallyport.ike.v1.message.PayloadWriter;
import io.sallyport.ike.v1.message.Proposal;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer may add to quick mode: the Commit Bit (RFC 2408 section 3.1), lifetimes (RFC 2407 section 4.6.3.1). */
class QuickModeTest {
    private static final int FLAGS_AT = 19;
    private static final int QUICK = 32;

    /** Main mode is done, and the left end's first message of quick mode is on its way. */
    private static Pair asking() {
        return asking(Configs.right());
    }

    private static Pair asking(PeerConfig right) {
        Pair pair = new Pair(Configs.left(), right);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.think();
        while (pair.wire.getFirst().send().message().at(18) != QUICK) {
            pair.step();
            pair.think();
        }
        return pair;
    }

    /** The Commit Bit is in a header that nothing protects. */
    private static void deliverCommitted(Pair pair, Pair.End by) {
        Pair.InFlight datagram = pair.take(by);
        byte[] octets = datagram.send().message().toArray();
        octets[FLAGS_AT] |= Header.COMMIT;
        pair.other(by)
                .on(new IkeEvent.Datagram(
                        /* local= */ datagram.send().remote(),
                        /* remote= */ datagram.send().local(),
                        Bytes.of(octets)));
        pair.think();
    }

    private static int messageId(Pair.InFlight datagram) throws Exception {
        return Header.read(Reader.over(datagram.send().message())).messageId();
    }

    @Test
    void aPeerThatSetsTheCommitBitIsWaitedForUntilItSaysConnectedInQuickMode() {
        Pair pair = asking();
        // Asked for it, we set the bit and say when we are ready.
        deliverCommitted(pair, pair.left);
        pair.deliver(pair.take(pair.right));
        assertThat(pair.left.onlyChild().outbound).as("nothing leaves yet").isFalse();
        pair.deliver(pair.take(pair.left));
        assertThat(pair.left.onlyChild().outbound).as("not a word came").isFalse();
        pair.deliver(pair.take(pair.right));
        assertThat(pair.left.onlyChild().outbound).isTrue();
        pair.pass(Duration.ofMinutes(1));
        HandshakeTest.assertMatched(pair);
    }

    @Test
    void aPeerThatSetsTheCommitBitIsWaitedForUntilItSaysConnectedInAnInformationalMessage() throws Exception {
        Pair pair = asking();
        int messageId = messageId(pair.wire.getFirst());
        pair.deliver(pair.take(pair.left));
        deliverCommitted(pair, pair.right);
        pair.deliver(pair.take(pair.left));
        assertThat(pair.left.onlyChild().outbound).isFalse();
        IkeSa right = Forge.only(pair.right);
        Payload connected = new Payload.Notify(
                Proposal.Protocol.ESP,
                Offers.spiOctets(pair.right.onlyChild().sa.inboundSpi()),
                NotifyType.CONNECTED,
                Bytes.EMPTY);
        Bytes hash = right.keys().hash(Keys.messageIdOctets(messageId), PayloadWriter.chain(List.of(connected)));
        Payload wrong = new Payload.Hash(Bytes.wrap(new byte[hash.size()]));
        Forge.deliver(
                pair,
                pair.right,
                Forge.sealed(right, ExchangeType.INFORMATIONAL, 0, messageId, List.of(wrong, connected)));
        assertThat(pair.left.onlyChild().outbound).as("not authentic").isFalse();
        Payload good = new Payload.Hash(hash);
        Forge.deliver(
                pair,
                pair.right,
                Forge.sealed(right, ExchangeType.INFORMATIONAL, 0, messageId, List.of(good, connected)));
        assertThat(pair.left.onlyChild().outbound).isTrue();
    }

    @Test
    void aCommitBitThatNobodyMeantDelaysButDoesNotPrevent() {
        Pair pair = asking();
        pair.deliver(pair.take(pair.left));
        deliverCommitted(pair, pair.right);
        pair.pass(Duration.ofSeconds(4));
        assertThat(pair.left.onlyChild().outbound).isFalse();
        pair.pass(Duration.ofSeconds(2));
        assertThat(pair.left.onlyChild().outbound).isTrue();
        pair.pass(Duration.ofMinutes(10));
        HandshakeTest.assertMatched(pair);
        assertThat(pair.left.children).hasSize(1);
    }

    @Test
    void aPacketOnTheChildIsAsGoodAsConnected() {
        Pair pair = asking();
        pair.deliver(pair.take(pair.left));
        deliverCommitted(pair, pair.right);
        pair.left.on(new IkeEvent.FirstInbound(pair.left.onlyChild().sa.id()));
        assertThat(pair.left.onlyChild().outbound).isTrue();
        pair.pass(Duration.ofMinutes(1));
        HandshakeTest.assertMatched(pair);
    }

    @Test
    void aResponderThatWantsAShorterLifeIsHeard() throws Exception {
        // The right end knows nothing of the child that it seems to agree to, and must not miss it.
        Pair pair = asking(Configs.right().but().mayInitiate(false).build());
        pair.left.on(answerWith(pair, pair.take(pair.left), lifetime(Proposal.Protocol.ESP, 600)));
        pair.think();
        assertThat(pair.left.children).hasSize(1);
        long first = pair.left.onlyChild().sa.id();
        pair.wire.clear();
        pair.pass(Duration.ofMinutes(7));
        assertThat(pair.left.children).as("before its time").containsKey(first);
        pair.pass(Duration.ofMinutes(4));
        assertThat(pair.left.children).as("replaced, or dead").doesNotContainKey(first);
    }

    @Test
    void aLifetimeToldLaterShortensTheIkeSaAndTheChildButNeverLengthens() {
        Pair pair = HandshakeTest.connected(Configs.left(), Configs.right());
        long child = pair.left.onlyChild().sa.id();
        IkeSa before = Forge.only(pair.left);
        Forge.inform(pair, pair.right, lifetime(Proposal.Protocol.ISAKMP, 7 * 86_400));
        assertThat(before.expireAt()).isEqualTo(before.establishedAt().plus(Duration.ofHours(8)));
        Forge.inform(pair, pair.right, lifetime(Proposal.Protocol.ISAKMP, 1200));
        assertThat(before.expireAt()).isEqualTo(pair.now.in(Duration.ofMinutes(20)));
        Payload.Notify ofChild = new Payload.Notify(
                Proposal.Protocol.ESP,
                Offers.spiOctets(pair.right.onlyChild().sa.inboundSpi()),
                NotifyType.RESPONDER_LIFETIME,
                seconds(300));
        Forge.inform(pair, pair.right, ofChild);
        pair.pass(Duration.ofMinutes(6));
        assertThat(pair.left.children).hasSize(1).doesNotContainKey(child);
        HandshakeTest.assertMatched(pair);
    }

    private static Payload lifetime(int protocol, long seconds) {
        return new Payload.Notify(protocol, Bytes.EMPTY, NotifyType.RESPONDER_LIFETIME, seconds(seconds));
    }

    private static Bytes seconds(long seconds) {
        // Life type: seconds, in short form; life duration in long form (RFC 2408 section 3.3).
        return new Writer().u16(0x8001).u16(1).u16(2).u16(4).u32(seconds).toBytes();
    }

    /** What the right end might have answered to {@code request}, with {@code more} in it. */
    private static IkeEvent.Datagram answerWith(Pair pair, Pair.InFlight request, Payload more) throws Exception {
        IkeSa right = Forge.only(pair.right);
        Header header = Header.read(Reader.over(request.send().message()));
        Bytes sealed = request.send()
                .message()
                .slice(Header.OCTETS, request.send().message().size());
        Keys keys = right.keys();
        Bytes first = keys.cipher().decrypt(keys.iv(right.iv(), header.messageId()), sealed);
        List<Payload> asked = PayloadReader.padded(header.next(), first).payloads();
        Bytes nonce = ((Payload.Nonce) asked.get(2)).data();
        List<Payload> answer = new ArrayList<>(Forge.quickMode(pair.right));
        answer.set(2, asked.get(3));
        answer.set(3, asked.get(4));
        answer.add(more);
        Bytes hash = keys.hash(Keys.messageIdOctets(header.messageId()), nonce, PayloadWriter.chain(answer));
        List<Payload> all = new ArrayList<>(List.of(new Payload.Hash(hash)));
        all.addAll(answer);
        Bytes plain = PayloadWriter.chain(all);
        int block = keys.cipher().blockOctets();
        Bytes padded = Bytes.concat(plain, Bytes.wrap(new byte[(block - plain.size() % block) % block]));
        Bytes message = new Header(
                        header.initiatorCookie(),
                        header.responderCookie(),
                        PayloadWriter.firstType(all),
                        ExchangeType.QUICK,
                        Header.ENCRYPTED,
                        header.messageId(),
                        0)
                .with(keys.cipher().encrypt(sealed.slice(sealed.size() - block, sealed.size()), padded));
        return new IkeEvent.Datagram(request.send().local(), request.send().remote(), message);
    }
}
