package io.sallyport.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a certificate of our authority is for. */
public enum Role {
    /** A gateway proves itself to others both ways. */
    GATEWAY,
    /** A server that clients call, also inside of EAP-TLS. */
    SERVER,
    /** A user or a device. */
    CLIENT;

    KeyPurposeId[] purposes() {
        return switch (this) {
            case GATEWAY ->
                new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_ipsecIKE
                };
            case SERVER -> new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_ipsecIKE};
            case CLIENT -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
        };
    }

    /** For what a certificate was issued. */
    public static Role of(X509Certificate certificate) {
        try {
            List<String> found = certificate.getExtendedKeyUsage();
            boolean server = found != null && found.contains(KeyPurposeId.id_kp_serverAuth.getId());
            boolean client = found == null || found.contains(KeyPurposeId.id_kp_clientAuth.getId());
            if (server) {
                return client ? GATEWAY : SERVER;
            }
            return CLIENT;
        } catch (CertificateParsingException e) {
            return CLIENT;
        }
    }
}
