package io.sallyport.pki;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates as they come from strangers: few, and small. */
final class Certificates {
    static final int COUNT_MAX = 10;
    private static final int SIZE_MAX = 16 * 1024;
    private static final int NAME_MAX = 200;

    private Certificates() {}

    static List<X509Certificate> read(List<Bytes> encoded) throws CertificateRefused {
        if (encoded.isEmpty()) {
            throw new CertificateRefused(Fault.MISSING, "no certificate came");
        }
        if (encoded.size() > COUNT_MAX) {
            throw new CertificateRefused(
                    Fault.MISSING, encoded.size() + " certificates came; allowed: up to " + COUNT_MAX);
        }
        List<X509Certificate> out = new ArrayList<>();
        for (Bytes each : encoded) {
            if (each.size() > SIZE_MAX) {
                throw new CertificateRefused(
                        Fault.MISSING, "a certificate has " + each.size() + " octets; allowed: up to " + SIZE_MAX);
            }
            out.add(read(each));
        }
        return out;
    }

    static X509Certificate read(Bytes encoded) throws CertificateRefused {
        try {
            X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded.toArray()));
            // The factory also takes PEM and leaves what follows; a CERT payload is one certificate in DER.
            if (read == null || !Bytes.wrap(read.getEncoded()).equals(encoded)) {
                throw new CertificateRefused(Fault.MISSING, "a certificate is not DER, or something follows it");
            }
            return read;
        } catch (CertificateException | RuntimeException e) {
            throw new CertificateRefused(Fault.MISSING, "a certificate cannot be read");
        }
    }

    /** The subject, safe to print and of a bounded length. */
    static String subject(X509Certificate certificate) {
        return text(certificate.getSubjectX500Principal().getName());
    }

    static String issuer(X509Certificate certificate) {
        return text(certificate.getIssuerX500Principal().getName());
    }

    static String text(String name) {
        String clean = Bytes.utf8(name).printable();
        return clean.length() <= NAME_MAX ? clean : clean.substring(0, NAME_MAX) + "…";
    }
}
