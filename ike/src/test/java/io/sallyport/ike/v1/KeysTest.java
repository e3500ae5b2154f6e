package io.sallyport.ike.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.CbcCipher;
import io.sallyport.ike.IkeSuite;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every key of phase 1 and 2 against values that another implementation of HMAC made from the same inputs. */
class KeysTest {
    private static final Spis SPIS = new Spis(0x0102030405060708L, 0xa1a2a3a4a5a6a7a8L);
    private static final Secret SHARED_KEY = Secret.utf8("not-a-real-secret");
    private static final Bytes NONCES = Bytes.concat(steps(16, 1, 1), steps(20, 1, 101));
    private static final Bytes GXY = steps(128, 7, 0);
    private static final Bytes GXI = steps(128, 3, 1);
    private static final Bytes GXR = steps(128, 5, 2);
    private static final Bytes SA = steps(40, 1, 0);
    private static final Bytes ID = Bytes.hex("01000000c0000201");
    private static final int MESSAGE_ID = 0xdeadbeef;
    private static final int SPI = 0xc0ffee01;

    private static Bytes steps(int size, int step, int from) {
        byte[] octets = new byte[size];
        for (int i = 0; i < size; i++) {
            octets[i] = (byte) (i * step + from);
        }
        return Bytes.of(octets);
    }

    private static Keys keys(IkeSuite suite) {
        Secret skeyid = Keys.ofSharedKey(suite.prf(), SHARED_KEY, NONCES);
        return Keys.of(suite, skeyid, SPIS, Secret.wrap(GXY.toArray()), new Keys.Publics(GXI, GXR));
    }

    private static String hex(Secret secret) {
        return Bytes.of(secret.expose()).hex();
    }

    /** The cipher's key is not to be had: what it makes of zeros is. */
    private static void assertCipher(IkeSuite suite, Keys keys, String key) {
        Bytes iv = Bytes.wrap(new byte[suite.encryption().ivOctets()]);
        Secret expected = Secret.wrap(Bytes.hex(key).toArray());
        assertThat(keys.cipher().encrypt(iv, iv))
                .isEqualTo(new CbcCipher(suite.encryption(), expected).encrypt(iv, iv));
    }

    @Test
    void tripleDesAndSha1NeedMoreKeyThanTheHashGives() {
        Keys keys = keys(Configs.TRIPLE_DES);
        assertThat(hex(keys.skeyid())).isEqualTo("b093e6ab894c22ce33e3f3b89b55ae36f20cae90");
        assertThat(hex(keys.d())).isEqualTo("8eb654829cbd04b4142d118712c92e0f183577df");
        assertThat(hex(keys.a())).isEqualTo("b59f192b6b0920796e07851b0bc4dd28bbe01525");
        assertCipher(Configs.TRIPLE_DES, keys, "5fef831c8b8def29dde53830dee70020523bea85f825a936");
        assertThat(keys.firstIv().hex()).isEqualTo("0f0cdc095a982571");
        assertThat(keys.iv(keys.firstIv(), MESSAGE_ID).hex()).isEqualTo("7d0ac72f954ea584");
        assertThat(keys.proof(Optional.empty(), GXI, GXR, SPIS.initiator(), SPIS.responder(), SA, ID)
                        .hex())
                .isEqualTo("e39d6b301acd350bb27ba806f7bcbf0850a471d8");
        assertThat(keys.proof(Optional.empty(), GXR, GXI, SPIS.responder(), SPIS.initiator(), SA, ID)
                        .hex())
                .isEqualTo("21411ecb362977dcfb58ac5a07f5087535c902ec");
        assertThat(keys.hash(Bytes.ofInts(0), Keys.messageIdOctets(MESSAGE_ID), NONCES)
                        .hex())
                .isEqualTo("3faf04f254d0cb3a76dad5259a89655730b0b561");
        Keys.Keymat keymat = keys.keymat(GXY, SPI, NONCES, 32, 20);
        assertThat(hex(keymat.encryption()))
                .isEqualTo("4b1152d7e6e02d1c3f031723188d521dc5c1e63c825977b0d1efdd6e6c262c10");
        assertThat(hex(keymat.integrity())).isEqualTo("f71128c8f6658a6ec778b78886200316f12cf878");
        assertThat(hex(Keys.ofSignatures(Configs.TRIPLE_DES.prf(), NONCES, Secret.wrap(GXY.toArray()))))
                .isEqualTo("dbd834d2c2c87ff23421c7cfbb99d0a0c686426e");
    }

    @Test
    void aes256AndSha256() {
        Keys keys = keys(Configs.CBC);
        assertThat(hex(keys.skeyid())).isEqualTo("4764335d2bf9536736a225df720941125f95e5daa10e25113259ed81b6f18048");
        assertThat(hex(keys.d())).isEqualTo("0e66f1369fc5e4c2449fe2663dd68f3fdf7ce4dbf427004d247c45ca0ee22027");
        assertThat(hex(keys.a())).isEqualTo("6f1d4b923ff6c6c6d373939348cec8796a77d803043fd3056b8bf008d7da4627");
        assertCipher(Configs.CBC, keys, "77eec8897b2ea2049473283ebb05c5a616ad9a3280585eca12bdf22ccb4f3db7");
        assertThat(keys.firstIv().hex()).isEqualTo("8e95aa5f16f8c716778225c2cdf6bf59");
        assertThat(keys.iv(keys.firstIv(), MESSAGE_ID).hex()).isEqualTo("58f84509659f63624e6f54b2e302c3fd");
        assertThat(keys.proof(Optional.empty(), GXI, GXR, SPIS.initiator(), SPIS.responder(), SA, ID)
                        .hex())
                .isEqualTo("92bb13fb45e4b64c2a9a4ec1cf20b27dd5d38957f2031a15b41dc1e463243a13");
        assertThat(keys.hash(Bytes.ofInts(0), Keys.messageIdOctets(MESSAGE_ID), NONCES)
                        .hex())
                .isEqualTo("711a2245b84fe2f31a3a6191100b6083aef218b57ce18e417487248aa4ab3be8");
        Keys.Keymat keymat = keys.keymat(GXY, SPI, NONCES, 36, 0);
        assertThat(hex(keymat.encryption()))
                .isEqualTo("234c909a98169fdc32612f3d8482b36e27c6e3abe2eff0764d7fe5623704cb49fe3aeb91");
        assertThat(keymat.integrity().size()).isZero();
    }
}
