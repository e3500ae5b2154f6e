package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.fixtures.SeededEntropy;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Header;
import io.sallyport.ike.v2.message.Opened;
import io.sallyport.ike.v2.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The key schedule of RFC 7296 sections 2.13 to 2.18, recomputed here by hand from HMAC alone. */
class KeysTest {
    private static final Bytes NI = Bytes.hex("11".repeat(32));
    private static final Bytes NR = Bytes.hex("22".repeat(32));
    private static final Bytes SHARED = Bytes.hex("33".repeat(48));
    private static final IkeKeys.Nonces NONCES = new IkeKeys.Nonces(NI, NR);
    private static final IkeKeys.Spis SPIS = new IkeKeys.Spis(0x0102030405060708L, 0x1112131415161718L);

    private static Bytes hmac(PrfAlgorithm prf, Bytes key, Bytes data) throws Exception {
        Mac mac = Mac.getInstance(prf.jcaName());
        mac.init(new SecretKeySpec(key.toArray(), prf.jcaName()));
        return Bytes.wrap(mac.doFinal(data.toArray()));
    }

    /** T1 | T2 | ..., T(n) = prf(key, T(n-1) | seed | n). */
    private static Bytes plus(PrfAlgorithm prf, Bytes key, Bytes seed, int octets) throws Exception {
        List<Bytes> blocks = new ArrayList<>();
        Bytes last = Bytes.EMPTY;
        for (int n = 1; blocks.size() * prf.outputOctets() < octets; n++) {
            last = hmac(prf, key, Bytes.concat(last, seed, Bytes.ofInts(n)));
            blocks.add(last);
        }
        return Bytes.concat(blocks.toArray(Bytes[]::new)).slice(0, octets);
    }

    private static Bytes open(Secret secret) {
        return Bytes.wrap(secret.expose());
    }

    private static Secret secret(Bytes octets) {
        return Secret.of(octets.toArray());
    }

    @Test
    void theSevenKeysComeInTheOrderOfTheRfcWithIntegrity() throws Exception {
        PrfAlgorithm prf = Configs.CBC.prf();
        Bytes skeyseed = hmac(prf, NONCES.both(), SHARED);
        Bytes all = plus(prf, skeyseed, Bytes.concat(NI, NR, SPIS.both()), 32 * 7);
        IkeKeys keys = IkeKeys.first(Configs.CBC, NONCES, SPIS, secret(SHARED));
        assertThat(Bytes.concat(
                        open(keys.d()),
                        open(keys.ai()),
                        open(keys.ar()),
                        open(keys.ei()),
                        open(keys.er()),
                        open(keys.pi()),
                        open(keys.pr())))
                .isEqualTo(all);
    }

    @Test
    void aCombinedModeCipherTakesItsSaltAndNoIntegrityKey() throws Exception {
        PrfAlgorithm prf = Configs.GCM.prf();
        Bytes skeyseed = hmac(prf, NONCES.both(), SHARED);
        Bytes all = plus(prf, skeyseed, Bytes.concat(NI, NR, SPIS.both()), 3 * 48 + 2 * 36);
        IkeKeys keys = IkeKeys.first(Configs.GCM, NONCES, SPIS, secret(SHARED));
        assertThat(keys.ai().size()).isZero();
        assertThat(open(keys.ei())).isEqualTo(all.slice(48, 84));
        assertThat(open(keys.er())).isEqualTo(all.slice(84, 120));
        assertThat(open(keys.pr())).isEqualTo(all.slice(168, 216));
    }

    @Test
    void aRekeyUsesTheOldPrfForItsSeedAndTheNewOneForItsKeys() throws Exception {
        IkeKeys old = IkeKeys.first(Configs.CBC, NONCES, SPIS, secret(SHARED));
        Bytes fresh = Bytes.hex("44".repeat(48));
        Bytes skeyseed = hmac(Configs.CBC.prf(), open(old.d()), Bytes.concat(fresh, NI, NR));
        Bytes all = plus(Configs.GCM.prf(), skeyseed, Bytes.concat(NI, NR, SPIS.both()), 48);
        IkeKeys keys = IkeKeys.rekeyed(Configs.GCM, old, NONCES, SPIS, secret(fresh));
        assertThat(open(keys.d())).isEqualTo(all);
    }

