package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.IkeSuite;
import io.sallyport.model.CryptoProfile;
import io.sallyport.model.IpsecPolicy;
import org.junit.jupiter.api.Test;

class SuitesTest {
    @Test
    void azureOffersModernAlgorithmsFirstAndAzuresOwnLast() {
        Suites azure = Suites.of(CryptoProfile.AZURE);
        assertThat(azure.ikeOffers().getFirst()).hasToString("AES-GCM-256/PRF-HMAC-SHA384/ECP-384 (group 20)");
        assertThat(azure.ikeOffers().stream().skip(azure.ikeOffers().size() - 6).map(IkeSuite::toString))
                .containsExactly(
                        "AES-CBC-256/HMAC-SHA1-96/PRF-HMAC-SHA1/MODP-1024 (group 2)",
                        "AES-CBC-256/HMAC-SHA256-128/PRF-HMAC-SHA256/MODP-1024 (group 2)",
                        "AES-CBC-128/HMAC-SHA1-96/PRF-HMAC-SHA1/MODP-1024 (group 2)",
                        "AES-CBC-128/HMAC-SHA256-128/PRF-HMAC-SHA256/MODP-1024 (group 2)",
                        "3DES-CBC/HMAC-SHA1-96/PRF-HMAC-SHA1/MODP-1024 (group 2)",
                        "3DES-CBC/HMAC-SHA256-128/PRF-HMAC-SHA256/MODP-1024 (group 2)");
    }

    @Test
    void whatIsOfferedIsAlsoAccepted() {
        for (CryptoProfile profile : CryptoProfile.values()) {
            Suites suites = Suites.of(profile);
            assertThat(suites.ikeAccepts()).containsAll(suites.ikeOffers()).doesNotHaveDuplicates();
            assertThat(suites.espAccepts()).containsAll(suites.espOffers()).doesNotHaveDuplicates();
        }
    }

    @Test
    void nothingInModernOrCnsaIsWeak() {
        for (CryptoProfile profile : new CryptoProfile[] {CryptoProfile.MODERN, CryptoProfile.CNSA}) {
            assertThat(Suites.of(profile).ikeAccepts())
                    .allMatch(s -> Weakness.of(s).isEmpty());
            assertThat(Suites.of(profile).espAccepts())
                    .allMatch(s -> Weakness.of(s).isEmpty());
        }
    }

    @Test
    void cnsaTakesOnlyAes256AndGroups20And21() {
        assertThat(Suites.of(CryptoProfile.CNSA).ikeAccepts())
                .allMatch(
                        s -> s.encryption().keyBits() == 256 && s.keyExchange().strengthBits() >= 192);
        assertThat(Suites.of(CryptoProfile.CNSA).espAccepts())
                .allMatch(s -> s.encryption() != EncryptionAlgorithm.CHACHA20_POLY1305
                        && s.pfs().orElseThrow().strengthBits() >= 192);
    }

    @Test
    void aWeakSuiteNamesItsWeakParts() {
        assertThat(Weakness.of(Samples.WEAK_IKE))
                .containsExactly("3DES-CBC", "HMAC-SHA1-96", "PRF-HMAC-SHA1", "MODP-1024 (group 2)");
        assertThat(Weakness.of(Samples.IKE)).isEmpty();
    }

    @Test
    void aPolicyIsTheOnlyChoiceInBothRoles() {
        Suites suites = Suites.of(new IpsecPolicy(
                3600,
                1024,
                IpsecPolicy.Cipher.GCMAES256,
                IpsecPolicy.Integrity.GCMAES256,
                IpsecPolicy.Cipher.AES256,
                IpsecPolicy.Integrity.SHA384,
                IpsecPolicy.DhGroup.DH_GROUP_24,
                IpsecPolicy.PfsGroup.PFSMM));
        assertThat(suites.ikeOffers().toString())
                .isEqualTo("[AES-CBC-256/HMAC-SHA384-192/PRF-HMAC-SHA384/MODP-2048-256 (group 24)]");
        assertThat(suites.ikeAccepts()).isEqualTo(suites.ikeOffers());
        assertThat(suites.espOffers())
                .allMatch(s -> s.pfs().orElseThrow() == KeyExchangeMethod.MODP_2048_256)
                .hasSize(2);
        assertThat(suites.espAccepts()).isEqualTo(suites.espOffers());
    }
}
