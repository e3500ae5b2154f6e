package io.sallyport.gateway;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import io.sallyport.model.CryptoProfile;
import io.sallyport.model.IpsecPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which algorithms a connection proposes and which it takes; every list is best first.
 *
 * <p>The profile {@code azure} holds the offers that Azure documents for RouteBased gateways, without DES and group 1,
 * behind modern ones: a peer that can do better does.
 */
public record Suites(
        List<IkeSuite> ikeOffers, List<IkeSuite> ikeAccepts, List<EspSuite> espOffers, List<EspSuite> espAccepts) {
    /**
     * The first is the one guessed in IKE_SA_INIT, so it is one that most peers have. The order is the same for both
     * roles, so that two Sallyports need no second attempt.
     */
    private static final List<KeyExchangeMethod> GROUPS = List.of(
            KeyExchangeMethod.ECP_384,
            KeyExchangeMethod.CURVE25519,
            KeyExchangeMethod.ECP_256,
            KeyExchangeMethod.ECP_521,
            KeyExchangeMethod.MODP_4096,
            KeyExchangeMethod.MODP_3072,
            KeyExchangeMethod.MODP_2048);

    private static final List<KeyExchangeMethod> GROUPS_CNSA =
            List.of(KeyExchangeMethod.ECP_384, KeyExchangeMethod.ECP_521);

    public Suites {
        ikeOffers = ikeOffers.stream().distinct().toList();
        ikeAccepts = ikeAccepts.stream().distinct().toList();
        espOffers = espOffers.stream().distinct().toList();
        espAccepts = espAccepts.stream().distinct().toList();
    }

    /** A cipher with what must stand beside it. */
    private record Esp(EncryptionAlgorithm cipher, IntegrityAlgorithm integrity) {}

    /** A cipher with integrity and pseudorandom function. */
    private record Ike(EncryptionAlgorithm cipher, IntegrityAlgorithm integrity, PrfAlgorithm prf) {}

    private static final List<Ike> IKE_CNSA = List.of(
            new Ike(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, PrfAlgorithm.HMAC_SHA2_384),
            new Ike(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, PrfAlgorithm.HMAC_SHA2_512),
            new Ike(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_384_192, PrfAlgorithm.HMAC_SHA2_384),
            new Ike(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_512_256, PrfAlgorithm.HMAC_SHA2_512));

    private static final List<Ike> IKE_MODERN = modern();

    /** What Azure documents, strongest first. */
    private static final List<Ike> IKE_AZURE = List.of(
            cbc(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128),
            cbc(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA1_96),
            cbc(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_256_128),
            cbc(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA1_96),
            cbc(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA2_256_128),
            cbc(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA1_96));

    private static final List<Esp> ESP_CNSA = List.of(
            new Esp(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_512_256),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_384_192));

    private static final List<Esp> ESP_MODERN = List.of(
            new Esp(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE),
            new Esp(EncryptionAlgorithm.CHACHA20_POLY1305, IntegrityAlgorithm.NONE),
            new Esp(EncryptionAlgorithm.AES_GCM_16_192, IntegrityAlgorithm.NONE),
            new Esp(EncryptionAlgorithm.AES_GCM_16_128, IntegrityAlgorithm.NONE),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_512_256),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_384_192),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128),
            new Esp(EncryptionAlgorithm.AES_CBC_192, IntegrityAlgorithm.HMAC_SHA2_512_256),
            new Esp(EncryptionAlgorithm.AES_CBC_192, IntegrityAlgorithm.HMAC_SHA2_384_192),
            new Esp(EncryptionAlgorithm.AES_CBC_192, IntegrityAlgorithm.HMAC_SHA2_256_128),
            new Esp(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_512_256),
            new Esp(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_384_192),
            new Esp(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_256_128));

    private static final List<Esp> ESP_AZURE_OFFERED = List.of(
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA1_96),
            new Esp(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA1_96),
            new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128),
            new Esp(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA1_96),
            new Esp(EncryptionAlgorithm.TRIPLE_DES_CBC, IntegrityAlgorithm.HMAC_SHA2_256_128));

    private static final Suites AZURE = made(CryptoProfile.AZURE);
    private static final Suites MODERN = made(CryptoProfile.MODERN);
    private static final Suites CNSA = made(CryptoProfile.CNSA);

    /** What a profile proposes and takes; the same lists each time, so that ten thousand connections share them. */
    public static Suites of(CryptoProfile profile) {
        return switch (profile) {
            case AZURE -> AZURE;
            case MODERN -> MODERN;
            case CNSA -> CNSA;
        };
    }

    private static Suites made(CryptoProfile profile) {
        return switch (profile) {
            case AZURE ->
                new Suites(
                        concat(ike(IKE_MODERN, GROUPS), ike(azureOrder(), List.of(KeyExchangeMethod.MODP_1024))),
                        concat(
                                ike(IKE_MODERN, GROUPS),
                                ike(IKE_AZURE, List.of(KeyExchangeMethod.MODP_2048, KeyExchangeMethod.MODP_1024))),
                        concat(esp(ESP_MODERN, withNone(GROUPS), true), esp(ESP_AZURE_OFFERED, none(), false)),
                        concat(esp(ESP_MODERN, withNone(GROUPS), true), espAzureAccepts()));
            case MODERN ->
                new Suites(
                        ike(IKE_MODERN, GROUPS),
                        ike(IKE_MODERN, GROUPS),
                        esp(ESP_MODERN, withNone(GROUPS), true),
                        esp(ESP_MODERN, withNone(GROUPS), true));
            case CNSA ->
                new Suites(
                        ike(IKE_CNSA, GROUPS_CNSA),
                        ike(IKE_CNSA, GROUPS_CNSA),
                        esp(ESP_CNSA, some(GROUPS_CNSA), true),
                        esp(ESP_CNSA, some(GROUPS_CNSA), true));
        };
    }

    /** The one combination of a policy; it replaces the profile in both roles. */
    public static Suites of(IpsecPolicy policy) {
        EncryptionAlgorithm ikeCipher = cipher(policy.ikeEncryption());
        KeyExchangeMethod group = group(policy.dhGroup());
        List<IkeSuite> ike = new ArrayList<>();
        if (ikeCipher.isAead()) {
            // A GCM value as integrity leaves the pseudorandom function open.
            List<PrfAlgorithm> prfs = policy.ikeIntegrity().isGcm()
                    ? List.of(PrfAlgorithm.HMAC_SHA2_384, PrfAlgorithm.HMAC_SHA2_256)
                    : List.of(prf(integrity(policy.ikeIntegrity())));
            for (PrfAlgorithm prf : prfs) {
                ike.add(new IkeSuite(ikeCipher, IntegrityAlgorithm.NONE, prf, group));
            }
        } else {
            IntegrityAlgorithm integrity = integrity(policy.ikeIntegrity());
            ike.add(new IkeSuite(ikeCipher, integrity, prf(integrity), group));
        }
        Esp cipher = new Esp(cipher(policy.ipsecEncryption()), integrity(policy.ipsecIntegrity()));
        List<EspSuite> esp = esp(List.of(cipher), List.of(pfs(policy.pfsGroup(), group)), true);
        return new Suites(ike, ike, esp, esp);
    }

    /** Every modern cipher with every pseudorandom function of SHA-2, strongest first. */
    private static List<Ike> modern() {
        List<Ike> out = new ArrayList<>();
        for (EncryptionAlgorithm cipher : List.of(
                EncryptionAlgorithm.AES_GCM_16_256,
                EncryptionAlgorithm.CHACHA20_POLY1305,
                EncryptionAlgorithm.AES_GCM_16_192,
                EncryptionAlgorithm.AES_GCM_16_128)) {
            for (PrfAlgorithm prf :
                    List.of(PrfAlgorithm.HMAC_SHA2_384, PrfAlgorithm.HMAC_SHA2_512, PrfAlgorithm.HMAC_SHA2_256)) {
                out.add(new Ike(cipher, IntegrityAlgorithm.NONE, prf));
            }
        }
        for (EncryptionAlgorithm cipher : List.of(
                EncryptionAlgorithm.AES_CBC_256, EncryptionAlgorithm.AES_CBC_192, EncryptionAlgorithm.AES_CBC_128)) {
            for (IntegrityAlgorithm integrity : List.of(
                    IntegrityAlgorithm.HMAC_SHA2_512_256,
                    IntegrityAlgorithm.HMAC_SHA2_384_192,
                    IntegrityAlgorithm.HMAC_SHA2_256_128)) {
                out.add(cbc(cipher, integrity));
            }
        }
        return List.copyOf(out);
    }

    /** The order in which Azure offers. */
    private static List<Ike> azureOrder() {
        return List.of(
                IKE_AZURE.get(1),
                IKE_AZURE.get(0),
                IKE_AZURE.get(3),
                IKE_AZURE.get(2),
                IKE_AZURE.get(5),
                IKE_AZURE.get(4));
    }

    private static List<EspSuite> espAzureAccepts() {
        List<Optional<KeyExchangeMethod>> all = List.of(
                Optional.of(KeyExchangeMethod.MODP_2048),
                Optional.of(KeyExchangeMethod.MODP_2048_256),
                Optional.of(KeyExchangeMethod.MODP_1024),
                Optional.empty());
        Esp aes256Sha256 = new Esp(EncryptionAlgorithm.AES_CBC_256, IntegrityAlgorithm.HMAC_SHA2_256_128);
        Esp aes128Sha256 = new Esp(EncryptionAlgorithm.AES_CBC_128, IntegrityAlgorithm.HMAC_SHA2_256_128);
        List<EspSuite> out = new ArrayList<>();
        out.addAll(esp(List.of(aes256Sha256), all.subList(1, 3), false));
        out.addAll(esp(List.of(aes128Sha256), all.subList(2, 3), false));
        out.addAll(esp(List.of(ESP_AZURE_OFFERED.get(0)), all, false));
        List<Optional<KeyExchangeMethod>> without24 = List.of(all.get(0), all.get(2), all.get(3));
        out.addAll(esp(List.of(ESP_AZURE_OFFERED.get(3)), without24, false));
        out.addAll(esp(List.of(ESP_AZURE_OFFERED.get(4)), all.subList(2, 4), false));
        out.addAll(esp(List.of(ESP_AZURE_OFFERED.get(1)), without24, false));
        return out;
    }

    private static List<IkeSuite> ike(List<Ike> ciphers, List<KeyExchangeMethod> groups) {
        List<IkeSuite> out = new ArrayList<>();
        for (Ike each : ciphers) {
            for (KeyExchangeMethod group : groups) {
                IkeSuite suite = new IkeSuite(each.cipher, each.integrity, each.prf, group);
                if (!out.contains(suite)) {
                    out.add(suite);
                }
            }
        }
        return out;
    }

    private static List<EspSuite> esp(List<Esp> ciphers, List<Optional<KeyExchangeMethod>> groups, boolean withEsn) {
        List<EspSuite> out = new ArrayList<>();
        // Every cipher with a key exchange of its own before any without: rekeys have perfect forward secrecy if they
        // can.
        for (boolean fresh : new boolean[] {true, false}) {
            for (Esp each : ciphers) {
                for (Optional<KeyExchangeMethod> group : groups) {
                    if (group.isPresent() == fresh) {
                        if (withEsn) {
                            out.add(new EspSuite(each.cipher, each.integrity, group, true));
                        }
                        out.add(new EspSuite(each.cipher, each.integrity, group, false));
                    }
                }
            }
        }
        return out;
    }

    private static Ike cbc(EncryptionAlgorithm cipher, IntegrityAlgorithm integrity) {
        return new Ike(cipher, integrity, prf(integrity));
    }

    private static List<Optional<KeyExchangeMethod>> none() {
        return List.of(Optional.empty());
    }

    private static List<Optional<KeyExchangeMethod>> some(List<KeyExchangeMethod> groups) {
        return groups.stream().map(Optional::of).toList();
    }

    private static List<Optional<KeyExchangeMethod>> withNone(List<KeyExchangeMethod> groups) {
        return concat(some(groups), none());
    }

    @SafeVarargs
    private static <T> List<T> concat(List<T>... parts) {
        List<T> out = new ArrayList<>();
        for (List<T> part : parts) {
            out.addAll(part);
        }
        return List.copyOf(out);
    }

    private static EncryptionAlgorithm cipher(IpsecPolicy.Cipher cipher) {
        return switch (cipher) {
            case DES3 -> EncryptionAlgorithm.TRIPLE_DES_CBC;
            case AES128 -> EncryptionAlgorithm.AES_CBC_128;
            case AES192 -> EncryptionAlgorithm.AES_CBC_192;
            case AES256 -> EncryptionAlgorithm.AES_CBC_256;
            case GCMAES128 -> EncryptionAlgorithm.AES_GCM_16_128;
            case GCMAES192 -> EncryptionAlgorithm.AES_GCM_16_192;
            case GCMAES256 -> EncryptionAlgorithm.AES_GCM_16_256;
            case NONE, DES -> throw refusedEarlier(cipher.armName());
        };
    }

    private static IntegrityAlgorithm integrity(IpsecPolicy.Integrity integrity) {
        return switch (integrity) {
            case SHA1 -> IntegrityAlgorithm.HMAC_SHA1_96;
            case SHA256 -> IntegrityAlgorithm.HMAC_SHA2_256_128;
            case SHA384 -> IntegrityAlgorithm.HMAC_SHA2_384_192;
            case GCMAES128, GCMAES192, GCMAES256 -> IntegrityAlgorithm.NONE;
            case MD5 -> throw refusedEarlier(integrity.armName());
        };
    }

    static PrfAlgorithm prf(IntegrityAlgorithm integrity) {
        return switch (integrity) {
            case HMAC_SHA1_96 -> PrfAlgorithm.HMAC_SHA1;
            case HMAC_SHA2_256_128 -> PrfAlgorithm.HMAC_SHA2_256;
            case HMAC_SHA2_384_192 -> PrfAlgorithm.HMAC_SHA2_384;
            case HMAC_SHA2_512_256 -> PrfAlgorithm.HMAC_SHA2_512;
            case NONE -> throw refusedEarlier("no integrity");
        };
    }

    private static KeyExchangeMethod group(IpsecPolicy.DhGroup group) {
        return switch (group) {
            case DH_GROUP_2 -> KeyExchangeMethod.MODP_1024;
            case DH_GROUP_14, DH_GROUP_2048 -> KeyExchangeMethod.MODP_2048;
            case ECP256 -> KeyExchangeMethod.ECP_256;
            case ECP384 -> KeyExchangeMethod.ECP_384;
            case DH_GROUP_24 -> KeyExchangeMethod.MODP_2048_256;
            case NONE, DH_GROUP_1 -> throw refusedEarlier(group.armName());
        };
    }

    private static Optional<KeyExchangeMethod> pfs(IpsecPolicy.PfsGroup group, KeyExchangeMethod mainMode) {
        return switch (group) {
            case NONE -> Optional.empty();
            case PFS2 -> Optional.of(KeyExchangeMethod.MODP_1024);
            case PFS2048, PFS14 -> Optional.of(KeyExchangeMethod.MODP_2048);
            case ECP256 -> Optional.of(KeyExchangeMethod.ECP_256);
            case ECP384 -> Optional.of(KeyExchangeMethod.ECP_384);
            case PFS24 -> Optional.of(KeyExchangeMethod.MODP_2048_256);
            case PFSMM -> Optional.of(mainMode);
            case PFS1 -> throw refusedEarlier(group.armName());
        };
    }

    private static IllegalStateException refusedEarlier(String name) {
        return new IllegalStateException(name + " is refused when the resource is read");
    }
}
