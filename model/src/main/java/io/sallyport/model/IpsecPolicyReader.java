package io.sallyport.model;

import io.sallyport.model.IpsecPolicy.Cipher;
import io.sallyport.model.IpsecPolicy.DhGroup;
import io.sallyport.model.IpsecPolicy.Integrity;
import io.sallyport.model.IpsecPolicy.PfsGroup;
import io.sallyport.model.document.Form;
import java.util.List;
import java.util.Optional;

/** Reads the list that holds at most one IPsec policy. */
final class IpsecPolicyReader {
    private final Form p;
    private final String name;

    IpsecPolicyReader(Form properties, String name) {
        this.p = properties;
        this.name = name;
    }

    Optional<IpsecPolicy> read() {
        List<Form> policies = p.forms(name);
        if (policies.isEmpty()) {
            return Optional.empty();
        }
        if (policies.size() > 1) {
            p.wrong(name, "found " + policies.size() + " policies; allowed: exactly one");
            return Optional.empty();
        }
        Form policy = policies.getFirst();
        Optional<Long> seconds = required(policy, "saLifeTimeSeconds", 300, 172_799);
        Optional<Long> kilobytes = required(policy, "saDataSizeKilobytes", 1_024, 2_147_483_647L);
        Optional<Cipher> ipsecCipher = policy.requiredChoice("ipsecEncryption", Cipher.class);
        Optional<Integrity> ipsecIntegrity = policy.requiredChoice("ipsecIntegrity", Integrity.class);
        Optional<Cipher> ikeCipher = policy.requiredChoice("ikeEncryption", Cipher.class);
        Optional<Integrity> ikeIntegrity = policy.requiredChoice("ikeIntegrity", Integrity.class);
        Optional<DhGroup> group = policy.requiredChoice("dhGroup", DhGroup.class);
        Optional<PfsGroup> pfs = policy.requiredChoice("pfsGroup", PfsGroup.class);
        policy.finish();
        if (seconds.isEmpty()
                || kilobytes.isEmpty()
                || ipsecCipher.isEmpty()
                || ipsecIntegrity.isEmpty()
                || ikeCipher.isEmpty()
                || ikeIntegrity.isEmpty()
                || group.isEmpty()
                || pfs.isEmpty()) {
            return Optional.empty();
        }
        IpsecPolicy made = new IpsecPolicy(
                Math.toIntExact(seconds.get()),
                Math.toIntExact(kilobytes.get()),
                ipsecCipher.get(),
                ipsecIntegrity.get(),
                ikeCipher.get(),
                ikeIntegrity.get(),
                group.get(),
                pfs.get());
        checkPairs(policy, made);
        checkDoable(policy, made);
        return Optional.of(made);
    }

    private static void checkPairs(Form policy, IpsecPolicy made) {
        boolean same =
                made.ipsecEncryption().armName().equals(made.ipsecIntegrity().armName());
        if ((made.ipsecEncryption().isGcm() || made.ipsecIntegrity().isGcm()) && !same) {
            policy.wrong(
                    "ipsecIntegrity",
                    "found '" + made.ipsecIntegrity().armName() + "' with ipsecEncryption '"
                            + made.ipsecEncryption().armName()
                            + "'; allowed: with GCM, the same GCM value for both");
        }
        boolean sameIke =
                made.ikeEncryption().armName().equals(made.ikeIntegrity().armName());
        if (made.ikeIntegrity().isGcm() && !sameIke) {
            policy.wrong(
                    "ikeIntegrity",
                    "found '" + made.ikeIntegrity().armName() + "' with ikeEncryption '"
                            + made.ikeEncryption().armName()
                            + "'; allowed: the same GCM value for both, or SHA1, SHA256,"
                            + " SHA384");
        }
        if (made.ipsecIntegrity() == Integrity.SHA384) {
            policy.wrong("ipsecIntegrity", "found 'SHA384'; allowed: SHA1, SHA256, GCMAES128, GCMAES192, GCMAES256");
        }
        if (made.ikeEncryption() == Cipher.GCMAES192) {
            policy.wrong(
                    "ikeEncryption", "found 'GCMAES192'; allowed: DES3, AES128, AES192, AES256, GCMAES128, GCMAES256");
        }
    }

    /** What the schema has and nobody should use is not built. */
    private static void checkDoable(Form policy, IpsecPolicy made) {
        String broken = " (broken; Sallyport does not have it)";
        if (made.ipsecEncryption() == Cipher.DES || made.ipsecEncryption() == Cipher.NONE) {
            policy.wrong(
                    "ipsecEncryption",
                    "found '" + made.ipsecEncryption().armName()
                            + "'; allowed: DES3, AES128, AES192, AES256, GCMAES128, GCMAES192, GCMAES256" + broken);
        }
        if (made.ikeEncryption() == Cipher.DES || made.ikeEncryption() == Cipher.NONE) {
            policy.wrong(
                    "ikeEncryption",
                    "found '" + made.ikeEncryption().armName()
                            + "'; allowed: DES3, AES128, AES192, AES256, GCMAES128, GCMAES256" + broken);
        }
        if (made.ipsecIntegrity() == Integrity.MD5) {
            policy.wrong(
                    "ipsecIntegrity", "found 'MD5'; allowed: SHA1, SHA256, GCMAES128, GCMAES192, GCMAES256" + broken);
        }
        if (made.ikeIntegrity() == Integrity.MD5) {
            policy.wrong("ikeIntegrity", "found 'MD5'; allowed: SHA1, SHA256, SHA384, GCMAES128, GCMAES256" + broken);
        }
        if (made.dhGroup() == DhGroup.NONE || made.dhGroup() == DhGroup.DH_GROUP_1) {
            policy.wrong(
                    "dhGroup",
                    "found '" + made.dhGroup().armName()
                            + "'; allowed: DHGroup2, DHGroup14, DHGroup2048, ECP256, ECP384, DHGroup24" + broken);
        }
        if (made.pfsGroup() == PfsGroup.PFS1) {
            policy.wrong(
                    "pfsGroup", "found 'PFS1'; allowed: None, PFS2, PFS2048, PFS14, ECP256, ECP384, PFS24" + broken);
        }
    }

    private static Optional<Long> required(Form policy, String name, long min, long max) {
        if (!policy.has(name)) {
            policy.missing(name, "missing; it is required");
        }
        return policy.number(name, min, max);
    }
}
