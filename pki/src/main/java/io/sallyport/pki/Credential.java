package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A private key with the certificates that vouch for it.
 *
 * @param chain the end entity first, each issued by the next; the root may be last
 */
public record Credential(String name, PrivateKey key, List<X509Certificate> chain) {
    public Credential {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a credential without a certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** What is sent to peers: DER, the end entity first, without the root, which they have or do not trust anyway. */
    public List<Bytes> sent() throws NoCredential {
        List<Bytes> out = new ArrayList<>();
        try {
            for (X509Certificate each : chain) {
                if (out.isEmpty() || !each.getSubjectX500Principal().equals(each.getIssuerX500Principal())) {
                    out.add(Bytes.wrap(each.getEncoded()));
                }
            }
        } catch (CertificateEncodingException e) {
            throw new NoCredential("its certificate cannot be encoded");
        }
        return out;
    }

    /** Keys print nothing. */
    @Override
    public String toString() {
        return "Credential[" + name + ", "
                + certificate().getSubjectX500Principal().getName() + "]";
    }
}
