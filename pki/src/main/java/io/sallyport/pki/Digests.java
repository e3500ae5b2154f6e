package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** SHA-1 as a name of things, not as a proof of anything. */
public final class Digests {
    private Digests() {}

    static Bytes sha1(byte[] octets) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-1").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    /** SHA-1 over the certificate, in lower-case hexadecimal: what Azure calls a thumbprint. */
    public static String thumbprint(X509Certificate certificate) {
        try {
            return sha1(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }
}
