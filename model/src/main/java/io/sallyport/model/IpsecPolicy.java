package io.sallyport.model;

import io.sallyport.model.document.ArmName;

/**
 * One element of {@code ipsecPolicies}: exactly one choice of everything.
 *
 * @param saLifetimeSeconds 300..172799
 * @param saDataSizeKilobytes 1024..2147483647
 */
public record IpsecPolicy(
        int saLifetimeSeconds,
        int saDataSizeKilobytes,
        Cipher ipsecEncryption,
        Integrity ipsecIntegrity,
        Cipher ikeEncryption,
        Integrity ikeIntegrity,
        DhGroup dhGroup,
        PfsGroup pfsGroup) {

    /** Ciphers, for IKE and for ESP. */
    public enum Cipher implements ArmName {
        NONE("None"),
        DES("DES"),
        DES3("DES3"),
        AES128("AES128"),
        AES192("AES192"),
        AES256("AES256"),
        GCMAES128("GCMAES128"),
        GCMAES192("GCMAES192"),
        GCMAES256("GCMAES256");

        private final String armName;

        Cipher(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }

        public boolean isGcm() {
            return armName.startsWith("GCM");
        }
    }

    /** Integrity; a GCM value says that the cipher of the same name does it. */
    public enum Integrity implements ArmName {
        MD5("MD5"),
        SHA1("SHA1"),
        SHA256("SHA256"),
        SHA384("SHA384"),
        GCMAES128("GCMAES128"),
        GCMAES192("GCMAES192"),
        GCMAES256("GCMAES256");

        private final String armName;

        Integrity(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }

        public boolean isGcm() {
            return armName.startsWith("GCM");
        }
    }

    /** Groups of the first key exchange. */
    public enum DhGroup implements ArmName {
        NONE("None"),
        DH_GROUP_1("DHGroup1"),
        DH_GROUP_2("DHGroup2"),
        DH_GROUP_14("DHGroup14"),
        DH_GROUP_2048("DHGroup2048"),
        ECP256("ECP256"),
        ECP384("ECP384"),
        DH_GROUP_24("DHGroup24");

        private final String armName;

        DhGroup(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }

    /** Groups of the key exchanges that renew a child. */
    public enum PfsGroup implements ArmName {
        NONE("None"),
        PFS1("PFS1"),
        PFS2("PFS2"),
        PFS2048("PFS2048"),
        ECP256("ECP256"),
        ECP384("ECP384"),
        PFS24("PFS24"),
        PFS14("PFS14"),
        PFSMM("PFSMM");

        private final String armName;

        PfsGroup(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }
}
