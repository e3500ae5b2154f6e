package io.sallyport.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Known answers. Those of HMAC are the test cases of RFC 2202 and RFC 4231 (with the section of each); an octet and a
 * count, as in {@code aa*20}, is how both write theirs. Those of prf+ and SKEYSEED are of our own making, computed with
 * Python's hmac and hashlib from the sentences of RFC 7296 sections 2.13 and 2.14.
 */
class PrfVectorsTest {
    private static Bytes read(String text) {
        if (text.matches("[0-9a-f]{2}\\*[0-9]+")) {
            return Bytes.hex(text.substring(0, 2).repeat(Integer.parseInt(text.substring(3))));
        }
        return text.matches("([0-9a-f]{2})+") ? Bytes.hex(text) : Bytes.utf8(text);
    }

    private static Secret secret(Bytes octets) {
        return Secret.of(octets.toArray());
    }

    private static String hex(Secret secret) {
        return Bytes.of(secret.expose()).hex();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
                RFC 2202 3.1 | HMAC_SHA1 | 0b*20 | Hi There | b617318655057264e28bc0b6fb378c8ef146be00
                RFC 2202 3.3 | HMAC_SHA1 | aa*20 | dd*50 | 125d7342b9ac11cd91a39af48aa17b4f63f175d3
                RFC 2202 3.4 | HMAC_SHA1 | 0102030405060708090a0b0c0d0e0f10111213141516171819 | cd*50 | 4c9007f4026250c6bc8414f9bf50c86c2d7235da
                RFC 2202 3.5 | HMAC_SHA1 | 0c*20 | Test With Truncation | 4c1a03424b55e07fe7f27be1d58bb9324a9a5a04
                RFC 2202 3.6 | HMAC_SHA1 | aa*80 | Test Using Larger Than Block-Size Key - Hash Key First | aa4ae5e15272d00e95705637ce8a3b55ed402112
                RFC 2202 3.7 | HMAC_SHA1 | aa*80 | Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data | e8e99d0f45237d786d6bbaa7965c7808bbff1a91
                RFC 4231 4.2 | HMAC_SHA2_256 | 0b*20 | Hi There | b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7
                RFC 4231 4.2 | HMAC_SHA2_384 | 0b*20 | Hi There | afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6
                RFC 4231 4.2 | HMAC_SHA2_512 | 0b*20 | Hi There | 87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
                RFC 4231 4.4 | HMAC_SHA2_256 | aa*20 | dd*50 | 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe
                RFC 4231 4.4 | HMAC_SHA2_384 | aa*20 | dd*50 | 88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27
                RFC 4231 4.4 | HMAC_SHA2_512 | aa*20 | dd*50 | fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb
                RFC 4231 4.5 | HMAC_SHA2_256 | 0102030405060708090a0b0c0d0e0f10111213141516171819 | cd*50 | 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b
                RFC 4231 4.5 | HMAC_SHA2_384 | 0102030405060708090a0b0c0d0e0f10111213141516171819 | cd*50 | 3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb
                RFC 4231 4.5 | HMAC_SHA2_512 | 0102030405060708090a0b0c0d0e0f10111213141516171819 | cd*50 | b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd
                RFC 4231 4.7 | HMAC_SHA2_256 | aa*131 | Test Using Larger Than Block-Size Key - Hash Key First | 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54
                RFC 4231 4.7 | HMAC_SHA2_384 | aa*131 | Test Using Larger Than Block-Size Key - Hash Key First | 4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952
                RFC 4231 4.7 | HMAC_SHA2_512 | aa*131 | Test Using Larger Than Block-Size Key - Hash Key First | 80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
                RFC 4231 4.8 | HMAC_SHA2_256 | aa*131 | This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm. | 9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2
                RFC 4231 4.8 | HMAC_SHA2_384 | aa*131 | This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm. | 6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e
                RFC 4231 4.8 | HMAC_SHA2_512 | aa*131 | This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm. | e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58
                """)
    void hmacAnswersAsItsRfcSays(String source, PrfAlgorithm prf, String key, String data, String expected) {
        assertThat(hex(Prf.of(prf, secret(read(key)), read(data)))).as(source).isEqualTo(expected);
    }

    @ParameterizedTest(name = "prf+ of {0}")
    @CsvSource(delimiter = '|', textBlock = """
                HMAC_SHA1 | 0102030405060708090a0b0c0d0e0f1011121314 | prf+ of Sallyport, sha1 | 70 | a86b489caee9815ea74ac6e1aebc923787c91044ea1f42e8a8a164be94b95fce30e2ed7d066990b8cfc882f0b27bc7900f51d71bf0df21afc77431d3bbd2f515787afcd20fae
                HMAC_SHA2_256 | 02030405060708090a0b0c0d0e0f101112131415 | prf+ of Sallyport, sha256 | 200 | 6e464f80cb89deb286579e8782539f475338e5cd7d0613bb659ce4adf62482fe353711db7686c17f9bc4b0e08d5e811608f54a7f02095d47324688f97d94508d55b417abbba958a2321f239779e8965836b10f797cfffcb7415b2a0eaa3dfed2159c56f4120e06924fda74a1ecc9a246296019266522d3e8d862f3343f6d26cc2564264e9e6dea4ef87836e6afae85e5d7a60a0ed535aa59b525cf83a42f4cb4b35526197e1f4c1f4f297685925a85300b27f100e2b494208c583c8a1d56a7f028626f1ef8aae1db
                HMAC_SHA2_384 | 030405060708090a0b0c0d0e0f10111213141516 | prf+ of Sallyport, sha384 | 150 | 252b4cdd476a3a68e55027462adc00903b6ec7da4a77456191287feb38bc641bdbd7c90dde42c989e41725b12e38e9d54afb2636a36bfc415ca2675193185c708877b08ac3531fe87af164714cff2647d3c7994a8b1be8a3339d43da9b966eac3627559d28cedd5f61316849b81ecbb338e65cde85786e3c2848483824933604907c4ff22ea510922d2a4c041eefd79a6595140814ce
                HMAC_SHA2_512 | 0405060708090a0b0c0d0e0f1011121314151617 | prf+ of Sallyport, sha512 | 130 | 0bb8190dfdc4c9ca28992094f8e71ab2777c4953922428cd33f1a2ce52589ac786a9c96cdb0f2ed5bb9bfa0da3c7119b9b99a9d6a37e5830aa4fb220c668524883953e41f65c461608c2d3685bb02a3658f153c33863d1fd857ddc8b3b658c39ae8c6f874d29a89ccc8322f99c59b9620abd54b94ffa8c5de4183e8b39c9ca34161a
                """)
    void prfPlusGivesSoManyOctets(PrfAlgorithm prf, String key, String seed, int octets, String expected) {
        assertThat(hex(Prf.plus(prf, secret(read(key)), Bytes.utf8(seed), octets)))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "SKEYSEED with {0}")
    @CsvSource(delimiter = '|', textBlock = """
                HMAC_SHA1 | 10101010101010101010101010101010 | 202020202020202020202020202020202020202020202020 | 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f | 448c6596cbd530f3a09a6a3ecd38f7e02989f6d4
                HMAC_SHA2_256 | 11111111111111111111111111111111 | 212121212121212121212121212121212121212121212121 | 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20 | 42744b63415c1944c097203ddb2e5bc0cea88bf292a4a159560bdf59a1792a63
                HMAC_SHA2_384 | 12121212121212121212121212121212 | 222222222222222222222222222222222222222222222222 | 02030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021 | 9f5d18dab4fe10a85fd53b207771ba9de7046052c451cc52882f558dd9363f29152df7290362af94f6dd0d5b7edfe466
                HMAC_SHA2_512 | 13131313131313131313131313131313 | 232323232323232323232323232323232323232323232323 | 030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122 | cdf5e87f883eb90b6317b02eaff8f02ca5a6a45f8ebff39e254d2b54c0306d1b45c4dfa942fdc1743768e8ac83ce6b32b3cc76bd9953f0ce6bf328e5a41089c4
                """)
    void skeyseedIsKeyedByTheNonces(PrfAlgorithm prf, String ni, String nr, String shared, String expected) {
        Secret key = secret(Bytes.concat(Bytes.hex(ni), Bytes.hex(nr)));
        assertThat(hex(Prf.of(prf, key, Bytes.hex(shared)))).isEqualTo(expected);
    }
}