    @Test
    void aChildsKeysBeginWithTheInitiatorsAndWithEncryption() throws Exception {
        IkeKeys keys = IkeKeys.first(Configs.CBC, NONCES, SPIS, secret(SHARED));
        Bytes plain = plus(Configs.CBC.prf(), open(keys.d()), NONCES.both(), 128);
        ChildKeys child = ChildKeys.of(keys, Configs.ESP_PFS, NONCES, Optional.empty());
        assertThat(open(child.initiatorEncryption())).isEqualTo(plain.slice(0, 32));
        assertThat(open(child.initiatorIntegrity())).isEqualTo(plain.slice(32, 64));
        assertThat(open(child.responderEncryption())).isEqualTo(plain.slice(64, 96));
        assertThat(open(child.responderIntegrity())).isEqualTo(plain.slice(96, 128));
        Bytes pfs = plus(Configs.CBC.prf(), open(keys.d()), Bytes.concat(SHARED, NI, NR), 32);
        assertThat(open(ChildKeys.of(keys, Configs.ESP_PFS, NONCES, Optional.of(secret(SHARED)))
                        .initiatorEncryption()))
                .isEqualTo(pfs);
    }

    @Test
    void theProofOfASharedKeyIsTheOneOfTheRfc() throws Exception {
        IkeKeys keys = IkeKeys.first(Configs.CBC, NONCES, SPIS, secret(SHARED));
        PrfAlgorithm prf = Configs.CBC.prf();
        Payload.Id id = new Payload.Id(true, 2, Bytes.utf8("gateway.example"));
        Bytes message = Bytes.utf8("the first message");
        Secret key = Secret.utf8("secret");
        Proof.Claim claim = new Proof.Claim(message, NR, id, keys.pi());
        Bytes restOfId = Bytes.concat(Bytes.hex("02000000"), Bytes.utf8("gateway.example"));
        Bytes expected = hmac(
                prf,
                hmac(prf, Bytes.utf8("secret"), Bytes.utf8("Key Pad for IKEv2")),
                Bytes.concat(message, NR, hmac(prf, open(keys.pi()), restOfId)));
        assertThat(Proof.byKey(keys, key, claim).data()).isEqualTo(expected);
        assertThat(Proof.holds(keys, key, claim, new Payload.Auth(2, expected))).isTrue();
        assertThat(Proof.holds(keys, key, claim, new Payload.Auth(1, expected))).isFalse();
        assertThat(Proof.holds(keys, key, claim, new Payload.Auth(2, expected.slice(0, 31))))
                .isFalse();
        assertThat(Proof.holds(keys, key, claim, new Payload.Auth(2, Bytes.EMPTY)))
                .isFalse();
    }

    @Test
    void everyBitOfAProtectedMessageCounts() throws Exception {
        for (IkeSuite suite : List.of(Configs.GCM, Configs.CBC)) {
            IkeKeys keys = IkeKeys.first(suite, NONCES, SPIS, secret(SHARED));
            Header header = Header.of(SPIS.initiator(), SPIS.responder(), ExchangeType.INFORMATIONAL, true, false, 2);
            Bytes sealed = keys.protection(suite, true, false)
                    .seal(header, List.of(), new SeededEntropy(1))
                    .getFirst();
            assertThat(keys.protection(suite, false, false).open(sealed)).isInstanceOf(Opened.Whole.class);
            for (int bit = 0; bit < sealed.size() * 8; bit++) {
                byte[] octets = sealed.toArray();
                octets[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(keys.protection(suite, false, false).isAuthenticStart(Bytes.wrap(octets)))
                        .isFalse();
            }
            for (int size = 0; size < sealed.size(); size++) {
                assertThat(keys.protection(suite, false, false).isAuthenticStart(sealed.slice(0, size)))
                        .isFalse();
            }
        }
    }
}
