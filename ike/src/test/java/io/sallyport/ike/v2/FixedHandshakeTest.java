package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.Prf;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * One handshake in which nothing is left to chance, every octet and every key named. Each end draws 00 01 02 ... and 80
 * 81 82 ... for randomness; the key exchange is the one of RFC 7748 section 6.1. The messages are ours; from them alone,
 * the keys and both proofs were computed a second time with Python (hashlib, hmac, an AES of OpenSSL), which also
 * opened both IKE_AUTH messages with them.
 */
class FixedHandshakeTest {
    private static final String ALICE_PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private static final String BOB_PUBLIC = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private static final String SHARED = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    private static final String SPI_I = "2021222324252627";
    private static final String SPI_R = "8081828384858687";
    private static final String NI = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String NR = "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7";
    private static final String SKEYSEED = "ceed026bb12fefba85f9c17de2a913b9adb8bb76c3d80ec82014dd6dcc6a813a";
    private static final String SK_D = "661e3ea75fa987fe4cb446cdf3375a4aaead6f429f167339984681c1fc9c34a5";
    private static final String SK_AI = "5913560277d68e50bf46c20b3a59ea1e46ba4a90c7afd601f94c943cefd55fbc";
    private static final String SK_AR = "4cfc62ffd75cfc42d03e2b3a680e32cb3e5badb644e4298d52c8f61494bf89f9";
    private static final String SK_EI = "54823dd82502b16ab61ffeba17522e62fc38614fedd50f6873bb9cb7dbac0f86";
    private static final String SK_ER = "f1f5dee3648bbf46e867009ccd7a9e7079681c177a00b5d0cfc75cc0343f6dec";
    private static final String SK_PI = "5bf9dbc52f7fb989af1c758e664d17c367dfddea26cf4ea4d1104d1db45b18bc";
    private static final String SK_PR = "aff1642786327a38bb62fe70623cf4553b591349e735758aa51d5c0597b04f9a";
    private static final String AUTH_I = "f0108884da01a9a65ac371910795eb5d2b375c8b55264f60a357d4492d923230";
    private static final String AUTH_R = "27865750317bf1f378725c8ca4a2d138adb4343c5209820891c0f6af5b61833d";
    private static final String CHILD_SPI_I = "2c2d2e2f";
    private static final String CHILD_SPI_R = "b4b5b6b7";
    private static final String INITIATOR_ENCRYPTION = "00a5a0cd0af19065b20a38efb43c3651";
    private static final String INITIATOR_INTEGRITY =
            "745c6d392dbd8600c807e7126eed4cc67605292da4db0182830e427c6fd2070a";
    private static final String RESPONDER_ENCRYPTION = "dd524dc8c00d663b9c7cae033a1bb57d";
    private static final String RESPONDER_INTEGRITY =
            "b61feb991ada6618fe3297be86e1ba84d0202c4fdc79d3af3b50e7ca5f777af3";
    private static final String INIT_REQUEST =
            "202122232425262700000000000000002120220800000000000000f7220000300000002c010100040300000c"
                    + "0100000c800e01000300000802000005030000080300000c000000080400001f28000028001f00008520f009"
                    + "8930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a29000024000102030405060708090a0b"
                    + "0c0d0e0f101112131415161718191a1b1c1d1e1f2900001c00004004e0187d7c87e0fdc1c5a9ffec1b0ffee1"
                    + "6dbf9c442900001c000040057177457ec58a942cfc9eb537499ed11f15dc1609290000080000402e2b000010"
                    + "0000402f00020003000400050000000f53616c6c79706f72742031";
    private static final String INIT_RESPONSE =
            "202122232425262780818283848586872120222000000000000000f7220000300000002c010100040300000c"
                    + "0100000c800e01000300000802000005030000080300000c000000080400001f28000028001f0000de9edb7d"
                    + "7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f2900002488898a8b8c8d8e8f90919293"
                    + "9495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a72900001c0000400430d2f71a0385981c9b1edd4aa60fa421"
                    + "40b0fdbb2900001c0000400539ca7520847b0b022159a43dcdf8160a447a4a25290000080000402e2b000010"
                    + "0000402f00020003000400050000000f53616c6c79706f72742031";
    private static final String AUTH_REQUEST =
            "202122232425262780818283848586872e20230800000001000000f0230000d4303132333435363738393a3b"
                    + "3c3d3e3f8c8d9f5a32c6cf4452bfc7830220f585fd6dc7dc5b37a3f857c8f2cdafa794b4e6a699ecc72413ff"
                    + "32b18a8bfb723abbe9b2026dff0aac22908a0e5f81a1addd0ffa4f34201ea1d03596242fdfb63e6054e48d55"
                    + "57de904d6b66424babc4458343a72fbbf8be96879562a079e96729e01a15d0cc9de7431408a579796aa08e9e"
                    + "14fd28933067694f3e1080215c6a479d9e143c4975e77e5f628ed9e4a512a6a4c1cccd4109476de52d45db8b"
                    + "d29094b09dad9f82e328fccd428165d7cf0c32d8";
    private static final String AUTH_RESPONSE =
            "202122232425262780818283848586872e20232000000001000000e0240000c4c0c1c2c3c4c5c6c7c8c9cacb"
                    + "cccdcecfa74af2a5ad4e4763d3ef892e44722c211bac5bcc493076d26d511d4c260ac8c307d49bedb51d5b98"
                    + "3bc1d6a557cb67a0ad4bbb147b88eea6fdb5c24f08ed3cf6d7daa3e7ea5b374bfc6877390a028cb3d960f46f"
                    + "a6aac768d564a58c613e2471a6471927b6834e26d014a2fad6d190ce888c0536756647751d773e093adb8e15"
                    + "923228949150889ee1d939b4f6f3c64a7b92f983553d29dc52c2d7ebbde100150adce8276efa45d04a5524b8"
                    + "a277f3ca";

    /** Octets that count up. */
    private static final class Counting implements Entropy {
        private int next;

        private Counting(int first) {
            next = first;
        }

        @Override
        public void fill(byte[] octets) {
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) next++;
            }
        }
    }

    private record NoValue() implements IkeEvent.PrivateValue {}

    /** An end, with what it sent, its child and its facts. */
    private static final class End {
        private final Ikev2 machine;
        private final String publicValue;
        private final List<IkeAction> actions = new ArrayList<>();

        private End(int firstOctet, String publicValue, PeerConfig peer) {
            this.machine = new Ikev2(new Counting(firstOctet), new Numbers());
            this.publicValue = publicValue;
            on(new IkeEvent.Configure(List.of(peer)));
        }

        private void on(IkeEvent event) {
            Now now = new Now(new Monotonic(1_000_000_000L), Instant.EPOCH);
            for (IkeAction action : machine.on(event, now)) {
                actions.add(action);
                if (action instanceof IkeAction.Ask(long ask, IkeAction.Question question)) {
                    on(new IkeEvent.Answered(ask, answer(question)));
                }
            }
        }

        private IkeEvent.Answer answer(IkeAction.Question question) {
            Secret shared = Secret.of(Bytes.hex(SHARED).toArray());
            return switch (question) {
                case IkeAction.Question.MakeKeyPair _ ->
                    new IkeEvent.Answer.KeyPairMade(Bytes.hex(publicValue), new NoValue());
                case IkeAction.Question.Agree _ -> new IkeEvent.Answer.Agreed(Optional.empty(), shared);
                case IkeAction.Question.MakeAndAgree _ ->
                    new IkeEvent.Answer.Agreed(Optional.of(Bytes.hex(publicValue)), shared);
                case IkeAction.Question.OfIdentity _ -> throw new AssertionError("nobody needs " + question);
            };
        }

        private IkeAction.Send sent() {
            return actions.stream()
                    .filter(IkeAction.Send.class::isInstance)
                    .map(IkeAction.Send.class::cast)
                    .reduce((_, last) -> last)
                    .orElseThrow();
        }

        private void receive(IkeAction.Send send) {
            on(new IkeEvent.Datagram(/* local= */ send.remote(), /* remote= */ send.local(), send.message()));
        }

        private IkeKeys keys() {
            return machine.sasForTest().getFirst().secured().keys();
        }

        private ChildSa child() {
            return actions.stream()
                    .filter(IkeAction.InstallChild.class::isInstance)
                    .map(a -> ((IkeAction.InstallChild) a).child())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static PeerConfig fixed(PeerConfig peer) {
        IkeSuite ike = new IkeSuite(
                EncryptionAlgorithm.AES_CBC_256,
                IntegrityAlgorithm.HMAC_SHA2_256_128,
                PrfAlgorithm.HMAC_SHA2_256,
                KeyExchangeMethod.CURVE25519);
        EspSuite esp = new EspSuite(
                EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_256_128, Optional.empty(), false);
        return Configs.withSuites(
                Configs.withChildren(
                        peer, List.of(Configs.withEsp(peer.children().getFirst(), List.of(esp)))),
                List.of(ike),
                List.of(ike));
    }

    private static String hex(Secret secret) {
        return Bytes.of(secret.expose()).hex();
    }

    @Test
    void everyOctetAndEveryKeyIsAsComputedElsewhere() {
        End initiator = new End(0x00, ALICE_PUBLIC, fixed(Configs.left()));
        End responder = new End(0x80, BOB_PUBLIC, fixed(Configs.right()));
        initiator.on(new IkeEvent.Connect(Configs.PEER));
        IkeAction.Send initRequest = initiator.sent();
        responder.receive(initRequest);
        IkeAction.Send initResponse = responder.sent();
        initiator.receive(initResponse);
        IkeAction.Send authRequest = initiator.sent();
        responder.receive(authRequest);
        IkeAction.Send authResponse = responder.sent();
        initiator.receive(authResponse);
        assertThat(initRequest.message().hex()).isEqualTo(INIT_REQUEST);
        assertThat(initResponse.message().hex()).isEqualTo(INIT_RESPONSE);
        assertThat(authRequest.message().hex()).isEqualTo(AUTH_REQUEST);
        assertThat(authResponse.message().hex()).isEqualTo(AUTH_RESPONSE);
        for (End end : List.of(initiator, responder)) {
            assertThat(hex(end.keys().d())).isEqualTo(SK_D);
            assertThat(hex(end.keys().ai())).isEqualTo(SK_AI);
            assertThat(hex(end.keys().ar())).isEqualTo(SK_AR);
            assertThat(hex(end.keys().ei())).isEqualTo(SK_EI);
            assertThat(hex(end.keys().er())).isEqualTo(SK_ER);
            assertThat(hex(end.keys().pi())).isEqualTo(SK_PI);
            assertThat(hex(end.keys().pr())).isEqualTo(SK_PR);
        }
        assertChild(initiator.child(), CHILD_SPI_R, CHILD_SPI_I);
        assertThat(hex(initiator.child().outboundKey())).isEqualTo(INITIATOR_ENCRYPTION);
        assertThat(hex(initiator.child().outboundIntegrityKey())).isEqualTo(INITIATOR_INTEGRITY);
        assertThat(hex(initiator.child().inboundKey())).isEqualTo(RESPONDER_ENCRYPTION);
        assertThat(hex(initiator.child().inboundIntegrityKey())).isEqualTo(RESPONDER_INTEGRITY);
        assertChild(responder.child(), CHILD_SPI_I, CHILD_SPI_R);
        assertThat(hex(responder.child().inboundKey())).isEqualTo(INITIATOR_ENCRYPTION);
        assertThat(hex(responder.child().inboundIntegrityKey())).isEqualTo(INITIATOR_INTEGRITY);
        assertThat(hex(responder.child().outboundKey())).isEqualTo(RESPONDER_ENCRYPTION);
        assertThat(hex(responder.child().outboundIntegrityKey())).isEqualTo(RESPONDER_INTEGRITY);
    }

    private static void assertChild(ChildSa child, String outboundSpi, String inboundSpi) {
        assertThat(Proposals.spiBytes(child.outboundSpi()).hex()).isEqualTo(outboundSpi);
        assertThat(Proposals.spiBytes(child.inboundSpi()).hex()).isEqualTo(inboundSpi);
    }

    @Test
    void theSeedAndTheProofsAreTheOnesComputedElsewhere() {
        Secret skeyseed =
                Prf.of(PrfAlgorithm.HMAC_SHA2_256, Secret.of(Bytes.hex(NI + NR).toArray()), Bytes.hex(SHARED));
        assertThat(hex(skeyseed)).isEqualTo(SKEYSEED);
        IkeKeys keys = IkeKeys.first(
                fixed(Configs.left()).offers().getFirst(),
                new IkeKeys.Nonces(Bytes.hex(NI), Bytes.hex(NR)),
                new IkeKeys.Spis(Long.parseUnsignedLong(SPI_I, 16), Long.parseUnsignedLong(SPI_R, 16)),
                Secret.of(Bytes.hex(SHARED).toArray()));
        assertThat(hex(keys.d())).isEqualTo(SK_D);
        assertThat(proof(keys, true, INIT_REQUEST, NR)).isEqualTo(AUTH_I);
        assertThat(proof(keys, false, INIT_RESPONSE, NI)).isEqualTo(AUTH_R);
    }

    private static String proof(IkeKeys keys, boolean ofInitiator, String message, String nonce) {
        PeerConfig peer = ofInitiator ? Configs.left() : Configs.right();
        Payload.Id id = new Payload.Id(
                ofInitiator, peer.localIdentity().type(), peer.localIdentity().data());
        Secret skp = ofInitiator ? keys.pi() : keys.pr();
        return Proof.byKey(keys, Configs.KEY, new Proof.Claim(Bytes.hex(message), Bytes.hex(nonce), id, skp))
                .data()
                .hex();
    }
}
